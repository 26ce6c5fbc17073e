package jsg

import (
	"errors"
	"fmt"
	"testing"
)

// run evaluates source in a turn of its own.
func run(t testing.TB, js *Scope, source string) Value {
	t.Helper()
	var v Value
	err := js.Enter(nil, func() {
		var err error
		if v, err = js.Run(MustCompile("test.js", source)); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Error(err)
	}
	return v
}

func TestViews(t *testing.T) {
	js := realm(t)
	for source, want := range map[string]string{
		`new Uint8Array([1, 2, 3, 4]).subarray(1, 3)`:                                                    "Uint8Array 1+2/1 [2 3]",
		`new (class extends Uint8Array {})([7])`:                                                         "Uint8Array 0+1/1 [7]",
		`new Uint8ClampedArray([300])`:                                                                   "Uint8ClampedArray 0+1/1 [255]",
		`new Uint16Array(new Uint8Array([1, 2, 3, 4, 5, 6]).buffer, 2, 1)`:                               "Uint16Array 2+2/2 [3 4]",
		`new BigInt64Array([1n])`:                                                                        "BigInt64Array 0+8/8 [1 0 0 0 0 0 0 0]",
		`new DataView(new Uint8Array([9, 8, 7]).buffer, 1)`:                                              "DataView 1+2/1 [8 7]",
		`Object.setPrototypeOf(new Uint8Array([5]), null)`:                                               "Uint8Array 0+1/1 [5]",
		`Object.create(new Uint8Array([5]))`:                                                             "none",
		`({[Symbol.toStringTag]: "DataView", buffer: new ArrayBuffer(8), byteOffset: 0, byteLength: 8})`: "none",
		`new Proxy(new Uint8Array([5]), {})`:                                                             "none",
		`[1, 2]`:                                                                                         "none", `"text"`: "none",
	} {
		got := "none"
		if view, ok := ViewOf(run(t, js, source)); ok {
			got = fmt.Sprintf("%s %d+%d/%d %v", view.Kind, view.Offset, view.Len, view.ElementSize, view.Bytes())
		}
		if got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
}

func TestViewsOfDetachedBuffers(t *testing.T) {
	js := realm(t)
	array := run(t, js, `globalThis.a = new Uint8Array([1, 2, 3]).subarray(1)`)
	view, _ := ViewOf(array)
	if _, ok := Detach(view.Buffer); !ok {
		t.Fatal("not detached")
	}
	if len(view.Bytes()) != 0 {
		t.Errorf("a view taken before has %v", view.Bytes())
	}
	if view, ok := ViewOf(array); !ok || view.Offset != 0 || view.Len != 0 || len(view.Bytes()) != 0 {
		t.Errorf("%+v", view)
	}
	if b, ok := Bytes(array); !ok || len(b) != 0 {
		t.Errorf("%v, %v", b, ok)
	}
	if b, ok := Bytes(view.Buffer); !ok || len(b) != 0 || !IsDetached(view.Buffer) {
		t.Errorf("%v, %v", b, ok)
	}
}

// TestPromisesOfGo: those that Go makes and settles are as JavaScript's own.
func TestPromisesOfGo(t *testing.T) {
	js := realm(t)
	defer func(report func(*Scope, Value, Value)) { js.rejections.unhandled = report }(js.rejections.unhandled)
	var log []string
	js.rejections.unhandled = func(js *Scope, reason, _ Value) { log = append(log, "unhandled "+reason.String()) }
	note := func(what string) func(*Scope, Value) (Value, error) {
		return func(js *Scope, v Value) (Value, error) { log = append(log, what+" "+v.String()); return v, nil }
	}
	for _, c := range []struct {
		name string
		do   func()
		want []string
	}{
		{"a value", func() { js.Then(js.Resolved(js.Int(1)), note("ok"), note("bad")) }, []string{"ok 1"}},
		{"passing on", func() { js.Then(js.Then(js.Resolved(js.Int(1)), nil, note("bad")), note("ok"), nil) }, []string{"ok 1"}},
		{"a rejection passing on", func() { js.Catch(js.Then(js.Rejected(TypeErrorf("no")), note("ok"), nil), note("bad")) }, []string{"bad TypeError: no"}},
		{"a rejection nobody sees", func() { js.Then(js.Rejected(TypeErrorf("no")), note("ok"), nil) }, []string{"unhandled TypeError: no"}},
		{"a rejection marked", func() { js.MarkHandled(js.Rejected(TypeErrorf("no"))) }, nil},
		{"a reaction that fails", func() {
			js.Catch(js.Then(js.Resolved(js.Int(1)), func(*Scope, Value) (Value, error) { return nil, RangeErrorf("far") }, nil), note("bad"))
		}, []string{"bad RangeError: far"}},
		{"a reaction that throws", func() {
			js.Catch(js.Then(js.Resolved(js.Int(1)), func(js *Scope, _ Value) (Value, error) { panic(js.ErrorValue(RangeErrorf("far"))) }, nil), note("bad"))
		}, []string{"bad RangeError: far"}},
		{"a thenable", func() { js.Then(js.Resolved(run(t, js, `({then(ok) { ok(4); ok(5) }})`)), note("ok"), nil) }, []string{"ok 4"}},
		{"a thenable that throws", func() { js.Catch(js.Resolved(run(t, js, `({get then() { throw 6 }})`)), note("bad")) }, []string{"bad 6"}},
		{"itself", func() { r := js.NewPromise(); r.Resolve(r.Promise()); js.Catch(r.Promise(), note("bad")) },
			[]string{"bad TypeError: Chaining cycle detected for promise #<Promise>"}},
		{"once only", func() {
			r := js.NewPromise()
			r.Resolve(run(t, js, `new Promise((ok) => ok(7))`))
			r.Resolve(js.Int(8))
			r.RejectValue(js.Int(9))
			js.Then(r.Promise(), note("ok"), note("bad"))
		}, []string{"ok 7"}},
		{"microtasks in order", func() {
			js.Then(js.Resolved(js.Int(1)), note("then"), nil)
			js.Microtask(func(js *Scope) { log = append(log, "microtask") })
			js.Then(js.Resolved(js.Int(2)), note("then"), nil)
		}, []string{"then 1", "microtask", "then 2"}},
		{"a microtask that throws", func() { js.Microtask(func(js *Scope) { panic(js.ErrorValue(RangeErrorf("far"))) }) }, []string{"unhandled RangeError: far"}},
	} {
		log = nil
		if err := js.Enter(nil, c.do); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if fmt.Sprint(log) != fmt.Sprint(c.want) {
			t.Errorf("%s: %q, want %q", c.name, log, c.want)
		}
	}
}

// TestJobsAfterAnException: they run before the turn ends, as after any other.
func TestJobsAfterAnException(t *testing.T) {
	js := realm(t)
	ran := false
	err := js.Enter(nil, func() {
		js.Microtask(func(js *Scope) { ran = true })
		panic(js.ErrorValue(RangeErrorf("far")))
	})
	var ex *Exception
	if !errors.As(err, &ex) || ex.Value.String() != "RangeError: far" || !ran {
		t.Errorf("%v, job ran: %v", err, ran)
	}
}

func BenchmarkPromise(b *testing.B) {
	js := New(Options{})
	b.ReportAllocs()
	for range b.N {
		js.Enter(nil, func() {
			r := js.NewPromise()
			js.Then(r.Promise(), func(js *Scope, v Value) (Value, error) { return v, nil }, nil)
			r.Resolve(Undefined)
		})
	}
}

func BenchmarkBytes(b *testing.B) {
	js := New(Options{})
	v := js.NewUint8Array(make([]byte, 8))
	b.ReportAllocs()
	for range b.N {
		if bytes, ok := Bytes(v); !ok || len(bytes) != 8 {
			b.Fatal(bytes)
		}
	}
}
