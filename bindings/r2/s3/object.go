package s3

import (
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/bindings/r2"
)

const metaPrefix = "X-Amz-Meta-"

// metadata is what a request says about the object it makes.
func (q *request) metadata() (o r2.PutOptions, err error) {
	h := q.Header
	o.HTTP = r2.HTTPMetadata{
		ContentType: h.Get("Content-Type"), ContentLanguage: h.Get("Content-Language"), ContentDisposition: h.Get("Content-Disposition"),
		ContentEncoding: contentEncoding(h.Get("Content-Encoding")), CacheControl: h.Get("Cache-Control"),
	}
	if t, err := http.ParseTime(h.Get("Expires")); err == nil {
		o.HTTP.CacheExpiry = t
	}
	for name, values := range h {
		if key, ok := strings.CutPrefix(name, metaPrefix); ok {
			o.Custom = append(o.Custom, r2.Pair{Key: strings.ToLower(key), Value: strings.Join(values, ",")})
		}
	}
	switch class := h.Get("X-Amz-Storage-Class"); class {
	case "", "STANDARD":
	case "STANDARD_IA":
		o.StorageClass = r2.InfrequentAccess
	default:
		return o, &Error{http.StatusBadRequest, "InvalidStorageClass", "The storage class you specified is not valid: R2 has STANDARD and STANDARD_IA."}
	}
	o.SSECKey, err = ssecKey(h, "X-Amz-Server-Side-Encryption-Customer-Key")
	return o, err
}

// contentEncoding leaves out aws-chunked, which is not of the object.
func contentEncoding(text string) string {
	var kept []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" && part != "aws-chunked" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ", ")
}

