// Package clone is structured clone: it turns a JavaScript value into a
// Message, Go data that may cross goroutines, isolates and restarts, and back.
// Durable Object storage, queues, RPC and the structuredClone global share it.
//
// Deliberately not here: V8's own byte format (a message is only ever read by
// this program), shared buffers, which the engine lacks, and transfer without
// a copy: a transferred buffer is copied, then detached.
//
// Where the truth is:
// https://html.spec.whatwg.org/multipage/structured-data.html, and workerd for
// error texts, for errors keeping their own properties
// (enhanced_error_serialization) and for host objects.
package clone

import (
	"errors"
	"io"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Message is a value outside its realm. Data is self-contained and
// deterministic; Caps are live things it refers to, in order.
type Message struct {
	Data []byte
	Caps []Cap
}

// Cap is a capability: something that can travel between isolates of this
// process but not be written down (a stream, a stub, a port). One that stands
// for a whole value implements Importer. One that must be released when nobody
// reads the message implements io.Closer.
type Cap any

// Importer is a Cap that becomes a value of the realm it arrives in.
type Importer interface {
	Import(js *jsg.Scope) (jsg.Value, error)
}

// Options configure Write. The zero value refuses whatever needs a capability,
// as persisting and structuredClone must.
type Options struct {
	// Transfer lists the ArrayBuffers (or views) to detach.
	Transfer []jsg.Value
	// Export allows capabilities. It is asked for functions, for instances of
	// JavaScript classes and for host objects without a registered codec; a nil
	// Cap refuses the object.
	Export func(js *jsg.Scope, o *jsg.Object) (Cap, error)
	// NoStack leaves the stacks of errors out.
	NoStack bool
}

// version is the first byte of each message.
const version = 1

// ErrCorrupt is wrapped by every failure to read Data that Write did not make.
var ErrCorrupt = errors.New("clone: corrupt message")

// Write serialises v. Errors are what JavaScript sees: a DataCloneError, or
// what a getter threw.
func Write(js *jsg.Scope, v jsg.Value, opts Options) (Message, error) {
	e := &Encoder{js: js, opts: opts, buf: make([]byte, 1, 64)}
	e.buf[0] = version
	if e.primitive(v) && opts.Transfer == nil {
		return Message{Data: e.buf}, nil
	}
	if err := e.write(v); err != nil {
		Message{Caps: e.caps}.Discard()
		return Message{}, err
	}
	return Message{Data: e.buf, Caps: e.caps}, nil
}

// WriteList is Write for several values, which may refer to the same objects.
func WriteList(js *jsg.Scope, list []jsg.Value, opts Options) (Message, error) {
	e := &Encoder{js: js, opts: opts, buf: []byte{version}}
	e.uint(uint64(len(list)))
	var err error
	thrown := js.Try(func() {
		for _, v := range list {
			if err = e.Value(v); err != nil {
				return
			}
		}
	})
	if thrown != nil {
		err = thrown
	}
	if err != nil {
		Message{Caps: e.caps}.Discard()
		return Message{}, err
	}
	return Message{Data: e.buf, Caps: e.caps}, nil
}

// write runs the part of Write that can reach user code.
func (e *Encoder) write(v jsg.Value) (err error) {
	e.buf = e.buf[:1]
	if thrown := e.js.Try(func() { err = e.Value(v) }); thrown != nil {
		return thrown
	}
	if err != nil {
		return err
	}
	return detachAll(e.opts.Transfer)
}

// detachAll detaches what was transferred, after everything was written.
func detachAll(list []jsg.Value) error {
	for _, v := range list {
		if view, ok := jsg.ViewOf(v); ok {
			v = view.Buffer
		}
		if _, ok := jsg.ArrayBufferOf(v); !ok {
			return jsg.TypeErrorf("Object is not transferable")
		}
		if jsg.IsPinned(v) {
			return jsg.DOMErrorf("DataCloneError", "Object is not transferable.")
		}
		jsg.Detach(v)
	}
	return nil
}

// Read makes the value anew in a realm. A message with Caps is read once. Data
// may also be what V8 serialised.
func (m Message) Read(js *jsg.Scope) (jsg.Value, error) {
	d := &Decoder{js: js, data: m.Data, caps: m.Caps}
	if len(m.Data) == 0 || m.Data[0] != version && m.Data[0] != v8Mark {
		return nil, d.corrupt("unknown version")
	}
	d.pos = 1
	read := d.Value
	if m.Data[0] == v8Mark {
		read = d.readV8
	}
	var v jsg.Value
	var err error
	if thrown := js.Try(func() { v, err = read() }); thrown != nil {
		return nil, thrown
	}
	if err == nil && d.pos != len(d.data) {
		err = d.corrupt("trailing bytes")
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// ReadList reads what WriteList wrote.
func (m Message) ReadList(js *jsg.Scope) (list []jsg.Value, err error) {
	d := &Decoder{js: js, data: m.Data, caps: m.Caps, pos: 1}
	thrown := js.Try(func() {
		for n := d.Uint(); n > 0 && d.err == nil; n-- {
			list = append(list, d.value())
		}
	})
	if thrown != nil {
		return nil, thrown
	}
	return list, d.err
}

// Discard releases the capabilities of a message nobody will read.
func (m Message) Discard() {
	for _, c := range m.Caps {
		if closer, ok := c.(io.Closer); ok {
			_ = closer.Close()
		}
	}
}

// The tags of the encoding. A value is a tag and what the tag says; objects are
// numbered in the order their tags appear, for tagRef.
const (
	tagUndefined   = 'u'
	tagNull        = '0'
	tagTrue        = 'T'
	tagFalse       = 'F'
	tagInt         = 'i' // zigzag varint
	tagFloat       = 'd' // 8 bytes, little endian
	tagBigInt      = 'n' // sign byte, magnitude as bytes
	tagString      = 's' // UTF-8 as bytes
	tagUTF16       = 'w' // code units as bytes, only where surrogates are lone
	tagRef         = 'r' // object number
	tagObject      = 'o' // (key, value)…, tagEnd
	tagArray       = 'a' // length, (value | tagHole)…, (key, value)…, tagEnd
	tagSparse      = 'A' // length, (key, value)…, tagEnd
	tagHole        = '_'
	tagEnd         = 'e'
	tagDate        = 'D' // 8 bytes: milliseconds
	tagRegExp      = 'R' // source, flags
	tagBoxed       = 'O' // the primitive
	tagMap         = 'm' // (key, value)…, tagEnd
	tagSet         = 'S' // value…, tagEnd
	tagError       = 'E' // name, message and stack as values, (key, value)…, tagEnd
	tagException   = 'X' // a DOMException: name, message and stack as values
	tagArrayBuffer = 'B' // bytes
	tagResizable   = 'Z' // maximum, bytes
	tagView        = 'V' // kind, offset, length in elements, the buffer as value
	tagTracking    = 'W' // the same of a view that ends where its buffer does
	tagHost        = 'H' // registered name, what its codec writes
	tagCap         = 'c' // index into Caps
)

// maxDepth bounds nesting, as the stack does in V8.
const maxDepth = 5000

// viewKinds are the kinds of views by their number in the encoding.
var viewKinds = []string{"DataView", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array",
	"Int32Array", "Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "Float16Array"}

// errorKinds are the constructors an error's name selects; others are Error.
var errorKinds = []string{"Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "AggregateError"}
