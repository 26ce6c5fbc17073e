package worker

import (
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// callFetch finds the fetch handler of an entrypoint and calls it.
func (w *Worker) callFetch(js *jsg.Scope, c *iocontext.Context, entrypoint string, props Props, request *jsg.Object) (jsg.Value, error) {
	if w.opts.ServiceWorker {
		return w.global.fetch(js, c, request)
	}
	return w.callHandler(js, entrypoint, props, "fetch", request)
}

// callHandler calls the handler of a kind of event in an entrypoint with its
// first argument.
func (w *Worker) callHandler(js *jsg.Scope, entrypoint string, props Props, name string, event jsg.Value) (jsg.Value, error) {
	call, err := w.handler(js, entrypoint, props, name)
	if err != nil {
		return nil, err
	}
	return call(event)
}

// handler finds the handler of a kind of event in an entrypoint.
func (w *Worker) handler(js *jsg.Scope, entrypoint string, props Props, name string) (call func(event jsg.Value) (jsg.Value, error), err error) {
	ctx, err := newExecutionContext(js, w, props)
	if err != nil {
		return nil, err
	}
	target, bound, err := w.entrypoint(js, entrypoint, ctx)
	if err != nil {
		return nil, err
	}
	handler, err := js.Get(target, name)
	if err != nil {
		return nil, err
	}
	switch {
	case !jsg.IsFunction(handler):
		return nil, &jsg.Error{Name: "Error", Message: "Handler does not export a " + name + "() function.", Cause: errNoHandler}
	case bound:
		return func(event jsg.Value) (jsg.Value, error) { return js.Call(handler, target, event) }, nil
	}
	return func(event jsg.Value) (jsg.Value, error) { return js.Call(handler, target, event, w.env, ctx) }, nil
}

// entrypoint gives the object whose methods handle events. For a class it is a
// new instance (bound: it has env and ctx already), for a plain object that
// object.
func (w *Worker) entrypoint(js *jsg.Scope, name string, ctx *jsg.Object) (target *jsg.Object, bound bool, err error) {
	v, ok, err := w.Export(js, name)
	if err != nil {
		return nil, false, err
	}
	if !ok {
		if name == "default" {
			return nil, false, jsg.Errorf("No event handlers were registered: the script has no default export. Write `export default { fetch(request, env, ctx) { … } }`.")
		}
		return nil, false, jsg.Errorf("The worker %q has no entrypoint %q. Its exports are: %v.", w.opts.Name, name, w.ExportNames())
	}
	o, isObject := jsg.IsObject(v)
	if !isObject {
		return nil, false, jsg.TypeErrorf("The export %q of the worker %q is not an object or class.", name, w.opts.Name)
	}
	if !jsg.IsFunction(o) {
		return o, false, nil
	}
	o, err = js.Construct(o, ctx, w.env)
	return o, true, err
}

// executionContext is the Go side of ctx.
type executionContext struct {
	w           *Worker
	props       jsg.Value
	passThrough bool
}

var executionContextClass = &jsg.Class[executionContext]{Name: "ExecutionContext"}

func init() {
	executionContextClass.Members = jsg.Members[executionContext]{
		jsg.Method("waitUntil", 1, func(x *executionContext, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if a.Len() == 0 {
				a.Mismatch(0, "Promise")
				return nil, a.Err()
			}
			return jsg.Undefined, waitUntil(js, a.Value(0))
		}),
		jsg.Method("passThroughOnException", 0, func(x *executionContext, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			x.passThrough = true
			return jsg.Undefined, nil
		}),
		jsg.Method("abort", 0, func(_ *executionContext, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return abort(js, a.Value(0))
		}),
		jsg.Method("mapVirtualHost", 0, func(*executionContext, *jsg.Scope, *jsg.Args) (jsg.Value, error) {
			return nil, jsg.NotImplementedf("ctx.mapVirtualHost()", "use a service binding")
		}),
		jsg.OwnLazy("tracing", func(_ *executionContext, js *jsg.Scope) (jsg.Value, error) {
			return tracingClass.Wrap(js, &tracing{}), nil
		}),
		none("access"), // no request comes through Access
		none("cache"),
		jsg.OwnLazy("props", func(x *executionContext, js *jsg.Scope) (jsg.Value, error) {
			if x.props == nil {
				x.props = js.NewObject()
			}
			return x.props, nil
		}),
		jsg.OwnLazy("exports", func(x *executionContext, js *jsg.Scope) (jsg.Value, error) { return x.w.Loopbacks(js) }).Since("enable_ctx_exports"),
	}
}

// abort ends the event at once: whoever waits for it gets the reason, whatever
// its code does with the exception.
func abort(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	switch _, isObject := jsg.IsObject(reason); {
	case isObject:
		err = jsg.Thrown(reason)
	case jsg.IsUndefined(reason):
		err = jsg.Errorf("The execution context was aborted.")
	default:
		err = jsg.Errorf("%s", reason.String())
	}
	c.Revoke(js, err)
	return nil, err
}

// none is a property that is there and undefined.
func none(name string) jsg.Member[executionContext] {
	return jsg.OwnLazy(name, func(*executionContext, *jsg.Scope) (jsg.Value, error) { return jsg.Undefined, nil })
}

// ExecutionContextClass is for the list of globals.
func ExecutionContextClass() jsg.AnyClass { return executionContextClass }

func newExecutionContext(js *jsg.Scope, w *Worker, props Props) (*jsg.Object, error) {
	x := &executionContext{w: w}
	if props != nil {
		v, err := props(js)
		if err != nil {
			return nil, err
		}
		x.props = v
	}
	return executionContextClass.Wrap(js, x), nil
}

func waitUntil(js *jsg.Scope, p jsg.Value) error {
	c, err := iocontext.Require(js)
	if err != nil {
		return err
	}
	c.WaitUntil(js, p)
	return nil
}
