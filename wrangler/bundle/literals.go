package bundle

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/miniworker/miniworker/internal/diag"
)

// literal is a regular expression literal, code[start:end].
type literal struct {
	start, end     int
	pattern, flags string
}

// literals finds the regular expression literals that may need the constructor.
// The source map tells a literal from a division and from text in strings: only
// expressions are mapped, and of these only literals begin with a slash.
func literals(code, smap []byte) []literal {
	start, end := mappingsOf(smap)
	if start < 0 {
		return nil
	}
	var out []literal
	eachMapping(code, smap[start:end], func(at int) {
		if code[at] != '/' {
			return
		}
		if l, ok := literalAt(code, at); ok {
			out = append(out, l)
		}
	})
	return out
}

// flagsLen is how long the flags are that s starts with, 0 if it is a name that
// is none.
func flagsLen(s []byte) int {
	n := 0
	for n < len(s) && strings.IndexByte("dgimsuvy", s[n]) >= 0 {
		n++
	}
	if n < len(s) && isIdent(s[n]) {
		return 0
	}
	return n
}

// eachMapping calls f with the places of code that are mapped.
func eachMapping(code, mappings []byte, f func(at int)) {
	at, col, want := 0, 0, 0
	for i := 0; i < len(mappings); {
		switch mappings[i] {
		case ';':
			n := bytes.IndexByte(code[at:], '\n')
			if n < 0 {
				return
			}
			at, col, want = at+n+1, 0, 0
			i++
			continue
		case ',':
			i++
			continue
		}
		delta, n := decodeVLQ(mappings[i:])
		for i += n; i < len(mappings) && mappings[i] != ',' && mappings[i] != ';'; i++ {
		}
		want += delta
		for col < want && at < len(code) {
			if c := code[at]; c&0xC0 != 0x80 { // the first byte of a character
				col++
				if c >= 0xF0 {
					col++
				}
			}
			at++
		}
		for at < len(code) && code[at]&0xC0 == 0x80 {
			at++
		}
		if at < len(code) && code[at] != '\n' {
			f(at)
		}
	}
}

// literalAt reads the literal that starts at code[at].
func literalAt(code []byte, at int) (literal, bool) {
	class := false
	for i := at + 1; i < len(code); i++ {
		switch code[i] {
		case '\\':
			i++
		case '[':
			class = true
		case ']':
			class = false
		case '\n':
			return literal{}, false
		case '*', '/':
			if i == at+1 {
				return literal{}, false // a comment
			}
			if class || code[i] == '*' {
				continue
			}
			n := flagsLen(code[i+1:])
			return literal{at, i + 1 + n, string(code[at+1 : i]), string(code[i+1 : i+1+n])}, true
		}
	}
	return literal{}, false
}

// constructed are the insertions that turn literals into calls where the
// engine's literal would not do.
func (b *Builder) constructed(l *linker, org *origins) (ins []insertion, list diag.List) {
	if b.opts.RegExpLiteral == nil {
		return nil, nil
	}
	for _, lit := range literals(l.code, org.smap) {
		needed, err := b.opts.RegExpLiteral(lit.pattern, lit.flags)
		if err != nil {
			d := diag.Diagnostic{Severity: diag.Error, Code: "regexp_syntax", Pos: diag.Position{File: b.display(b.opts.Entry)}, Message: err.Error()}
			if p, ok := org.position(lit.start); ok {
				d.Pos = diag.Position{File: b.display(filepath.Join(b.opts.Dir, p.File)), Line: p.Line, Col: p.Col}
			}
			list.Add(d)
			continue
		}
		if !needed {
			continue
		}
		text := "__mw_x(" + quoteASCII(lit.pattern) + `,"` + lit.flags + `")`
		if lit.start > 0 && isIdent(l.code[lit.start-1]) {
			text = " " + text // return/x/
		}
		ins = append(ins, insertion{at: lit.start, text: text, drop: lit.end - lit.start})
	}
	l.uses.regexps = len(ins) > 0
	return ins, list
}

// quoteASCII is quoteJS with everything beyond ASCII escaped.
func quoteASCII(s string) string {
	q, _ := json.Marshal(s)
	if !slices.ContainsFunc(q, func(c byte) bool { return c >= 0x80 }) {
		return string(q)
	}
	const hex = "0123456789abcdef"
	var out strings.Builder
	for _, r := range string(q) {
		if r < 0x80 {
			out.WriteRune(r)
			continue
		}
		for _, u := range utf16.Encode([]rune{r}) {
			out.WriteString(`\u` + string([]byte{hex[u>>12], hex[u>>8&15], hex[u>>4&15], hex[u&15]}))
		}
	}
	return out.String()
}
