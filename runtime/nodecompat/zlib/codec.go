package zlib

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// defaultLevel leaves the choice to the format.
const defaultLevel = -1

func compresses(mode string) bool {
	switch mode {
	case "deflate", "deflateRaw", "gzip", "brotliCompress", "zstdCompress":
		return true
	}
	return false
}

type writer interface {
	io.WriteCloser
	Flush() error
}

func newWriter(w io.Writer, o options) (writer, error) {
	switch o.mode {
	case "gzip":
		z, err := gzip.NewWriterLevel(w, o.level)
		if err == nil {
			z.OS = 3 // Unix
		}
		return z, err
	case "deflate":
		return zlib.NewWriterLevelDict(w, o.level, o.dictionary)
	case "deflateRaw":
		return flate.NewWriterDict(w, o.level, o.dictionary)
	case "brotliCompress":
		quality := o.level
		if quality < 0 {
			quality = brotli.DefaultCompression
		}
		return brotli.NewWriterLevel(w, quality), nil
	}
	level := zstd.SpeedDefault
	if o.level >= 0 {
		level = zstd.EncoderLevelFromZstd(o.level)
	}
	return zstd.NewWriter(w, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1))
}

// Errors that readers do not have.
var (
	errMemory     = &jsg.Error{Name: "RangeError", Message: "Memory limit exceeded"}
	errDictionary = errors.New("Missing dictionary")
)

// newReader decompresses; it reads from r byte by byte or by what r has.
func newReader(r io.Reader, o options) (io.Reader, error) {
	b, ok := r.(interface {
		io.Reader
		io.ByteReader
	})
	if !ok {
		b = bufio.NewReader(r)
	}
	switch o.mode {
	case "inflateRaw":
		return flate.NewReaderDict(b, o.dictionary), nil
	case "inflate":
		return newInflate(b, o)
	case "gunzip":
		return newGunzip(b)
	case "unzip":
		br := bufio.NewReader(b)
		if head, err := br.Peek(2); err == nil && head[0] == 0x1f && head[1] == 0x8b {
			return newGunzip(br)
		}
		return newInflate(br, o)
	case "brotliDecompress":
		return first{brotli.NewReader(b), func(err error) bool { return err.Error() == "brotli: excessive input" }}, nil
	}
	d, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return &frames{Decoder: d}, nil
}

// frames reads Zstandard, and takes what follows and is none for the end.
type frames struct {
	*zstd.Decoder
	some bool
}

func (f *frames) Read(p []byte) (int, error) {
	n, err := f.Decoder.Read(p)
	f.some = f.some || n > 0
	if f.some && errors.Is(err, zstd.ErrMagicMismatch) {
		err = io.EOF
	}
	return n, err
}

// first reads what is compressed and takes what follows for its end.
type first struct {
	io.Reader
	trails func(error) bool
}

func (f first) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err != nil && f.trails(err) {
		err = io.EOF
	}
	return n, err
}

