package s3_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings/r2"
	"github.com/miniworker/miniworker/bindings/r2/s3"
	"github.com/miniworker/miniworker/internal/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a server with two buckets, "photos" and "logs", and a client of it.
type world struct {
	testing.TB
	url    string
	photos *r2.Bucket
	http   *http.Client
	client *sdk.Client
}

// newServer is the server of a world, and the bucket "photos".
func newServer(t testing.TB) (*s3.Server, *r2.Bucket) {
	secrets := map[string]string{"AKID": "secret"}
	buckets := map[string]s3.Bucket{}
	for _, name := range []string{"photos", "logs"} {
		store := r2.Open(t.TempDir(), clock.Real)
		t.Cleanup(func() { store.Close() })
		buckets[name] = s3.Bucket{Store: store, Secrets: secrets}
	}
	buckets["shut"] = s3.Bucket{}
	find := func(name string) (s3.Bucket, bool) { b, ok := buckets[name]; return b, ok }
	names := func() []string { return []string{"logs", "photos", "shut"} }
	return &s3.Server{Bucket: find, Names: names, Clock: clock.Real}, buckets["photos"].Store
}

func newWorld(t testing.TB, options ...func(*sdk.Options)) *world {
	server, photos := newServer(t)
	srv := httptest.NewServer(server)
	transport := &http.Transport{}
	t.Cleanup(func() { transport.CloseIdleConnections(); srv.Close() })
	w := &world{TB: t, url: srv.URL, photos: photos, http: &http.Client{Transport: transport}}
	w.client = sdk.New(sdk.Options{
		BaseEndpoint: aws.String(srv.URL + strings.TrimSuffix(s3.Prefix, "/")), Region: "auto", UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", ""), HTTPClient: w.http,
		RetryMaxAttempts: 1,
	}, options...)
	return w
}

func must[T any](w *world, what string) func(v T, err error) T {
	return func(v T, err error) T {
		w.Helper()
		if err != nil {
			w.Fatalf("%s: %v", what, err)
		}
		return v
	}
}

// code is the S3 code of an error.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return fmt.Sprint(err)
}

func (w *world) put(key, body string) *sdk.PutObjectOutput {
	w.Helper()
	return must[*sdk.PutObjectOutput](w, "put "+key)(w.client.PutObject(w.Context(), &sdk.PutObjectInput{
		Bucket: aws.String("photos"), Key: &key, Body: strings.NewReader(body)}))
}

func (w *world) get(in *sdk.GetObjectInput) (string, *sdk.GetObjectOutput) {
	w.Helper()
	if in.Bucket == nil {
		in.Bucket = aws.String("photos")
	}
	out := must[*sdk.GetObjectOutput](w, "get")(w.client.GetObject(w.Context(), in))
	defer out.Body.Close()
	data := must[[]byte](w, "read")(io.ReadAll(out.Body))
	return string(data), out
}

// awkward are keys that clients and servers like to disagree about.
var awkward = []string{"plain", "a b+c", "ü/😀", "a//b/../c/./d", "q?x=1&y#z", "100%25", "!'()*:;@$,[]", "trailing/", "~-_."}

func TestKeys(t *testing.T) {
	w := newWorld(t)
	for _, key := range awkward {
		w.put(key, "content of "+key)
		if got, _ := w.get(&sdk.GetObjectInput{Key: &key}); got != "content of "+key {
			t.Errorf("%q holds %q", key, got)
		}
	}
	page := must[*sdk.ListObjectsV2Output](w, "list")(w.client.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: aws.String("photos"), EncodingType: types.EncodingTypeUrl}))
	if len(page.Contents) != len(awkward) {
		t.Errorf("%d keys listed, want %d", len(page.Contents), len(awkward))
	}
}

