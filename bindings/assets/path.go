package assets

import (
	"strings"
	"unicode/utf8"
)

// target is a WHATWG-serialised absolute URL cut into the parts rules look at.
type target struct {
	host     string // with port
	hostname string // without port
	path     string // as serialised, starts with "/"
	search   string // "" or "?…"
}

// splitURL cuts a serialised URL without parsing it again; the fragment is
// dropped.
func splitURL(raw string) target {
	if i := strings.IndexByte(raw, '#'); i >= 0 {
		raw = raw[:i]
	}
	var t target
	if i := strings.IndexByte(raw, '?'); i >= 0 {
		if len(raw) > i+1 { // "/?" has an empty search
			t.search = raw[i:]
		}
		raw = raw[:i]
	}
	rest := raw
	if i := strings.Index(raw, "://"); i >= 0 {
		rest = raw[i+3:]
	}
	t.host, t.path = rest, "/"
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		t.host, t.path = rest[:i], rest[i:]
	}
	if i := strings.LastIndexByte(t.host, '@'); i >= 0 {
		t.host = t.host[i+1:]
	}
	t.hostname = t.host
	if i := strings.LastIndexByte(t.host, ':'); i >= 0 && !strings.HasSuffix(t.host, "]") {
		t.hostname = t.host[:i]
	}
	return t
}

// decodePath undoes percent-encoding segment by segment; a segment with a bad
// sequence, or that would not be UTF-8, stays as it is. Runs of slashes collapse
// afterwards, so that no lookup or redirect ever starts with "//".
func decodePath(p string) string {
	if strings.IndexByte(p, '%') >= 0 {
		var b strings.Builder
		b.Grow(len(p))
		for i, seg := range strings.Split(p, "/") {
			if i > 0 {
				b.WriteByte('/')
			}
			b.WriteString(decodeSegment(seg))
		}
		p = b.String()
	}
	return collapseSlashes(p)
}

func decodeSegment(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			out = append(out, s[i])
			continue
		}
		if i+2 >= len(s) {
			return s
		}
		hi, lo := unhex(s[i+1]), unhex(s[i+2])
		if hi < 0 || lo < 0 {
			return s
		}
		out = append(out, byte(hi<<4|lo))
		i += 2
	}
	if !utf8.Valid(out) {
		return s
	}
	return string(out)
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func collapseSlashes(p string) string {
	if !strings.Contains(p, "//") {
		return p
	}
	out := make([]byte, 0, len(p))
	for i := range len(p) {
		if p[i] == '/' && len(out) > 0 && out[len(out)-1] == '/' {
			continue
		}
		out = append(out, p[i])
	}
	return string(out)
}

// encodePath gives the canonical form of a decoded path: each segment as
// encodeURIComponent writes it.
func encodePath(p string) string {
	clean := true
	for i := range len(p) {
		if !unreserved(p[i]) {
			clean = false
			break
		}
	}
	if clean {
		return p
	}
	const digits = "0123456789ABCDEF"
	out := make([]byte, 0, len(p)+16)
	for i := range len(p) {
		if c := p[i]; unreserved(c) {
			out = append(out, c)
		} else {
			out = append(out, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(out)
}

// unreserved reports the bytes encodePath leaves alone, the separator included.
func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("/-_.!~*'()", c) >= 0
}
