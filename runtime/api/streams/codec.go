package streams

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"iter"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// codec transforms bytes. Either write and close are used (bytes are pushed by
// JavaScript), or reader (they are pulled from a body), never both.
type codec interface {
	// write takes some input and returns what output there is.
	write(p []byte) ([]byte, error)
	// close takes the end of the input and returns the rest of the output.
	close() ([]byte, error)
	// reader transforms a body; it is used on any one goroutine.
	reader(b wire.Body) io.Reader
	// stop frees what an unfinished codec holds.
	stop()
}

func errDecompress() error { return jsg.TypeErrorf("Decompression failed.") }

func errIncomplete() error {
	return jsg.TypeErrorf("Called close() on a decompression stream with incomplete data")
}

func errTrailing() error { return jsg.TypeErrorf("Trailing bytes after end of compressed data") }

// compressor is a codec that compresses.
type compressor struct {
	out bytes.Buffer
	w   io.WriteCloser
}

func newCompressor(format string) *compressor {
	c := &compressor{}
	switch format {
	case "gzip":
		c.w = gzip.NewWriter(&c.out)
	case "deflate":
		c.w = zlib.NewWriter(&c.out)
	default:
		c.w, _ = flate.NewWriter(&c.out, flate.DefaultCompression) // the level is a valid one
	}
	return c
}

func (c *compressor) write(p []byte) ([]byte, error) {
	c.out.Reset()
	_, err := c.w.Write(p)
	return c.out.Bytes(), err
}

func (c *compressor) close() ([]byte, error) {
	c.out.Reset()
	err := c.w.Close()
	return c.out.Bytes(), err
}

func (c *compressor) stop() {}

func (c *compressor) reader(b wire.Body) io.Reader {
	return &compressReader{c: c, src: b, in: make([]byte, chunkSize)}
}

// compressReader pulls input until there is output.
type compressReader struct {
	c   *compressor
	src io.Reader
	in  []byte
	out []byte
	err error
}

func (r *compressReader) Read(p []byte) (int, error) {
	for len(r.out) == 0 && r.err == nil {
		n, err := r.src.Read(r.in)
		if n > 0 {
			if r.out, r.err = r.c.write(r.in[:n]); r.err != nil {
				break
			}
			r.out = bytes.Clone(r.out)
		}
		if err == nil {
			continue
		}
		r.err = err
		if errors.Is(err, io.EOF) {
			rest, cerr := r.c.close()
			r.out = append(r.out, rest...)
			if cerr != nil {
				r.err = cerr
			}
		}
	}
	if len(r.out) == 0 {
		return 0, r.err
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// decompressor is a codec that decompresses. The library's decompressors pull
// their input; to push bytes into one it runs as a coroutine that yields
// whenever it has used up its input.
type decompressor struct {
	format string
	in     pushed
	out    bytes.Buffer
	resume func() (struct{}, bool)
	cancel func()
	err    error
	over   bool
}

func (d *decompressor) start() {
	d.resume, d.cancel = iter.Pull(func(yield func(struct{}) bool) {
		d.in.more = func() bool { return yield(struct{}{}) }
		// Not io.Copy: it would hold on to memory of out across a yield.
		f, block := newInflater(d.format, &d.in), make([]byte, 32<<10)
		for d.err == nil {
			var n int
			n, d.err = f.Read(block)
			d.out.Write(block[:n])
		}
		if errors.Is(d.err, io.EOF) {
			d.err = nil
		}
		d.over = true
	})
}

func (d *decompressor) write(p []byte) ([]byte, error) {
	d.out.Reset()
	if d.over {
		return nil, cmpErr(d.err, errTrailing())
	}
	if d.resume == nil {
		d.start()
	}
	d.in.data = p
	d.resume()
	d.in.data = nil
	if d.over && d.err != nil {
		return nil, d.err
	}
	return d.out.Bytes(), nil
}

func (d *decompressor) close() ([]byte, error) {
	d.out.Reset()
	if d.over {
		return nil, d.err
	}
	if d.resume == nil {
		return nil, errIncomplete()
	}
	d.in.closed = true
	d.resume()
	return d.out.Bytes(), d.err
}

func (d *decompressor) stop() {
	if d.cancel != nil && !d.over {
		d.cancel() // the coroutine ends with errStopped
	}
}

func cmpErr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

func (d *decompressor) reader(b wire.Body) io.Reader { return newInflater(d.format, b) }

// pushed is the input of a coroutine.
type pushed struct {
	data   []byte
	closed bool
	more   func() bool
}

func (p *pushed) Read(b []byte) (int, error) {
	for len(p.data) == 0 {
		if p.closed {
			return 0, io.EOF
		}
		if !p.more() {
			return 0, errStopped
		}
	}
	n := copy(b, p.data)
	p.data = p.data[n:]
	return n, nil
}

// inflater decompresses exactly one compressed stream with nothing after it,
// and gives failures the platform's texts.
type inflater struct {
	format string
	src    *sourceReader
	buf    *bufio.Reader
	r      io.Reader
	err    error
}

// sourceReader remembers a failure of the input, to tell it from bad data.
type sourceReader struct {
	io.Reader
	err error
}

func (s *sourceReader) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

func newInflater(format string, src io.Reader) *inflater {
	s := &sourceReader{Reader: src}
	return &inflater{format: format, src: s, buf: bufio.NewReaderSize(s, 16<<10)}
}

func (f *inflater) open() (err error) {
	switch f.format {
	case "gzip":
		if magic, _ := f.buf.Peek(2); len(magic) == 2 && string(magic) != "\x1f\x8b" {
			return errDecompress() // however little follows
		}
		var z *gzip.Reader
		if z, err = gzip.NewReader(f.buf); err == nil {
			z.Multistream(false)
			f.r = z
		}
	case "deflate":
		f.r, err = zlib.NewReader(f.buf)
	default:
		f.r = flate.NewReader(f.buf)
	}
	return err
}

func (f *inflater) Read(p []byte) (n int, err error) {
	if f.err != nil {
		return 0, f.err
	}
	if f.r == nil {
		err = f.open()
	}
	if err == nil {
		n, err = f.r.Read(p)
	}
	if err == nil {
		return n, nil
	}
	f.err = f.classify(err)
	if n > 0 {
		return n, nil
	}
	return 0, f.err
}

func (f *inflater) classify(err error) error {
	switch {
	case f.src.err != nil:
		return f.src.err
	case f.r != nil && errors.Is(err, io.EOF):
		if _, err := f.buf.ReadByte(); err == nil {
			return errTrailing()
		}
		if f.src.err != nil {
			return f.src.err
		}
		return io.EOF
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errIncomplete()
	}
	return errDecompress()
}
