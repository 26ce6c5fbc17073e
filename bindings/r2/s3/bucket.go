package s3

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/bindings/r2"
)

func (q *request) listBuckets() error {
	type bucket struct{ Name string }
	list := struct {
		XMLName xml.Name
		Buckets struct{ Bucket []bucket }
	}{XMLName: xml.Name{Space: namespace, Local: "ListAllMyBucketsResult"}}
	if q.Method != http.MethodGet {
		return errMethod(q.Method)
	}
	err := error(errUnauthorized)
	for _, name := range q.s.Names() {
		b, ok := q.s.Bucket(name)
		if _, mine := b.Secrets[q.sig.accessKey]; !ok || !mine {
			continue
		}
		if err = q.sig.verify(q.Request, b.Secrets, q.s.Clock.Now()); err != nil {
			break
		}
		list.Buckets.Bucket = append(list.Buckets.Bucket, bucket{name})
	}
	if err != nil {
		return err
	}
	return q.ok(list)
}

func (q *request) headBucket() error {
	q.w.WriteHeader(http.StatusOK)
	return nil
}

func (q *request) createBucket() error {
	return &Error{http.StatusConflict, "BucketAlreadyOwnedByYou", "The bucket exists: it comes from the wrangler configuration."}
}

func (q *request) location() error {
	return q.ok(struct {
		XMLName xml.Name
		Region  string `xml:",chardata"`
	}{xml.Name{Space: namespace, Local: "LocationConstraint"}, "auto"})
}

// versioning says that there is none.
func (q *request) versioning() error {
	return q.ok(struct{ XMLName xml.Name }{xml.Name{Space: namespace, Local: "VersioningConfiguration"}})
}

// limit reads a page size, at most and by default 1000.
func (q *request) limit(name string) (int, error) {
	text := q.query.Get(name)
	if text == "" {
		return r2.MaxListKeys, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, errInvalid("Argument %s must be an integer between 0 and 2147483647", name)
	}
	return min(n, r2.MaxListKeys), nil
}

type listedObject struct {
	Key          string
	LastModified string
	ETag         string
	Size         int64
	StorageClass string
}

type commonPrefix struct{ Prefix string }

// listing is the answer of both versions.
type listing struct {
	XMLName               xml.Name
	Name                  string
	Prefix                string
	Delimiter             string  `xml:",omitempty"`
	EncodingType          string  `xml:",omitempty"`
	Marker                *string // version 1
	NextMarker            string  `xml:",omitempty"`
	StartAfter            string  `xml:",omitempty"` // version 2, as the rest
	ContinuationToken     string  `xml:",omitempty"`
	NextContinuationToken string  `xml:",omitempty"`
	KeyCount              *int
	MaxKeys               int
	IsTruncated           bool
	Contents              []listedObject
	CommonPrefixes        []commonPrefix
}

// list reads a page and writes what both versions have of it.
func (q *request) list(o r2.ListOptions) (*listing, *r2.Listing, error) {
	limit, err := q.limit("max-keys")
	if err != nil {
		return nil, nil, err
	}
	o.Prefix, o.Delimiter = q.query.Get("prefix"), q.query.Get("delimiter")
	l := &listing{
		XMLName: xml.Name{Space: namespace, Local: "ListBucketResult"}, Name: q.bucket, MaxKeys: limit,
		EncodingType: q.query.Get("encoding-type"), Prefix: q.encode(o.Prefix), Delimiter: q.encode(o.Delimiter),
	}
	if t := l.EncodingType; t != "" && t != "url" {
		return nil, nil, errInvalid("Invalid Encoding Method specified in Request")
	}
	if limit == 0 {
		return l, &r2.Listing{}, nil
	}
	o.Limit = &limit
	page, err := q.store.List(q.Context(), o)
	if err != nil {
		return nil, nil, err
	}
	l.IsTruncated = page.Truncated
	for _, obj := range page.Objects {
		l.Contents = append(l.Contents, listedObject{q.encode(obj.Key), stamp(obj.Uploaded), obj.HTTPETag(), obj.Size, storageClass(obj.StorageClass)})
	}
	for _, p := range page.Prefixes {
		l.CommonPrefixes = append(l.CommonPrefixes, commonPrefix{q.encode(p)})
	}
	return l, page, nil
}

// encode writes a key as encoding-type asks.
func (q *request) encode(key string) string {
	if q.query.Get("encoding-type") != "url" {
		return key
	}
	return strings.ReplaceAll(url.QueryEscape(key), "%2F", "/")
}

func (q *request) listV2() error {
	o := r2.ListOptions{StartAfter: q.query.Get("start-after"), Cursor: q.query.Get("continuation-token")}
	l, page, err := q.list(o)
	if err != nil {
		return err
	}
	count := len(l.Contents) + len(l.CommonPrefixes)
	l.KeyCount, l.StartAfter, l.ContinuationToken, l.NextContinuationToken = &count, q.encode(o.StartAfter), o.Cursor, page.Cursor
	return q.ok(l)
}

func (q *request) listV1() error {
	marker := q.query.Get("marker")
	o := r2.ListOptions{StartAfter: marker}
	if d := q.query.Get("delimiter"); d != "" && strings.HasSuffix(marker, d) {
		o.StartAfter += "\xff" // a folded prefix: go on behind all of its keys
	}
	l, page, err := q.list(o)
	if err != nil {
		return err
	}
	encoded := q.encode(marker)
	l.Marker = &encoded
	if page.Truncated {
		last := ""
		if n := len(page.Objects); n > 0 {
			last = page.Objects[n-1].Key
		}
		if n := len(page.Prefixes); n > 0 {
			last = max(last, page.Prefixes[n-1])
		}
		l.NextMarker = q.encode(last)
	}
	return q.ok(l)
}

const maxDeletes = 1000 // keys in one request

func (q *request) deleteObjects() error {
	type object struct{ Key string }
	var doc struct {
		Object []object
		Quiet  bool
	}
	if err := q.document(&doc); err != nil {
		return err
	}
	if len(doc.Object) == 0 || len(doc.Object) > maxDeletes {
		return errMalformed
	}
	type failure struct{ Key, Code, Message string }
	result := struct {
		XMLName xml.Name
		Deleted []object
		Error   []failure
	}{XMLName: xml.Name{Space: namespace, Local: "DeleteResult"}}
	for _, o := range doc.Object {
		if err := q.store.Delete(q.Context(), o.Key); err != nil {
			e := describe(err)
			result.Error = append(result.Error, failure{o.Key, e.Code, cmp.Or(e.Message, e.Code)})
		} else if !doc.Quiet {
			result.Deleted = append(result.Deleted, o)
		}
	}
	return q.ok(result)
}
