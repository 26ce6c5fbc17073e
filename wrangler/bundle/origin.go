package bundle

import (
	"bytes"
	"os"
	"strings"
)

// origins answers what source text a place in esbuild's output came from.
type origins struct {
	b     *Bundle
	code  []byte
	files map[string][]string
}

// position maps an offset of the code, before the head line is put in front.
func (o *origins) position(at int) (Position, bool) {
	line := bytes.Count(o.code[:at], []byte("\n"))
	col := at - (bytes.LastIndexByte(o.code[:at], '\n') + 1)
	return o.b.Position(line+2, col+1)
}

// startsWith reports whether the source at that place starts with text. A file
// that cannot be read, such as one only an input source map knows, counts as
// yes.
func (o *origins) startsWith(at int, text string) bool {
	p, ok := o.position(at)
	if !ok {
		return true
	}
	lines, ok := o.files[p.File]
	if !ok {
		if data, err := os.ReadFile(o.b.AbsPath(p.File)); err == nil {
			lines = strings.Split(string(data), "\n")
		}
		if o.files == nil {
			o.files = map[string][]string{}
		}
		o.files[p.File] = lines
	}
	if lines == nil || p.Line > len(lines) || p.Col-1 > len(lines[p.Line-1]) {
		return lines == nil
	}
	return strings.HasPrefix(lines[p.Line-1][p.Col-1:], text)
}
