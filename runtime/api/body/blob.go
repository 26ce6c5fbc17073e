// Package body holds what bodies are made of and how they are read: Blob, File,
// FormData (with its two wire formats) and the mixin that Request and Response
// share. A body that nobody looks at in JavaScript stays a Go stream from end
// to end.
//
// Where the truth is: https://fetch.spec.whatwg.org/#bodies,
// https://w3c.github.io/FileAPI/, https://xhr.spec.whatwg.org/#interface-formdata.
package body

import (
	"math"
	"strings"

	"github.com/miniworker/miniworker/runtime/api/streams"
	structured "github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Blob is immutable bytes with a type.
type Blob struct {
	jsg.Instance
	Data []byte
	Type string
}

// File is a Blob with a name.
type File struct {
	Blob
	Name         string
	LastModified float64 // ms since the epoch
}

var (
	blobClass = &jsg.Class[Blob]{Name: "Blob"}
	fileClass = &jsg.Class[File]{Name: "File", Parent: blobClass, Upcast: func(f *File) any { return &f.Blob }}
)

// Globals are the classes of this package.
func Globals() []jsg.AnyClass { return []jsg.AnyClass{bodyClass, blobClass, fileClass, formDataClass} }

// BlobOf is the brand check.
func BlobOf(v jsg.Value) (*Blob, bool) { return blobClass.From(v) }

// Wrap gives the blob its JavaScript object.
func (b *Blob) Wrap(js *jsg.Scope) *jsg.Object { return blobClass.Wrap(js, b) }

func init() {
	blobClass.New = func(js *jsg.Scope, a *jsg.Args) (*Blob, error) {
		b := &Blob{}
		return b, b.init(js, a, 0, 1)
	}
	blobClass.Members = jsg.Members[Blob]{
		jsg.Getter("size", func(b *Blob, js *jsg.Scope) (jsg.Value, error) { return js.Int(int64(len(b.Data))), nil }),
		jsg.Getter("type", func(b *Blob, js *jsg.Scope) (jsg.Value, error) { return js.String(b.Type), nil }),
		jsg.Method("slice", 0, (*Blob).slice),
		jsg.Async("arrayBuffer", 0, func(b *Blob, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return js.NewArrayBuffer(clone(b.Data)), nil
		}),
		jsg.Async("bytes", 0, func(b *Blob, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return js.NewUint8Array(clone(b.Data)), nil
		}),
		jsg.Async("text", 0, func(b *Blob, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return js.String(DecodeUTF8WithoutBOM(b.Data)), nil
		}),
		jsg.Method("stream", 0, func(b *Blob, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if _, err := iocontext.Require(js); err != nil {
				return nil, err
			}
			return streams.FromBody(js, wire.NewBytesBody(b.Data)).Wrap(js), nil
		}),
	}
	fileClass.New = func(js *jsg.Scope, a *jsg.Args) (*File, error) {
		if err := a.Require(2); err != nil {
			return nil, err
		}
		f := &File{}
		if err := f.init(js, a, 0, 2); err != nil {
			return nil, err
		}
		f.Name = a.String(1)
		f.LastModified = lastModified(js, a.Dict(2))
		return f, a.Err()
	}
	fileClass.Members = jsg.Members[File]{
		jsg.Getter("name", func(f *File, js *jsg.Scope) (jsg.Value, error) { return js.String(f.Name), nil }),
		jsg.Getter("lastModified", func(f *File, js *jsg.Scope) (jsg.Value, error) { return js.Float(f.LastModified), nil }),
	}
}

var _ = structured.Register("Blob", func(b *Blob, _ *jsg.Scope, e *structured.Encoder) error {
	e.String(b.Type)
	e.Bytes(b.Data)
	return nil
}, func(js *jsg.Scope, d *structured.Decoder) (jsg.Value, error) {
	b := &Blob{Type: d.String()}
	b.Data = clone(d.Bytes())
	return blobClass.Wrap(js, b), d.Err()
})

// lastModified is that of the options, now if they have none.
func lastModified(js *jsg.Scope, d *jsg.Dict) float64 {
	ms := d.Float("lastModified", float64(isolate.Of(js).Now().UnixMilli()))
	if math.IsNaN(ms) {
		return 0
	}
	return ms
}

func clone(b []byte) []byte { return append(make([]byte, 0, len(b)), b...) }

func (b *Blob) init(js *jsg.Scope, a *jsg.Args, parts, options int) error {
	if a.Has(parts) {
		if !jsg.IsArray(a.Value(parts)) {
			a.Mismatch(parts, "Array")
			return a.Err()
		}
		err := js.Iterate(a.Value(parts), func(v jsg.Value) (bool, error) {
			if part, ok := blobClass.From(v); ok {
				b.Data = append(b.Data, part.Data...)
			} else if data, ok := jsg.Bytes(v); ok {
				b.Data = append(b.Data, data...)
			} else if jsg.IsSymbol(v) {
				return false, jsg.TypeErrorf("Cannot convert a Symbol value to a string")
			} else {
				b.Data = append(b.Data, jsg.WTF8(v.ToString())...)
			}
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	d := a.DictNamed(options, "Options")
	if d.Has("endings") {
		return jsg.Errorf("The 'endings' field on 'Options' is not implemented.")
	}
	b.Type = normalizeType(d.String("type", ""))
	return a.Err()
}

// normalizeType: a type with control characters or others than ASCII is dropped.
func normalizeType(t string) string {
	for i := range len(t) {
		if t[i] < 0x20 || t[i] > 0x7f {
			return ""
		}
	}
	return strings.ToLower(t)
}

func (b *Blob) slice(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	size := float64(len(b.Data))
	clamp := func(i int, def float64) int {
		if !a.Has(i) {
			return int(def)
		}
		f := a.Float(i)
		if math.IsNaN(f) || math.IsInf(f, 0) {
			f = 0
		}
		if f < math.MinInt32 || f > math.MaxInt32 {
			a.Fail(jsg.TypeErrorf("Value out of range. Must be between -2147483648 and 2147483647 (inclusive)."))
			return 0
		}
		if f < 0 {
			f = max(size+math.Trunc(f), 0)
		}
		return int(min(f, size))
	}
	start, end := clamp(0, 0), clamp(1, size)
	typ := normalizeType(a.OptString(2, ""))
	if err := a.Err(); err != nil {
		return nil, err
	}
	return blobClass.Wrap(js, &Blob{Data: b.Data[start:max(start, end)], Type: typ}), nil
}
