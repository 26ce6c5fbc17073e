package streams_test

import (
	"io"
	"strings"
	"testing"

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

// installHelpers gives tests what the fetch package gives workers: streams over
// host bodies, and ways to consume a stream from the host.
func installHelpers(js *jsg.Scope) {
	define := func(name string, f func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error)) {
		js.DefineHidden(js.Global(), name, js.Func(name, 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) { return f(js, a) }))
	}
	define("body", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return streams.FromBody(js, wire.NewBytesBody([]byte(a.String(0)))).Wrap(js), a.Err()
	})
	define("slowBody", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		s := a.String(0)
		return streams.FromBody(js, wire.NewBody(io.NopCloser(strings.NewReader(s)), int64(len(s)))).Wrap(js), a.Err()
	})
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
