package s3

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/miniworker/miniworker/bindings/r2"
)

// Error is a refusal as S3 clients see it.
type Error struct {
	Status  int
	Code    string
	Message string
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

func errNoSuchBucket(name string, names []string) *Error {
	return &Error{http.StatusNotFound, "NoSuchBucket", fmt.Sprintf(
		"The specified bucket does not exist: %q. The r2_buckets of this project are: %s", name, cmp.Or(strings.Join(names, ", "), "(none)"))}
}

func errNoCredentials(bucket string) *Error {
	return &Error{http.StatusForbidden, "AccessDenied", fmt.Sprintf(
		"The bucket %q has no S3 credentials here. Add to its entry in r2_buckets: "+
			`"local_dev": { "experimental_s3_credentials": { "accessKeyId": "…", "secretAccessKey": "…" } }`, bucket)}
}

func errNotImplemented(what string) *Error {
	return &Error{http.StatusNotImplemented, "NotImplemented", what + " is not implemented in miniworker."}
}

func errMethod(method string) *Error {
	return &Error{http.StatusMethodNotAllowed, "MethodNotAllowed", "The method " + method + " is not allowed against this resource."}
}

func errInvalid(format string, args ...any) *Error {
	return &Error{http.StatusBadRequest, "InvalidArgument", fmt.Sprintf(format, args...)}
}

var (
	errUnauthorized = &Error{http.StatusUnauthorized, "Unauthorized", "Missing or invalid authentication credentials."}
	errSignature    = &Error{http.StatusForbidden, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your secret access key and signing method."}
	errExpired      = &Error{http.StatusBadRequest, "ExpiredRequest", "Request has expired."}
	errIncomplete   = &Error{http.StatusBadRequest, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header."}
	errMalformed    = &Error{http.StatusBadRequest, "MalformedXML", "The XML you provided was not well formed or did not validate against our published schema."}
	errContentHash  = &Error{http.StatusBadRequest, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."}
	errPartOrder    = &Error{http.StatusBadRequest, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number."}
	errRange        = &Error{http.StatusRequestedRangeNotSatisfiable, "InvalidRange", "The requested range is not satisfiable"}
	errPrecondition = &Error{http.StatusPreconditionFailed, "PreconditionFailed", r2.ErrPrecondition.Message}
	errNoSuchKey    = &Error{http.StatusNotFound, "NoSuchKey", r2.ErrNoSuchKey.Message}
)

// codes are S3's names of R2's refusals, by R2's number.
var codes = map[int]Error{
	r2.ErrNoSuchKey.Code:        {http.StatusNotFound, "NoSuchKey", ""},
	r2.ErrEntityTooSmall.Code:   {http.StatusBadRequest, "EntityTooSmall", ""},
	r2.ErrMetadataTooLarge.Code: {http.StatusBadRequest, "MetadataTooLarge", ""},
	r2.ErrInvalidName.Code:      {http.StatusBadRequest, "KeyTooLongError", ""},
	r2.ErrInvalidMaxKeys.Code:   {http.StatusBadRequest, "InvalidArgument", ""},
	r2.ErrNoSuchUpload.Code:     {http.StatusNotFound, "NoSuchUpload", ""},
	r2.ErrInvalidPart.Code:      {http.StatusBadRequest, "InvalidPart", ""},
	r2.ErrPrecondition.Code:     {http.StatusPreconditionFailed, "PreconditionFailed", ""},
	r2.ErrInvalidRange.Code:     {http.StatusRequestedRangeNotSatisfiable, "InvalidRange", ""},
	r2.ErrBadUpload.Code:        {http.StatusBadRequest, "InvalidPart", ""},
	r2.ErrEntityTooLarge.Code:   {http.StatusBadRequest, "EntityTooLarge", ""},
	r2.CodeBadDigest:            {http.StatusBadRequest, "BadDigest", ""},
}

// describe is err for the client.
func describe(err error) *Error {
	if own, ok := errors.AsType[*Error](err); ok {
		return own
	}
	refusal, ok := errors.AsType[*r2.Error](err)
	if !ok {
		return &Error{http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again. (" + err.Error() + ")"}
	}
	if e, ok := codes[refusal.Code]; ok {
		return &Error{e.Status, e.Code, refusal.Message}
	}
	if refusal.Code == 0 { // the customer's key
		return &Error{http.StatusForbidden, "AccessDenied", refusal.Message}
	}
	return &Error{http.StatusInternalServerError, "InternalError", refusal.Message}
}

func (q *request) fail(err error) {
	e := describe(err)
	q.w.Header().Del("Content-Length")
	if e.Status == http.StatusNotModified {
		q.w.WriteHeader(e.Status)
		return
	}
	q.answer(e.Status, struct {
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
		Bucket  string `xml:"BucketName,omitempty"`
		Key     string `xml:",omitempty"`
	}{Code: e.Code, Message: e.Message, Bucket: q.bucket, Key: q.key})
}

// namespace is that of all answers but errors.
const namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// answer writes an XML document.
func (q *request) answer(status int, v any) {
	q.w.Header().Set("Content-Type", "application/xml")
	q.w.WriteHeader(status)
	if q.Method == http.MethodHead {
		return
	}
	// A client that is gone cannot be told.
	_, _ = q.w.Write([]byte(xml.Header))
	_ = xml.NewEncoder(q.w).Encode(v)
}

// ok answers with an XML document.
func (q *request) ok(v any) error {
	q.answer(http.StatusOK, v)
	return nil
}
