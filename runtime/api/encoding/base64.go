package encoding

import (
	"strings"
	"unsafe"

	"github.com/segmentio/asm/base64"

	"github.com/miniworker/miniworker/runtime/jsg"
)

const (
	missing    = "Failed to execute '%s' on 'ServiceWorkerGlobalScope': parameter 1 is not of type '%s'."
	notLatin1  = "btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) range."
	notBase64  = "atob() called with invalid base64-encoded data. (Only whitespace, '+', '/', alphanumeric ASCII, and up to two terminal '=' signs when the input data length is divisible by 4 are allowed.)"
	badCharset = "InvalidCharacterError"
)

func atob(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
	if a.Len() == 0 {
		return nil, jsg.TypeErrorf(missing, "atob", "string")
	}
	s := a.String(0)
	if a.Err() != nil {
		return nil, a.Err()
	}
	b, ok := ForgivingDecode(s)
	if !ok {
		return nil, jsg.DOMErrorf(badCharset, "%s", notBase64)
	}
	if jsg.IsASCII(b) {
		return js.ASCII(unsafe.String(unsafe.SliceData(b), len(b))), nil
	}
	units := make([]uint16, len(b))
	for i, c := range b {
		units[i] = uint16(c)
	}
	return js.UTF16(units), nil
}

// ForgivingDecode is the forgiving-base64 decode of the Infra standard.
func ForgivingDecode(s string) ([]byte, bool) {
	// Go's decoder passes over line breaks, which count for the padding here.
	if strings.IndexByte(s, '\n') < 0 && strings.IndexByte(s, '\r') < 0 {
		if b, err := base64.RawStdEncoding.DecodeString(unpadded(s)); err == nil {
			return b, true
		}
	}
	s = strings.NewReplacer("\t", "", "\n", "", "\f", "", "\r", "", " ", "").Replace(s)
	b, err := base64.RawStdEncoding.DecodeString(unpadded(s))
	return b, err == nil
}

func unpadded(s string) string {
	if len(s)%4 == 0 {
		s = strings.TrimSuffix(strings.TrimSuffix(s, "="), "=")
	}
	return s
}

func btoa(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
	if a.Len() == 0 {
		return nil, jsg.TypeErrorf(missing, "btoa", "String")
	}
	v := a.Value(0)
	if !jsg.IsString(v) {
		v = js.String(a.String(0))
	}
	if a.Err() != nil {
		return nil, a.Err()
	}
	b, ok := jsg.Latin1(v)
	if !ok {
		return nil, jsg.DOMErrorf(badCharset, "%s", notLatin1)
	}
	return encoded(js, b), nil
}

func encoded(js *jsg.Scope, b []byte) jsg.Value {
	out := make([]byte, base64.StdEncoding.EncodedLen(len(b)))
	base64.StdEncoding.Encode(out, b)
	return js.ASCII(unsafe.String(unsafe.SliceData(out), len(out)))
}
