package streams

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// turns posts work to the event a stream belongs to, from any goroutine.
type turns struct {
	iso   *isolate.Isolate
	io    *iocontext.Context // nil at global scope
	frame *iocontext.Frame
}

func currentTurns(js *jsg.Scope) turns {
	return turns{iso: isolate.Of(js), io: iocontext.Current(js), frame: iocontext.CurrentFrame(js)}
}

func (t turns) post(f func(js *jsg.Scope)) bool {
	if t.io != nil {
		return t.io.Post(t.frame, f)
	}
	return t.iso.Post(t.frame, f)
}

// ended is closed when the event is over.
func (t turns) ended() <-chan struct{} {
	if t.io != nil {
		return t.io.Context().Done()
	}
	return nil
}

func errLost() error {
	return &jsg.Error{Name: "Error", Message: "Network connection lost.", Cause: isolate.ErrDisposed}
}

// wait receives from ch unless the event or the isolate ends before. After stop
// nothing is received: what comes then, such as an end, is the effect of it.
func wait[T any](t turns, ch <-chan T, stop <-chan struct{}) (v T, err error) {
	select {
	case v = <-ch:
		select {
		case <-stop:
			return v, io.ErrClosedPipe
		default:
			return v, nil
		}
	case <-stop:
		return v, io.ErrClosedPipe
	case <-t.ended():
		if err = context.Cause(t.io.Context()); errors.Is(err, isolate.ErrDisposed) {
			err = errLost()
		}
	case <-t.iso.Done():
		err = errLost()
	}
	// The turn that sends the last value is often the one that ends the event.
	select {
	case v = <-ch:
		return v, nil
	default:
		return v, err
	}
}

// pump is the Body of a stream made in JavaScript.
type pump struct {
	turns
	reader  *DefaultReader
	length  int64
	results chan pumped
	closed  chan struct{}
	once    sync.Once
	// held is touched on the isolate's goroutine only.
	held bool

	mu   sync.Mutex // one Read at a time
	rest []byte
	err  error
}

type pumped struct {
	data []byte
	err  error
}

func newPump(js *jsg.Scope, r *DefaultReader, length int64) *pump {
	p := &pump{turns: currentTurns(js), reader: r, length: length, results: make(chan pumped, 1), closed: make(chan struct{})}
	if p.io != nil {
		p.io.Hold()
		p.held = true
	}
	return p
}

// Len implements wire.Body.
func (p *pump) Len() int64 { return p.length }

// Read implements io.Reader.
func (p *pump) Read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.rest) == 0 && p.err == nil {
		p.rest, p.err = p.next()
	}
	if len(p.rest) > 0 {
		n := copy(b, p.rest)
		p.rest = p.rest[n:]
		return n, nil
	}
	return 0, p.err
}

func (p *pump) next() ([]byte, error) {
	select {
	case <-p.closed:
		return nil, io.ErrClosedPipe
	default:
	}
	if !p.post(func(js *jsg.Scope) { p.reader.read(js, p) }) {
		return nil, errLost()
	}
	r, err := wait(p.turns, p.results, p.closed)
	if err != nil {
		return nil, err
	}
	return r.data, r.err
}

// chunk implements readRequest. Text goes out as UTF-8, which text() and its like
// refuse. Empty chunks are skipped: a Read of no bytes would make readers spin.
func (p *pump) chunk(js *jsg.Scope, v jsg.Value) {
	b, ok := jsg.Bytes(v)
	if jsg.IsString(v) {
		b, ok = []byte(v.String()), true
	}
	if !ok {
		err := errNotBytes()
		js.MarkHandled(p.reader.stream.cancel(js, js.ErrorValue(err)))
		p.end(err)
		return
	}
	if len(b) == 0 {
		upon(js, jsg.Undefined, func(js *jsg.Scope, _ jsg.Value) { p.reader.read(js, p) }, nil)
		return
	}
	p.send(pumped{data: append([]byte(nil), b...)})
}

// send never blocks: a result without a Read waiting for it is dropped.
func (p *pump) send(r pumped) {
	select {
	case p.results <- r:
	default:
	}
}

func (p *pump) done(js *jsg.Scope)                   { p.end(io.EOF) }
func (p *pump) fail(js *jsg.Scope, reason jsg.Value) { p.end(goError(reason)) }

func (p *pump) end(err error) {
	p.send(pumped{err: err})
	p.release()
}

func (p *pump) release() {
	if p.held {
		p.held = false
		p.io.Release()
	}
}

// Close cancels the stream.
func (p *pump) Close() error {
	p.Cancel(jsg.Errorf("The stream was cancelled."))
	return nil
}

// Cancel implements wire.Canceler.
func (p *pump) Cancel(reason error) {
	p.once.Do(func() {
		close(p.closed)
		p.post(func(js *jsg.Scope) {
			if s := p.reader.stream; s != nil && s.state == readable {
				js.MarkHandled(s.cancel(js, js.ErrorValue(reason)))
			}
			p.release()
		})
	})
}
