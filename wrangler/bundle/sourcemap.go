package bundle

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-sourcemap/sourcemap"
)

// sourceMaps parses the map on first use: most builds never need it.
type sourceMaps struct {
	once     sync.Once
	consumer *sourcemap.Consumer
	ascii    bool // so is the script, the usual case
}

// Position is a place in a file the user wrote. File is relative to the config
// directory, with slashes; Line and Col are 1-based; Name is the original name
// of what stands there if it was renamed.
type Position struct {
	File      string
	Line, Col int
	Name      string
}

// Position maps a 1-based line and column of Script, as the engine reports
// them, to the user's source.
func (b *Bundle) Position(line, col int) (Position, bool) {
	c := b.consumer()
	if c == nil || line < 2 {
		return Position{}, false
	}
	col = b.utf16Col(line, col)
	file, name, srcLine, srcCol, ok := c.Source(line, col-1)
	if !ok || file == "" {
		return Position{}, false
	}
	return Position{File: file, Line: srcLine, Col: srcCol + 1, Name: name}, true
}

// utf16Col turns a column in bytes, as the engine counts, into the UTF-16 units
// of source maps. Both are 1-based.
func (b *Bundle) utf16Col(line, col int) int {
	if b.maps.ascii {
		return col
	}
	rest := b.Script
	for ; line > 1; line-- {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return col
		}
		rest = rest[i+1:]
	}
	return utf16Len(rest[:min(max(col-1, 0), len(rest))]) + 1
}

func (b *Bundle) consumer() *sourcemap.Consumer {
	b.maps.once.Do(func() {
		b.maps.ascii = !slices.ContainsFunc(b.Script, func(c byte) bool { return c >= utf8.RuneSelf })
		// A map that does not parse leaves positions unknown, nothing worse.
		b.maps.consumer, _ = sourcemap.Parse("", b.SourceMap)
	})
	return b.maps.consumer
}

// AbsPath makes a file of a Position absolute.
func (b *Bundle) AbsPath(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(b.dir, filepath.FromSlash(file))
}

// SourceExcerpt returns one line of a file as it is on disk now.
func (b *Bundle) SourceExcerpt(file string, line int) (string, bool) {
	data, err := os.ReadFile(b.AbsPath(file))
	if err != nil || line < 1 {
		return "", false
	}
	n := 1
	for text := range strings.SplitSeq(string(data), "\n") {
		if n == line {
			return strings.TrimSuffix(text, "\r"), true
		}
		n++
	}
	return "", false
}
