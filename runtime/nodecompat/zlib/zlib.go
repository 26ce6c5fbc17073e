// Package zlib is what of node:zlib is written in Go: deflate in its three
// wrappings, Brotli and Zstandard, in one piece or in many.
//
// Deliberately not: strategies and memory levels, which are checked and change
// nothing, and windows below 32 KiB. Compressed bytes are not those of zlib.
//
// Where the truth is: https://nodejs.org/api/zlib.html and workerd for texts.
package zlib

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// options are what of Node's options changes something.
type options struct {
	mode       string
	level      int // of deflate and Zstandard; the quality of Brotli
	dictionary []byte
	// partial takes input that ends early for all there is.
	partial bool
	// most bounds the output of one piece, 0 for no bound.
	most int64
}

// readOptions are the arguments (mode, level or undefined, dictionary or
// undefined, partial, most).
func readOptions(a *jsg.Args, i int) options {
	o := options{mode: a.String(i), level: int(a.OptInt(i+1, defaultLevel)), partial: a.Bool(i + 3), most: a.OptInt(i+4, 0)}
	if a.Has(i + 2) {
		o.dictionary = append([]byte(nil), a.BufferSource(i+2)...)
	}
	return o
}

// Native is what js/zlib.js uses.
func Native(js *jsg.Scope) *jsg.Object {
	o := js.NewObject()
	define := func(name string, f func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error)) {
		js.Define(o, name, js.Func(name, 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) { return f(js, a) }))
	}
	define("once", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		data, opts := append([]byte(nil), a.BufferSource(0)...), readOptions(a, 1)
		if err := a.Err(); err != nil {
			return nil, err
		}
		out, err := once(data, opts)
		if err != nil {
			return nil, describe(err, opts.mode)
		}
		return js.NewArrayBuffer(out), nil
	})
	define("stream", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		opts := readOptions(a, 0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		s, err := newStream(opts)
		if err != nil {
			return nil, describe(err, opts.mode)
		}
		if c := iocontext.Current(js); c != nil {
			c.OnEnd(s.codec.stop)
		}
		return streamClass.Wrap(js, s), nil
	})
	define("crc32", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.Int(int64(crc32.Update(uint32(a.Int(1)), crc32.IEEETable, a.BufferSource(0)))), a.Err()
	})
	return o
}

func once(data []byte, o options) ([]byte, error) {
	if compresses(o.mode) {
		var out bytes.Buffer
		w, err := newWriter(&out, o)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(data); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		if o.most > 0 && int64(out.Len()) > o.most {
			return nil, errMemory
		}
		return out.Bytes(), nil
	}
	r, err := newReader(bytes.NewReader(data), o)
	var out bytes.Buffer
	if err == nil {
		limit := io.Reader(r)
		if o.most > 0 {
			limit = io.LimitReader(r, o.most+1)
		}
		_, err = out.ReadFrom(limit)
	}
	if o.most > 0 && int64(out.Len()) > o.most {
		return nil, errMemory
	}
	if o.partial && errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return out.Bytes(), err
}

// stream is one Transform of node:zlib.
type stream struct {
	opts  options
	codec codec
}

// codec takes pieces and gives what they make.
type codec interface {
	write(p []byte, flush bool) ([]byte, error)
	close() ([]byte, error)
	stop()
}

func newStream(o options) (*stream, error) {
	s := &stream{opts: o}
	return s, s.reset()
}

func (s *stream) reset() (err error) {
	if s.codec != nil {
		s.codec.stop()
	}
	if compresses(s.opts.mode) {
		s.codec, err = newCompressor(s.opts)
	} else {
		s.codec = newDecompressor(s.opts)
	}
	return err
}

var streamClass = &jsg.Class[stream]{Name: "ZlibHandle", Members: jsg.Members[stream]{
	jsg.Method("write", 2, func(s *stream, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		p, flush := append([]byte(nil), a.BufferSource(0)...), a.Bool(1)
		if err := a.Err(); err != nil {
			return nil, err
		}
		return s.output(js, func() ([]byte, error) { return s.codec.write(p, flush) })
	}),
	jsg.Method("close", 0, func(s *stream, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return s.output(js, s.codec.close) }),
	jsg.Method("stop", 0, func(s *stream, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		s.codec.stop()
		return jsg.Undefined, nil
	}),
	jsg.Method("reset", 0, func(s *stream, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return jsg.Undefined, s.reset() }),
	jsg.Method("params", 1, func(s *stream, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		s.opts.level = int(a.Int(0)) // from the next reset on
		return jsg.Undefined, a.Err()
	}),
}}

func (s *stream) output(js *jsg.Scope, f func() ([]byte, error)) (jsg.Value, error) {
	out, err := f()
	if err != nil {
		return nil, describe(err, s.opts.mode)
	}
	return js.NewArrayBuffer(bytes.Clone(out)), nil
}