func newInflate(r io.Reader, o options) (io.Reader, error) {
	z, err := zlib.NewReaderDict(r, o.dictionary)
	switch {
	case errors.Is(err, zlib.ErrDictionary) && o.dictionary == nil:
		err = errDictionary
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return z, err
}

// gunzip reads members until what follows is none: nothing or zeros.
type gunzip struct {
	src *bufio.Reader
	z   *gzip.Reader
}

func newGunzip(r io.Reader) (io.Reader, error) {
	src := bufio.NewReader(r)
	if head, err := src.Peek(2); err == nil && (head[0] != 0x1f || head[1] != 0x8b) {
		return nil, gzip.ErrHeader // before the library misses the rest of it
	}
	z, err := gzip.NewReader(src)
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	z.Multistream(false)
	return &gunzip{src, z}, nil
}

func (g *gunzip) Read(p []byte) (int, error) {
	for {
		n, err := g.z.Read(p)
		if n > 0 && errors.Is(err, io.EOF) {
			err = nil // the next call looks for another member
		}
		if n > 0 || !errors.Is(err, io.EOF) {
			return n, err
		}
		next, err := g.src.Peek(1)
		if err != nil || next[0] == 0 {
			return 0, io.EOF
		}
		if head, err := g.src.Peek(2); err == nil && (head[0] != 0x1f || head[1] != 0x8b) {
			return 0, gzip.ErrHeader
		}
		if err := g.z.Reset(g.src); err != nil {
			return 0, err
		}
		g.z.Multistream(false)
	}
}

// describe gives an error of a library the text workerd has for it.
func describe(err error, mode string) error {
	var corrupt flate.CorruptInputError
	var mine *jsg.Error
	switch {
	case errors.As(err, &mine):
		return mine
	case mode == "brotliDecompress" && errors.Is(err, io.ErrUnexpectedEOF):
		return jsg.Errorf("Unexpected end of file")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return jsg.Errorf("unexpected end of file")
	case errors.Is(err, zlib.ErrHeader), errors.Is(err, gzip.ErrHeader):
		return jsg.Errorf("incorrect header check")
	case errors.Is(err, zlib.ErrChecksum), errors.Is(err, gzip.ErrChecksum):
		return jsg.Errorf("incorrect data check")
	case errors.Is(err, zlib.ErrDictionary):
		return jsg.Errorf("Bad dictionary")
	case errors.Is(err, errDictionary):
		return jsg.Errorf("%s", err)
	case errors.As(err, &corrupt):
		return jsg.Errorf("invalid block type")
	case errors.Is(err, zstd.ErrMagicMismatch):
		return jsg.Errorf("Zstd decompression failed: Unknown frame descriptor")
	case strings.HasPrefix(err.Error(), "brotli:"):
		return jsg.Errorf("Compression failed")
	}
	return jsg.Errorf("Decompression failed: %v", err)
}

// compressor compresses piece by piece.
type compressor struct {
	out bytes.Buffer
	w   writer
}

func newCompressor(o options) (*compressor, error) {
	c := &compressor{}
	var err error
	c.w, err = newWriter(&c.out, o)
	return c, err
}

func (c *compressor) write(p []byte, flush bool) ([]byte, error) {
	c.out.Reset()
	_, err := c.w.Write(p)
	if err == nil && flush {
		err = c.w.Flush()
	}
	return c.out.Bytes(), err
}

func (c *compressor) close() ([]byte, error) {
	c.out.Reset()
	err := c.w.Close()
	return c.out.Bytes(), err
}

func (c *compressor) stop() {}

// decompressor feeds a reader, which pulls, with pieces that are pushed: the
// reader runs as a coroutine that yields when it wants more.
type decompressor struct {
	opts   options
	in     bytes.Buffer
	ended  bool
	out    bytes.Buffer
	err    error
	done   bool
	resume func() (struct{}, bool)
	cancel func()
}

func newDecompressor(o options) *decompressor { return &decompressor{opts: o} }

// source is where the coroutine reads from.
type source struct {
	d     *decompressor
	yield func(struct{}) bool
}

var errStopped = errors.New("stopped")

func (s *source) Read(p []byte) (int, error) {
	for s.d.in.Len() == 0 {
		if s.d.ended {
			return 0, io.EOF
		}
		if !s.yield(struct{}{}) {
			return 0, errStopped
		}
	}
	return s.d.in.Read(p)
}

func (s *source) ReadByte() (byte, error) {
	var b [1]byte
	_, err := s.Read(b[:])
	return b[0], err
}

func (d *decompressor) run(yield func(struct{}) bool) {
	r, err := newReader(&source{d, yield}, d.opts)
	if err == nil {
		if c, ok := r.(*frames); ok {
			defer c.Close()
		}
		err = d.drain(r)
	}
	d.err, d.done = err, true
}

// drain reads to the end. The buffer is emptied whenever the reader yields, so it
// must not be in the middle of a write then, as with io.Copy.
func (d *decompressor) drain(r io.Reader) error {
	chunk := make([]byte, 32<<10)
	for {
		n, err := r.Read(chunk)
		d.out.Write(chunk[:n])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (d *decompressor) write(p []byte, _ bool) ([]byte, error) {
	d.in.Write(p)
	return d.advance()
}

func (d *decompressor) close() ([]byte, error) {
	d.ended = true
	out, err := d.advance()
	if d.opts.partial && errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return out, err
}

// advance lets the coroutine use the input there is.
func (d *decompressor) advance() ([]byte, error) {
	d.out.Reset()
	if !d.done {
		if d.resume == nil {
			d.resume, d.cancel = iter.Pull(d.run)
		}
		d.resume()
	}
	if d.done && d.err != nil {
		return nil, d.err
	}
	return d.out.Bytes(), nil
}

func (d *decompressor) stop() {
	if d.cancel != nil {
		d.cancel()
	}
	d.done = true
}
