// Package streams is the Streams standard as Workers have it: readable,
// writable and transform streams, readers and writers, queuing strategies, and
// the byte transforms (identity, fixed length, compression, text).
//
// Streams whose bytes come from the host (request and response bodies,
// sockets, stored objects) are host streams: their bytes are read by Go, enter
// JavaScript only where a script reads them, and pass through pipes and
// byte transforms without entering it at all. As on the platform they take one
// read at a time. Not emulated: transferring streams between realms, and BYOB
// buffers travelling through tee().
//
// Where the truth is: https://streams.spec.whatwg.org/,
// https://compression.spec.whatwg.org/,
// https://developers.cloudflare.com/workers/runtime-apis/streams/, and error
// texts as observed on workerd.
package streams

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Globals are the classes of this package.
func Globals() []jsg.AnyClass {
	return []jsg.AnyClass{
		ReadableStreamClass, DefaultReaderClass, BYOBReaderClass, DefaultControllerClass, ByteControllerClass, BYOBRequestClass,
		WritableStreamClass, WriterClass, WritableControllerClass,
		TransformStreamClass, TransformControllerClass, IdentityTransformStreamClass, FixedLengthStreamClass,
		CompressionStreamClass, DecompressionStreamClass, TextEncoderStreamClass, TextDecoderStreamClass,
		ByteLengthQueuingStrategyClass, CountQueuingStrategyClass,
	}
}

// Install defines the globals alone, for realms smaller than a worker's.
func Install(js *jsg.Scope) {
	for _, c := range Globals() {
		js.DefineLazy(js.Global(), c.ClassName(), false, func(js *jsg.Scope) jsg.Value { return c.Constructor(js) })
	}
}
