package config

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/tailscale/hujson"
)

// maxDepth bounds nesting in a configuration file; deeper input is refused
// before a recursive parser sees it.
const maxDepth = 200

// parseJSONC reads JSON with comments and trailing commas.
func parseJSONC(src *source, diags *diag.List) *value {
	text := src.text
	if bytes.HasPrefix(text, []byte("\uFEFF")) {
		// Blank the mark out, so that offsets stay those of the file.
		text = append([]byte("   "), text[3:]...)
	}
	if off, deep := tooDeep(text); deep {
		diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "config_syntax", Pos: src.pos(off),
			Message: fmt.Sprintf("nested deeper than %d levels", maxDepth)})
		return nil
	}
	if len(bytes.TrimSpace(text)) == 0 {
		diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "config_syntax", Pos: src.pos(0),
			Message: "the configuration file is empty", Hint: `a minimal file is {"name": "my-worker", "main": "src/index.ts"}`})
		return nil
	}
	root, err := hujson.Parse(text)
	if err != nil {
		diags.Add(jsoncError(src, err))
		return nil
	}
	b := jsoncBuilder{src: src, diags: diags}
	return b.build(&root)
}

var hujsonErrorPos = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^hujson: line (\d+), column (\d+): `)
})

// jsoncError turns the parser's text into a located diagnostic.
func jsoncError(src *source, err error) diag.Diagnostic {
	d := diag.Diagnostic{Severity: diag.Error, Code: "config_syntax", Pos: diag.Position{File: src.file}, Message: err.Error()}
	if m := hujsonErrorPos().FindStringSubmatch(d.Message); m != nil {
		line, _ := strconv.Atoi(m[1])
		col, _ := strconv.Atoi(m[2])
		d.Pos = diag.Position{File: src.file, Line: line, Col: col}
		d.Message = d.Message[len(m[0]):]
	}
	d.Message = "invalid JSON: " + strings.TrimPrefix(d.Message, "hujson: ")
	d.Hint = syntaxHint(src, d.Pos)
	return d
}

// syntaxHint guesses the usual slips from the character at the error.
func syntaxHint(src *source, pos diag.Position) string {
	if pos.Line == 0 {
		return ""
	}
	off := src.offset(pos.Line, pos.Col)
	if off >= len(src.text) {
		return "the file ends inside a value: a closing } or ] or a quote is missing"
	}
	switch c := src.text[off]; {
	case c == '\'':
		return "strings and keys need double quotes"
	case c == '#':
		return "comments start with // in JSON files"
	case c == '"' || c == '{' || c == '[':
		return "a comma is probably missing before this"
	case c == '=':
		return "write \"key\": value; key = value is the TOML form"
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_':
		return "keys and strings need double quotes"
	}
	return ""
}

// tooDeep reports the first bracket nested deeper than maxDepth. Brackets in
// strings and comments are skipped.
func tooDeep(text []byte) (int, bool) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '/':
			switch {
			case bytes.HasPrefix(text[i:], []byte("//")):
				n := bytes.IndexByte(text[i:], '\n')
				if n < 0 {
					return 0, false
				}
				i += n
			case bytes.HasPrefix(text[i:], []byte("/*")):
				n := bytes.Index(text[i+2:], []byte("*/"))
				if n < 0 {
					return 0, false
				}
				i += n + 3
			}
		case '{', '[':
			if depth++; depth > maxDepth {
				return i, true
			}
		case '}', ']':
			depth--
		}
	}
	return 0, false
}

type jsoncBuilder struct {
	src   *source
	diags *diag.List
}

func (b *jsoncBuilder) build(v *hujson.Value) *value {
	out := &value{off: v.StartOffset}
	switch t := v.Value.(type) {
	case hujson.Literal:
		b.literal(out, t)
	case *hujson.Array:
		out.kind = kindArray
		out.elems = make([]*value, 0, len(t.Elements))
		for i := range t.Elements {
			out.elems = append(out.elems, b.build(&t.Elements[i]))
		}
	case *hujson.Object:
		out.kind = kindObject
		out.fields = make([]field, 0, len(t.Members))
		for i := range t.Members {
			b.member(out, &t.Members[i])
		}
	}
	return out
}

// member adds one member; of two with the same key the later one counts.
func (b *jsoncBuilder) member(out *value, m *hujson.ObjectMember) {
	name, _ := m.Name.Value.(hujson.Literal)
	f := field{key: stringOf(name), keyOff: m.Name.StartOffset, val: b.build(&m.Value)}
	for i := range out.fields {
		if out.fields[i].key != f.key {
			continue
		}
		b.diags.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "duplicate_key", Pos: b.src.pos(f.keyOff),
			Message: fmt.Sprintf("%q appears twice in this object; the last one counts", f.key),
			Hint:    "merge the two values",
			Notes:   []diag.Note{{Pos: b.src.pos(out.fields[i].keyOff), Message: "first one here"}},
		})
		out.fields = append(out.fields[:i], out.fields[i+1:]...)
		break
	}
	out.fields = append(out.fields, f)
}

func (b *jsoncBuilder) literal(out *value, l hujson.Literal) {
	switch l.Kind() {
	case 't', 'f':
		out.kind, out.bool = kindBool, l.Kind() == 't'
	case '0':
		out.kind, out.text = kindNumber, string(l)
	case '"':
		out.kind, out.text = kindString, stringOf(l)
	default:
		out.kind = kindNull
	}
}

// stringOf decodes a JSON string literal; without escapes it needs no decoder.
func stringOf(l hujson.Literal) string {
	if len(l) >= 2 && bytes.IndexByte(l, '\\') < 0 && utf8.Valid(l) {
		return string(l[1 : len(l)-1])
	}
	return l.String()
}
