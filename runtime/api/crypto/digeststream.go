package crypto

import (
	"hash"
	"hash/crc32"
	"hash/crc64"
	"math/big"
	"strings"

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
		jsg.SymbolMethod(jsg.SymDispose, "", 0, (*DigestStream).dispose),
	},
}

func newDigestStream(js *jsg.Scope, a *jsg.Args) (*DigestStream, error) {
	p := algorithmArg(a, 0, "HashAlgorithm")
	if a.Err() != nil {
		return nil, a.Err()
	}
	h := checksum(p.name)
	if h == nil {
		name, err := hashNamed(p.name)
		if err != nil {
			return nil, err
		}
		h = digests[name].New()
	}
	d := &DigestStream{hash: h, digest: js.NewPromise()}
	js.MarkHandled(d.digest.Promise()) // many never look at it
	d.WritableStream = streams.NewWritableFuncs(js, streams.SinkFuncs{
		Write: d.write,
		Close: func(js *jsg.Scope) { d.digest.Resolve(js.NewArrayBuffer(d.hash.Sum(nil))) },
		Abort: func(_ *jsg.Scope, reason jsg.Value) { d.digest.RejectValue(reason) },
	})
	return d, nil
}

// checksum is one of those that only streams compute, nil for another name.
func checksum(name string) hash.Hash {
	switch strings.ToUpper(name) {
	case "CRC32":
		return crc32.NewIEEE()
	case "CRC32C":
		return crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case "CRC64NVME":
		const reversed = 0x9A6C9329AC4BC9B5
		return crc64.New(crc64.MakeTable(reversed))
	}
	return nil
}

// dispose ends the stream without a digest.
func (d *DigestStream) dispose(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
	why := js.ErrorValue(jsg.TypeErrorf("The DigestStream was disposed."))
	d.digest.RejectValue(why)
	d.Fail(js, why)
	return jsg.Undefined, nil
}

func (d *DigestStream) write(_ *jsg.Scope, chunk jsg.Value) error {
	data, ok := jsg.Bytes(chunk)
	switch {
	case ok:
	case jsg.IsString(chunk):
		data = jsg.WTF8(chunk)
	default: // the digest stays pending, as in workerd
		return jsg.TypeErrorf("DigestStream is a byte stream but received an object of non-ArrayBuffer/ArrayBufferView/string type on its writable side.")
	}
	d.written += int64(len(data))
	d.hash.Write(data)
	return nil
}
