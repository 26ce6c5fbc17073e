package bundle

import (
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/go-sourcemap/sourcemap"
)

// sourceMaps parses the map on first use: most builds never need it.
type sourceMaps struct {
	once     sync.Once
	consumer *sourcemap.Consumer
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
	file, name, srcLine, srcCol, ok := c.Source(line, col-1)
	if !ok || file == "" {
		return Position{}, false
	}
	return Position{File: file, Line: srcLine, Col: srcCol + 1, Name: name}, true
}

func (b *Bundle) consumer() *sourcemap.Consumer {
	b.maps.once.Do(func() {
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
