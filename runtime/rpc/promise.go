package rpc

import (
	"context"
	"sync"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Promise is the Go side of an RpcPromise: a call under way, and the way to use
// its result before it is there.
type Promise struct {
	event     *iocontext.Context
	answer    *Answer
	label     string
	pipeline  *handle // closes answer; once the result is there
	pipelined bool    // something was sent to answer
	disposed  bool

	// The outcome is read when somebody asks for it.
	arrived  bool
	message  clone.Message
	unread   *handle // of message
	err      error
	resolver *jsg.Resolver
}

var promiseClass = &jsg.Class[Promise]{Name: "JsRpcPromise"}

func init() {
	promiseClass.Call, promiseClass.Wildcard = (*Promise).call, (*Promise).property
	promiseClass.Members = append(thenable((*Promise).promise),
		jsg.SymbolMethod(jsg.SymDispose, "", 0, func(p *Promise, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			p.dispose()
			return jsg.Undefined, nil
		}))
}

func (p *Promise) call(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	return call(js, p, nil, a), nil
}

func (p *Promise) property(js *jsg.Scope, name string) (jsg.Value, error) {
	return Property(js, p, name), nil
}

// thenable are the methods of a class that stands for a promise.
func thenable[T any](promise func(t *T, js *jsg.Scope) jsg.Value) jsg.Members[T] {
	method := func(name string) jsg.Member[T] {
		return jsg.Method(name, 0, func(t *T, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			p, _ := jsg.IsObject(promise(t, js))
			return js.Invoke(p, name, a.Rest(0)...)
		})
	}
	return jsg.Members[T]{method("then"), method("catch"), method("finally")}
}

// call starts a call with the arguments of a. What goes wrong is a rejection.
func call(js *jsg.Scope, src Source, path []string, a *jsg.Args) jsg.Value {
	p, err := start(js, src, path, true, a.Rest(0))
	if err != nil {
		p = &Promise{event: iocontext.Current(js), arrived: true, err: err, answer: &Answer{state: answerFailed, err: err}, label: src.Label()}
		p.warn(js)
	}
	return promiseClass.Wrap(js, p)
}

// start sends an operation.
func start(js *jsg.Scope, src Source, path []string, isCall bool, args []jsg.Value) (*Promise, error) {
	io, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	callee, err := src.Callee(js)
	if err != nil {
		return nil, err
	}
	m, err := writeArgs(js, io, args)
	if err != nil {
		return nil, err
	}
	p := &Promise{event: io, answer: &Answer{}, label: label(src, path, isCall)}
	ctx, errand := isolate.Of(js).Errand(context.WithoutCancel(io.Context()))
	op := &Op{Path: path, Call: isCall, Ctx: ctx, errand: errand, Info: io.Info, args: m, answer: p.answer}
	if isQuiet(src) {
		op.Span = iocontext.CurrentFrame(js).Span
		op.deliver = p.await(js, op, func(error) {})
	} else {
		op.Span = trace.NewSpan()
		op.deliver = p.await(js, op, p.reporter(js, op.Span))
	}
	io.Output(func() { callee.Send(op) })
	return p, nil
}

// await begins to wait for the outcome and gives the function to call with it,
// once and from any goroutine.
func (p *Promise) await(js *jsg.Scope, op *Op, report func(err error)) func(clone.Message, error) {
	iso := isolate.Of(js)
	pending := p.event.Begin(js)
	op.pending = pending
	in := &inbox{}
	pending.OnLost(in.close)
	return func(m clone.Message, err error) {
		report(err)
		stop := func() bool { return true }
		if in.put(m); len(m.Caps) > 0 {
			stop = context.AfterFunc(iso.Context(), in.close)
		}
		pending.Finish(func(js *jsg.Scope) {
			stop()
			p.arrive(js, in.take(), err)
		})
	}
}

// arrive notes the outcome, in a turn of the caller.
func (p *Promise) arrive(js *jsg.Scope, m clone.Message, err error) {
	p.arrived, p.err = true, err
	if len(m.Caps) == 0 {
		_ = p.answer.Close() // there is nothing to call on the result
	} else if p.disposed {
		_ = p.answer.Close()
		if p.resolver == nil {
			m.Discard()
			m = clone.Message{}
		}
	} else {
		p.pipeline = own(js, p.event, p.answer)
		collect(p, p.pipeline)
	}
	p.message = m
	switch {
	case p.resolver != nil:
		p.settle(js)
	case err != nil:
		p.warn(js)
	case len(m.Caps) > 0:
		p.unread = own(js, p.event, closer(m.Discard))
		collect(p, p.unread)
	}
}

type closer func()

// Close implements io.Closer.
func (c closer) Close() error { c(); return nil }

// warn makes a failure that nobody looks at an unhandled rejection, unless
// something was called on the promise: that fails too.
func (p *Promise) warn(js *jsg.Scope) {
	if !p.pipelined {
		p.promise(js)
	}
}

// promise is a promise of the result.
func (p *Promise) promise(js *jsg.Scope) jsg.Value {
	if p.resolver == nil {
		p.resolver = js.NewPromise()
		if p.arrived {
			p.settle(js)
		}
	}
	return p.resolver.Promise()
}

func (p *Promise) settle(js *jsg.Scope) {
	if p.err != nil {
		p.resolver.RejectValue(errorValue(js, p.err))
		return
	}
	m := p.message
	p.message = clone.Message{}
	if p.unread != nil && !p.unread.take() {
		p.resolver.Reject(js, errDisposed("promise"))
		return
	}
	v, err := readResult(js, m, p.pipeline)
	if err != nil {
		p.resolver.Reject(js, err)
		return
	}
	p.resolver.Resolve(v)
}

func (p *Promise) dispose() {
	p.disposed = true
	if p.pipeline != nil {
		p.pipeline.Close()
	}
	if p.unread != nil {
		p.unread.Close()
	}
}

// Callee implements Source.
func (p *Promise) Callee(js *jsg.Scope) (Callee, error) {
	if p.disposed {
		return nil, errDisposed("promise")
	}
	if err := checkEvent(js, p.event); err != nil {
		return nil, err
	}
	p.pipelined = true
	return p.answer, nil
}

// Label implements Source.
func (p *Promise) Label() string { return p.label }

// inbox holds a message that is on its way to a turn, and discards it if that
// turn never comes.
type inbox struct {
	mu     sync.Mutex
	m      clone.Message
	closed bool
}

func (in *inbox) put(m clone.Message) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		m.Discard()
		return
	}
	in.m = m
}

func (in *inbox) take() clone.Message {
	in.mu.Lock()
	defer in.mu.Unlock()
	m := in.m
	in.m = clone.Message{}
	return m
}

func (in *inbox) close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.closed = true
	in.m.Discard()
	in.m = clone.Message{}
}

// reporter begins to note how long the call takes.
func (p *Promise) reporter(js *jsg.Scope, span trace.Span) func(err error) {
	iso, parent := isolate.Of(js), iocontext.CurrentFrame(js).Span
	started := iso.Clock().Now()
	return func(err error) {
		report(iso, trace.Record{Kind: trace.Subrequest, Span: span, Parent: parent, Name: p.label, Target: target(p.label), Time: started}, err)
	}
}

// report says once what was done.
func report(iso *isolate.Isolate, rec trace.Record, err error) {
	if !iso.Trace().Active() {
		return
	}
	rec.Worker = iso.Name()
	rec.Duration = iso.Clock().Now().Sub(rec.Time)
	if err != nil {
		rec.Error = err.Error()
	}
	iso.Trace().Emit(rec)
}
