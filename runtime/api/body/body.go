package body

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/api/url"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Body is the body of a Request or Response, which embed it. The stream object
// is made when JavaScript asks for one; until then the body is native.
type Body struct {
	native wire.Body
	stream *streams.ReadableStream
	used   bool
}

// FromWire is the body of a message that came from outside; nil is none.
func FromWire(b wire.Body) Body { return Body{native: b} }

// Null reports whether there is no body.
func (b *Body) Null() bool { return b.native == nil && b.stream == nil && !b.used }

// Used is bodyUsed.
func (b *Body) Used() bool {
	if b.stream != nil {
		return b.stream.Disturbed()
	}
	return b.used
}

// Locked reports whether somebody reads the body as a stream.
func (b *Body) Locked() bool { return b.stream != nil && b.stream.Locked() }

// Extract makes a body of a BodyInit, with the Content-Type it implies ("" for
// none). Undefined and null give no body.
func Extract(js *jsg.Scope, v jsg.Value) (Body, string, error) {
	if jsg.IsNullish(v) {
		return Body{}, "", nil
	}
	o, isObject := jsg.IsObject(v)
	if !isObject {
		if jsg.IsSymbol(v) {
			return Body{}, "", jsg.TypeErrorf("Cannot convert a Symbol value to a string")
		}
		return textBody(js, v.String())
	}
	if s, ok := streams.ReadableStreamClass.From(v); ok {
		if s.Disturbed() {
			return Body{}, "", jsg.TypeErrorf("This ReadableStream is disturbed (has already been read from), and cannot be used as a body.")
		}
		if s.Locked() {
			return Body{}, "", jsg.TypeErrorf("This ReadableStream is locked to a reader, and cannot be used as a body.")
		}
		return Body{stream: s}, "", nil
	}
	if data, ok := jsg.Bytes(v); ok {
		return bytesBody(js, clone(data), "")
	}
	switch x, _ := jsg.Native(v); x := x.(type) {
	case *Blob:
		return bytesBody(js, x.Data, x.Type)
	case *File:
		return bytesBody(js, x.Data, x.Type)
	case *FormData:
		data, typ, err := x.encode()
		if err != nil {
			return Body{}, "", err
		}
		return bytesBody(js, data, typ)
	case *url.SearchParams:
		return bytesBody(js, []byte(x.String()), "application/x-www-form-urlencoded;charset=UTF-8")
	}
	return extractObject(js, o)
}

// extractObject takes an iterable as a stream of its chunks, as workerd does,
// and anything else as its string.
func extractObject(js *jsg.Scope, o *jsg.Object) (Body, string, error) {
	if o.ClassName() == "String" {
		return textBody(js, o.String())
	}
	for _, sym := range []*jsg.Symbol{jsg.SymAsyncIterator, jsg.SymIterator} {
		f, err := js.GetSymbol(o, sym)
		if err != nil {
			return Body{}, "", err
		}
		if jsg.IsFunction(f) {
			s, err := streams.FromIterable(js, o)
			return Body{stream: s}, "", err
		}
	}
	var text string
	if err := js.Try(func() { text = o.String() }); err != nil {
		return Body{}, "", err
	}
	return textBody(js, text)
}

func textBody(js *jsg.Scope, s string) (Body, string, error) {
	return bytesBody(js, []byte(s), "text/plain;charset=UTF-8")
}

// bytesBody is one of bytes, which belongs to an event: a Response of the global
// scope could be sent once.
func bytesBody(js *jsg.Scope, data []byte, typ string) (Body, string, error) {
	if _, err := iocontext.Require(js); err != nil {
		return Body{}, "", err
	}
	return Body{native: wire.NewBytesBody(data)}, typ, nil
}

// errUsed is what every second read gets.
func errUsed() error {
	return jsg.TypeErrorf("Body has already been used. It can only be used once. Use tee() first if you need to read it twice.")
}

// Take gives the bytes to Go: a native body as it is, a stream made by
// JavaScript as a body that pumps it. nil is no body.
func (b *Body) Take(js *jsg.Scope) (wire.Body, error) {
	switch {
	case b.Used():
		return nil, errUsed()
	case b.stream != nil:
		if b.stream.Locked() {
			return nil, jsg.TypeErrorf("This ReadableStream is currently locked to a reader.")
		}
		return b.stream.TakeBody(js)
	case b.native == nil:
		return nil, nil
	}
	b.used = true
	native := b.native
	b.native = nil
	return native, nil
}

// Clone splits the body in two; b stays usable.
func (b *Body) Clone(js *jsg.Scope) (Body, error) {
	if b.Used() {
		return Body{}, jsg.TypeErrorf("This ReadableStream is currently locked to a reader,")
	}
	if bytes, ok := b.native.(*wire.BytesBody); ok {
		return Body{native: wire.NewBytesBody(bytes.Bytes())}, nil
	}
	if b.Null() {
		return Body{}, nil
	}
	first, second, err := b.Stream(js).Tee(js)
	if err != nil {
		return Body{}, err
	}
	b.stream = first
	return Body{stream: second}, nil
}

