package jsg

import (
	"iter"

	"github.com/dop251/goja"
)

// pairIterator is the state behind the objects entries(), keys() and values()
// return.
type pairIterator struct {
	pairs func(js *Scope) iter.Seq2[Value, Value]
	what  string
	index int
	done  bool
}

func (it *pairIterator) next(js *Scope) Value {
	if !it.done {
		i := 0
		for k, v := range it.pairs(js) {
			if i < it.index {
				i++
				continue
			}
			it.index++
			switch it.what {
			case "keys":
				return js.pairResult(k, false)
			case "values":
				return js.pairResult(v, false)
			}
			return js.pairResult(js.NewArray(k, v), false)
		}
		it.done = true
	}
	return js.pairResult(Undefined, true)
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

func installIterable[T any](js *Scope, c *Class[T], in *installed, pairs func(*T, *Scope) iter.Seq2[Value, Value], frozen bool) {
	iterClass := &Class[pairIterator]{Name: c.Name + " Iterator"}
	proto := js.rt.CreateObject(js.intrinsics.iteratorProto)
	proto.DefineDataPropertySymbol(SymToStringTag, js.String(iterClass.Name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	iterIn := &installed{proto: proto}
	js.Define(proto, "next", js.Func("next", 0, func(js *Scope, this Value, a *Args) (Value, error) {
		it, ok := iterClass.From(this)
		if !ok {
			return nil, illegalInvocation()
		}
		return it.next(js), nil
	}))
	start := func(what string) *Object {
		return js.Func(what, 0, func(js *Scope, this Value, a *Args) (Value, error) {
			t, ok := c.From(this)
			if !ok {
				return nil, illegalInvocation()
			}
			list := func(js *Scope) iter.Seq2[Value, Value] { return pairs(t, js) }
			if frozen {
				list = snapshot(list(js))
			}
			o := js.rt.CreateObject(proto)
			js.attach(o, iterIn, &pairIterator{what: what, pairs: list})
			return o, nil
		})
	}
	js.Define(in.proto, "entries", start("entries"))
	js.Define(in.proto, "keys", start("keys"))
	js.Define(in.proto, "values", start("values"))
	in.proto.DefineDataPropertySymbol(SymIterator, start(""), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
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
