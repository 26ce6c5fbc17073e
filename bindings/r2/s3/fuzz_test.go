package s3_test

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/miniworker/miniworker/bindings/r2/s3"
)

// FuzzRequest: whatever a client that knows the secret asks for and sends, the
// answer is its own fault or right, never an internal error, and what is XML can
// be read.
func FuzzRequest(f *testing.F) {
	for _, seed := range [][3]string{
		{"GET", "photos?list-type=2&prefix=a%2F&delimiter=%2F&max-keys=3&encoding-type=url&continuation-token=x", ""},
		{"GET", "photos?prefix=a&marker=b&max-keys=-1", ""},
		{"GET", "photos?location", ""}, {"GET", "photos?uploads&key-marker=a", ""}, {"GET", "", ""},
		{"POST", "photos?delete", "<Delete><Quiet>true</Quiet><Object><Key>a</Key></Object><Object><Key>&#x0;</Key></Object></Delete>"},
		{"POST", "photos/k?uploads", ""},
		{"POST", "photos/k?uploadId=1", "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\"a\"</ETag></Part></CompleteMultipartUpload>"},
		{"PUT", "photos/k?partNumber=1&uploadId=1", "part"}, {"GET", "photos/k?uploadId=1&max-parts=2", ""}, {"DELETE", "photos/k?uploadId=1", ""},
		{"PUT", "photos/a%2F..%2Fb?x-id=PutObject", "text"}, {"GET", "photos/a%2F..%2Fb?response-content-type=a%0Ab&partNumber=1", ""},
		{"HEAD", "photos/k?versionId=1", ""}, {"PUT", "photos?cors", "<CORSConfiguration/>"}, {"GET", "photos?tagging&=&&%zz;", ""},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	server, _ := newServer(f)
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	secret := aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret"}
	f.Fuzz(func(t *testing.T, method, target, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://localhost"+s3.Prefix+target, strings.NewReader(body))
		if err != nil {
			t.Skip() // net/http would not let it in
		}
		r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
		if err := signer.SignHTTP(t.Context(), secret, r, "UNSIGNED-PAYLOAD", "s3", "auto", time.Now()); err != nil {
			t.Skip()
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if w.Code == http.StatusInternalServerError {
			t.Errorf("%s %q with %q: %s", method, target, body, w.Body)
		}
		if w.Header().Get("Content-Type") == "application/xml" && w.Body.Len() > 0 && w.Code >= 400 {
			var e struct{ Code string }
			if err := xml.Unmarshal(w.Body.Bytes(), &e); err != nil || e.Code == "" {
				t.Errorf("%s %q with %q: %v: %s", method, target, body, err, w.Body)
			}
		}
	})
}