func TestMetadata(t *testing.T) {
	w := newWorld(t)
	expires := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err := w.client.PutObject(t.Context(), &sdk.PutObjectInput{
		Bucket: aws.String("photos"), Key: aws.String("k"), Body: strings.NewReader("hello"), ContentType: aws.String("text/x"), CacheControl: aws.String("no-store"),
		ContentEncoding: aws.String("gzip"), ContentLanguage: aws.String("de"), ContentDisposition: aws.String("inline"), Expires: &expires,
		Metadata: map[string]string{"Owner": "me"}, StorageClass: types.StorageClassStandardIa,
	})
	if err != nil {
		t.Fatal(err)
	}
	h := must[*sdk.HeadObjectOutput](w, "head")(w.client.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: aws.String("photos"), Key: aws.String("k")}))
	got := fmt.Sprintln(*h.ContentType, *h.CacheControl, *h.ContentEncoding, *h.ContentLanguage, *h.ContentDisposition, *h.ExpiresString, h.Metadata, h.StorageClass, *h.ContentLength, *h.ETag)
	want := "text/x no-store gzip de inline Tue, 01 Jan 2030 00:00:00 GMT map[owner:me] STANDARD_IA 5 \"5d41402abc4b2a76b9719d911017c592\"\n"
	if got != want {
		t.Errorf("got  %swant %s", got, want)
	}
	if o := must[*r2.Object](w, "head")(w.photos.Head(t.Context(), "k")); o.HTTP.ContentEncoding != "gzip" {
		t.Errorf("stored encoding %q", o.HTTP.ContentEncoding)
	}
	_, out := w.get(&sdk.GetObjectInput{Key: aws.String("k"), ResponseContentType: aws.String("text/y"), ResponseContentDisposition: aws.String("attachment")})
	if *out.ContentType != "text/y" || *out.ContentDisposition != "attachment" {
		t.Errorf("overrides gave %q, %q", *out.ContentType, *out.ContentDisposition)
	}
}

func TestRangesAndConditions(t *testing.T) {
	w := newWorld(t)
	put := w.put("k", "0123456789")
	for _, tt := range []struct{ header, want, contentRange string }{
		{"bytes=2-4", "234", "bytes 2-4/10"}, {"bytes=7-", "789", "bytes 7-9/10"}, {"bytes=-2", "89", "bytes 8-9/10"},
	} {
		got, out := w.get(&sdk.GetObjectInput{Key: aws.String("k"), Range: &tt.header})
		if got != tt.want || aws.ToString(out.ContentRange) != tt.contentRange {
			t.Errorf("%s: %q, %q", tt.header, got, aws.ToString(out.ContentRange))
		}
	}
	past, future := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	for name, tt := range map[string]struct {
		in   sdk.GetObjectInput
		want string
	}{
		"range":          {sdk.GetObjectInput{Range: aws.String("bytes=10-")}, "InvalidRange"},
		"match":          {sdk.GetObjectInput{IfMatch: aws.String(`"no"`)}, "PreconditionFailed"},
		"none match":     {sdk.GetObjectInput{IfNoneMatch: put.ETag}, "NotModified"},
		"modified since": {sdk.GetObjectInput{IfModifiedSince: &future}, "NotModified"},
		"unmodified":     {sdk.GetObjectInput{IfUnmodifiedSince: &past}, "PreconditionFailed"},
		"no key":         {sdk.GetObjectInput{Key: aws.String("none")}, "NoSuchKey"},
		"no bucket":      {sdk.GetObjectInput{Bucket: aws.String("none")}, "NoSuchBucket"},
		"no secret":      {sdk.GetObjectInput{Bucket: aws.String("shut")}, "AccessDenied"},
	} {
		in := tt.in
		if in.Bucket == nil {
			in.Bucket = aws.String("photos")
		}
		if in.Key == nil {
			in.Key = aws.String("k")
		}
		if _, err := w.client.GetObject(t.Context(), &in); code(err) != tt.want {
			t.Errorf("%s: %s, want %s", name, code(err), tt.want)
		}
	}
	_, err := w.client.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("photos"), Key: aws.String("k"), Body: strings.NewReader("x"), IfNoneMatch: aws.String("*")})
	if code(err) != "PreconditionFailed" {
		t.Errorf("put over: %v", err)
	}
}

