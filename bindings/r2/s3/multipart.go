package s3

import (
	"cmp"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/bindings/r2"
)

// summed is a reader that computes the MD5 of what it gives: the ETag of a part.
type summed struct {
	io.Reader
	hash hash.Hash
}

func newSummed(r io.Reader) *summed {
	h := md5.New()
	return &summed{io.TeeReader(r, h), h}
}

func (s *summed) sum() []byte { return s.hash.Sum(nil) }

func (q *request) partNumber() (int, error) {
	n, err := strconv.Atoi(q.query.Get("partNumber"))
	if err != nil || n < 1 || n > r2.MaxParts {
		return 0, errInvalid("Part number must be an integer between 1 and %d, inclusive", r2.MaxParts)
	}
	return n, nil
}

func (q *request) createUpload() error {
	o, err := q.metadata()
	if err != nil {
		return err
	}
	id, err := q.store.CreateUpload(q.Context(), q.key, o)
	if err != nil {
		return err
	}
	return q.ok(struct {
		XMLName  xml.Name
		Bucket   string
		Key      string
		UploadID string `xml:"UploadId"`
	}{xml.Name{Space: namespace, Local: "InitiateMultipartUploadResult"}, q.bucket, q.key, id})
}

func (q *request) uploadPart() error {
	number, err := q.partNumber()
	if err != nil {
		return err
	}
	ssec, err := ssecKey(q.Header, "X-Amz-Server-Side-Encryption-Customer-Key")
	if err != nil {
		return err
	}
	body, err := q.content()
	if err != nil {
		return err
	}
	sum := newSummed(body)
	if _, err := q.store.UploadPart(q.Context(), q.key, q.query.Get("uploadId"), number, sum, -1, ssec); err != nil {
		return err
	}
	q.w.Header().Set("ETag", quote(hex.EncodeToString(sum.sum())))
	q.w.WriteHeader(http.StatusOK)
	return nil
}

// maxDocument bounds the XML that clients send: ten thousand parts, or a
// thousand keys, fit well.
const maxDocument = 8 << 20 // bytes

// document reads the XML of the request's body into v.
func (q *request) document(v any) error {
	body, err := q.content()
	if err != nil {
		return err
	}
	data, err := io.ReadAll(io.LimitReader(body, maxDocument))
	if err != nil {
		return err
	}
	if xml.Unmarshal(data, v) != nil {
		return errMalformed
	}
	return nil
}

func (q *request) completeUpload() error {
	var doc struct {
		Part []struct {
			PartNumber int
			ETag       string
		}
	}
	if err := q.document(&doc); err != nil {
		return err
	}
	if len(doc.Part) == 0 {
		return errMalformed
	}
	parts := make([]r2.Part, len(doc.Part))
	for i, p := range doc.Part {
		if i > 0 && p.PartNumber <= doc.Part[i-1].PartNumber {
			return errPartOrder
		}
		parts[i] = r2.Part{Number: p.PartNumber, ETag: strings.Trim(p.ETag, `"`)}
	}
	id := q.query.Get("uploadId")
	if _, err := q.store.Parts(q.Context(), q.key, id, 0, 1); err != nil { // bindings say "internal error" where there is no such upload
		return err
	}
	obj, err := q.store.CompleteUpload(q.Context(), q.key, id, parts)
	if err != nil {
		return err
	}
	return q.ok(struct {
		XMLName  xml.Name
		Location string
		Bucket   string
		Key      string
		ETag     string
	}{xml.Name{Space: namespace, Local: "CompleteMultipartUploadResult"}, "http://" + q.Host + q.URL.EscapedPath(), q.bucket, q.key, obj.HTTPETag()})
}

func (q *request) abortUpload() error {
	id := q.query.Get("uploadId")
	// Aborting what is not there is an error to S3 clients.
	if _, err := q.store.Parts(q.Context(), q.key, id, 0, 1); err != nil {
		return err
	}
	if err := q.store.AbortUpload(q.Context(), q.key, id); err != nil {
		return err
	}
	q.w.WriteHeader(http.StatusNoContent)
	return nil
}

func (q *request) listParts() error {
	limit, err := q.limit("max-parts")
	if err != nil {
		return err
	}
	after, _ := strconv.Atoi(cmp.Or(q.query.Get("part-number-marker"), "0"))
	parts, err := q.store.Parts(q.Context(), q.key, q.query.Get("uploadId"), after, limit+1)
	if err != nil {
		return err
	}
	type part struct {
		PartNumber int
		ETag       string
		Size       int64
	}
	type listing struct {
		XMLName              xml.Name
		Bucket               string
		Key                  string
		UploadID             string `xml:"UploadId"`
		PartNumberMarker     int
		NextPartNumberMarker int `xml:",omitempty"`
		MaxParts             int
		IsTruncated          bool
		Part                 []part
	}
	l := listing{XMLName: xml.Name{Space: namespace, Local: "ListPartsResult"}, Bucket: q.bucket, Key: q.key, UploadID: q.query.Get("uploadId"), PartNumberMarker: after, MaxParts: limit}
	if len(parts) > limit {
		parts, l.IsTruncated = parts[:limit], true
	}
	for _, p := range parts {
		l.Part = append(l.Part, part{p.Number, quote(hex.EncodeToString(p.MD5)), p.Size})
	}
	if n := len(parts); l.IsTruncated && n > 0 {
		l.NextPartNumberMarker = parts[n-1].Number
	}
	return q.ok(l)
}

func (q *request) listUploads() error {
	limit, err := q.limit("max-uploads")
	if err != nil {
		return err
	}
	if q.query.Get("delimiter") != "" {
		return errNotImplemented("ListMultipartUploads with a delimiter")
	}
	marker, id := q.query.Get("key-marker"), q.query.Get("upload-id-marker")
	after := id
	if marker != "" && id == "" {
		after = "\xff" // behind all uploads of the key
	}
	uploads, err := q.store.Uploads(q.Context(), q.query.Get("prefix"), marker, after, limit+1)
	if err != nil {
		return err
	}
	type upload struct {
		Key          string
		UploadID     string `xml:"UploadId"`
		StorageClass string
		Initiated    string
	}
	type listing struct {
		XMLName            xml.Name
		Bucket             string
		KeyMarker          string
		UploadIDMarker     string `xml:"UploadIdMarker"`
		NextKeyMarker      string `xml:",omitempty"`
		NextUploadIDMarker string `xml:"NextUploadIdMarker,omitempty"`
		Prefix             string
		MaxUploads         int
		IsTruncated        bool
		Upload             []upload
	}
	l := listing{XMLName: xml.Name{Space: namespace, Local: "ListMultipartUploadsResult"}, Bucket: q.bucket, KeyMarker: marker, UploadIDMarker: id, Prefix: q.query.Get("prefix"), MaxUploads: limit}
	if len(uploads) > limit {
		uploads, l.IsTruncated = uploads[:limit], true
	}
	for _, u := range uploads {
		l.Upload = append(l.Upload, upload{u.Key, u.ID, storageClass(u.StorageClass), stamp(u.Created)})
		if l.IsTruncated {
			l.NextKeyMarker, l.NextUploadIDMarker = u.Key, u.ID
		}
	}
	return q.ok(l)
}

func storageClass(class string) string {
	if class == r2.InfrequentAccess {
		return "STANDARD_IA"
	}
	return "STANDARD"
}
