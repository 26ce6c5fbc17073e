package streams_test

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestJS(t *testing.T) {
	testworker.RunDir(t, "testdata", installEvents, streams.Install, installHelpers)
}

func installEvents(js *jsg.Scope) {
	for _, c := range append(events.Globals(), jsg.DOMExceptionClass()) {
		js.DefineHidden(js.Global(), c.ClassName(), c.Constructor(js))
	}
}

// recorder is a Sink that remembers what it got.
type recorder struct {
	mu  sync.Mutex
	buf bytes.Buffer
	end string
	err error
}

func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return 0, r.err
	}
	return r.buf.Write(p)
}

func (r *recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.end = "closed"
	return nil
}

func (r *recorder) Abort(reason error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.end = reason.Error()
}

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.String() + "|" + r.end
}

// endless is a body without an end, which Close ends.
type endless struct {
	once sync.Once
	done chan struct{}
}

func newEndless() *endless { return &endless{done: make(chan struct{})} }

func (e *endless) Len() int64 { return -1 }

func (e *endless) Read(p []byte) (int, error) {
	select {
	case <-e.done:
		return 0, io.ErrClosedPipe
	default:
		return len(p), nil
	}
}

func (e *endless) Close() error { e.once.Do(func() { close(e.done) }); return nil }

// installHelpers gives tests what the fetch package gives workers: streams over
// host bodies, and ways to consume a stream from the host.
func installHelpers(js *jsg.Scope) {
	define := func(name string, f func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error)) {
		js.DefineHidden(js.Global(), name, js.Func(name, 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) { return f(js, a) }))
	}
	stream := func(name string, make func(a *jsg.Args) wire.Body) {
		define(name, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return streams.FromBody(js, make(a)).Wrap(js), a.Err()
		})
	}
	stream("body", func(a *jsg.Args) wire.Body { return wire.NewBytesBody([]byte(a.String(0))) })
	stream("rawBody", func(a *jsg.Args) wire.Body { return wire.NewBytesBody(bytes.Clone(a.BufferSource(0))) })
	stream("slowBody", func(a *jsg.Args) wire.Body {
		s := a.String(0)
		return wire.NewBody(io.NopCloser(strings.NewReader(s)), int64(len(s)))
	})
	stream("failingBody", func(a *jsg.Args) wire.Body {
		return wire.NewBody(io.NopCloser(iotest.ErrReader(jsg.Errorf("%s", a.String(0)))), -1)
	})
	stream("endlessBody", func(a *jsg.Args) wire.Body { return newEndless() })
	last := &recorder{}
	sink := func(name string, make func(a *jsg.Args) *recorder) {
		define(name, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			last = make(a)
			return streams.NewWritable(js, last).Wrap(js), a.Err()
		})
	}
	sink("hostSink", func(a *jsg.Args) *recorder { return &recorder{} })
	sink("failingSink", func(a *jsg.Args) *recorder { return &recorder{err: jsg.Errorf("%s", a.String(0))} })
	define("sunk", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return js.String(last.String()), nil })
	define("text", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		s := streams.ReadableStreamClass.Arg(a, 0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		r := js.NewPromise()
		s.ReadAll(js, func(js *jsg.Scope, data []byte, err error) {
			if err != nil {
				r.Reject(js, err)
				return
			}
			r.Resolve(js.String(string(data)))
		})
		return r.Promise(), nil
	})
}
