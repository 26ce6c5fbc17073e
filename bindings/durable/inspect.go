package durable

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// What tests do with objects from outside, behind the helpers of
// cloudflare:test.

// RefOf is the object a stub leads to, nil if v is no stub.
func RefOf(v jsg.Value) *actor.Ref {
	if s, ok := stubClass.From(v); ok {
		ref, _ := s.Target.(*actor.Ref)
		return ref
	}
	return nil
}

// NamespaceOf is the namespace behind env.BINDING, nil if v is none.
func NamespaceOf(v jsg.Value) *actor.Namespace {
	if n, ok := namespaceClass.From(v); ok {
		return n.ns.Namespace
	}
	return nil
}

// Local reports whether the object's code runs in the isolate of js.
func Local(s *bindings.Session, js *jsg.Scope, r *actor.Ref) bool {
	w := s.Worker(r.Namespace().Worker())
	return w != nil && w.Current() != nil && w.Current().Isolate() == isolate.Of(js)
}

// IDs lists the objects of a namespace that have stored something or have an
// instance, in order.
func IDs(s *bindings.Session, an *actor.Namespace) ([]string, error) {
	ns, err := open(s, an.Worker(), an.Class())
	if err != nil {
		return nil, err
	}
	stored, err := ns.store.Objects()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, o := range stored {
		out = append(out, o.ID)
	}
	for _, id := range an.Running() {
		out = append(out, id.Hex)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// All are the namespaces that were opened in a session so far.
func All(s *bindings.Session) (out []*actor.Namespace) {
	for _, v := range bindings.Opened[*namespace](s) {
		out = append(out, v.Namespace)
	}
	return out
}

// Run calls f with the instance and state of an object of this isolate, as an
// event of the object. The promise resolves to undefined once what f returned
// is settled and what it wrote is durable; f has to keep results and errors
// itself.
func Run(s *bindings.Session, js *jsg.Scope, r *actor.Ref, f jsg.Value) jsg.Value {
	return outside(s, js, r, func(js *jsg.Scope, instance, state *jsg.Object) (jsg.Value, error) {
		return js.Call(f, jsg.Undefined, instance, state)
	}, func(*jsg.Scope, jsg.Value) error { return nil }, func(js *jsg.Scope) (jsg.Value, error) { return jsg.Undefined, nil })
}

// RunSource is Run for an object in another isolate: source is the text of a
// function, called there with instance, state and a clone of args; its result
// comes back as a clone.
func RunSource(s *bindings.Session, js *jsg.Scope, r *actor.Ref, source string, args *jsg.Object) jsg.Value {
	program, err := jsg.Compile("runInDurableObject", "("+source+")")
	if err != nil { // a method in shorthand form is no expression
		program, err = jsg.Compile("runInDurableObject", "({"+source+"})[Object.keys({"+source+"})[0]]")
	}
	if err != nil {
		return js.Rejected(jsg.TypeErrorf("The object belongs to another worker, so the function is moved there as text, which is not possible with this one: %v", err))
	}
	in, err := clone.Write(js, args, clone.Options{})
	if err != nil {
		return js.Rejected(err)
	}
	var out clone.Message
	return outside(s, js, r, func(js *jsg.Scope, instance, state *jsg.Object) (jsg.Value, error) {
		f, err := js.Run(program)
		if err != nil {
			return nil, err
		}
		list, err := in.Read(js)
		if err != nil {
			return nil, err
		}
		values := []jsg.Value{instance, state}
		if err := js.Iterate(list, func(v jsg.Value) (bool, error) { values = append(values, v); return true, nil }); err != nil {
			return nil, err
		}
		return js.Call(f, jsg.Undefined, values...)
	}, func(js *jsg.Scope, v jsg.Value) (err error) {
		out, err = clone.Write(js, v, clone.Options{})
		return err
	}, func(js *jsg.Scope) (jsg.Value, error) { return out.Read(js) })
}

// outside runs f as an event of an object, take with what came of it in the
// object's isolate, and give in the caller's.
func outside(s *bindings.Session, js *jsg.Scope, r *actor.Ref, f func(js *jsg.Scope, instance, state *jsg.Object) (jsg.Value, error),
	take func(js *jsg.Scope, v jsg.Value) error, give func(js *jsg.Scope) (jsg.Value, error),
) jsg.Value {
	ns, err := open(s, r.Namespace().Worker(), r.Namespace().Class())
	if err != nil {
		return js.Rejected(err)
	}
	c, err := iocontext.Require(js)
	if err != nil {
		return js.Rejected(err)
	}
	var failed error
	call := actor.Call{
		Info: c.Info, Span: trace.NewSpan(),
		Run: func(js *jsg.Scope, in *actor.Instance) (jsg.Value, error) {
			return f(js, in.Value(), newState(js, ns, in, nil))
		},
		Done: func(js *jsg.Scope, _ *actor.Instance, v jsg.Value, err error) {
			if err == nil {
				err = take(js, v)
			}
			if err != nil {
				failed = actor.Remote(actor.Portable(js, err))
			}
		},
	}
	p := js.NewPromise()
	op := c.Begin(js)
	ticket := r.Ticket()
	go func() {
		err := ticket.Call(context.WithoutCancel(c.Context()), call)
		if err == nil {
			err = failed
		}
		op.Finish(func(js *jsg.Scope) {
			if err != nil {
				p.Reject(js, moved(callError(err)))
				return
			}
			v, err := give(js)
			if err != nil {
				p.Reject(js, err)
				return
			}
			p.Resolve(v)
		})
	}()
	return p.Promise()
}

// moved explains the usual mistake with functions that are moved as text.
func moved(err error) error {
	var e *jsg.Error
	if errors.As(err, &e) && e.Name == "ReferenceError" && strings.HasSuffix(e.Message, "is not defined") {
		c := *e
		c.Message += " (a function for an object of another worker is moved there as text: give it what it needs as further arguments of runInDurableObject)"
		return &c
	}
	return err
}

// evictLimit is how long an eviction waits for what the object has under way.
const evictLimit = 10 * time.Second

// Evict drops the instance of an object once it is idle. The error says why
// that could not be.
func Evict(ctx context.Context, r *actor.Ref, closeSockets bool) error {
	ns, id := r.Namespace(), r.ID()
	if !running(ns, id) {
		return jsg.Errorf("Cannot evict Durable Object: it is not currently running.")
	}
	return evict(ctx, ns, id, closeSockets)
}

// EvictAll is Evict for every running object of a session.
func EvictAll(ctx context.Context, s *bindings.Session, closeSockets bool) error {
	for _, ns := range All(s) {
		for _, id := range ns.Running() {
			if err := evict(ctx, ns, id, closeSockets); err != nil {
				return err
			}
		}
	}
	return nil
}

func evict(ctx context.Context, ns *actor.Namespace, id actor.ID, closeSockets bool) error {
	ctx, cancel := context.WithTimeout(ctx, evictLimit)
	defer cancel()
	if closeSockets {
		ns.CloseSockets(id, 1001, "The Durable Object was evicted.")
	}
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ns.Evict(id) {
		if !running(ns, id) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return jsg.Errorf("Cannot evict Durable Object: it still had something under way after %v.", evictLimit)
		}
	}
	return nil
}

func running(ns *actor.Namespace, id actor.ID) bool {
	return slices.ContainsFunc(ns.Running(), func(other actor.ID) bool { return other.Hex == id.Hex })
}
