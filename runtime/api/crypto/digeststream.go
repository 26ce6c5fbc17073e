package crypto

import (
	"hash"
	"math/big"

	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// DigestStream is crypto.DigestStream: a writable stream that ends in a digest.
type DigestStream struct {
	*streams.WritableStream
	hash    hash.Hash
	written int64
	digest  *jsg.Resolver
}

// DigestStreamClass is not a global: it is reached through crypto.
var DigestStreamClass = &jsg.Class[DigestStream]{
	Name:   "DigestStream",
	Parent: streams.WritableStreamClass,
	Upcast: func(d *DigestStream) any { return d.WritableStream },
	New:    newDigestStream,
	Members: jsg.Members[DigestStream]{
		jsg.Getter("digest", func(d *DigestStream, js *jsg.Scope) (jsg.Value, error) { return d.digest.Promise(), nil }),
		jsg.Getter("bytesWritten", func(d *DigestStream, js *jsg.Scope) (jsg.Value, error) {
			return js.BigInt(big.NewInt(d.written)), nil
		}),
	},
}

func newDigestStream(js *jsg.Scope, a *jsg.Args) (*DigestStream, error) {
	p := algorithmArg(a, 0, "HashAlgorithm")
	if a.Err() != nil {
		return nil, a.Err()
	}
	name, err := hashNamed(p.name)
	if err != nil {
		return nil, err
	}
	d := &DigestStream{hash: digests[name].New(), digest: js.NewPromise()}
	js.MarkHandled(d.digest.Promise()) // many never look at it
	o, err := js.Construct(streams.WritableStreamClass.Constructor(js), js.Record(
		"write", js.Func("write", 1, d.write),
		"close", js.Func("close", 0, func(js *jsg.Scope, _ jsg.Value, _ *jsg.Args) (jsg.Value, error) {
			d.digest.Resolve(js.NewArrayBuffer(d.hash.Sum(nil)))
			return jsg.Undefined, nil
		}),
		"abort", js.Func("abort", 1, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
			d.digest.RejectValue(a.Value(0))
			return jsg.Undefined, nil
		}),
	))
	if err != nil {
		return nil, err
	}
	d.WritableStream, _ = streams.WritableStreamClass.From(o)
	return d, nil
}

func (d *DigestStream) write(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
	data, ok := jsg.Bytes(a.Value(0))
	if !ok && jsg.IsString(a.Value(0)) {
		data, ok = []byte(a.String(0)), true
	}
	if !ok {
		err := jsg.TypeErrorf("DigestStream is a byte stream but received an object of non-ArrayBuffer/ArrayBufferView/string type on its writable side.")
		d.digest.Reject(js, err)
		return nil, err
	}
	d.written += int64(len(data))
	d.hash.Write(data)
	return jsg.Undefined, nil
}
