package selector

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

type parser struct {
	s     string
	pos   int
	types bool // :nth-of-type() was read
}

func (p *parser) eof() bool { return p.pos >= len(p.s) }

// peek is the byte n places ahead, 0 at the end.
func (p *parser) peek(n int) byte {
	if p.pos+n < len(p.s) {
		return p.s[p.pos+n]
	}
	return 0
}

// accept skips a byte if it is next.
func (p *parser) accept(c byte) bool {
	if !p.eof() && p.s[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

// space skips white space and comments; it tells whether there was white space.
func (p *parser) space() bool {
	found := false
	for !p.eof() {
		switch {
		case isSpace(rune(p.s[p.pos])):
			found = true
			p.pos++
		case strings.HasPrefix(p.s[p.pos:], "/*"):
			end := strings.Index(p.s[p.pos+2:], "*/")
			if end < 0 {
				p.pos = len(p.s)
			} else {
				p.pos += 2 + end + 2
			}
		default:
			return found
		}
	}
	return found
}

// ident reads an identifier, "" if none is next.
func (p *parser) ident() string {
	start := p.pos
	var b strings.Builder
	dashes := 0
	for dashes < 2 && p.peek(dashes) == '-' {
		dashes++
	}
	if c := p.peek(dashes); dashes < 2 && !nameStart(c) && (c != '\\' || p.peek(dashes+1) == '\n') {
		return ""
	}
	for !p.eof() {
		c := p.s[p.pos]
		switch {
		case nameStart(c) || c == '-' || '0' <= c && c <= '9':
			b.WriteByte(c)
			p.pos++
		case c == '\\' && p.peek(1) != '\n' && p.pos+1 < len(p.s):
			b.WriteRune(p.escape())
		default:
			return b.String()
		}
	}
	if p.pos == start {
		return ""
	}
	return b.String()
}

func nameStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}

// escape reads a backslash and what it escapes.
func (p *parser) escape() rune {
	p.pos++
	digits := 0
	for digits < 6 && strings.IndexByte("0123456789abcdefABCDEF", p.peek(digits)) >= 0 && p.peek(digits) != 0 {
		digits++
	}
	if digits == 0 {
		r, n := utf8.DecodeRuneInString(p.s[p.pos:])
		p.pos += n
		return r
	}
	n, _ := strconv.ParseUint(p.s[p.pos:p.pos+digits], 16, 32)
	p.pos += digits
	if isSpace(rune(p.peek(0))) && !p.eof() {
		p.pos++
	}
	if n == 0 || n > utf8.MaxRune || 0xd800 <= n && n < 0xe000 {
		return utf8.RuneError
	}
	return rune(n)
}
