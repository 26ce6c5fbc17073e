package streams

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Source makes the chunks of a stream written in Go on the isolate's goroutine.
// For bytes of the host use FromBody.
type Source interface {
	// Pull is called when a chunk is wanted. It calls Enqueue, Close or Error
	// on c, now or before the promise it returns settles.
	Pull(js *jsg.Scope, c *DefaultController) (jsg.Value, error)
	// Cancel is told that no more is wanted.
	Cancel(js *jsg.Scope, reason jsg.Value) (jsg.Value, error)
}

// NewReadable makes a stream of what source gives. Nothing is pulled before
// somebody reads.
func NewReadable(js *jsg.Scope, source Source) *ReadableStream {
	s := &ReadableStream{length: -1}
	setUpDefaultController(js, s, underlyingSource{
		pull: func(js *jsg.Scope, controller jsg.Value) (jsg.Value, error) {
			c, _ := DefaultControllerClass.From(controller)
			return source.Pull(js, c)
		},
		cancel: source.Cancel,
	}, 0, nil)
	return s
}
