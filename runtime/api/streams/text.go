package streams

import (
	"strings"
	"unicode/utf16"

	"github.com/miniworker/miniworker/runtime/api/encoding"
	"github.com/miniworker/miniworker/runtime/jsg"
)

type textEncoderStream struct {
	TransformStream
	high uint16 // a high surrogate whose other half has not come yet
}

type textDecoderStream struct {
	TransformStream
	*encoding.Decoder
}

// TextEncoderStreamClass is the class TextEncoderStream.
var TextEncoderStreamClass = &jsg.Class[textEncoderStream]{
	Name: "TextEncoderStream", Parent: TransformStreamClass,
	Upcast: func(s *textEncoderStream) any { return &s.TransformStream },
	New: func(js *jsg.Scope, a *jsg.Args) (*textEncoderStream, error) {
		s := &textEncoderStream{}
		s.setUp(js, transformer{
			transform: func(js *jsg.Scope, chunk, _ jsg.Value) (v jsg.Value, err error) {
				var data []byte
				if err := js.Try(func() { data = s.encode(chunk) }); err != nil {
					return nil, err
				}
				return jsg.Undefined, s.emit(js, data)
			},
			flush: func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
				if s.high == 0 {
					return jsg.Undefined, nil
				}
				return jsg.Undefined, s.emit(js, []byte("\uFFFD"))
			},
		}, strategy{}, strategy{})
		return s, nil
	},
	Members: jsg.Members[textEncoderStream]{
		jsg.Getter("encoding", func(s *textEncoderStream, js *jsg.Scope) (jsg.Value, error) { return js.String("utf-8"), nil }),
	},
}

func (s *textEncoderStream) emit(js *jsg.Scope, data []byte) error {
	if len(data) == 0 {
		return nil
	}
	return s.controller.enqueue(js, js.NewUint8Array(data))
}

// encode is UTF-8 of a chunk's string, with surrogate pairs joined across
// chunks.
func (s *textEncoderStream) encode(chunk jsg.Value) []byte {
	str := chunk.ToString()
	text := str.String()
	// What is not a replacement character at the end is no lone surrogate.
	if s.high == 0 && !strings.HasSuffix(text, "\uFFFD") {
		return []byte(text)
	}
	units := jsg.UTF16Of(str)
	if len(units) == 0 {
		return nil
	}
	if s.high != 0 {
		units = append([]uint16{s.high}, units...)
		s.high = 0
	}
	if last := units[len(units)-1]; last >= 0xD800 && last < 0xDC00 {
		s.high, units = last, units[:len(units)-1]
	}
	return []byte(string(utf16.Decode(units)))
}

// TextDecoderStreamClass is the class TextDecoderStream.
var TextDecoderStreamClass = &jsg.Class[textDecoderStream]{
	Name: "TextDecoderStream", Parent: TransformStreamClass,
	Upcast: func(s *textDecoderStream) any { return &s.TransformStream },
	New: func(js *jsg.Scope, a *jsg.Args) (*textDecoderStream, error) {
		label := a.OptString(0, "utf-8")
		fatal, ignoreBOM := encoding.DecoderOptions(a, 1)
		if err := a.Err(); err != nil {
			return nil, err
		}
		d, err := encoding.NewDecoderFor(label, fatal, ignoreBOM)
		if err != nil {
			return nil, err
		}
		s := &textDecoderStream{Decoder: d}
		s.setUp(js, transformer{
			transform: func(js *jsg.Scope, chunk, _ jsg.Value) (jsg.Value, error) {
				data, ok := jsg.Bytes(chunk)
				if !ok {
					return nil, jsg.TypeErrorf("This TransformStream is being used as a byte stream, but received a value that is not a BufferSource.")
				}
				return jsg.Undefined, s.emit(js, data, true)
			},
			flush: func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
				return jsg.Undefined, s.emit(js, nil, false)
			},
		}, strategy{}, strategy{})
		return s, nil
	},
	Members: jsg.Members[textDecoderStream]{
		jsg.Getter("encoding", func(s *textDecoderStream, js *jsg.Scope) (jsg.Value, error) { return js.String(s.Encoding), nil }),
		jsg.Getter("fatal", func(s *textDecoderStream, js *jsg.Scope) (jsg.Value, error) { return js.Bool(s.Fatal), nil }),
		jsg.Getter("ignoreBOM", func(s *textDecoderStream, js *jsg.Scope) (jsg.Value, error) { return js.Bool(s.IgnoreBOM), nil }),
	},
}

func (s *textDecoderStream) emit(js *jsg.Scope, data []byte, more bool) error {
	text, err := s.Decode(data, more)
	if err != nil {
		return jsg.TypeErrorf("%v", err)
	}
	if text == "" {
		return nil
	}
	return s.controller.enqueue(js, js.String(text))
}