// Stream is the body as a ReadableStream, nil for no body. A body consumed
// without ever having been a stream gives a disturbed, closed one.
func (b *Body) Stream(js *jsg.Scope) *streams.ReadableStream {
	if b.stream == nil && (b.native != nil || b.used) {
		native := b.native
		if native == nil {
			native = wire.NewBytesBody(nil)
		}
		b.stream, b.native = streams.FromBody(js, native), nil
		if b.used {
			if rest, err := b.stream.TakeBody(js); err == nil {
				rest.Close()
			}
		}
	}
	return b.stream
}

// Members are the mixin's members for a class whose Go type gives its Body and
// the values of its Content-Type header.
func Members[T any](get func(*T) *Body, contentType func(*T) []string) jsg.Members[T] {
	readTyped := func(name string, convert func(js *jsg.Scope, data []byte, contentType string, typed bool) (jsg.Value, error)) jsg.Member[T] {
		return jsg.Async(name, 0, func(t *T, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return get(t).consume(js, func(js *jsg.Scope, data []byte) (jsg.Value, error) {
				types := contentType(t)
				return convert(js, data, strings.Join(types, ", "), len(types) > 0)
			})
		})
	}
	read := func(name string, convert func(js *jsg.Scope, data []byte) (jsg.Value, error)) jsg.Member[T] {
		return readTyped(name, func(js *jsg.Scope, data []byte, _ string, _ bool) (jsg.Value, error) { return convert(js, data) })
	}
	return jsg.Members[T]{
		jsg.Getter("body", func(t *T, js *jsg.Scope) (jsg.Value, error) {
			if s := get(t).Stream(js); s != nil {
				return s.Wrap(js), nil
			}
			return jsg.Null, nil
		}),
		jsg.Getter("bodyUsed", func(t *T, js *jsg.Scope) (jsg.Value, error) { return js.Bool(get(t).Used()), nil }),
		read("arrayBuffer", func(js *jsg.Scope, data []byte) (jsg.Value, error) { return js.NewArrayBuffer(data), nil }),
		read("bytes", func(js *jsg.Scope, data []byte) (jsg.Value, error) { return js.NewUint8Array(data), nil }),
		read("text", func(js *jsg.Scope, data []byte) (jsg.Value, error) { return js.String(DecodeUTF8(data)), nil }),
		read("json", func(js *jsg.Scope, data []byte) (jsg.Value, error) { return js.JSONParse(DecodeUTF8(data)) }),
		readTyped("formData", func(js *jsg.Scope, data []byte, contentType string, typed bool) (jsg.Value, error) {
			f, err := parseForm(data, contentType, typed)
			if err != nil {
				return nil, err
			}
			return formDataClass.Wrap(js, f), nil
		}),
		readTyped("blob", func(js *jsg.Scope, data []byte, contentType string, _ bool) (jsg.Value, error) {
			return blobClass.Wrap(js, &Blob{Data: data, Type: MIMEType(contentType)}), nil
		}),
	}
}

// Holder is a message as the Body class sees it.
type Holder struct {
	*Body
	ContentType func() []string
}

var bodyClass = &jsg.Class[Holder]{Name: "Body"}

func init() {
	bodyClass.Members = Members(func(h *Holder) *Body { return h.Body }, func(h *Holder) []string { return h.ContentType() })
}

// Class is Body, the parent of Request and Response.
func Class() *jsg.Class[Holder] { return bodyClass }

func (b *Body) consume(js *jsg.Scope, convert func(js *jsg.Scope, data []byte) (jsg.Value, error)) (jsg.Value, error) {
	if b.Used() {
		return nil, errUsed()
	}
	if b.Null() {
		return convert(js, nil)
	}
	if inMemory, ok := b.native.(*wire.BytesBody); ok {
		b.used, b.native = true, nil
		return convert(js, clone(inMemory.Bytes()))
	}
	s := b.Stream(js)
	if s.Locked() {
		return nil, jsg.TypeErrorf("This ReadableStream is currently locked to a reader.")
	}
	r := js.NewPromise()
	s.ReadAll(js, func(js *jsg.Scope, data []byte, err error) {
		if err != nil {
			r.Reject(js, err)
			return
		}
		v, err := convert(js, data)
		if err != nil {
			r.Reject(js, err)
			return
		}
		r.Resolve(v)
	})
	return r.Promise(), nil
}

var bom = []byte("\xef\xbb\xbf")

// DecodeUTF8 is "UTF-8 decode": the byte order mark is dropped, errors become
// replacement characters by the Encoding standard's rules.
func DecodeUTF8(data []byte) string { return DecodeUTF8WithoutBOM(bytes.TrimPrefix(data, bom)) }

// DecodeUTF8WithoutBOM is "UTF-8 decode without BOM": a mark is a character.
func DecodeUTF8WithoutBOM(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	out, err := unicode.UTF8.NewDecoder().Bytes(data)
	if err != nil {
		return string(data)
	}
	return string(out)
}