// TestChecksums sends each checksum the SDK has, in a header and behind a body
// whose length it cannot know beforehand.
func TestChecksums(t *testing.T) {
	w := newWorld(t)
	for _, a := range []types.ChecksumAlgorithm{types.ChecksumAlgorithmCrc32, types.ChecksumAlgorithmCrc32c, types.ChecksumAlgorithmCrc64nvme, types.ChecksumAlgorithmSha1, types.ChecksumAlgorithmSha256} {
		_, err := w.client.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("photos"), Key: aws.String("k"), Body: strings.NewReader("hello"), ChecksumAlgorithm: a})
		if err != nil {
			t.Errorf("%s: %v", a, err)
		}
		if got, _ := w.get(&sdk.GetObjectInput{Key: aws.String("k")}); got != "hello" {
			t.Errorf("%s: stored %q", a, got)
		}
	}
	_, err := w.client.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("photos"), Key: aws.String("k"), Body: strings.NewReader("other"), ChecksumCRC32: aws.String("AAAAAA==")})
	if code(err) != "BadDigest" {
		t.Errorf("wrong CRC32: %v", err)
	}
	_, err = w.client.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("photos"), Key: aws.String("k"), Body: strings.NewReader("other"), ContentMD5: aws.String("AAAAAAAAAAAAAAAAAAAAAA==")})
	if code(err) != "BadDigest" {
		t.Errorf("wrong MD5: %v", err)
	}
	if got, _ := w.get(&sdk.GetObjectInput{Key: aws.String("k")}); got != "hello" {
		t.Errorf("a refused put left %q", got)
	}
}

func TestCopy(t *testing.T) {
	w := newWorld(t)
	_, err := w.client.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("photos"), Key: aws.String("a b/ü"), Body: strings.NewReader("hello"), ContentType: aws.String("text/x"), Metadata: map[string]string{"one": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		directive, wantType, wantMeta string
	}{{"COPY", "text/x", "map[one:1]"}, {"REPLACE", "text/y", "map[two:2]"}, {"MERGE", "text/y", "map[one:1 two:2]"}} {
		_, err := w.client.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: aws.String("logs"), Key: aws.String("to"), CopySource: aws.String("photos/a%20b/%C3%BC"),
			MetadataDirective: types.MetadataDirective(tt.directive), ContentType: aws.String("text/y"), Metadata: map[string]string{"two": "2"}})
		if err != nil {
			t.Fatal(err)
		}
		got, out := w.get(&sdk.GetObjectInput{Bucket: aws.String("logs"), Key: aws.String("to")})
		if got != "hello" || *out.ContentType != tt.wantType || fmt.Sprint(out.Metadata) != tt.wantMeta {
			t.Errorf("%s: %q, %s, %v", tt.directive, got, *out.ContentType, out.Metadata)
		}
	}
	_, err = w.client.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: aws.String("logs"), Key: aws.String("to"), CopySource: aws.String("photos/a%20b/%C3%BC"), CopySourceIfMatch: aws.String(`"no"`)})
	if code(err) != "PreconditionFailed" {
		t.Errorf("condition: %v", err)
	}
	_, err = w.client.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: aws.String("logs"), Key: aws.String("to"), CopySource: aws.String("photos/none")})
	if code(err) != "NoSuchKey" {
		t.Errorf("missing source: %v", err)
	}
}

