package s3

import (
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/bindings/r2"
)

const copySource = "X-Amz-Copy-Source"

// source opens the object that x-amz-copy-source names, if the request's key
// may read its bucket and the conditions hold.
func (q *request) source(span *r2.Range) (*r2.Object, *r2.Body, error) {
	path, err := url.PathUnescape(strings.TrimPrefix(q.Header.Get(copySource), "/"))
	path, _, _ = strings.Cut(path, "?versionId=")
	bucket, key, ok := strings.Cut(path, "/")
	if err != nil || !ok || key == "" {
		return nil, nil, errInvalid("The header x-amz-copy-source must be BUCKET/KEY, percent-encoded.")
	}
	b, ok := q.s.Bucket(bucket)
	if !ok {
		return nil, nil, errNoSuchBucket(bucket, q.s.Names())
	}
	if _, ok := b.Secrets[q.sig.accessKey]; !ok {
		return nil, nil, &Error{http.StatusForbidden, "AccessDenied", "This access key may not read the bucket " + bucket + "."}
	}
	o := r2.GetOptions{Range: span}
	if o.SSECKey, err = ssecKey(q.Header, copySource+"-Server-Side-Encryption-Customer-Key"); err != nil {
		return nil, nil, err
	}
	if o.OnlyIf, err = q.condition(copySource + "-"); err != nil {
		return nil, nil, err
	}
	obj, body, err := b.Store.Get(q.Context(), key, o)
	switch {
	case err != nil:
		return nil, nil, err
	case obj == nil:
		return nil, nil, errNoSuchKey
	case body == nil:
		return nil, nil, errPrecondition
	}
	return obj, body, nil
}

// copied is the answer to a copy.
type copied struct {
	XMLName      xml.Name
	ETag         string
	LastModified string
}

func (q *request) copyObject() error {
	o, err := q.metadata()
	if err != nil {
		return err
	}
	from, body, err := q.source(nil)
	if err != nil {
		return err
	}
	defer body.Close()
	switch directive := q.Header.Get("X-Amz-Metadata-Directive"); directive {
	case "", "COPY":
		o.HTTP, o.Custom = from.HTTP, from.Custom
	case "REPLACE":
	case "MERGE": // R2's own: what the request says wins over what there is
		o.HTTP, o.Custom = merged(from, o)
	default:
		return errInvalid("Unknown metadata directive %q: use COPY, REPLACE or MERGE.", directive)
	}
	obj, err := q.store.Put(q.Context(), q.key, body, body.Len(), o)
	if err != nil {
		return err
	}
	return q.ok(copied{XMLName: xml.Name{Space: namespace, Local: "CopyObjectResult"}, ETag: obj.HTTPETag(), LastModified: stamp(obj.Uploaded)})
}

func merged(from *r2.Object, o r2.PutOptions) (r2.HTTPMetadata, []r2.Pair) {
	http := o.HTTP
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&http.ContentType, from.HTTP.ContentType}, {&http.ContentLanguage, from.HTTP.ContentLanguage},
		{&http.ContentDisposition, from.HTTP.ContentDisposition}, {&http.ContentEncoding, from.HTTP.ContentEncoding},
		{&http.CacheControl, from.HTTP.CacheControl},
	} {
		if *f.to == "" {
			*f.to = f.from
		}
	}
	if http.CacheExpiry.IsZero() {
		http.CacheExpiry = from.HTTP.CacheExpiry
	}
	custom := o.Custom
	own := map[string]bool{}
	for _, p := range custom {
		own[p.Key] = true
	}
	for _, p := range from.Custom {
		if !own[p.Key] {
			custom = append(custom, p)
		}
	}
	return http, custom
}

func (q *request) copyPart() error {
	number, err := q.partNumber()
	if err != nil {
		return err
	}
	ssec, err := ssecKey(q.Header, "X-Amz-Server-Side-Encryption-Customer-Key")
	if err != nil {
		return err
	}
	span, err := copyRange(q.Header.Get(copySource + "-Range"))
	if err != nil {
		return err
	}
	_, body, err := q.source(span)
	if err != nil {
		return err
	}
	defer body.Close()
	sum := newSummed(body)
	if _, err := q.store.UploadPart(q.Context(), q.key, q.query.Get("uploadId"), number, sum, body.Len(), ssec); err != nil {
		return err
	}
	return q.ok(copied{XMLName: xml.Name{Space: namespace, Local: "CopyPartResult"}, ETag: quote(hex.EncodeToString(sum.sum())), LastModified: stamp(q.s.Clock.Now())})
}

// copyRange reads "bytes=FIRST-LAST", both of which must be there.
func copyRange(text string) (*r2.Range, error) {
	if text == "" {
		return nil, nil
	}
	rest, ok := strings.CutPrefix(text, "bytes=")
	first, last, dash := strings.Cut(rest, "-")
	from, err := strconv.ParseInt(first, 10, 64)
	to, err2 := strconv.ParseInt(last, 10, 64)
	if !ok || !dash || err != nil || err2 != nil || from < 0 || to < from {
		return nil, errInvalid("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy")
	}
	length := to - from + 1
	return &r2.Range{Offset: &from, Length: &length}, nil
}

func quote(etag string) string { return `"` + etag + `"` }

// stamp is a time as S3's documents have it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
