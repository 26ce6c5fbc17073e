package htmlrewriter

import (
	"bytes"
	"strings"
)

// tag is a start tag, cut up as the HTML standard's tokenizer does. Values are
// kept as they are written, character references and all.
type tag struct {
	raw         []byte // in the encoding of the document
	name        string // in lower case
	written     string // as it is written
	nameLen     int    // in raw
	selfClosing bool
	attrs       []attr
	parsed      bool
	changed     bool
	changes     int // of attributes, so that iterators notice
	codec       codec
}

// attr is an attribute. raw is how it is written, "" if a handler set it.
type attr struct{ name, written, value, raw string }

func parseTag(raw []byte, c codec) *tag {
	name := tagName(raw[1:])
	t := &tag{raw: raw, name: c.decode([]byte(name)), written: c.decode(raw[1 : 1+len(name)]), nameLen: len(name), codec: c}
	t.selfClosing = t.endsSelfClosing()
	return t
}

// tagName is the name at the start of s, in lower case.
func tagName(s []byte) string {
	end := bytes.IndexAny(s, " \t\n\f\r/>")
	if end < 0 {
		end = len(s)
	}
	return lower(s[:end])
}

// lower lets all but ASCII letters be: the length stays the same.
func lower[S string | []byte](s S) string {
	b := append([]byte(nil), s...)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + ('a' - 'A')
		}
	}
	return string(b)
}

// endsSelfClosing tells whether "/>" ends the tag, and not an unquoted value.
func (t *tag) endsSelfClosing() bool {
	if !bytes.HasSuffix(t.raw, []byte("/>")) {
		return false
	}
	end := len(t.raw) - 2
	last := 1 + t.nameLen
	eachAttr(t.raw[last:], func(_, _, whole []byte, at int) { last = 1 + t.nameLen + at + len(whole) })
	return last <= end
}

func (t *tag) parse() {
	if t.parsed {
		return
	}
	t.parsed = true
	eachAttr(t.raw[1+t.nameLen:], func(name, value, whole []byte, _ int) {
		written := t.codec.decode(name)
		t.attrs = append(t.attrs, attr{name: lower(written), written: written, value: t.codec.decode(value), raw: string(whole)})
	})
}

// eachAttr calls f for the attributes of a tag without its name; at is where
// each begins.
func eachAttr(s []byte, f func(name, value, whole []byte, at int)) {
	space := func(i int) int {
		for i < len(s) && (isSpace(s[i]) || s[i] == '/') {
			i++
		}
		return i
	}
	for i := space(0); i < len(s) && s[i] != '>'; i = space(i) {
		start := i
		for i++; i < len(s) && !isSpace(s[i]) && s[i] != '/' && s[i] != '>' && s[i] != '='; i++ {
		}
		name, end := s[start:i], i
		for i < len(s) && isSpace(s[i]) {
			i++
		}
		var value []byte
		if i < len(s) && s[i] == '=' {
			value, end = attrValue(s, i+1)
		}
		f(name, value, s[start:end], start)
		i = end
	}
}

// attrValue reads the value after the = of an attribute.
func attrValue(s []byte, i int) (value []byte, end int) {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	if i < len(s) && (s[i] == '"' || s[i] == '\'') {
		n := bytes.IndexByte(s[i+1:], s[i])
		if n < 0 {
			return s[i+1:], len(s)
		}
		return s[i+1 : i+1+n], i + n + 2
	}
	start := i
	for i < len(s) && !isSpace(s[i]) && s[i] != '>' {
		i++
	}
	return s[start:i], i
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' }

func (t *tag) get(name string) (string, bool) {
	t.parse()
	for _, a := range t.attrs {
		if a.name == name {
			return a.value, true
		}
	}
	return "", false
}

func (t *tag) set(name, value string) {
	t.parse()
	t.changed = true
	t.changes++
	for i, a := range t.attrs {
		if a.name == name {
			t.attrs[i].value, t.attrs[i].raw = value, ""
			return
		}
	}
	t.attrs = append(t.attrs, attr{name: name, written: name, value: value})
}

func (t *tag) remove(name string) {
	t.parse()
	kept := t.attrs[:0]
	for _, a := range t.attrs {
		if a.name != name {
			kept = append(kept, a)
		}
	}
	t.changed = t.changed || len(kept) < len(t.attrs)
	t.changes++
	t.attrs = kept
}

// bytes is the tag as it goes out.
func (t *tag) bytes() []byte {
	if !t.changed {
		return t.raw
	}
	t.parse()
	var b bytes.Buffer
	b.WriteByte('<')
	b.Write(t.codec.encode(t.written))
	for _, a := range t.attrs {
		b.WriteByte(' ')
		if a.raw != "" {
			b.WriteString(a.raw)
			continue
		}
		b.Write(t.codec.encode(a.written + `="` + strings.ReplaceAll(a.value, `"`, "&quot;") + `"`))
	}
	if t.selfClosing {
		if len(t.attrs) > 0 { // the last value may be unquoted
			b.WriteByte(' ')
		}
		b.WriteByte('/')
	}
	b.WriteByte('>')
	return b.Bytes()
}

// subject is a start tag as selectors see it.
type subject struct {
	tag              *tag
	index, typeIndex int
}

func (s *subject) Name() string                    { return s.tag.name }
func (s *subject) Attr(name string) (string, bool) { return s.tag.get(name) }
func (s *subject) Index() int                      { return s.index }
func (s *subject) TypeIndex() int                  { return s.typeIndex }
