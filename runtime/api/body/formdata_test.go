package body

import (
	"bytes"
	"strings"
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
	f.Add([]byte("\x01"), "AppliCAtion/X-www-form-urlenCoded")
	f.Add([]byte("\n--b\r\nA: b\nContent-Disposition:form-data;name=\"a\\\"b\";filename=c;x\r\n\r\n--bc\n--b--"), "multipart/form-data; boundary=b")
	f.Fuzz(func(t *testing.T, data []byte, contentType string) {
		form, err := parseForm(data, contentType, true)
		if err != nil || form == nil {
			return
		}
		for _, e := range form.entries {
			if e.name == "" || strings.ContainsAny(e.name, "\r\x00") || e.file != nil && strings.ContainsAny(e.file.Name+e.file.Type, "\r\x00") {
				return // workerd writes them so that it cannot read them either
			}
		}
		encoded, kind, err := form.encode()
		if err != nil {
			return // a name that ends with a backslash
		}
		again, err := parseForm(encoded, kind, true)
		if err != nil {
			t.Fatalf("%q as %s does not read again: %v", encoded, kind, err)
		}
		if len(again.entries) != len(form.entries) {
			t.Fatalf("%d entries, then %d: %q", len(form.entries), len(again.entries), bytes.TrimSpace(encoded))
		}
	})
}
