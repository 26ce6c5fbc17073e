package fetch

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// fetchData answers the fetch of a data: URL, which leaves the isolate for
// nobody; nil if it is none.
func fetchData(js *jsg.Scope, r *Request) jsg.Value {
	rest, ok := strings.CutPrefix(r.url, "data:")
	if !ok {
		return nil
	}
	rest, _, _ = strings.Cut(rest, "#")
	typ, data, ok := strings.Cut(rest, ",")
	if !ok {
		return nil
	}
	content := percentDecode(data)
	typ = strings.TrimSpace(typ)
	if i := strings.LastIndexByte(typ, ';'); i >= 0 && strings.EqualFold(strings.TrimSpace(typ[i+1:]), "base64") {
		typ, content = typ[:i], forgivingBase64(content)
	}
	if strings.HasPrefix(typ, ";") {
		typ = "text/plain" + typ
	}
	if typ = body.MIMEType(typ); typ == "" {
		typ = "text/plain;charset=US-ASCII"
	}
	answer := &Response{status: http.StatusOK, statusText: "OK", header: http.Header{"Content-Type": {typ}}, fetched: true}
	if r.method == http.MethodGet {
		answer.Body = body.FromWire(wire.NewBytesBody(content))
	}
	return js.Resolved(responseClass.Wrap(js, answer))
}

// percentDecode leaves what is no escape as it is.
func percentDecode(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}

// forgivingBase64 leaves out what is not of the alphabet, as workerd does.
func forgivingBase64(s []byte) []byte {
	var digits strings.Builder
	for _, c := range s {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' {
			digits.WriteByte(c)
		}
	}
	text := digits.String()
	if len(text)%4 == 1 {
		text = text[:len(text)-1] // six bits are no byte
	}
	out, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return out
}
