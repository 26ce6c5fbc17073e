package streams

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

// TransformStream is a writable and a readable end with code between them.
type TransformStream struct {
	jsg.Instance
	readable     *ReadableStream
	writable     *WritableStream
	controller   *TransformController // nil for transforms of the host
	backpressure bool
	changed      *jsg.Resolver // resolved when backpressure changes
}

// TransformStreamClass is the class TransformStream.
var TransformStreamClass = &jsg.Class[TransformStream]{
	Name: "TransformStream",
	New:  newTransformStream,
	Members: jsg.Members[TransformStream]{
		jsg.Getter("readable", func(t *TransformStream, js *jsg.Scope) (jsg.Value, error) { return t.readable.Wrap(js), nil }),
		jsg.Getter("writable", func(t *TransformStream, js *jsg.Scope) (jsg.Value, error) { return t.writable.Wrap(js), nil }),
	},
}

// Readable is the end that gives what the transform made.
func (t *TransformStream) Readable() *ReadableStream { return t.readable }

// Writable is the end that takes what is to be transformed.
func (t *TransformStream) Writable() *WritableStream { return t.writable }

// transformer is the code of a transform. A nil transform passes chunks on.
type transformer struct {
	start     func(js *jsg.Scope, controller jsg.Value) (jsg.Value, error)
	transform func(js *jsg.Scope, chunk, controller jsg.Value) (jsg.Value, error)
	flush     func(js *jsg.Scope, controller jsg.Value) (jsg.Value, error)
	cancel    func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error)
}

func newTransformStream(js *jsg.Scope, a *jsg.Args) (*TransformStream, error) {
	d, err := dictionary(a, 0, "Transformer")
	if err != nil {
		return nil, err
	}
	var u transformer
	if u.cancel, err = d.method(js, "cancel"); err != nil {
		return nil, err
	}
	if u.flush, err = d.method(js, "flush"); err != nil {
		return nil, err
	}
	for _, name := range []string{"readableType", "writableType"} {
		v, err := d.get(js, name)
		if err != nil {
			return nil, err
		}
		if !jsg.IsUndefined(v) {
			return nil, jsg.TypeErrorf("transformer.%s must be undefined.", name)
		}
	}
	if u.start, err = d.method(js, "start"); err != nil {
		return nil, err
	}
	if u.transform, err = d.method2(js, "transform"); err != nil {
		return nil, err
	}
	in, err := readStrategy(js, a, 1)
	if err != nil {
		return nil, err
	}
	out, err := readStrategy(js, a, 2)
	if err != nil {
		return nil, err
	}
	t := &TransformStream{}
	t.setUp(js, u, in, out)
	return t, nil
}

// setUp is the constructor's part after reading arguments.
func (t *TransformStream) setUp(js *jsg.Scope, u transformer, in, out strategy) {
	started := js.NewPromise()
	start := func(*jsg.Scope, jsg.Value) (jsg.Value, error) { return started.Promise(), nil }
	t.controller = &TransformController{stream: t, u: u}
	t.changed = js.NewPromise()
	t.writable = &WritableStream{}
	setUpWritable(js, t.writable, underlyingSink{
		start: start,
		write: func(js *jsg.Scope, chunk, _ jsg.Value) (jsg.Value, error) { return t.sinkWrite(js, chunk), nil },
		close: t.sinkClose,
		abort: t.sinkAbort,
	}, in.highWaterMark(1), in.size)
	t.readable = &ReadableStream{length: -1}
	setUpDefaultController(js, t.readable, underlyingSource{
		start: start,
		pull: func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
			t.setBackpressure(js, false)
			return t.changed.Promise(), nil
		},
		cancel: t.sourceCancel,
	}, out.highWaterMark(0), out.size)
	t.setBackpressure(js, true)
	if u.start == nil {
		started.Resolve(jsg.Undefined)
		return
	}
	result, err := u.start(js, TransformControllerClass.Wrap(js, t.controller))
	if err != nil {
		started.Reject(js, err)
		return
	}
	started.Resolve(result)
}

func (t *TransformStream) out() *DefaultController { return t.readable.controller.(*DefaultController) }

func (t *TransformStream) setBackpressure(js *jsg.Scope, on bool) {
	if t.backpressure == on {
		return
	}
	t.changed.Resolve(jsg.Undefined)
	t.changed = js.NewPromise()
	t.backpressure = on
}

// fail is TransformStreamError.
func (t *TransformStream) fail(js *jsg.Scope, reason jsg.Value) {
	t.out().Error(js, reason)
	t.failWritable(js, reason)
}

// failWritable is TransformStreamErrorWritableAndUnblockWrite.
func (t *TransformStream) failWritable(js *jsg.Scope, reason jsg.Value) {
	t.controller.clear()
	t.writable.controller.failIfWritable(js, reason)
	t.setBackpressure(js, false)
}

func (t *TransformStream) sinkWrite(js *jsg.Scope, chunk jsg.Value) jsg.Value {
	if !t.backpressure {
		return t.controller.perform(js, chunk)
	}
	return js.Then(t.changed.Promise(), func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
		if t.writable.state == erroring {
			return nil, jsg.Thrown(t.writable.stored)
		}
		return t.controller.perform(js, chunk), nil
	}, nil)
}