func TestListings(t *testing.T) {
	w := newWorld(t)
	var all []string
	for i := range 7 {
		for _, k := range []string{fmt.Sprintf("d%d/x", i), fmt.Sprintf("d%d/y", i), fmt.Sprintf("f%d", i)} {
			w.put(k, "")
			all = append(all, k)
		}
	}
	slices.Sort(all)
	var got []string
	pages := sdk.NewListObjectsV2Paginator(w.client, &sdk.ListObjectsV2Input{Bucket: aws.String("photos"), MaxKeys: aws.Int32(4)})
	for pages.HasMorePages() {
		for _, o := range must[*sdk.ListObjectsV2Output](w, "page")(pages.NextPage(t.Context())).Contents {
			got = append(got, *o.Key)
		}
	}
	if !slices.Equal(got, all) {
		t.Errorf("version 2 gave %v", got)
	}
	folded := []string{"d0/", "d1/", "d2/", "d3/", "d4/", "d5/", "d6/", "f0", "f1", "f2", "f3", "f4", "f5", "f6"}
	got = nil
	var marker *string
	for range 20 {
		page := must[*sdk.ListObjectsOutput](w, "page")(w.client.ListObjects(t.Context(), &sdk.ListObjectsInput{Bucket: aws.String("photos"), Delimiter: aws.String("/"), MaxKeys: aws.Int32(3), Marker: marker}))
		for _, p := range page.CommonPrefixes {
			got = append(got, *p.Prefix)
		}
		for _, o := range page.Contents {
			got = append(got, *o.Key)
		}
		if !*page.IsTruncated {
			break
		}
		marker = page.NextMarker
	}
	if !slices.Equal(got, folded) {
		t.Errorf("version 1 gave %v", got)
	}
	after := must[*sdk.ListObjectsV2Output](w, "list")(w.client.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: aws.String("photos"), StartAfter: aws.String("f4"), Prefix: aws.String("f")}))
	if len(after.Contents) != 2 || *after.KeyCount != 2 {
		t.Errorf("start-after gave %d", len(after.Contents))
	}
	none := must[*sdk.ListObjectsV2Output](w, "list")(w.client.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: aws.String("photos"), MaxKeys: aws.Int32(0)}))
	if len(none.Contents) != 0 || *none.IsTruncated {
		t.Error("max-keys=0 gives something")
	}
}

func TestDeletes(t *testing.T) {
	w := newWorld(t)
	var ids []types.ObjectIdentifier
	for _, k := range awkward {
		w.put(k, "x")
		ids = append(ids, types.ObjectIdentifier{Key: &k})
	}
	ids = append(ids, types.ObjectIdentifier{Key: aws.String(strings.Repeat("k", 1025))})
	out := must[*sdk.DeleteObjectsOutput](w, "delete")(w.client.DeleteObjects(t.Context(), &sdk.DeleteObjectsInput{Bucket: aws.String("photos"), Delete: &types.Delete{Objects: ids}}))
	if len(out.Deleted) != len(awkward) || len(out.Errors) != 1 || *out.Errors[0].Code != "KeyTooLongError" {
		t.Errorf("deleted %d, errors %v", len(out.Deleted), out.Errors)
	}
	if l := must[*r2.Listing](w, "list")(w.photos.List(t.Context(), r2.ListOptions{})); len(l.Objects) != 0 {
		t.Errorf("%d objects left", len(l.Objects))
	}
	if _, err := w.client.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: aws.String("photos"), Key: aws.String("none")}); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
}

