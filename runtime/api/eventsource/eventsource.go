// Package eventsource is EventSource: the client of server-sent events, from a
// URL or from a stream a worker has already.
//
// A connection that ends is made anew after the time the server asked for,
// between one and ten seconds; one that fails is not. A stream is not read again
// when it has ended.
//
// Where the truth is:
// https://html.spec.whatwg.org/multipage/server-sent-events.html,
// https://developers.cloudflare.com/workers/runtime-apis/eventsource/, and what
// workerd was observed to do.
package eventsource

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/api/url"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// States of an EventSource.
const (
	connecting = iota
	open
	closed
)

// How long to wait before connecting again.
const (
	defaultRetry = 2 * time.Second
	minRetry     = time.Second
	maxRetry     = 10 * time.Second
)

// EventSource is an EventSource.
type EventSource struct {
	events.Target
	io       *iocontext.Context
	href     string // "" for one made of a stream
	origin   jsg.Value
	fetcher  *fetch.Fetcher // nil for the global fetch
	state    int
	parser   parser
	body     wire.Body
	op       *iocontext.Op // what it waits for
	handlers map[string]jsg.Value
}

var class = &jsg.Class[EventSource]{
	Name: "EventSource", Parent: events.TargetClass(), Upcast: func(s *EventSource) any { return &s.Target },
	New: construct,
}

func init() {
	members := jsg.Members[EventSource]{
		jsg.Static[EventSource]("from", 1, from),
		jsg.Getter("url", func(s *EventSource, js *jsg.Scope) (jsg.Value, error) { return js.String(s.href), nil }),
		jsg.Getter("withCredentials", func(s *EventSource, js *jsg.Scope) (jsg.Value, error) { return js.Bool(false), nil }),
		jsg.Getter("readyState", func(s *EventSource, js *jsg.Scope) (jsg.Value, error) { return js.Int(int64(s.state)), nil }),
		jsg.Const[EventSource]("CONNECTING", connecting),
		jsg.Const[EventSource]("OPEN", open),
		jsg.Const[EventSource]("CLOSED", closed),
		jsg.Method("close", 0, (*EventSource).close),
		jsg.SymbolMethod(jsg.SymDispose, "", 0, (*EventSource).close),
	}
	for _, name := range []string{"onopen", "onmessage", "onerror"} {
		members = append(members, jsg.Accessor(name, func(s *EventSource, js *jsg.Scope) (jsg.Value, error) {
			if f, ok := s.handlers[name]; ok {
				return f, nil
			}
			return jsg.Null, nil
		}, func(s *EventSource, js *jsg.Scope, v jsg.Value) error {
			delete(s.handlers, name)
			if jsg.IsFunction(v) {
				if s.handlers == nil {
					s.handlers = map[string]jsg.Value{}
				}
				s.handlers[name] = v
			}
			return nil
		}))
	}
	class.Members = members
}

// Globals are the classes of this package.
func Globals() []jsg.AnyClass { return []jsg.AnyClass{class} }

func construct(js *jsg.Scope, a *jsg.Args) (*EventSource, error) {
	if a.Len() == 0 {
		a.Mismatch(0, "string")
	}
	text := a.String(0)
	init := a.DictNamed(1, "EventSourceInit")
	credentials := init.Bool("withCredentials", false)
	target := init.Value("fetcher")
	if err := a.Err(); err != nil {
		return nil, err
	}
	s := &EventSource{}
	if !jsg.IsUndefined(target) {
		var ok bool
		if s.fetcher, ok = fetch.FetcherClass().From(target); !ok {
			return nil, jsg.TypeErrorf("Incorrect type for the 'fetcher' field on 'EventSourceInit': the provided value is not of type 'Fetcher'.")
		}
	}
	u, err := url.Parse(text, "")
	if err != nil {
		return nil, jsg.DOMErrorf("SyntaxError", "Cannot open an EventSource to '%s'. The URL is invalid.", text)
	}
	if credentials {
		return nil, jsg.DOMErrorf("NotSupportedError", "The init.withCredentials option is not supported. It must be false or undefined.")
	}
	if s.io, err = event(js); err != nil {
		return nil, err
	}
	s.href, s.origin = u.Href(), js.String(u.Origin())
	s.connect(js)
	return s, nil
}

// event is the one that runs now.
func event(js *jsg.Scope) (*iocontext.Context, error) {
	if c := iocontext.Current(js); c != nil {
		return c, nil
	}
	return nil, jsg.DOMErrorf("NotSupportedError", "An EventSource can only be created within the context of a worker request.")
}

