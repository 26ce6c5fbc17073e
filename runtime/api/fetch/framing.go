package fetch

import (
	"strconv"
	"sync/atomic"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// frameBody gives a request the header that says how long its body is. The
// network makes its own; a worker reads this one.
func frameBody(w *wire.Request) {
	switch {
	case w.Body == nil:
	case w.Body.Len() < 0:
		if len(w.Header["Transfer-Encoding"]) == 0 {
			w.Header["Transfer-Encoding"] = []string{"chunked"}
		}
	case len(w.Header["Content-Length"]) == 0 && len(w.Header["Transfer-Encoding"]) == 0:
		w.Header["Content-Length"] = []string{strconv.FormatInt(w.Body.Len(), 10)}
	}
}

// abortableBody is the body of a response whose request has a signal.
type abortableBody struct {
	wire.Body
	aborted atomic.Pointer[error]
}

// abort makes reading fail with the reason, as an error.
func (b *abortableBody) abort(reason jsg.Value) {
	d := jsg.Describe(reason)
	e := &jsg.Error{Name: d.Name, Message: d.Message, DOM: d.DOM}
	err := error(e)
	b.aborted.Store(&err)
}

// Read implements io.Reader.
func (b *abortableBody) Read(p []byte) (int, error) {
	if err := b.aborted.Load(); err != nil {
		return 0, *err
	}
	n, err := b.Body.Read(p)
	if aborted := b.aborted.Load(); aborted != nil {
		return 0, *aborted
	}
	return n, err
}

// Cancel implements wire.Canceler.
func (b *abortableBody) Cancel(reason error) {
	if c, ok := b.Body.(wire.Canceler); ok {
		c.Cancel(reason)
	}
}
