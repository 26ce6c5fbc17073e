package body

import (
	"bytes"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// FuzzParseForm: any body is entries or an error, and entries survive being
// written and read again.
func FuzzParseForm(f *testing.F) {
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n"), "multipart/form-data; boundary=b")
	f.Add([]byte("--b\nContent-Disposition: form-data; name=a\n\nx\n--b"), `multipart/form-data; boundary="b"`)
	f.Add([]byte("a=1&b=%zz&=&c"), "application/x-www-form-urlencoded")
	f.Fuzz(func(t *testing.T, data []byte, contentType string) {
		form, err := parseForm(data, contentType)
		if err != nil || form == nil {
			return
		}
		encoded, kind := form.encode()
		again, err := parseForm(encoded, kind)
		if err != nil {
			t.Fatalf("%q as %s does not read again: %v", encoded, kind, err)
		}
		if len(again.entries) != len(form.entries) {
			t.Fatalf("%d entries, then %d: %q", len(form.entries), len(again.entries), bytes.TrimSpace(encoded))
		}
	})
}