func ssecKey(h http.Header, name string) (r2.SSECKey, error) {
	text := h.Get(name)
	if text == "" {
		return nil, nil
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != 32 {
		return nil, errInvalid("The secret key was invalid for the specified algorithm.")
	}
	return key, nil
}

// condition reads the conditional headers with that prefix.
func (q *request) condition(prefix string) (*r2.Condition, error) {
	c := &r2.Condition{SecondsGranularity: true}
	var err error
	tags := func(name string) []r2.ETag {
		text := q.Header.Get(prefix + name)
		if text == "" || err != nil {
			return nil
		}
		if !strings.ContainsAny(text, `"*`) {
			text = strconv.Quote(text) // clients forget the quotes
		}
		var list []r2.ETag
		list, err = r2.ParseETags(text)
		return list
	}
	date := func(name string) time.Time {
		t, _ := http.ParseTime(q.Header.Get(prefix + name)) // what is no date is no condition
		return t
	}
	c.Match, c.NoneMatch = tags("If-Match"), tags("If-None-Match")
	c.UploadedAfter, c.UploadedBefore = date("If-Modified-Since"), date("If-Unmodified-Since")
	if err != nil {
		return nil, errInvalid("%s", err.Error())
	}
	if c.Match == nil && c.NoneMatch == nil && c.UploadedAfter.IsZero() && c.UploadedBefore.IsZero() {
		return nil, nil
	}
	return c, nil
}

func (q *request) putObject() error {
	o, err := q.metadata()
	if err != nil {
		return err
	}
	if o.OnlyIf, err = q.condition(""); err != nil {
		return err
	}
	body, err := q.content()
	if err != nil {
		return err
	}
	// Not the length: the end of the body must be read, where it is checked.
	obj, err := q.store.Put(q.Context(), q.key, body, -1, o)
	if err != nil {
		return err
	}
	if obj == nil {
		return errPrecondition
	}
	q.w.Header().Set("ETag", obj.HTTPETag())
	q.w.WriteHeader(http.StatusOK)
	return nil
}

func (q *request) getObject() error {
	ssec, err := ssecKey(q.Header, "X-Amz-Server-Side-Encryption-Customer-Key")
	if err != nil {
		return err
	}
	onlyIf, err := q.condition("")
	if err != nil {
		return err
	}
	o := r2.GetOptions{RangeHeader: q.Header.Get("Range"), OnlyIf: onlyIf, SSECKey: ssec}
	status := http.StatusOK
	if text := q.query.Get("partNumber"); text != "" {
		if err := q.part(text, &o); err != nil {
			return err
		}
		status = http.StatusPartialContent
	}
	obj, body, err := q.store.Get(q.Context(), q.key, o)
	switch {
	case err != nil:
		return err
	case obj == nil:
		return errNoSuchKey
	}
	writeMetadata(q.w.Header(), obj, q.query)
	if body == nil {
		return q.unmet(onlyIf)
	}
	defer body.Close()
	if o.RangeHeader != "" {
		if unsatisfiable(o.RangeHeader, obj.Size) {
			return errRange
		}
		if *obj.Range != (r2.Span{Length: obj.Size}) {
			status = http.StatusPartialContent
		}
	}
	send(q.w, q.Method, status, obj, body)
	return nil
}

// part makes o read one part of the object. A whole object is its own part 1.
func (q *request) part(text string, o *r2.GetOptions) error {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > r2.MaxParts {
		return errInvalid("Part number must be an integer between 1 and %d, inclusive", r2.MaxParts)
	}
	parts, err := q.store.ObjectParts(q.Context(), q.key)
	if err != nil {
		return err
	}
	if len(parts) == 0 && number == 1 {
		return nil
	}
	var offset int64
	for i, p := range parts {
		if i == number-1 {
			q.w.Header().Set("X-Amz-Mp-Parts-Count", strconv.Itoa(len(parts)))
			o.Range, o.RangeHeader = &r2.Range{Offset: &offset, Length: &p.Size}, ""
			return nil
		}
		offset += p.Size
	}
	return errRange
}

// unmet answers a condition that does not hold: 304 where the client has the
// object, else 412.
func (q *request) unmet(c *r2.Condition) error {
	if c.Match != nil || !c.UploadedBefore.IsZero() && c.NoneMatch == nil && c.UploadedAfter.IsZero() {
		return errPrecondition
	}
	return &Error{http.StatusNotModified, "NotModified", ""}
}

// unsatisfiable reports whether a range begins behind the end.
func unsatisfiable(header string, size int64) bool {
	text, ok := strings.CutPrefix(header, "bytes=")
	first, _, one := strings.Cut(text, "-")
	start, err := strconv.ParseInt(first, 10, 64)
	return ok && one && err == nil && start >= size && !strings.Contains(text, ",")
}

// writeMetadata sets what an object is answered with; overrides are the
// response-* parameters of a signed request.
func writeMetadata(h http.Header, o *r2.Object, overrides url.Values) {
	set := func(name, value string) {
		if own := overrides.Get("response-" + strings.ToLower(name)); own != "" {
			value = own
		}
		if value != "" {
			h.Set(name, value)
		}
	}
	expires := ""
	if !o.HTTP.CacheExpiry.IsZero() {
		expires = o.HTTP.CacheExpiry.UTC().Format(http.TimeFormat)
	}
	contentType := o.HTTP.ContentType
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	set("Content-Type", contentType)
	set("Content-Language", o.HTTP.ContentLanguage)
	set("Content-Disposition", o.HTTP.ContentDisposition)
	set("Content-Encoding", o.HTTP.ContentEncoding)
	set("Cache-Control", o.HTTP.CacheControl)
	set("Expires", expires)
	for _, p := range o.Custom {
		h.Set(metaPrefix+p.Key, p.Value)
	}
	if o.StorageClass == r2.InfrequentAccess {
		h.Set("X-Amz-Storage-Class", "STANDARD_IA")
	}
	if o.SSECKey != "" {
		h.Set("X-Amz-Server-Side-Encryption-Customer-Algorithm", "AES256")
		if sum, err := hex.DecodeString(o.SSECKey); err == nil {
			h.Set("X-Amz-Server-Side-Encryption-Customer-Key-Md5", base64.StdEncoding.EncodeToString(sum))
		}
	}
	h.Set("ETag", o.HTTPETag())
	h.Set("Last-Modified", o.Uploaded.Format(http.TimeFormat))
	h.Set("Accept-Ranges", "bytes")
}

// send writes the status and the content that Get gave.
func send(w http.ResponseWriter, method string, status int, o *r2.Object, body *r2.Body) {
	h := w.Header()
	h.Set("Content-Length", strconv.FormatInt(o.Range.Length, 10))
	if status == http.StatusPartialContent {
		h.Set("Content-Range", "bytes "+strconv.FormatInt(o.Range.Offset, 10)+"-"+strconv.FormatInt(o.Range.Offset+o.Range.Length-1, 10)+"/"+strconv.FormatInt(o.Size, 10))
	}
	w.WriteHeader(status)
	if method != http.MethodHead {
		_, _ = io.Copy(w, body) // a client that is gone cannot be told
	}
}

func (q *request) deleteObject() error {
	if err := q.store.Delete(q.Context(), q.key); err != nil {
		return err
	}
	q.w.WriteHeader(http.StatusNoContent)
	return nil
}
