package r2

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Body is the content that Get returns. Whatever happens to the object
// meanwhile, it stays the content of one version. It must be closed. Only Close
// may be called while another call is under way.
type Body struct {
	size int64
	b    *Bucket

	mu    sync.Mutex
	bytes []byte   // the rest of a small content
	file  *os.File // current file, read up to left
	left  int64
	parts []piece // files still to come
	done  bool
}

// piece is a range of a content file.
type piece struct {
	id   string
	span Span
}

// body opens the content of r within r.Range. The caller holds b.mu, so the
// files cannot go away.
func (b *Bucket) body(r *row) (*Body, error) {
	body := &Body{size: r.Range.Length, b: b}
	switch {
	case r.upload != "":
		parts, err := b.pieces(r.upload, *r.Range)
		if err != nil {
			return nil, err
		}
		for _, p := range parts {
			b.pin(p.id)
		}
		body.parts = parts
	case r.blob != "":
		return body, body.open(piece{r.blob, *r.Range})
	default:
		body.bytes = r.data[r.Range.Offset : r.Range.Offset+r.Range.Length]
	}
	return body, nil
}

// pieces cuts span out of the parts of an upload.
func (b *Bucket) pieces(upload string, span Span) (out []piece, err error) {
	var start int64
	err = b.db.Rows("SELECT blob, size FROM parts WHERE upload = ? ORDER BY number", func(r *store.Stmt) bool {
		size := r.Int64(1)
		from, to := max(span.Offset, start), min(span.Offset+span.Length, start+size)
		if from < to {
			out = append(out, piece{r.Text(0), Span{from - start, to - from}})
		}
		start += size
		return true
	}, upload)
	return out, err
}

func (y *Body) open(p piece) error {
	f, err := y.b.files.Open(p.id)
	if err != nil {
		return err
	}
	if _, err := f.Seek(p.span.Offset, io.SeekStart); err != nil {
		_ = f.Close() // only read from
		return err
	}
	y.file, y.left = f, p.span.Length
	return nil
}

// Len is the number of bytes from first to last.
func (y *Body) Len() int64 { return y.size }

// advance makes the next piece current; io.EOF if there is none.
func (y *Body) advance() error {
	if y.file != nil {
		if y.left > 0 {
			return nil
		}
		_ = y.file.Close() // only read from
		y.file = nil
	}
	if y.done {
		return fs.ErrClosed
	}
	if len(y.parts) == 0 {
		return io.EOF
	}
	if err := y.open(y.parts[0]); err != nil {
		return err
	}
	// Open files stay readable, so the name is not needed any more.
	y.b.unpin(y.parts[0].id)
	y.parts = y.parts[1:]
	return nil
}

// Read implements io.Reader.
func (y *Body) Read(p []byte) (int, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if len(y.bytes) > 0 {
		n := copy(p, y.bytes)
		y.bytes = y.bytes[n:]
		return n, nil
	}
	if len(p) == 0 {
		return 0, nil
	}
	if err := y.advance(); err != nil {
		return 0, err
	}
	n, err := y.file.Read(p[:min(int64(len(p)), y.left)])
	y.left -= int64(n)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// WriteTo implements io.WriterTo. It hands files to w.ReadFrom, so that a
// network connection can let the kernel copy.
func (y *Body) WriteTo(w io.Writer) (total int64, err error) {
	for {
		src, want, err := y.current()
		if err != nil || src == nil {
			return total, err
		}
		// Not under the lock: Close must be able to end a stuck copy.
		n, err := io.Copy(w, src)
		total += n
		y.mu.Lock()
		y.left -= n
		y.mu.Unlock()
		if err == nil && n < want {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return total, err
		}
	}
}

// current is the next thing for WriteTo to copy and its length, nil at the end.
func (y *Body) current() (io.Reader, int64, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if n := len(y.bytes); n > 0 {
		src := bytes.NewReader(y.bytes)
		y.bytes, y.left = nil, int64(n)
		return src, y.left, nil
	}
	switch err := y.advance(); {
	case errors.Is(err, io.EOF):
		return nil, 0, nil
	case err != nil:
		return nil, 0, err
	}
	return &io.LimitedReader{R: y.file, N: y.left}, y.left, nil
}

// Close gives the content up; a WriteTo under way fails. It may be called twice.
func (y *Body) Close() error {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.done {
		return nil
	}
	y.done = true
	y.bytes = nil
	if y.file != nil {
		_ = y.file.Close() // only read from
		y.file = nil
	}
	for _, p := range y.parts {
		y.b.unpin(p.id)
	}
	y.parts = nil
	return nil
}