func TestMultipart(t *testing.T) {
	w := newWorld(t)
	ctx, bucket, key := t.Context(), aws.String("photos"), aws.String("big one")
	w.put("source", strings.Repeat("s", 10))
	up := must[*sdk.CreateMultipartUploadOutput](w, "create")(w.client.CreateMultipartUpload(ctx, &sdk.CreateMultipartUploadInput{Bucket: bucket, Key: key, ContentType: aws.String("text/x"), Metadata: map[string]string{"a": "1"}}))
	chunk := bytes.Repeat([]byte("0123456789abcdef"), r2.MinPartSize/16)
	var parts []types.CompletedPart
	for n := int32(1); n <= 2; n++ {
		p := must[*sdk.UploadPartOutput](w, "part")(w.client.UploadPart(ctx, &sdk.UploadPartInput{Bucket: bucket, Key: key, UploadId: up.UploadId, PartNumber: &n, Body: bytes.NewReader(chunk)}))
		parts = append(parts, types.CompletedPart{PartNumber: &n, ETag: p.ETag})
	}
	c := must[*sdk.UploadPartCopyOutput](w, "copy")(w.client.UploadPartCopy(ctx, &sdk.UploadPartCopyInput{Bucket: bucket, Key: key, UploadId: up.UploadId, PartNumber: aws.Int32(3), CopySource: aws.String("photos/source"), CopySourceRange: aws.String("bytes=2-4")}))
	parts = append(parts, types.CompletedPart{PartNumber: aws.Int32(3), ETag: c.CopyPartResult.ETag})

	listed := must[*sdk.ListPartsOutput](w, "parts")(w.client.ListParts(ctx, &sdk.ListPartsInput{Bucket: bucket, Key: key, UploadId: up.UploadId, MaxParts: aws.Int32(2)}))
	if len(listed.Parts) != 2 || !*listed.IsTruncated || *listed.NextPartNumberMarker != "2" || *listed.Parts[1].ETag != *parts[1].ETag {
		t.Errorf("listed %+v", listed)
	}
	uploads := must[*sdk.ListMultipartUploadsOutput](w, "uploads")(w.client.ListMultipartUploads(ctx, &sdk.ListMultipartUploadsInput{Bucket: bucket}))
	if len(uploads.Uploads) != 1 || *uploads.Uploads[0].UploadId != *up.UploadId {
		t.Errorf("uploads: %+v", uploads.Uploads)
	}
	_, err := w.client.CompleteMultipartUpload(ctx, &sdk.CompleteMultipartUploadInput{Bucket: bucket, Key: key, UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{parts[1], parts[0]}}})
	if code(err) != "InvalidPartOrder" {
		t.Errorf("wrong order: %v", err)
	}
	done := must[*sdk.CompleteMultipartUploadOutput](w, "complete")(w.client.CompleteMultipartUpload(ctx, &sdk.CompleteMultipartUploadInput{Bucket: bucket, Key: key, UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}}))
	if !strings.HasSuffix(*done.ETag, `-3"`) {
		t.Errorf("ETag %s", *done.ETag)
	}
	got, out := w.get(&sdk.GetObjectInput{Key: key})
	if got != string(chunk)+string(chunk)+"sss" || *out.ContentType != "text/x" || out.Metadata["a"] != "1" {
		t.Errorf("%d bytes, %s, %v", len(got), *out.ContentType, out.Metadata)
	}
	got, out = w.get(&sdk.GetObjectInput{Key: key, PartNumber: aws.Int32(3)})
	if got != "sss" || *out.PartsCount != 3 {
		t.Errorf("part 3 is %q of %d", got, *out.PartsCount)
	}

	other := must[*sdk.CreateMultipartUploadOutput](w, "create")(w.client.CreateMultipartUpload(ctx, &sdk.CreateMultipartUploadInput{Bucket: bucket, Key: key}))
	if _, err := w.client.AbortMultipartUpload(ctx, &sdk.AbortMultipartUploadInput{Bucket: bucket, Key: key, UploadId: other.UploadId}); err != nil {
		t.Error(err)
	}
	_, err = w.client.UploadPart(ctx, &sdk.UploadPartInput{Bucket: bucket, Key: key, UploadId: other.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader("x")})
	if code(err) != "NoSuchUpload" {
		t.Errorf("part after abort: %v", err)
	}
}

func TestPresigned(t *testing.T) {
	w := newWorld(t)
	sign := sdk.NewPresignClient(w.client)
	do := func(method, url string, h http.Header, body string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range h {
			if k != "Host" && k != "Content-Length" {
				req.Header[k] = v
			}
		}
		resp, err := w.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(data)
	}
	for _, key := range awkward {
		put, err := sign.PresignPutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("photos"), Key: &key})
		if err != nil {
			t.Fatal(err)
		}
		if status, text := do(put.Method, put.URL, put.SignedHeader, "by link"); status != 200 {
			t.Errorf("put %q: %d %s", key, status, text)
		}
		get, err := sign.PresignGetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String("photos"), Key: &key})
		if err != nil {
			t.Fatal(err)
		}
		if status, text := do(get.Method, get.URL, get.SignedHeader, ""); status != 200 || text != "by link" {
			t.Errorf("get %q: %d %s", key, status, text)
		}
		if status, text := do(get.Method, strings.Replace(get.URL, "X-Amz-Expires=900", "X-Amz-Expires=901", 1), get.SignedHeader, ""); status != 403 || !strings.Contains(text, "SignatureDoesNotMatch") {
			t.Errorf("changed %q: %d %s", key, status, text)
		}
	}
	old, err := sign.PresignGetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String("photos"), Key: aws.String("plain")}, func(o *sdk.PresignOptions) {
		o.Expires = time.Minute
	})
	if err != nil {
		t.Fatal(err)
	}
	// The signature does not matter: age is looked at first.
	stale := strings.Replace(old.URL, "X-Amz-Date=20", "X-Amz-Date=19", 1)
	stale = strings.Replace(stale, "Credential=AKID%2F20", "Credential=AKID%2F19", 1)
	if status, text := do(old.Method, stale, nil, ""); status != 400 || !strings.Contains(text, "ExpiredRequest") {
		t.Errorf("stale: %d %s", status, text)
	}
}

