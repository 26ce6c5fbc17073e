package assets

import (
	_ "embed"
	"strings"
	"sync"
)

// mimeTable has one line per media type: the type, then its file extensions.
//
//go:embed mime.txt
var mimeTable string

var mimeByExt = sync.OnceValue(func() map[string]string {
	m := make(map[string]string, 1300)
	for line := range strings.Lines(mimeTable) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		for _, ext := range fields[1:] {
			m[ext] = fields[0]
		}
	}
	return m
})

// contentType is the Content-Type of a file, "" if its extension is unknown or
// missing. The operating system's own table is not asked: the answer must be
// the same on every machine.
func contentType(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 {
		return "" // ".htaccess" is a name, not an extension
	}
	t := mimeByExt()[strings.ToLower(name[dot+1:])]
	if strings.HasPrefix(t, "text/") {
		t += "; charset=utf-8"
	}
	return t
}
