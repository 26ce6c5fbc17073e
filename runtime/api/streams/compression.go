package streams

import (
	"strconv"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

type identityStream struct{ TransformStream }

type fixedLengthStream struct{ identityStream }

type compressionStream struct{ TransformStream }

type decompressionStream struct{ TransformStream }

// IdentityTransformStreamClass is the class IdentityTransformStream: bytes in,
// the same bytes out.
var IdentityTransformStreamClass = &jsg.Class[identityStream]{
	Name: "IdentityTransformStream", Parent: TransformStreamClass,
	Upcast: func(s *identityStream) any { return &s.TransformStream },
	New: func(js *jsg.Scope, a *jsg.Args) (*identityStream, error) {
		s := &identityStream{}
		return s, s.setUpChannel(js, a, 0, nil, -1)
	},
}

// FixedLengthStreamClass is the class FixedLengthStream: an identity transform
// whose number of bytes is known in advance.
var FixedLengthStreamClass = &jsg.Class[fixedLengthStream]{
	Name: "FixedLengthStream", Parent: IdentityTransformStreamClass,
	Upcast: func(s *fixedLengthStream) any { return &s.identityStream },
	New: func(js *jsg.Scope, a *jsg.Args) (*fixedLengthStream, error) {
		total, err := readLength(a)
		if err != nil {
			return nil, err
		}
		s := &fixedLengthStream{}
		return s, s.setUpChannel(js, a, 1, nil, total)
	},
}

// readLength is a length given as a number or bigint.
func readLength(a *jsg.Args) (int64, error) {
	if !a.Has(0) {
		return 0, jsg.TypeErrorf("Failed to construct 'FixedLengthStream': constructor parameter 1 is not of type 'bigint'.")
	}
	var n float64
	if v := a.Value(0); jsg.IsBigInt(v) {
		n, _ = strconv.ParseFloat(v.String(), 64) // too large is +Inf
	} else {
		n = v.ToFloat()
	}
	switch {
	case n != n:
		return 0, jsg.TypeErrorf("The value cannot be converted because it is not an integer.")
	case n < 0:
		return 0, errNegative()
	case n >= 1<<53:
		return 0, jsg.TypeErrorf("FixedLengthStream requires an integer expected length less than 2^53.")
	}
	return int64(n), nil
}

// noOptions is where the options are of a class that takes none.
const noOptions = -1

// setUpChannel makes a transform of a channel, whose options are an argument.
func (t *TransformStream) setUpChannel(js *jsg.Scope, a *jsg.Args, options int, c codec, total int64) error {
	if _, err := iocontext.Require(js); err != nil {
		return err
	}
	var hwm *float64
	if options != noOptions {
		s, err := readStrategy(js, a, options)
		if err != nil {
			return err
		}
		if s.hasHWM {
			hwm = &s.hwm
		}
	}
	ch := newChannel(js, c, total, hwm)
	t.readable, t.writable = ch.readable, ch.writable
	return nil
}

func compressionFormat(a *jsg.Args) (string, error) {
	if a.Len() == 0 {
		a.Mismatch(0, "string")
		return "", a.Err()
	}
	switch f := a.String(0); f {
	case "gzip", "deflate", "deflate-raw":
		return f, a.Err()
	}
	return "", jsg.TypeErrorf("The compression format must be either 'deflate', 'deflate-raw' or 'gzip'.")
}

// CompressionStreamClass is the class CompressionStream.
var CompressionStreamClass = &jsg.Class[compressionStream]{
	Name: "CompressionStream", Parent: TransformStreamClass,
	Upcast: func(s *compressionStream) any { return &s.TransformStream },
	New: func(js *jsg.Scope, a *jsg.Args) (*compressionStream, error) {
		format, err := compressionFormat(a)
		if err != nil {
			return nil, err
		}
		s := &compressionStream{}
		return s, s.setUpChannel(js, a, noOptions, newCompressor(format), -1)
	},
}

// DecompressionStreamClass is the class DecompressionStream.
var DecompressionStreamClass = &jsg.Class[decompressionStream]{
	Name: "DecompressionStream", Parent: TransformStreamClass,
	Upcast: func(s *decompressionStream) any { return &s.TransformStream },
	New: func(js *jsg.Scope, a *jsg.Args) (*decompressionStream, error) {
		format, err := compressionFormat(a)
		if err != nil {
			return nil, err
		}
		d := &decompressor{format: format}
		if io := iocontext.Current(js); io != nil {
			io.OnEnd(d.stop) // an unfinished one would stay as a goroutine
		}
		s := &decompressionStream{}
		return s, s.setUpChannel(js, a, noOptions, d, -1)
	},
}
