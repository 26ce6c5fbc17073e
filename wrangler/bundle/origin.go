package bundle

import (
	"cmp"
	"os"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// origins answers what source text a place in esbuild's output came from.
type origins struct {
	m     *sourceMap
	abs   func(file string) string // makes the file of a Position absolute
	files map[string][]string
}

// position maps an offset of the code, before the head line is put in front.
func (o *origins) position(at int) (Position, bool) { return o.m.find(at) }

// first is where the code of the first file begins, behind esbuild's own.
func (o *origins) first() int {
	if len(o.m.list) == 0 {
		return 0
	}
	return int(o.m.list[0].at)
}

// startsWith reports whether the source at that place starts with text. A file
// that cannot be read, such as one only an input source map knows, counts as
// yes.
func (o *origins) startsWith(at int, text string) bool {
	p, ok := o.position(at)
	if !ok {
		return true
	}
	source, ok := o.text(p)
	return !ok || strings.HasPrefix(source, text)
}

// name is what the source calls what the output calls shown at that place. The
// map of a package often has no names: then the source itself is asked.
func (o *origins) name(at int, shown string) string {
	p, ok := o.position(at)
	if !ok || p.Name != "" {
		return cmp.Or(p.Name, shown)
	}
	source, _ := o.text(p)
	end := strings.IndexFunc(source, func(r rune) bool { return r >= utf8.RuneSelf || !isIdent(byte(r)) })
	if end > 0 && numbered(shown, source[:end]) {
		return source[:end]
	}
	return shown
}

// numbered reports whether shown is name with a number, by which esbuild tells
// names apart.
func numbered(shown, name string) bool {
	number, ok := strings.CutPrefix(shown, name)
	return ok && number != "" && strings.Trim(number, "0123456789") == ""
}

// text is the rest of the line of source at p, false if there is no such file.
func (o *origins) text(p Position) (string, bool) {
	lines, ok := o.files[p.File]
	if !ok {
		if data, err := os.ReadFile(o.abs(p.File)); err == nil {
			lines = strings.Split(string(data), "\n")
		}
		if o.files == nil {
			o.files = map[string][]string{}
		}
		o.files[p.File] = lines
	}
	if p.Line > len(lines) {
		return "", lines != nil
	}
	line := lines[p.Line-1]
	return line[byteOffset(line, p.Col-1):], true
}

// byteOffset turns a column in UTF-16 units, as source maps count, into bytes.
func byteOffset(line string, col int) int {
	for i, r := range line {
		if col <= 0 {
			return i
		}
		col -= max(utf16.RuneLen(r), 1)
	}
	return len(line)
}