func from(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	stream, ok := streams.ReadableStreamClass.From(a.Value(0))
	switch {
	case !ok:
		return nil, jsg.TypeErrorf("Failed to execute 'from' on 'EventSource': parameter 1 is not of type 'JsReadableStream'.")
	case stream.Locked():
		return nil, jsg.TypeErrorf("This ReadableStream is locked.")
	case stream.Disturbed():
		return nil, jsg.TypeErrorf("This ReadableStream has already been read from.")
	}
	c, err := event(js)
	if err != nil {
		return nil, err
	}
	s := &EventSource{io: c, state: open}
	if s.body, err = stream.TakeBody(js); err != nil {
		s.body = failedBody{err}
	}
	o := class.Wrap(js, s)
	s.run(js)
	return o, nil
}

// failedBody is a stream that had failed before.
type failedBody struct{ err error }

func (b failedBody) Read([]byte) (int, error) { return 0, b.err }
func (b failedBody) Close() error             { return nil }
func (b failedBody) Len() int64               { return -1 }

func (s *EventSource) close(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	s.end(closed)
	return jsg.Undefined, nil
}

// end stops what is under way.
func (s *EventSource) end(state int) {
	s.state = state
	if s.op != nil {
		s.op.Drop()
		s.op = nil
	}
	if s.body != nil {
		s.body.Close()
		s.body = nil
	}
}

// connect asks the server.
func (s *EventSource) connect(js *jsg.Scope) {
	h := http.Header{"Accept": {"text/event-stream"}, "Cache-Control": {"no-cache"}}
	if s.parser.lastID != "" {
		h["Last-Event-Id"] = []string{s.parser.lastID}
	}
	js.Then(fetch.Get(js, s.href, h, s.fetcher), func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
		if r, ok := fetch.ResponseOf(v); ok && s.state == connecting {
			s.answered(js, r)
		}
		return jsg.Undefined, nil
	}, func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
		if s.state == connecting {
			s.fail(js, closed, reason)
		}
		return jsg.Undefined, nil
	})
}

// answered begins to read an answer that is an event stream.
func (s *EventSource) answered(js *jsg.Scope, r *fetch.Response) {
	var err error
	typ := r.ContentType()
	switch essence, _, _ := strings.Cut(typ, ";"); {
	case !r.OK():
		err = jsg.DOMErrorf("AbortError", "The response status code was %d.", r.Status())
	case typ == "":
		err = jsg.DOMErrorf("AbortError", "No content type header was present in the response.")
	case !strings.EqualFold(strings.TrimSpace(essence), "text/event-stream"):
		err = jsg.DOMErrorf("AbortError", "The content type '%s' is invalid.", typ)
	default:
		s.body, err = r.Take(js)
	}
	if err != nil {
		s.fail(js, closed, js.ErrorValue(err))
		return
	}
	if s.body == nil {
		s.body = wire.NewBytesBody(nil)
	}
	s.state = open
	s.Dispatch(js, events.NewOpenEvent(js))
	s.run(js)
}

// run reads the body.
func (s *EventSource) run(js *jsg.Scope) {
	s.parser = parser{lastID: s.parser.lastID, retry: s.parser.retry}
	body := s.body
	s.io.OnEnd(func() { body.Close() })
	s.read(js)
}

func (s *EventSource) read(js *jsg.Scope) {
	if s.state != open {
		return
	}
	body := s.body
	op := s.io.Begin(js)
	s.op = op
	go func() {
		buf := make([]byte, 16<<10)
		n, err := body.Read(buf)
		op.Finish(func(js *jsg.Scope) { s.got(js, buf[:n], err) })
	}()
}

// got takes a piece of the stream.
func (s *EventSource) got(js *jsg.Scope, b []byte, err error) {
	s.parser.emit = func(m message) {
		if s.state == open {
			s.Dispatch(js, events.NewMessage(js, m.typ, js.String(m.data), s.origin, m.id))
		}
	}
	s.parser.feed(b)
	switch {
	case s.state != open:
	case err == nil:
		s.read(js)
	case errors.Is(err, io.EOF):
		s.lost(js, jsg.Errorf("The server disconnected."))
	default:
		s.lost(js, err)
	}
}

// lost ends a connection; one to a server is made anew.
func (s *EventSource) lost(js *jsg.Scope, err error) {
	reason := js.ErrorValue(err)
	if s.href == "" {
		s.fail(js, closed, reason)
		return
	}
	s.fail(js, connecting, reason)
	if s.state != connecting { // a listener closed it
		return
	}
	wait := s.parser.retry
	if wait == 0 {
		wait = defaultRetry
	}
	s.op = s.io.AfterFunc(js, min(max(wait, minRetry), maxRetry), func(js *jsg.Scope) {
		s.op = nil
		s.connect(js)
	})
}

func (s *EventSource) fail(js *jsg.Scope, state int, reason jsg.Value) {
	s.end(state)
	s.Dispatch(js, events.NewFailure(js, reason))
}
