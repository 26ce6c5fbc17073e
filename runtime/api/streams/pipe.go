package streams

import (
	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// PipeOptions are the options of pipeTo.
type PipeOptions struct {
	PreventClose, PreventAbort, PreventCancel bool
	Signal                                    *events.Signal
}

func readPipeOptions(js *jsg.Scope, a *jsg.Args) (o PipeOptions, err error) {
	d, err := dictionary(a, 1, "PipeToOptions")
	if err != nil {
		return o, err
	}
	if o.PreventAbort, err = d.bool(js, "preventAbort"); err != nil {
		return o, err
	}
	if o.PreventCancel, err = d.bool(js, "preventCancel"); err != nil {
		return o, err
	}
	if o.PreventClose, err = d.bool(js, "preventClose"); err != nil {
		return o, err
	}
	signal, err := d.get(js, "signal")
	if err != nil || jsg.IsUndefined(signal) {
		return o, err
	}
	s, ok := events.SignalOf(signal)
	if !ok {
		return o, jsg.TypeErrorf("Incorrect type for the 'signal' field on 'PipeToOptions': the provided value is not of type 'AbortSignal'.")
	}
	o.Signal = s
	return o, nil
}

func (s *ReadableStream) jsPipeTo(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	dst, ok := WritableStreamClass.From(a.Value(0))
	if !ok {
		return nil, jsg.TypeErrorf("Failed to execute 'pipeTo' on 'ReadableStream': parameter 1 is not of type 'WritableStream'.")
	}
	o, err := readPipeOptions(js, a)
	if err != nil {
		return nil, err
	}
	return s.PipeTo(js, dst, o)
}

func (s *ReadableStream) pipeThrough(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	d, err := dictionary(a, 0, "Transform")
	if d.o == nil {
		a.Mismatch(0, "Transform")
		err = a.Err()
	}
	if err != nil {
		return nil, err
	}
	rv, err := d.get(js, "readable")
	if err != nil {
		return nil, err
	}
	if _, ok := From(rv); !ok {
		return nil, jsg.TypeErrorf("Incorrect type for the 'readable' field on 'Transform': the provided value is not of type 'ReadableStream'.")
	}
	wv, err := d.get(js, "writable")
	if err != nil {
		return nil, err
	}
	dst, ok := WritableStreamClass.From(wv)
	if !ok {
		return nil, jsg.TypeErrorf("Incorrect type for the 'writable' field on 'Transform': the provided value is not of type 'WritableStream'.")
	}
	o, err := readPipeOptions(js, a)
	if err != nil {
		return nil, err
	}
	p, err := s.PipeTo(js, dst, o)
	if err != nil {
		return nil, err
	}
	js.MarkHandled(p)
	return rv, nil
}

// PipeTo is ReadableStreamPipeTo: it locks both streams and returns a promise.
// Between two host streams the bytes never enter JavaScript.
func (s *ReadableStream) PipeTo(js *jsg.Scope, dst *WritableStream, o PipeOptions) (jsg.Value, error) {
	if s.Locked() {
		return nil, lockedError()
	}
	if dst.Locked() {
		return nil, jsg.TypeErrorf("This WritableStream is currently locked to a writer")
	}
	s.disturbed = true
	if p := s.pipeHost(js, dst, o); p != nil {
		return p, nil
	}
	r, err := acquireDefaultReader(js, s)
	if err != nil {
		return nil, err
	}
	w, err := acquireWriter(js, dst)
	if err != nil {
		return nil, err
	}
	p := &piping{src: s, dst: dst, reader: r, writer: w, o: o, result: js.NewPromise(), last: js.Resolved(jsg.Undefined)}
	p.start(js)
	return p.result.Promise(), nil
}

// piping is one pipe that moves chunks on the loop.
type piping struct {
	src    *ReadableStream
	dst    *WritableStream
	reader *DefaultReader
	writer *Writer
	o      PipeOptions
	result *jsg.Resolver
	last   jsg.Value // settles with the newest write; never rejects
	over   bool      // shutting down
	unhook func()
}

func (p *piping) start(js *jsg.Scope) {
	if s := p.o.Signal; s != nil {
		p.unhook = s.OnAbort(js, p.abort)
		if p.over {
			return
		}
	}
	p.watchSource(js)
	p.watchDest(js)
	if !p.over && p.src.state == readable {
		p.step(js)
	}
}

// watchSource reacts to the end of the source, now or later.
func (p *piping) watchSource(js *jsg.Scope) {
	failed := func(js *jsg.Scope, reason jsg.Value) {
		if p.o.PreventAbort {
			p.shutdown(js, nil, reason)
			return
		}
		p.shutdown(js, func() jsg.Value { return p.dst.abort(js, reason) }, reason)
	}
	ended := func(js *jsg.Scope, _ jsg.Value) {
		if p.o.PreventClose {
			p.shutdown(js, nil, nil)
			return
		}
		p.shutdown(js, func() jsg.Value { return p.closeDest(js) }, nil)
	}
	switch p.src.state {
	case errored:
		failed(js, p.src.stored)
	case closed:
		// An errored destination comes first.
		if p.dst.state != writableErrored {
			ended(js, nil)
		}
	default:
		upon(js, p.reader.closed.Promise(), ended, failed)
	}
}

// closeDest is WritableStreamDefaultWriterCloseWithErrorPropagation.
func (p *piping) closeDest(js *jsg.Scope) jsg.Value {
	switch {
	case p.dst.closeQueuedOrInFlight(), p.dst.state == writableClosed:
		return js.Resolved(jsg.Undefined)
	case p.dst.state == writableErrored:
		return rejected(js, p.dst.stored)
	}
	return p.dst.close(js)
}

func (p *piping) watchDest(js *jsg.Scope) {
	failed := func(js *jsg.Scope, reason jsg.Value) {
		if p.o.PreventCancel {
			p.shutdown(js, nil, reason)
			return
		}
		p.shutdown(js, func() jsg.Value { return p.src.cancel(js, reason) }, reason)
	}
	switch {
	case p.dst.state == writableErrored:
		failed(js, p.dst.stored)
	case p.dst.closeQueuedOrInFlight(), p.dst.state == writableClosed:
		failed(js, js.ErrorValue(jsg.TypeErrorf("This destination writable stream is closed.")))
	default:
		upon(js, p.writer.closed.Promise(), nil, failed)
	}
}

func (p *piping) abort(js *jsg.Scope, reason jsg.Value) {
	p.shutdown(js, func() jsg.Value {
		var actions []jsg.Value
		if !p.o.PreventAbort && p.dst.state == writable {
			actions = append(actions, p.dst.abort(js, reason))
		}
		if !p.o.PreventCancel && p.src.state == readable {
			actions = append(actions, p.src.cancel(js, reason))
		}
		return all(js, actions)
	}, reason)
}

// all waits for promises; the first rejection wins.
func all(js *jsg.Scope, list []jsg.Value) jsg.Value {
	r := js.NewPromise()
	left := len(list)
	if left == 0 {
		r.Resolve(jsg.Undefined)
	}
	for _, p := range list {
		upon(js, p, func(js *jsg.Scope, _ jsg.Value) {
			if left--; left == 0 {
				r.Resolve(jsg.Undefined)
			}
		}, func(js *jsg.Scope, reason jsg.Value) { r.RejectValue(reason) })
	}
	return r.Promise()
}

// step waits until the destination wants more and then reads one chunk.
func (p *piping) step(js *jsg.Scope) {
	if p.over {
		return
	}
	again := func(js *jsg.Scope, _ jsg.Value) { p.step(js) }
	if p.dst.host != nil { // its writes tell when it wants more
		if state, _ := jsg.Settled(p.last); state == jsg.Pending {
			upon(js, p.last, again, again)
			return
		}
	}
	if p.dst.state == writable && p.dst.controller.desiredSize() <= 0 {
		upon(js, p.writer.ready.Promise(), again, again)
		return
	}
	p.reader.read(js, (*pipeRead)(p))
}

// pipeRead is the readRequest of a piping.
type pipeRead piping

func (r *pipeRead) chunk(js *jsg.Scope, v jsg.Value) {
	p := (*piping)(r)
	if p.writer.stream == nil {
		return
	}
	if p.dst.host != nil {
		if _, err := chunkBytes(v); err != nil {
			p.refuse(js, js.ErrorValue(jsg.TypeErrorf("This WritableStream only supports writing byte types.")))
			return
		}
	}
	w, err := p.writer.write(js, v)
	if err != nil {
		w = js.Rejected(err)
	}
	swallow := func(*jsg.Scope, jsg.Value) (jsg.Value, error) { return jsg.Undefined, nil }
	p.last = js.Then(w, swallow, swallow)
	upon(js, jsg.Undefined, func(js *jsg.Scope, _ jsg.Value) { p.step(js) }, nil)
}

func (r *pipeRead) done(*jsg.Scope)            {}
func (r *pipeRead) fail(*jsg.Scope, jsg.Value) {}

// refuse ends both streams over a chunk that the destination cannot take.
func (p *piping) refuse(js *jsg.Scope, reason jsg.Value) {
	p.shutdown(js, func() jsg.Value {
		return all(js, []jsg.Value{p.src.cancel(js, reason), p.dst.abort(js, reason)})
	}, reason)
}

// shutdown runs the last action once what was read is written. reason is nil
// for success.
func (p *piping) shutdown(js *jsg.Scope, action func() jsg.Value, reason jsg.Value) {
	if p.over {
		return
	}
	p.over = true
	finish := func(js *jsg.Scope) {
		if action == nil {
			p.finalize(js, reason)
			return
		}
		upon(js, action(), func(js *jsg.Scope, _ jsg.Value) { p.finalize(js, reason) }, p.finalize)
	}
	if p.dst.state == writable && !p.dst.closeQueuedOrInFlight() {
		p.afterWrites(js, finish)
		return
	}
	finish(js)
}

func (p *piping) afterWrites(js *jsg.Scope, f func(js *jsg.Scope)) {
	last := p.last
	upon(js, last, func(js *jsg.Scope, _ jsg.Value) {
		if last != p.last {
			p.afterWrites(js, f)
			return
		}
		f(js)
	}, nil)
}

func (p *piping) finalize(js *jsg.Scope, reason jsg.Value) {
	p.writer.release(js)
	p.reader.release(js)
	p.reader.failRequests(js, js.ErrorValue(errReleased()))
	if p.unhook != nil {
		p.unhook()
	}
	if reason != nil {
		p.result.RejectValue(reason)
		return
	}
	p.result.Resolve(jsg.Undefined)
}
