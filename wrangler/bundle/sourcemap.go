package bundle

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// lazyMap decodes the map on first use: most builds never need it.
type lazyMap struct {
	once sync.Once
	m    *sourceMap
	err  error
}

// Position is a place in a file the user wrote. File is relative to the config
// directory, with slashes; Line and Col are 1-based; Name is the original name
// of what stands there if it was renamed.
type Position struct {
	File      string
	Line, Col int
	Name      string
}

// Position maps a 1-based line and column of Script, in bytes as the engine
// reports them, to the user's source.
func (b *Bundle) Position(line, col int) (Position, bool) {
	m, err := b.decoded()
	if err != nil || line < 2 { // the first line is the linker's
		return Position{}, false
	}
	at := 0
	for ; line > 1; line-- {
		i := bytes.IndexByte(b.Script[at:], '\n')
		if i < 0 {
			return Position{}, false
		}
		at += i + 1
	}
	return m.find(at + col - 1)
}

func (b *Bundle) decoded() (*sourceMap, error) {
	b.maps.once.Do(func() { b.maps.m, b.maps.err = decodeMap(b.Script, b.SourceMap) })
	return b.maps.m, b.maps.err
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
