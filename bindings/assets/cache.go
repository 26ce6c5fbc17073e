package assets

import (
	"container/list"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	cacheTotal   = 32 << 20 // bytes of file contents kept in memory
	cacheMaxFile = 1 << 20  // larger files are streamed
)

// content is one version of a file, ready to be sent. It never changes.
type content struct {
	name        string
	size        int64
	mtime       time.Time
	etag        string // with quotes
	contentType string // "" if unknown
	data        []byte // nil for a file that is streamed
}

// contentCache keeps the least long unused contents. The zero value is ready.
type contentCache struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	order list.List // of *content, last used first
	bytes int
}

func (c *contentCache) get(name string) *content {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[name]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*content)
}

func (c *contentCache) put(v *content) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey == nil {
		c.byKey = map[string]*list.Element{}
	}
	if old := c.byKey[v.name]; old != nil {
		c.drop(old)
	}
	c.byKey[v.name] = c.order.PushFront(v)
	c.bytes += v.weight()
	for c.bytes > cacheTotal {
		c.drop(c.order.Back())
	}
}

func (c *contentCache) drop(e *list.Element) {
	v := c.order.Remove(e).(*content)
	delete(c.byKey, v.name)
	c.bytes -= v.weight()
}

// weight is the memory a content takes; the constant stands for the
// bookkeeping, so that streamed and empty files are bounded too.
func (v *content) weight() int { return len(v.data) + 512 }

// open returns the current version of f. Memory is used as long as size and
// modification time of the file have not moved: one system call per request,
// and an edit shows without any watcher.
func (l *Layer) open(f *file) (*content, error) {
	info, err := l.stat(f)
	if err != nil {
		return nil, err
	}
	if c := l.cache.get(f.name); c != nil && c.size == info.Size() && c.mtime.Equal(info.ModTime()) {
		return c, nil
	}
	c, err := l.load(f)
	if err != nil {
		return nil, err
	}
	l.cache.put(c)
	return c, nil
}

// stat reads size and time only, so it may take the short way by path.
func (l *Layer) stat(f *file) (fs.FileInfo, error) {
	if l.cfg.FS != nil {
		return fs.Stat(l.cfg.FS, f.open)
	}
	return os.Stat(l.cfg.Directory + string(filepath.Separator) + filepath.FromSlash(f.open))
}

// load reads a file. Its tag is a hash of the contents, or, for a file that is
// streamed, of what tells its versions apart.
func (l *Layer) load(f *file) (*content, error) {
	src, err := l.openFile(f)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	info, err := src.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() { // replaced by a directory since the walk
		return nil, &fs.PathError{Op: "open", Path: f.open, Err: fs.ErrNotExist}
	}
	c := &content{name: f.name, size: info.Size(), mtime: info.ModTime(), contentType: contentType(f.name)}
	var sum [sha256.Size]byte
	if c.size <= cacheMaxFile {
		// A file being rewritten gives what is there; its size or time will have
		// moved at the next request.
		c.data = make([]byte, c.size)
		n, err := io.ReadFull(src, c.data)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return nil, err
		}
		c.data = c.data[:n]
		sum = sha256.Sum256(c.data)
	} else {
		sum = sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%d", f.name, c.size, c.mtime.UnixNano()))
	}
	c.etag = `"` + hex.EncodeToString(sum[:16]) + `"`
	return c, nil
}
