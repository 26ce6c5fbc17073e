// Package s3 is the S3 interface of local R2 buckets.
//
// What it emulates: signature version 4 in headers and in presigned URLs,
// aws-chunked bodies with their signatures, checksums in headers and trailers,
// objects (with conditions, ranges, parts and copies), listings of both
// versions, batch deletes and multipart uploads. An application's own S3 client
// works against it as against ACCOUNT.r2.cloudflarestorage.com.
//
// What it deliberately does not: the configuration of buckets (they come from
// the wrangler configuration), versions, ACLs, tags and locks, which R2 does
// not have or keeps to its dashboard. Such requests get NotImplemented. Clocks
// of clients are not compared with ours.
//
// Where the truth is: https://developers.cloudflare.com/r2/api/s3/api/ and
// https://docs.aws.amazon.com/AmazonS3/latest/API/.
package s3

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/bindings/r2"
	"github.com/miniworker/miniworker/internal/clock"
)

// Prefix is the address of the interface on the dev port: PREFIX/BUCKET/KEY.
const Prefix = "/cdn-cgi/local/r2/s3/"

// hostSuffix ends the other form of address: BUCKET.s3.localhost/KEY.
const hostSuffix = ".s3.localhost"

// Bucket is a bucket that the interface serves.
type Bucket struct {
	Store *r2.Bucket
	// Secrets of the access keys that may use it, by their ids.
	Secrets map[string]string
}

// Server answers S3 requests.
type Server struct {
	// Bucket finds a bucket by name.
	Bucket func(name string) (Bucket, bool)
	// Names lists the buckets there are.
	Names func() []string
	Clock clock.Clock
}

// Claims reports whether a request is for this interface.
func Claims(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, Prefix) || OnHost(r)
}

// OnHost reports whether a request has a bucket in its Host header.
func OnHost(r *http.Request) bool { return hostBucket(r) != "" }

func hostBucket(r *http.Request) string {
	host, _, _ := strings.Cut(r.Host, ":")
	name, ok := strings.CutSuffix(strings.ToLower(host), hostSuffix)
	if !ok {
		return ""
	}
	return name
}

// request is one request on its way.
type request struct {
	*http.Request
	w     http.ResponseWriter
	s     *Server
	query url.Values
	sig   *signature

	bucket string
	key    string
	store  *r2.Bucket
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := &request{Request: r, w: w, s: s, query: r.URL.Query()}
	if q.bucket = hostBucket(r); q.bucket != "" {
		q.key = strings.TrimPrefix(r.URL.Path, "/")
	} else {
		q.bucket, q.key, _ = strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
	}
	if q.allowOrigin() {
		return
	}
	if err := q.serve(); err != nil {
		q.fail(err)
	}
}

// allowOrigin lets pages of the project use the interface; the guard of
// /cdn-cgi/ has refused others. It answers preflight requests.
func (q *request) allowOrigin() (done bool) {
	origin := q.Header.Get("Origin")
	if origin == "" {
		return false
	}
	h := q.w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "*, ETag")
	h.Add("Vary", "Origin")
	if q.Method != http.MethodOptions {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, PUT, POST, DELETE")
	h.Set("Access-Control-Allow-Headers", cmp.Or(q.Header.Get("Access-Control-Request-Headers"), "*"))
	q.w.WriteHeader(http.StatusNoContent)
	return true
}

func (q *request) serve() error {
	sig, err := readSignature(q.Request)
	if err != nil {
		return err
	}
	q.sig = sig
	if q.bucket == "" {
		return q.listBuckets()
	}
	b, ok := q.s.Bucket(q.bucket)
	switch {
	case !ok:
		return errNoSuchBucket(q.bucket, q.s.Names())
	case len(b.Secrets) == 0:
		return errNoCredentials(q.bucket)
	}
	if err := sig.verify(q.Request, b.Secrets, q.s.Clock.Now()); err != nil {
		return err
	}
	q.store = b.Store
	return q.dispatch()
}

// notImplemented are the parts of buckets and objects that are not here.
var notImplemented = []string{
	"accelerate", "acl", "analytics", "attributes", "cors", "encryption", "intelligent-tiering", "inventory", "legal-hold", "lifecycle",
	"logging", "metrics", "notification", "object-lock", "ownershipControls", "policy", "policyStatus", "publicAccessBlock",
	"replication", "requestPayment", "restore", "retention", "select", "tagging", "torrent", "versions", "website",
}

func (q *request) dispatch() error {
	for name := range q.query {
		if slices.Contains(notImplemented, name) {
			return errNotImplemented(q.Method + " ?" + name)
		}
	}
	op := q.bucketOperation
	if q.key != "" {
		op = q.objectOperation
	}
	if f := op(); f != nil {
		return f()
	}
	return errMethod(q.Method)
}

func (q *request) bucketOperation() func() error {
	switch q.Method {
	case http.MethodHead:
		return q.headBucket
	case http.MethodPut:
		return q.createBucket
	case http.MethodPost:
		if q.query.Has("delete") {
			return q.deleteObjects
		}
	case http.MethodGet:
		switch {
		case q.query.Has("location"):
			return q.location
		case q.query.Has("versioning"):
			return q.versioning
		case q.query.Has("uploads"):
			return q.listUploads
		case q.query.Get("list-type") == "2":
			return q.listV2
		}
		return q.listV1
	}
	return nil
}

func (q *request) objectOperation() func() error {
	upload := q.query.Has("uploadId")
	switch q.Method {
	case http.MethodGet:
		if upload {
			return q.listParts
		}
		return q.getObject
	case http.MethodHead:
		return q.getObject
	case http.MethodDelete:
		if upload {
			return q.abortUpload
		}
		return q.deleteObject
	case http.MethodPost:
		switch {
		case upload:
			return q.completeUpload
		case q.query.Has("uploads"):
			return q.createUpload
		}
	case http.MethodPut:
		copied := q.Header.Get("X-Amz-Copy-Source") != ""
		switch {
		case upload && copied:
			return q.copyPart
		case upload:
			return q.uploadPart
		case copied:
			return q.copyObject
		}
		return q.putObject
	}
	return nil
}
