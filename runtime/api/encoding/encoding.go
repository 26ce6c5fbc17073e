// Package encoding gives TextEncoder, TextDecoder, atob and btoa.
//
// Deliberately not here: TextEncoderStream and TextDecoderStream, which belong
// to the streams package and use Decoder from here.
//
// Where the truth is: https://encoding.spec.whatwg.org/,
// https://infra.spec.whatwg.org/#forgiving-base64, and workerd for error texts.
package encoding

import (
	"unicode/utf8"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Globals are the classes of this package.
func Globals() []jsg.AnyClass { return []jsg.AnyClass{TextEncoderClass, TextDecoderClass} }

// Install defines the global functions atob and btoa.
func Install(js *jsg.Scope) {
	js.DefineGlobal("atob", js.Func("atob", 0, atob))
	js.DefineGlobal("btoa", js.Func("btoa", 0, btoa))
}

// TextEncoder has no state: it always writes UTF-8.
type TextEncoder struct{}

// TextEncoderClass is the global TextEncoder.
var TextEncoderClass = &jsg.Class[TextEncoder]{
	Name: "TextEncoder",
	New:  func(*jsg.Scope, *jsg.Args) (*TextEncoder, error) { return &TextEncoder{}, nil },
	Members: jsg.Members[TextEncoder]{
		jsg.Method("encode", 0, func(_ *TextEncoder, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if !a.Has(0) {
				return js.NewUint8Array(nil), nil
			}
			b := a.TextBytes(0)
			return js.NewUint8Array(b), a.Err()
		}),
		jsg.Method("encodeInto", 0, encodeInto),
		jsg.Getter("encoding", func(_ *TextEncoder, js *jsg.Scope) (jsg.Value, error) { return js.String("utf-8"), nil }),
	},
}

func encodeInto(_ *TextEncoder, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	view, ok := jsg.ViewOf(a.Value(1))
	if !ok || view.Kind != "Uint8Array" {
		a.Mismatch(1, "Uint8Array")
	}
	if a.Err() != nil {
		return nil, a.Err()
	}
	dst := view.Bytes()
	read, written, ok := jsg.EncodeInto(dst, a.Value(0))
	if ok {
		return js.Record("read", read, "written", written), nil
	}
	s := a.String(0)
	if a.Err() != nil {
		return nil, a.Err()
	}
	if jsg.IsASCII(s) {
		written = copy(dst, s)
		read, s = written, ""
	}
	for _, r := range s {
		size := utf8.RuneLen(r)
		if size > len(dst)-written {
			break
		}
		utf8.EncodeRune(dst[written:], r)
		written += size
		if read++; r >= 0x10000 {
			read++
		}
	}
	return js.Record("read", read, "written", written), nil
}

// TextDecoderClass is the global TextDecoder.
var TextDecoderClass = &jsg.Class[Decoder]{
	Name: "TextDecoder",
	New: func(js *jsg.Scope, a *jsg.Args) (*Decoder, error) {
		label := a.OptString(0, "utf-8")
		fatal, ignoreBOM := DecoderOptions(a, 1)
		if a.Err() != nil {
			return nil, a.Err()
		}
		return NewDecoderFor(label, fatal, ignoreBOM)
	},
	Members: jsg.Members[Decoder]{
		jsg.Method("decode", 0, textDecode),
		jsg.Getter("encoding", func(d *Decoder, js *jsg.Scope) (jsg.Value, error) { return js.String(d.Encoding), nil }),
		jsg.Getter("fatal", func(d *Decoder, js *jsg.Scope) (jsg.Value, error) { return js.Bool(d.Fatal), nil }),
		jsg.Getter("ignoreBOM", func(d *Decoder, js *jsg.Scope) (jsg.Value, error) { return js.Bool(d.IgnoreBOM), nil }),
	},
}

// DecoderOptions reads the options both decoder classes take, at argument i.
func DecoderOptions(a *jsg.Args, i int) (fatal, ignoreBOM bool) {
	if _, ok := a.Value(i).(*jsg.Object); !ok && a.Has(i) {
		a.Mismatch(i, "ConstructorOptions")
	}
	options := a.Dict(i)
	return options.Bool("fatal", false), options.Bool("ignoreBOM", false)
}

// NewDecoderFor is NewDecoder with the error JavaScript gets.
func NewDecoderFor(label string, fatal, ignoreBOM bool) (*Decoder, error) {
	d, ok := NewDecoder(label, fatal, ignoreBOM)
	if !ok {
		return nil, jsg.RangeErrorf("\"%s\" is not a valid encoding.", label)
	}
	return d, nil
}

func textDecode(d *Decoder, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	var b []byte
	if a.Has(0) {
		data, ok := jsg.Bytes(a.Value(0))
		if !ok {
			a.Mismatch(0, "Array")
		}
		b = data
	}
	more := a.Has(1) && a.Dict(1).Bool("stream", false)
	if a.Err() != nil {
		return nil, a.Err()
	}
	if text, ok := d.whole(b, more); ok {
		if v, ok := js.FromUTF8(text); ok {
			return v, nil
		}
	}
	s, err := d.Decode(b, more)
	if err != nil {
		return nil, jsg.TypeErrorf("%v", err)
	}
	return js.String(s), nil
}
