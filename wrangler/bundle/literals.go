package bundle

import (
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
func literals(code []byte, m *sourceMap) []literal {
	var out []literal
	for _, e := range m.list {
		at := int(e.at)
		if at >= len(code) || code[at] != '/' {
			continue
		}
		if l, ok := literalAt(code, at); ok {
			out = append(out, l)
		}
	}
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
	for _, lit := range literals(l.code, org.m) {
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