func TestRefusals(t *testing.T) {
	w := newWorld(t)
	wrong := newClient(w, "AKID", "guessed")
	if _, err := wrong.HeadBucket(t.Context(), &sdk.HeadBucketInput{Bucket: aws.String("photos")}); err == nil {
		t.Error("a wrong secret opens the bucket")
	}
	if _, err := wrong.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: aws.String("photos")}); code(err) != "SignatureDoesNotMatch" {
		t.Errorf("wrong secret: %v", err)
	}
	if _, err := newClient(w, "other", "secret").ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: aws.String("photos")}); code(err) != "Unauthorized" {
		t.Errorf("unknown key: %v", err)
	}
	if _, err := w.client.GetBucketCors(t.Context(), &sdk.GetBucketCorsInput{Bucket: aws.String("photos")}); code(err) != "NotImplemented" {
		t.Errorf("cors: %v", err)
	}
	resp, err := w.http.Get(w.url + s3.Prefix + "photos/k")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("no signature: %s", resp.Status)
	}
	out := must[*sdk.ListBucketsOutput](w, "buckets")(w.client.ListBuckets(t.Context(), &sdk.ListBucketsInput{}))
	if len(out.Buckets) != 2 {
		t.Errorf("%d buckets, want the two that have a secret", len(out.Buckets))
	}
}

func newClient(w *world, key, secret string) *sdk.Client {
	return sdk.New(w.client.Options(), func(o *sdk.Options) { o.Credentials = credentials.NewStaticCredentialsProvider(key, secret, "") })
}

// TestStreams sends bodies that cannot be read twice, which SDKs sign in chunks.
func TestStreams(t *testing.T) {
	w := newWorld(t)
	body := strings.Repeat("0123456789", 30_000)
	for _, mode := range []string{"signed", "unsigned"} {
		var options []func(*sdk.Options)
		if mode == "unsigned" {
			options = append(options, sdk.WithAPIOptions(v4.SwapComputePayloadSHA256ForUnsignedPayloadMiddleware))
		}
		_, err := w.client.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("photos"), Key: aws.String("s"), Body: strings.NewReader(body), ContentLength: aws.Int64(int64(len(body)))}, options...)
		if err != nil {
			t.Errorf("%s: %v", mode, err)
			continue
		}
		if got, _ := w.get(&sdk.GetObjectInput{Key: aws.String("s")}); got != body {
			t.Errorf("%s: %d bytes", mode, len(got))
		}
	}
}

func TestCustomerKeys(t *testing.T) {
	w := newWorld(t)
	key := r2.SSECKey(strings.Repeat("k", 32))
	if _, err := w.photos.Put(context.Background(), "s", strings.NewReader("secret"), 6, r2.PutOptions{SSECKey: key}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.client.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String("photos"), Key: aws.String("s")}); code(err) != "AccessDenied" {
		t.Errorf("without the key: %v", err)
	}
	got, _ := w.get(&sdk.GetObjectInput{Key: aws.String("s"), SSECustomerKey: aws.String("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="), SSECustomerAlgorithm: aws.String("AES256")})
	if got != "secret" {
		t.Errorf("with the key: %q", got)
	}
}
