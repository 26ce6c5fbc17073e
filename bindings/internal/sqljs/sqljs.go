// Package sqljs is how rows of SQL become JavaScript, for D1 and Durable Objects.
//
// What it emulates: integers and floating point are numbers, text that is no
// UTF-8 gets replacement characters, of columns with one name the last counts.
//
// What it deliberately does not: say what bytes become, which differs.
//
// Where the truth is: the behaviour of workerd.
package sqljs

import (
	"unicode/utf8"

	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Blob makes bytes of a column a value; it may not keep them.
type Blob func(js *jsg.Scope, b []byte) jsg.Value

// Buffer makes them an ArrayBuffer.
func Buffer(js *jsg.Scope, b []byte) jsg.Value { return js.NewArrayBuffer(append([]byte{}, b...)) }

// Numbers makes them an array of numbers, as JSON can have it.
func Numbers(js *jsg.Scope, b []byte) jsg.Value {
	out := make([]jsg.Value, len(b))
	for i, c := range b {
		out[i] = js.Int(int64(c))
	}
	return js.NewArray(out...)
}

// Object is a row as an object.
func Object(js *jsg.Scope, names []string, row []any, blob Blob) *jsg.Object {
	o := js.NewObject()
	for i, name := range names {
		js.Define(o, text(name), value(js, row[i], blob))
	}
	return o
}

// Array is a row as an array.
func Array(js *jsg.Scope, row []any, blob Blob) *jsg.Object {
	out := make([]jsg.Value, len(row))
	for i, v := range row {
		out[i] = value(js, v, blob)
	}
	return js.NewArray(out...)
}

// Names are the names of columns.
func Names(js *jsg.Scope, names []string) *jsg.Object {
	out := make([]jsg.Value, len(names))
	for i, name := range names {
		out[i] = js.String(text(name))
	}
	return js.NewArray(out...)
}

// value is a column: nil, int64, float64, string or []byte.
func value(js *jsg.Scope, v any, blob Blob) jsg.Value {
	switch v := v.(type) {
	case int64:
		if v > 1<<53 || v < -1<<53 {
			return js.Float(float64(v))
		}
		return js.Int(v)
	case float64:
		return js.Float(v)
	case string:
		return js.String(text(v))
	case []byte:
		return blob(js, v)
	}
	return jsg.Null
}

// text keeps what stands for the order of bytes at the beginning of a file.
func text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return body.DecodeUTF8WithoutBOM([]byte(s))
}
