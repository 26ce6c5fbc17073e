package jsg

import (
	"iter"

	"github.com/dop251/goja"
)

// Iterator is the Go side of iterators as workerd has them: each kind has a
// class, made by IteratorClass.
type Iterator struct {
	// Next gives the next value; false is the end.
	Next func(js *Scope) (Value, bool, error)
}

// IteratorClass makes the class of a kind of iterators.
func IteratorClass(name string) *Class[Iterator] {
	c := &Class[Iterator]{Name: name}
	c.Members = Members[Iterator]{
		Method("next", 0, func(it *Iterator, js *Scope, a *Args) (Value, error) {
			v, ok, err := it.Next(js)
			switch {
			case err != nil:
				return nil, err
			case !ok:
				return js.pairResult(Undefined, true), nil
			}
			return js.pairResult(v, false), nil
		}),
		Self[Iterator](SymIterator),
	}
	c.Extend = func(js *Scope, _, proto *Object) { js.SetPrototype(proto, js.intrinsics.iteratorProto) }
	return c
}

func pairIterators() map[string]*Class[Iterator] {
	return map[string]*Class[Iterator]{"keys": IteratorClass("KeyIterator"), "values": IteratorClass("ValueIterator"), "entries": IteratorClass("EntryIterator")}
}

// pairIterator goes through pairs by position.
func pairIterator(what string, pairs func(js *Scope) iter.Seq2[Value, Value]) *Iterator {
	index, done := 0, false
	return &Iterator{Next: func(js *Scope) (Value, bool, error) {
		if done {
			return nil, false, nil
		}
		i := 0
		for k, v := range pairs(js) {
			if i < index {
				i++
				continue
			}
			index++
			switch what {
			case "keys":
				return k, true, nil
			case "values":
				return v, true, nil
			}
			return js.NewArray(k, v), true, nil
		}
		done = true
		return nil, false, nil
	}}
}

// pairResult has its properties in the order workerd's pair iterators give.
func (js *Scope) pairResult(v Value, done bool) Value {
	o := js.rt.NewObject()
	o.Set("done", done)
	o.Set("value", v)
	return o
}

func (js *Scope) iterResult(v Value, done bool) Value {
	o := js.rt.NewObject()
	o.Set("value", v)
	o.Set("done", done)
	return o
}

// IterResult makes an iterator result object.
func (js *Scope) IterResult(v Value, done bool) Value { return js.iterResult(v, done) }

// SyncIterator makes an iterator object over a Go sequence.
func (js *Scope) SyncIterator(tag string, seq iter.Seq[Value]) *Object {
	next, stop := iter.Pull(seq)
	o := js.rt.CreateObject(js.intrinsics.iteratorProto)
	js.DefineHidden(o, "next", js.Func("next", 0, func(js *Scope, this Value, a *Args) (Value, error) {
		v, ok := next()
		if !ok {
			return js.iterResult(Undefined, true), nil
		}
		return js.iterResult(v, false), nil
	}))
	js.DefineHidden(o, "return", js.Func("return", 1, func(js *Scope, this Value, a *Args) (Value, error) {
		stop()
		return js.iterResult(a.Value(0), true), nil
	}))
	o.DefineDataPropertySymbol(SymToStringTag, js.String(tag), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return o
}

// AsyncIteratorPrototype is %AsyncIteratorPrototype%.
func (js *Scope) AsyncIteratorPrototype() *Object { return js.intrinsics.asyncIteratorProto }

// IteratorPrototype is %IteratorPrototype%.
func (js *Scope) IteratorPrototype() *Object { return js.intrinsics.iteratorProto }

func installIterable[T any](js *Scope, c *Class[T], in *installed, m *Member[T]) {
	pairs := m.pairs
	start := func(name, what string) *Object {
		return js.Func(name, 0, func(js *Scope, this Value, a *Args) (Value, error) {
			t, ok := c.From(this)
			if !ok {
				return nil, illegalInvocation()
			}
			list := func(js *Scope) iter.Seq2[Value, Value] { return pairs(t, js) }
			if m.frozen {
				list = snapshot(list(js))
			}
			return m.iterators[what].Wrap(js, pairIterator(what, list)), nil
		})
	}
	js.Define(in.proto, "entries", start("entries", "entries"))
	js.Define(in.proto, "keys", start("keys", "keys"))
	js.Define(in.proto, "values", start("values", "values"))
	in.proto.DefineDataPropertySymbol(SymIterator, start("", "entries"), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	js.Define(in.proto, "forEach", js.Func("forEach", 0, func(js *Scope, this Value, a *Args) (Value, error) {
		t, ok := c.From(this)
		if !ok {
			return nil, illegalInvocation()
		}
		a.class = c.Name
		f, thisArg := a.Func(0), a.Value(1)
		if err := a.Err(); err != nil {
			return nil, err
		}
		for k, v := range pairs(t, js) {
			if _, err := js.Call(f, thisArg, v, k, this); err != nil {
				return nil, err
			}
		}
		return Undefined, nil
	}))
}

// snapshot keeps the pairs there are now.
func snapshot(pairs iter.Seq2[Value, Value]) func(js *Scope) iter.Seq2[Value, Value] {
	var keys, values []Value
	for k, v := range pairs {
		keys, values = append(keys, k), append(values, v)
	}
	return func(*Scope) iter.Seq2[Value, Value] {
		return func(yield func(Value, Value) bool) {
			for i := range keys {
				if !yield(keys[i], values[i]) {
					return
				}
			}
		}
	}
}
