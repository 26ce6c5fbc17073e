package assets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"

	"github.com/miniworker/miniworker/runtime/wire"
)

var _ wire.Fetcher = (*Layer)(nil)

// Fetch answers req from the assets alone: it is env.ASSETS.fetch(), and what
// serves a request after Decide chose the assets. A file that vanished since the
// last Refresh causes one.
func (l *Layer) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	if req.Body != nil {
		req.Body.Close()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	res, err := l.answer(req)
	if errors.Is(err, fs.ErrNotExist) {
		l.Refresh() // its findings were reported when the file was there
		res, err = l.answer(req)
	}
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	return res, nil
}

func (l *Layer) answer(req *wire.Request) (*wire.Response, error) {
	t := splitURL(req.URL)
	s := l.snap.Load()
	o := l.outcome(s, req, &t, l.cfg.NotFoundHandling)
	res := &wire.Response{Status: o.Status, Header: make(http.Header, 6)}
	if o.Location != "" {
		res.Header["Location"] = []string{o.Location}
	}
	if o.file != nil {
		if err := l.fill(res, req, o.file); err != nil {
			return nil, err
		}
	}
	res.StatusText = http.StatusText(res.Status)
	applyHeaders(s.headers, &t, res.Header)
	return res, nil
}

// fill makes res show f.
func (l *Layer) fill(res *wire.Response, req *wire.Request, f *file) error {
	c, err := l.open(f)
	if err != nil {
		return err
	}
	h := res.Header
	h["Etag"] = []string{c.etag}
	if c.contentType != "" {
		h["Content-Type"] = []string{c.contentType}
	}
	if req.Header["Authorization"] == nil && req.Header["Range"] == nil {
		h["Cache-Control"] = []string{"public, max-age=0, must-revalidate"}
	}
	// The real layer says MISS only when its storage was slow.
	h["Cf-Cache-Status"] = []string{"HIT"}
	switch m := req.Header.Get("If-None-Match"); {
	case m != "" && (m == c.etag || m == "W/"+c.etag):
		res.Status = http.StatusNotModified
	case req.Method != "HEAD":
		res.Body, err = l.body(f, c)
	}
	return err
}

// body gives the contents to read: from memory, or the open file.
func (l *Layer) body(f *file, c *content) (wire.Body, error) {
	if c.data != nil {
		return wire.NewBytesBody(c.data), nil
	}
	src, err := l.openFile(f)
	if err != nil {
		return nil, err
	}
	if osFile, ok := src.(*os.File); ok {
		return &FileBody{file: osFile, size: c.size}, nil
	}
	return wire.NewBody(src, c.size), nil
}

// openFile opens an asset. The operating system itself keeps the path below the
// directory, whatever became of it since the walk.
func (l *Layer) openFile(f *file) (fs.File, error) {
	if l.cfg.FS != nil {
		return l.cfg.FS.Open(f.open)
	}
	return os.OpenInRoot(l.cfg.Directory, f.open)
}

// FileBody is the body of a large asset: an open file. A server may write it
// with WriteTo, or take File, to let the kernel copy it.
type FileBody struct {
	file *os.File
	size int64
	read int64
}

// File returns the open file, positioned at what is still to be read. It stays
// owned by the body; Len tells how many bytes of it count.
func (b *FileBody) File() *os.File { return b.file }

// Len implements wire.Body.
func (b *FileBody) Len() int64 { return b.size }

// Read implements io.Reader. A file that grew meanwhile ends where it did when
// its headers were made; one that shrank is io.ErrUnexpectedEOF.
func (b *FileBody) Read(p []byte) (int, error) {
	left := b.size - b.read
	if left <= 0 {
		return 0, io.EOF
	}
	n, err := b.file.Read(p[:min(int64(len(p)), left)])
	b.read += int64(n)
	if err == io.EOF && b.read < b.size {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// WriteTo copies the file to w; a w that implements io.ReaderFrom gets a
// limited *os.File, which is what sendfile wants.
func (b *FileBody) WriteTo(w io.Writer) (int64, error) {
	n, err := io.Copy(w, &io.LimitedReader{R: b.file, N: b.size - b.read})
	b.read += n
	if err == nil && b.read < b.size {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Close closes the file.
func (b *FileBody) Close() error { return b.file.Close() }
