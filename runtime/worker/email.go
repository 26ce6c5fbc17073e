package worker

import (
	"cmp"
	"context"
	"net/http"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/email"
	"github.com/miniworker/miniworker/runtime/api/headers"
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Email is a message that came in.
type Email struct {
	From, To string
	Raw      []byte
	Header   http.Header
	// Mailbox gets what the handler decides.
	Mailbox Mailbox
}

// Mailbox carries out what a handler does with a message. Its methods are called
// from any goroutine; an error is the handler's.
type Mailbox interface {
	Reject(reason string)
	// Forward, Reply and ReplyWith give the id of the message that went out.
	Forward(to string, header http.Header) (id string, err error)
	Reply(from, to string, raw []byte) (id string, err error)
	ReplyWith(b *email.Builder) (id string, err error)
}

var emailClass = &jsg.Class[incoming]{Name: "ForwardableEmailMessage"}

// incoming is the argument of email().
type incoming struct {
	jsg.Instance
	*Email
	raw *streams.ReadableStream
	h   *headers.Headers
}

func init() {
	get := func(name string, f func(m *incoming, js *jsg.Scope) jsg.Value) jsg.Member[incoming] {
		return jsg.Getter(name, func(m *incoming, js *jsg.Scope) (jsg.Value, error) { return f(m, js), nil })
	}
	emailClass.Members = jsg.Members[incoming]{
		get("from", func(m *incoming, js *jsg.Scope) jsg.Value { return js.String(m.From) }),
		get("to", func(m *incoming, js *jsg.Scope) jsg.Value { return js.String(m.To) }),
		get("raw", func(m *incoming, js *jsg.Scope) jsg.Value { return m.raw.Wrap(js) }),
		get("rawSize", func(m *incoming, js *jsg.Scope) jsg.Value { return js.Int(int64(len(m.Raw))) }),
		get("headers", func(m *incoming, js *jsg.Scope) jsg.Value { return m.h.Wrap(js) }),
		get("canBeForwarded", func(_ *incoming, js *jsg.Scope) jsg.Value { return js.Bool(true) }),
		jsg.Method("setReject", 1, func(m *incoming, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			reason := a.String(0)
			if err := a.Err(); err != nil {
				return nil, err
			}
			m.Mailbox.Reject(reason)
			return jsg.Undefined, nil
		}),
		jsg.Async("forward", 1, (*incoming).forward),
		jsg.Async("reply", 1, (*incoming).reply),
	}
}

func (m *incoming) forward(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	to := a.String(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	var h http.Header
	if v := a.Value(1); !jsg.IsNullish(v) {
		var err error
		if h, err = headers.FillField(js, v, "ForwardOptions"); err != nil {
			return nil, err
		}
	}
	return sent(js, func() (string, error) { return m.Mailbox.Forward(to, h) }), nil
}

func (m *incoming) reply(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	message, ok := email.From(a.Value(0))
	if !ok {
		b, err := email.ReadBuilder(js, a.Value(0), false)
		if err != nil {
			return nil, err
		}
		return sent(js, func() (string, error) { return m.Mailbox.ReplyWith(b) }), nil
	}
	p := js.NewPromise()
	message.Bytes(js, func(js *jsg.Scope, raw []byte, err error) {
		if err != nil {
			p.Reject(js, err)
			return
		}
		p.Resolve(sent(js, func() (string, error) { return m.Mailbox.Reply(message.From, message.To, raw) }))
	})
	return p.Promise(), nil
}

// sent is the promise of {messageId}.
func sent(js *jsg.Scope, work func() (string, error)) jsg.Value {
	return iocontext.Go(js, func(context.Context) (string, error) { return work() }, func(js *jsg.Scope, id string) (jsg.Value, error) {
		return js.Record("messageId", id), nil
	})
}

// ErrNoEmailHandler says that the worker takes no email.
var ErrNoEmailHandler = jsg.Errorf("Handler does not export a email() function.")

// Email gives a message to the worker's email() and waits until that and its
// waitUntil promises are done. The error is a *ScriptError if the code threw.
func (w *Worker) Email(ctx context.Context, m *Email) error {
	span, start := trace.NewSpan(), w.opts.Clock.Now()
	done := make(chan error, 1)
	_, err := w.Event(ctx, iocontext.Info{}, span, func(js *jsg.Scope, c *iocontext.Context) {
		finish := func(err error) {
			if err != nil && err != error(ErrNoEmailHandler) {
				err = w.scriptError(err)
				w.report(span, err)
			}
			c.OnEnd(func() {
				rec := trace.Record{Kind: trace.Event, Span: span, Worker: w.opts.Name, Time: start, Duration: w.opts.Clock.Now().Sub(start), Name: "email", Target: m.To}
				if err != nil {
					rec.Error = err.Error()
				}
				w.opts.Trace.Emit(rec)
				done <- err
			})
			c.Release()
		}
		v, err := w.callEmail(js, m)
		if err != nil {
			finish(err)
			return
		}
		c.Await(js, v, func(_ *jsg.Scope, _ jsg.Value, err error) { finish(err) })
	})
	if err != nil {
		return err
	}
	failed, err := isolate.Await(ctx, w.iso, done)
	return cmp.Or(err, failed)
}

func (w *Worker) callEmail(js *jsg.Scope, m *Email) (jsg.Value, error) {
	if w.opts.ServiceWorker {
		return nil, ErrNoEmailHandler
	}
	ctx, err := newExecutionContext(js, w, nil)
	if err != nil {
		return nil, err
	}
	target, bound, err := w.entrypoint(js, "default", ctx)
	if err != nil {
		return nil, err
	}
	f, err := js.Get(target, "email")
	if err != nil {
		return nil, err
	}
	if !jsg.IsFunction(f) {
		return nil, ErrNoEmailHandler
	}
	event := emailClass.Wrap(js, &incoming{Email: m, raw: streams.FromBody(js, wire.NewBytesBody(m.Raw)), h: headers.New(m.Header, true)})
	if bound {
		return js.Call(f, target, event)
	}
	return js.Call(f, target, event, w.env, ctx)
}
