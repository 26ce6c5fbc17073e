package streams

import (
	"github.com/miniworker/miniworker/runtime/jsg"
)

// upon reacts to v, a promise or any other value, in a microtask.
func upon(js *jsg.Scope, v jsg.Value, ok, fail func(js *jsg.Scope, v jsg.Value)) {
	state, result := jsg.Fulfilled, v
	if _, isObject := jsg.IsObject(v); isObject {
		state, result = jsg.Settled(v)
	}
	if state == jsg.Fulfilled { // the common case, and cheaper than a reaction
		if ok == nil {
			return
		}
		js.Microtask(func(js *jsg.Scope) { ok(js, result) })
		return
	}
	js.Then(v, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
		if ok != nil {
			ok(js, v)
		}
		return jsg.Undefined, nil
	}, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
		if fail != nil {
			fail(js, v)
		}
		return jsg.Undefined, nil
	})
}

// uponResult calls an algorithm and reacts to what it gives; an exception
// counts as a rejection.
func uponResult(js *jsg.Scope, f func() (jsg.Value, error), ok, fail func(js *jsg.Scope, v jsg.Value)) {
	v, err := f()
	switch {
	case err != nil:
		v = js.Rejected(err)
	case v == nil:
		v = jsg.Undefined
	}
	upon(js, v, ok, fail)
}

// promiseOf is the promise of an algorithm's result.
func promiseOf(js *jsg.Scope, f func() (jsg.Value, error)) jsg.Value {
	v, err := f()
	if err != nil {
		return js.Rejected(err)
	}
	if v == nil {
		v = jsg.Undefined
	}
	return js.Resolved(v)
}

func rejected(js *jsg.Scope, reason jsg.Value) jsg.Value {
	r := js.NewPromise()
	r.RejectValue(reason)
	return r.Promise()
}

// dict is an options argument read as a WebIDL dictionary.
type dict struct {
	o    *jsg.Object
	kind string
}

func dictionary(a *jsg.Args, i int, kind string) (dict, error) {
	d := a.DictNamed(i, kind)
	return dict{d.Object(), kind}, a.Err()
}

func (d dict) get(js *jsg.Scope, name string) (jsg.Value, error) {
	if d.o == nil {
		return jsg.Undefined, nil
	}
	return js.Get(d.o, name)
}

func (d dict) bool(js *jsg.Scope, name string) (bool, error) {
	v, err := d.get(js, name)
	return err == nil && v.ToBoolean(), err
}

// function reads a member that must be callable; nil if absent.
func (d dict) function(js *jsg.Scope, name string) (jsg.Value, error) {
	v, err := d.get(js, name)
	if err != nil || jsg.IsUndefined(v) {
		return nil, err
	}
	if !jsg.IsFunction(v) {
		return nil, jsg.TypeErrorf("Incorrect type for the '%s' field on '%s': the provided value is not of type 'function'.", name, d.kind)
	}
	return v, nil
}

// method is a callback of one argument, called with the dictionary as this.
func (d dict) method(js *jsg.Scope, name string) (func(js *jsg.Scope, arg jsg.Value) (jsg.Value, error), error) {
	f, err := d.function(js, name)
	if err != nil || f == nil {
		return nil, err
	}
	return func(js *jsg.Scope, arg jsg.Value) (jsg.Value, error) { return js.Call(f, d.o, arg) }, nil
}

// method2 is a callback of two arguments.
func (d dict) method2(js *jsg.Scope, name string) (func(js *jsg.Scope, a, b jsg.Value) (jsg.Value, error), error) {
	f, err := d.function(js, name)
	if err != nil || f == nil {
		return nil, err
	}
	return func(js *jsg.Scope, a, b jsg.Value) (jsg.Value, error) { return js.Call(f, d.o, a, b) }, nil
}

// queue is a queue-with-sizes.
type queue struct {
	items []queued
	head  int
	total float64
}

type queued struct {
	v    jsg.Value
	size float64
}

func (q *queue) empty() bool { return q.head == len(q.items) }

func (q *queue) push(v jsg.Value, size float64) {
	if q.head > 32 && q.head*2 > len(q.items) {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, queued{v, size})
	q.total += size
}

func (q *queue) peek() jsg.Value { return q.items[q.head].v }

func (q *queue) pop() jsg.Value {
	it := q.items[q.head]
	q.items[q.head] = queued{}
	q.head++
	if q.empty() {
		q.items, q.head = q.items[:0], 0
	}
	q.total = max(0, q.total-it.size) // rounding of fractional sizes
	return it.v
}

func (q *queue) reset() { *q = queue{} }

// method0 is a callback without arguments.
func (d dict) method0(js *jsg.Scope, name string) (func(js *jsg.Scope) (jsg.Value, error), error) {
	f, err := d.function(js, name)
	if err != nil || f == nil {
		return nil, err
	}
	return func(js *jsg.Scope) (jsg.Value, error) { return js.Call(f, d.o) }, nil
}
