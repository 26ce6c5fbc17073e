package s3

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// example is the upload of 65 KiB of "a" in the documentation of chunked
// signatures, with the documented signatures.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
func example() *http.Request {
	chunk := func(size int, signature string) string {
		return fmt.Sprintf("%x;chunk-signature=%s\r\n%s\r\n", size, signature, strings.Repeat("a", size))
	}
	body := chunk(65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648") +
		chunk(1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497") +
		chunk(0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9")
	r := httptest.NewRequest(http.MethodPut, "https://s3.amazonaws.com/examplebucket/chunkObject.txt", strings.NewReader(body))
	for name, value := range map[string]string{
		"X-Amz-Date": "20130524T000000Z", "X-Amz-Storage-Class": "REDUCED_REDUNDANCY", "Content-Encoding": "aws-chunked",
		"X-Amz-Content-Sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "X-Amz-Decoded-Content-Length": "66560",
		"Authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
			"SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class," +
			"Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
	} {
		r.Header.Set(name, value)
	}
	return r
}

func open(t testing.TB, r *http.Request) *content {
	t.Helper()
	sig, err := readSignature(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := sig.verify(r, map[string]string{"AKIAIOSFODNN7EXAMPLE": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	q := &request{Request: r, sig: sig}
	c, err := q.content()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDocumentedExample(t *testing.T) {
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"whole": func(r io.Reader) io.Reader { return r }, "halves": iotest.HalfReader, "data with EOF": iotest.DataErrReader,
	} {
		r := example()
		r.Body = io.NopCloser(wrap(r.Body))
		data, err := io.ReadAll(open(t, r))
		if err != nil || string(data) != strings.Repeat("a", 66560) {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
	}
}

func TestBrokenChunks(t *testing.T) {
	whole, err := io.ReadAll(example().Body)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		body string
		want *Error
	}{
		"other data":      {strings.Replace(string(whole), "aaaa", "aaab", 1), errSignature},
		"other signature": {strings.Replace(string(whole), "0055627c", "0055627d", 1), errSignature},
		"cut":             {string(whole[:70000-65000]), errIncomplete},
		"no last chunk":   {string(whole[:len(whole)-86]), errIncomplete},
		"no size":         {"x" + string(whole), errChunk("a chunk must begin with its size")},
		"negative":        {"-" + string(whole), errChunk("a chunk must begin with its size")},
		"long line":       {strings.Repeat("0", 5000), errChunk("a line is too long")},
	} {
		r := example()
		r.Body = io.NopCloser(strings.NewReader(tt.body))
		_, err := io.ReadAll(open(t, r))
		got, ok := errors.AsType[*Error](err)
		if !ok || *got != *tt.want {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

func TestTrailers(t *testing.T) {
	for name, tt := range map[string]struct {
		trailer, want string
	}{
		"right":     {"x-amz-checksum-crc32:NhCmhg==\r\n\r\n", "<nil>"}, // of "hello"
		"wrong":     {"x-amz-checksum-crc32:NhCmhw==\r\n\r\n", badDigest("CRC32").Error()},
		"missing":   {"\r\n", badDigest("CRC32").Error()},
		"no base64": {"x-amz-checksum-crc32:?\r\n\r\n", badDigest("CRC32").Error()},
	} {
		r := httptest.NewRequest(http.MethodPut, "http://localhost/b/k", strings.NewReader("5\r\nhello\r\n0\r\n"+tt.trailer))
		r.Header.Set("X-Amz-Trailer", "x-amz-checksum-crc32")
		r.Header.Set("X-Amz-Decoded-Content-Length", "5")
		c, err := (&request{Request: r, sig: &signature{payload: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}}).content()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(c)
		if string(data) != "hello" || fmt.Sprint(err) != tt.want {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
}

func FuzzChunks(f *testing.F) {
	f.Add("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n")
	f.Add("0\r\n\r\n")
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest(http.MethodPut, "http://localhost/b/k", strings.NewReader(body))
		c, err := (&request{Request: r, sig: &signature{payload: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}}).chunks()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(c)
		if err == nil && len(data) > len(body) {
			t.Errorf("%d bytes out of %d", len(data), len(body))
		}
	})
}
