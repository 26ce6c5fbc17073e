// Package buffer is what of node:buffer is written in Go: encodings, searching,
// comparing, filling, and numbers at an offset. The class itself is js/buffer.js.
//
// Deliberately not: encodings Node lacks, which are TextDecoder's business.
//
// Where the truth is: https://nodejs.org/api/buffer.html and workerd for texts.
package buffer

import (
	"bytes"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Native is what js/buffer.js uses. The functions trust their caller: bounds
// are checked and encodings canonical.
func Native(js *jsg.Scope) *jsg.Object {
	o := js.NewObject()
	define := func(name string, f func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error)) {
		js.Define(o, name, js.Func(name, 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) { return f(js, a) }))
	}
	define("encode", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.NewArrayBuffer(Encode(a.Value(0), a.String(1))), nil
	})
	define("decode", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		b := a.BufferSource(0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		return Decode(js, b[a.Int(2):a.Int(3)], a.String(1)), nil
	})
	define("byteLength", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.Int(int64(byteLength(a.Value(0), a.String(1)))), nil
	})
	define("write", write)
	define("numberMethod", numberMethod)
	define("concat", concat)
	define("compare", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.Int(int64(bytes.Compare(a.BufferSource(0), a.BufferSource(1)))), a.Err()
	})
	define("indexOf", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.Int(int64(indexOf(a.BufferSource(0), a.BufferSource(1), int(a.Int(2)), a.Bool(3), int(a.Int(4))))), a.Err()
	})
	define("fill", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		b, pattern := a.BufferSource(0), a.BufferSource(1)
		if err := a.Err(); err != nil {
			return nil, err
		}
		fill(b[a.Int(2):a.Int(3)], pattern)
		return jsg.Undefined, nil
	})
	define("swap", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		b, size := a.BufferSource(0), int(a.Int(1))
		for ; len(b) >= size; b = b[size:] {
			for i, j := 0, size-1; i < j; i, j = i+1, j-1 {
				b[i], b[j] = b[j], b[i]
			}
		}
		return jsg.Undefined, a.Err()
	})
	define("isUtf8", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.Bool(utf8.Valid(a.BufferSource(0))), a.Err()
	})
	define("isAscii", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.Bool(jsg.IsASCII(a.BufferSource(0))), a.Err()
	})
	return o
}

// concat makes one ArrayBuffer of an array of Uint8Arrays. Where there is anything
// else in it, it gives undefined.
func concat(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	list := a.Object(0)
	if a.Err() != nil {
		return nil, a.Err()
	}
	parts := make([][]byte, list.Get("length").ToInteger())
	total := 0
	for i := range parts {
		part, ok := jsg.Uint8Array(list.Get(strconv.Itoa(i)))
		if !ok {
			return jsg.Undefined, nil
		}
		parts[i] = part
		if total += len(part); total > jsg.MaxBuffer {
			return jsg.Undefined, nil
		}
	}
	return js.NewArrayBuffer(slices.Concat(parts...)), nil
}

// write puts a string into a buffer at an offset, whole characters only, and
// returns the number of bytes.
func write(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	b, enc := a.BufferSource(0), a.String(2)
	if err := a.Err(); err != nil {
		return nil, err
	}
	dst := b[a.Int(3) : a.Int(3)+a.Int(4)]
	src := Encode(a.Value(1), enc)
	if len(src) > len(dst) {
		src = src[:len(dst)]
		switch enc {
		case "utf8":
			for len(src) > 0 && !utf8.Valid(src[lastStart(src):]) {
				src = src[:lastStart(src)]
			}
		case "utf16le":
			src = src[:len(src)&^1]
		}
	}
	return js.Int(int64(copy(dst, src))), nil
}

// lastStart is where the last character of b starts.
func lastStart(b []byte) int {
	i := len(b) - 1
	for i > 0 && !utf8.RuneStart(b[i]) {
		i--
	}
	return i
}

// indexOf finds needle at or after from, or at or before it, at multiples of
// step (the size of a code unit).
func indexOf(b, needle []byte, from int, forward bool, step int) int {
	if !forward {
		for i := min(from, len(b)-len(needle)); i >= 0; i-- {
			if i%step == 0 && bytes.Equal(b[i:i+len(needle)], needle) {
				return i
			}
		}
		return -1
	}
	for from <= len(b) {
		i := bytes.Index(b[from:], needle)
		if i < 0 {
			return -1
		}
		if from += i; from%step == 0 {
			return from
		}
		from++
	}
	return -1
}

// fill repeats pattern over b.
func fill(b, pattern []byte) {
	if len(pattern) == 0 {
		clear(b)
		return
	}
	for n := copy(b, pattern); n > 0 && n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
}