// finish runs a last step once: what comes after it gets the same promise.
func (t *TransformStream) finish(js *jsg.Scope, step func() jsg.Value, ok func(js *jsg.Scope) (failed jsg.Value), fail func(js *jsg.Scope, reason jsg.Value)) jsg.Value {
	c := t.controller
	if c.finished != nil {
		return c.finished.Promise()
	}
	c.finished = js.NewPromise()
	p := step()
	c.clear()
	upon(js, p, func(js *jsg.Scope, _ jsg.Value) {
		if reason := ok(js); reason != nil {
			c.finished.RejectValue(reason)
			return
		}
		c.finished.Resolve(jsg.Undefined)
	}, func(js *jsg.Scope, reason jsg.Value) {
		fail(js, reason)
		c.finished.RejectValue(reason)
	})
	return c.finished.Promise()
}

func (t *TransformStream) runCancel(js *jsg.Scope, reason jsg.Value) func() jsg.Value {
	return func() jsg.Value {
		return promiseOf(js, func() (jsg.Value, error) {
			if t.controller.u.cancel == nil {
				return jsg.Undefined, nil
			}
			return t.controller.u.cancel(js, reason)
		})
	}
}

func (t *TransformStream) sinkAbort(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
	return t.finish(js, t.runCancel(js, reason), func(js *jsg.Scope) jsg.Value {
		if t.readable.state == errored {
			return t.readable.stored
		}
		t.out().Error(js, reason)
		return nil
	}, t.out().Error), nil
}

func (t *TransformStream) sinkClose(js *jsg.Scope) (jsg.Value, error) {
	return t.finish(js, func() jsg.Value {
		return promiseOf(js, func() (jsg.Value, error) {
			if t.controller.u.flush == nil {
				return jsg.Undefined, nil
			}
			return t.controller.u.flush(js, TransformControllerClass.Wrap(js, t.controller))
		})
	}, func(js *jsg.Scope) jsg.Value {
		if t.readable.state == errored {
			return t.readable.stored
		}
		t.out().Close(js)
		return nil
	}, t.out().Error), nil
}

func (t *TransformStream) sourceCancel(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
	return t.finish(js, t.runCancel(js, reason), func(js *jsg.Scope) jsg.Value {
		if t.writable.state == writableErrored {
			return t.writable.stored
		}
		t.writable.controller.failIfWritable(js, reason)
		t.setBackpressure(js, false)
		return nil
	}, func(js *jsg.Scope, reason jsg.Value) {
		t.writable.controller.failIfWritable(js, reason)
		t.setBackpressure(js, false)
	}), nil
}

// TransformController is TransformStreamDefaultController.
type TransformController struct {
	jsg.Instance
	stream   *TransformStream
	u        transformer
	over     bool // the algorithms were cleared
	finished *jsg.Resolver
}

// TransformControllerClass is the class TransformStreamDefaultController.
var TransformControllerClass = &jsg.Class[TransformController]{Name: "TransformStreamDefaultController"}

func init() {
	TransformControllerClass.Members = jsg.Members[TransformController]{
		jsg.Getter("desiredSize", func(c *TransformController, js *jsg.Scope) (jsg.Value, error) {
			return desired(js, c.stream.out().desiredSize)
		}),
		jsg.Method("enqueue", 0, func(c *TransformController, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return jsg.Undefined, c.enqueue(js, a.Value(0))
		}),
		jsg.Method("error", 0, func(c *TransformController, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			reason := a.Any(0)
			if err := a.Err(); err != nil {
				return nil, err
			}
			c.stream.fail(js, reason)
			return jsg.Undefined, nil
		}),
		jsg.Method("terminate", 0, func(c *TransformController, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			c.stream.out().Close(js)
			c.stream.failWritable(js, js.ErrorValue(jsg.TypeErrorf("The transform stream has been terminated")))
			return jsg.Undefined, nil
		}),
	}
}

func (c *TransformController) clear() { c.u, c.over = transformer{}, true }

func (c *TransformController) enqueue(js *jsg.Scope, chunk jsg.Value) error {
	t, out := c.stream, c.stream.out()
	if !out.canCloseOrEnqueue() {
		return jsg.TypeErrorf("The readable side of this TransformStream is no longer readable.")
	}
	if err := out.Enqueue(js, chunk); err != nil {
		return err
	}
	if t.readable.state == errored {
		t.failWritable(js, t.readable.stored)
		return jsg.Thrown(t.readable.stored)
	}
	if backpressure := !out.shouldPull(); backpressure != t.backpressure {
		t.setBackpressure(js, true)
	}
	return nil
}

// perform is TransformStreamDefaultControllerPerformTransform.
func (c *TransformController) perform(js *jsg.Scope, chunk jsg.Value) jsg.Value {
	p := promiseOf(js, func() (jsg.Value, error) {
		if c.u.transform == nil {
			if c.over {
				return jsg.Undefined, nil
			}
			return jsg.Undefined, c.enqueue(js, chunk)
		}
		return c.u.transform(js, chunk, TransformControllerClass.Wrap(js, c))
	})
	return js.Then(p, nil, func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
		c.stream.fail(js, reason)
		return nil, jsg.Thrown(reason)
	})
}
