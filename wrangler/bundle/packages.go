package bundle

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/evanw/esbuild/pkg/api"
)

// packageFiles are the scripts of node_modules, without the comments that name
// their source maps: esbuild would read those maps again in each build, a fifth of
// its time, to lead from files that are there to ones that mostly are not.
type packageFiles struct {
	mu    sync.Mutex
	files map[string]packageFile
}

// packageFile is what a file was when it was read. Its text is nil if it names
// no map: esbuild loads it then.
type packageFile struct {
	mod  time.Time
	size int64
	text *string
}

// load answers for a script of a package; the zero result leaves the file to
// esbuild, which also words what is wrong with it.
func (p *packageFiles) load(path string) api.OnLoadResult {
	if !isPackageScript(path) {
		return api.OnLoadResult{}
	}
	st, err := os.Stat(path)
	if err != nil {
		return api.OnLoadResult{}
	}
	p.mu.Lock()
	f, ok := p.files[path]
	p.mu.Unlock()
	if !ok || f.mod != st.ModTime() || f.size != st.Size() {
		data, err := os.ReadFile(path)
		if err != nil {
			return api.OnLoadResult{}
		}
		f = packageFile{mod: st.ModTime(), size: st.Size(), text: withoutMap(data)}
		p.mu.Lock()
		if p.files == nil {
			p.files = map[string]packageFile{}
		}
		p.files[path] = f
		p.mu.Unlock()
	}
	if f.text == nil {
		return api.OnLoadResult{}
	}
	return api.OnLoadResult{Contents: f.text, Loader: api.LoaderJSX}
}

func isPackageScript(path string) bool {
	switch filepath.Ext(path) {
	case ".js", ".mjs", ".cjs":
		return strings.Contains(filepath.ToSlash(path), "/node_modules/")
	}
	return false
}

// withoutMap is the script without the comment at its end that names its source
// map, or nil if there is none.
func withoutMap(script []byte) *string {
	at := max(bytes.LastIndex(script, []byte("//# sourceMappingURL=")), bytes.LastIndex(script, []byte("//@ sourceMappingURL=")))
	if at < 0 || bytes.IndexByte(bytes.TrimSpace(script[at:]), '\n') >= 0 {
		return nil
	}
	text := string(script[:at])
	return &text
}
