package jsg

import (
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strings"
	"testing"
	"time"
)

type animal struct {
	Instance
	name string
}

type dog struct {
	animal
	tricks int
}

var animalClass = &Class[animal]{
	Name: "Animal",
	New: func(js *Scope, a *Args) (*animal, error) {
		if err := a.Require(1); err != nil {
			return nil, err
		}
		return &animal{name: a.String(0)}, a.Err()
	},
	Members: Members[animal]{
		Accessor("name", func(x *animal, js *Scope) (Value, error) { return js.String(x.name), nil },
			func(x *animal, js *Scope, v Value) error { x.name = v.String(); return nil }),
		Method("say", 1, func(x *animal, js *Scope, a *Args) (Value, error) {
			return js.String(x.name + " says " + a.String(0)), a.Err()
		}),
		Async("later", 0, func(x *animal, js *Scope, a *Args) (Value, error) {
			if a.Has(0) {
				return nil, RangeErrorf("too %s", a.String(0))
			}
			return js.String("ok"), nil
		}),
		Method("bug", 0, func(x *animal, js *Scope, a *Args) (Value, error) {
			var p *dog
			p.tricks++
			return Undefined, nil
		}),
		Method("future", 0, func(x *animal, js *Scope, a *Args) (Value, error) { return Undefined, nil }).Since("future_flag"),
		Static[animal]("kind", 0, func(js *Scope, a *Args) (Value, error) { return js.String("animal"), nil }),
		Const[animal]("LEGS", 4),
		Iterable(func(x *animal, js *Scope) iter.Seq2[Value, Value] {
			return func(yield func(Value, Value) bool) {
				_ = yield(js.String("a"), js.Int(1)) && yield(js.String("b"), js.Int(2))
			}
		}),
	},
}

var dogClass = &Class[dog]{
	Name: "Dog", Parent: animalClass, Upcast: func(d *dog) any { return &d.animal },
	New: func(js *Scope, a *Args) (*dog, error) { return &dog{animal: animal{name: a.String(0)}}, nil },
	Members: Members[dog]{
		Getter("tricks", func(d *dog, js *Scope) (Value, error) { return js.Int(int64(d.tricks)), nil }),
	},
}

func realm(t *testing.T) *Scope {
	t.Helper()
	js := New(Options{Flag: func(flag string) bool { return flag == "set_tostring_tag" }, Panic: func(any, []byte) {}})
	for _, c := range []AnyClass{animalClass, dogClass, domExceptionClass} {
		js.DefineHidden(js.Global(), c.ClassName(), c.Constructor(js))
	}
	return js
}

// eval runs source as a turn and returns the string form of its result, or of
// what it throws.
func eval(t *testing.T, js *Scope, source string) string {
	t.Helper()
	p, err := Compile("test.js", source)
	if err != nil {
		return err.Error()
	}
	var out Value
	if err := js.Enter(nil, func() {
		if out, err = js.Run(p); err != nil {
			panic(js.thrown(err))
		}
	}); err != nil {
		return err.Error()
	}
	if state, v := Settled(out); state == Fulfilled {
		return v.String()
	} else if state == RejectedState {
		return Thrown(v).Error()
	}
	return out.String()
}

func TestClassShape(t *testing.T) {
	tests := []struct{ source, want string }{
		{`new Animal("cat").say("meow")`, "cat says meow"},
		{`Animal("cat")`, "TypeError: Failed to construct 'Animal': Please use the 'new' operator, this object constructor cannot be called as a function."},
		{`new Animal()`, "TypeError: Failed to construct 'Animal': constructor parameter 1 is not of type 'string'."},
		{`new Animal("cat").say()`, "TypeError: Failed to execute 'say' on 'Animal': parameter 1 is not of type 'string'."},
		{`Animal.prototype.say.call({}, "x")`, "TypeError: Illegal invocation: function called with incorrect `this` reference. See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details."},
		{`Animal.prototype.name`, "TypeError: Illegal invocation: function called with incorrect `this` reference. See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details."},
		{`new Proxy(new Animal("x"), {}).name`, "TypeError: Illegal invocation: function called with incorrect `this` reference. See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details."},
		{`Object.create(new Animal("x")).name`, "TypeError: Illegal invocation: function called with incorrect `this` reference. See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details."},
		{`let a = new Animal("x"); a.name = 5; a.name + typeof a.name`, "5string"},
		{`[Animal.name, Animal.length, Animal.prototype.say.name, Animal.prototype.say.length].join()`, "Animal,0,say,0"},
		{`Object.getOwnPropertyDescriptor(Animal.prototype, "name").get.name`, ""},
		{`Object.prototype.toString.call(new Animal("x"))`, "[object Animal]"},
		{`class C extends Animal { f = 1; #p = 2; constructor() { super("sub") } get p() { return this.#p } }; let c = new C; c.say("hi") + c.f + c.p + (c instanceof Animal)`, "sub says hi12true"},
		{`let d = new Dog("rex"); [d.name, d.tricks, d.say("wuff"), d instanceof Animal, Object.keys(d).length].join()`, "rex,0,rex says wuff,true,0"},
		{`class Puppy extends Dog {}; new Puppy("p").name`, "p"},
		{`Animal.kind() + Animal.LEGS + new Animal("x").LEGS`, "animal44"},
		{`"future" in Animal.prototype`, "false"},
		{`JSON.stringify([...new Animal("x")])`, `[["a",1],["b",2]]`},
		{`JSON.stringify([[...new Animal("x").keys()], [...new Animal("x").values()]])`, `[["a","b"],[1,2]]`},
		{`let s = ""; new Animal("x").forEach((v, k) => s += k + v); s`, "a1b2"},
		{`Object.prototype.toString.call(new Animal("x").entries())`, "[object EntryIterator]"},
		{`new Animal("x").later()`, "ok"},
		{`new Animal("x").later("much")`, "RangeError: too much"},
		{`new Animal("x").later({toString() { throw new EvalError("mine") }}).catch(e => "caught " + e.name)`, "caught EvalError"},
		{`Animal.prototype.later.call(1)`, "TypeError: Illegal invocation: function called with incorrect `this` reference. See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details."},
		{`new Animal("x").bug()`, "Error: internal error; see the log"},
		{`try { new Animal("x").bug() } catch (e) {} new Animal("y").say("still alive")`, "y says still alive"},
		{`let e = new DOMException("m", "AbortError"); [e.name, e.message, e.code, e instanceof Error, String(e), e.ABORT_ERR, DOMException.ABORT_ERR, e.stack.split("\n")[0]].join()`, "AbortError,m,20,true,AbortError: m,20,20,AbortError: m"},
		{`typeof Symbol.asyncIterator`, "symbol"},
		{`const lone = Object.create(Promise.resolve(1)); lone.then = (ok) => ok(2); let got; (async () => { got = await lone; })(); [Promise.prototype.constructor === Promise, Promise.resolve().constructor === Promise, Promise.resolve(lone) === lone].join()`, "true,true,false"},
		{`let kept; const p = new Proxy(function() {}, {apply(f, self, args) { kept = args; args.push(4); return args.length }, construct(f, args) { return {args} }}); const made = new p(7, 8); [p(1, 2), String(kept), String(made.args), ((...a) => a.length)(9, 9, 9), String(kept)].join(" ")`, "3 1,2,4 7,8 3 1,2,4"},
		{`const h = {n: 0, apply() { return ++this.n }}; const q = new Proxy(() => {}, h); q(); q(); h.apply = () => "new"; h.n + q()`, "2new"},
		{`let n = 0; function f() { n++; f() } try { f() } catch (e) { [e instanceof RangeError, e.message, e.stack.split("\n").length, n > 1000].join() }`, "true,Maximum call stack size exceeded,11,true"},
	}
	for _, tt := range tests {
		if got := eval(t, realm(t), tt.source); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.source, got, tt.want)
		}
	}
}

func TestWrapKeepsIdentity(t *testing.T) {
	js := realm(t)
	x := &animal{name: "one"}
	if first, again := animalClass.Wrap(js, x), animalClass.Wrap(js, x); first != again {
		t.Fatal("an Instance must keep its object")
	}
	if got, ok := animalClass.From(animalClass.Wrap(js, x)); !ok || got != x {
		t.Fatal("From must return what Wrap was given")
	}
	d := &dog{animal: animal{name: "d"}}
	if got, ok := animalClass.From(dogClass.Wrap(js, d)); !ok || got != &d.animal {
		t.Fatal("From of the parent class must upcast")
	}
	if _, ok := dogClass.From(animalClass.Wrap(js, x)); ok {
		t.Fatal("a parent is not a child")
	}
}

func TestEnterRunsMicrotasksAtTheEndOfTheTurn(t *testing.T) {
	js := realm(t)
	var log []string
	r := js.NewPromise()
	err := js.Enter("frame", func() {
		js.Then(r.Promise(), func(js *Scope, v Value) (Value, error) {
			log = append(log, "reaction in "+js.Frame().(string))
			return v, nil
		}, nil)
		r.Resolve(js.Int(1))
		log = append(log, "end of task")
	})
	if err != nil || strings.Join(log, "; ") != "end of task; reaction in frame" {
		t.Fatalf("%v, %v", log, err)
	}
}

func TestReactionsDoNotNest(t *testing.T) {
	js := realm(t)
	var log []string
	js.Enter(nil, func() {
		second := js.NewPromise()
		js.Then(second.Promise(), func(js *Scope, v Value) (Value, error) {
			log = append(log, "second")
			return v, nil
		}, nil)
		js.Then(js.Resolved(Undefined), func(js *Scope, v Value) (Value, error) {
			second.Resolve(Undefined)
			log = append(log, "end of first")
			return v, nil
		}, nil)
	})
	if got := strings.Join(log, "; "); got != "end of first; second" {
		t.Fatal(got)
	}
}

func TestMicrotasksKeepOrderAndFrame(t *testing.T) {
	js := realm(t)
	var log []string
	note := func(what string) func(js *Scope) {
		return func(js *Scope) { log = append(log, what+js.Frame().(string)) }
	}
	js.Enter("F", func() {
		js.Microtask(note("1"))
		js.Then(js.Resolved(Undefined), func(js *Scope, v Value) (Value, error) {
			note("2")(js)
			js.Microtask(note("4"))
			return v, nil
		}, nil)
		js.Microtask(note("3"))
	})
	if got := strings.Join(log, " "); got != "1F 2F 3F 4F" {
		t.Fatal(got)
	}
}

func TestFramesFollowPromises(t *testing.T) {
	js := realm(t)
	shared := js.NewPromise()
	var log []string
	for _, f := range []string{"A", "B"} {
		js.Enter(f, func() {
			js.Then(shared.Promise(), func(js *Scope, v Value) (Value, error) {
				log = append(log, f+"="+js.Frame().(string))
				return v, nil
			}, nil)
		})
	}
	js.Enter("C", func() { shared.Resolve(Undefined) })
	if got := strings.Join(log, " "); got != "A=A B=B" {
		t.Fatal(got)
	}
}

func TestFramesReachThenables(t *testing.T) {
	js := realm(t)
	var got any
	js.Define(js.Global(), "note", js.Func("note", 0, func(js *Scope, _ Value, _ *Args) (Value, error) {
		got = js.Frame()
		return Undefined, nil
	}))
	p := MustCompile("thenable.js", `(async () => { await 1; await { then(resolve) { note(); resolve(); } }; })()`)
	js.Enter("A", func() {
		if _, err := js.Run(p); err != nil {
			t.Error(err)
		}
	})
	if got != "A" {
		t.Fatal(got)
	}
}

func TestUnhandledRejections(t *testing.T) {
	var got []string
	js := New(Options{UnhandledRejection: func(js *Scope, reason, promise Value) { got = append(got, Describe(reason).Message) }})
	eval(t, js, `Promise.reject(new Error("lost")); Promise.reject(new Error("caught")).catch(() => {}); 1`)
	if strings.Join(got, ",") != "lost" {
		t.Fatal(got)
	}
}

// runUnder runs a program in a turn of its own.
func runUnder(t *testing.T, js *Scope, frame any, source string) {
	t.Helper()
	var err error
	if entered := js.Enter(frame, func() { _, err = js.Run(MustCompile("test.js", source)) }); err != nil || entered != nil {
		t.Fatal(err, entered)
	}
}

// A rejection is reported under the frame it happened in, and so is a handler
// that comes later.
func TestRejectionsHaveFrames(t *testing.T) {
	var got []string
	js := New(Options{
		UnhandledRejection: func(js *Scope, reason, promise Value) {
			got = append(got, fmt.Sprintf("%v rejected %v", js.Frame(), reason))
		},
		RejectionHandled: func(js *Scope, promise Value) { got = append(got, fmt.Sprintf("%v handled", js.Frame())) },
	})
	runUnder(t, js, "a", `var p = Promise.reject(1); Promise.reject(2).catch(() => {})`)
	runUnder(t, js, "b", `p.catch(() => {}); p.catch(() => {}); Promise.reject(3)`)
	if want := "a rejected 1, a handled, b rejected 3"; strings.Join(got, ", ") != want {
		t.Fatalf("got %q, want %s", got, want)
	}
}

func TestListenersMayReject(t *testing.T) {
	n := 0
	js := New(Options{UnhandledRejection: func(js *Scope, reason, promise Value) {
		if n++; n < 3 {
			js.Rejected(Errorf("again"))
		}
	}})
	eval(t, js, `Promise.reject(1)`)
	if n != 3 {
		t.Fatal(n)
	}
}

// The then method of an object is called under the frame that resolved with it.
func TestFrameOfThenable(t *testing.T) {
	js := New(Options{})
	var got []string
	js.Global().Set("note", js.Func("note", 1, func(js *Scope, _ Value, a *Args) (Value, error) {
		got = append(got, fmt.Sprintf("%s %v", a.String(0), js.Frame()))
		return Undefined, nil
	}))
	js.Global().Set("inside", js.Func("inside", 2, func(js *Scope, _ Value, a *Args) (v Value, err error) {
		js.WithFrame(a.String(0), func() { v, err = js.Call(a.Value(1), Undefined) })
		return v, err
	}))
	runUnder(t, js, "outer", `
			const thenable = (name) => ({ then(f) { note(name); f(); } });
			Promise.resolve().then(() => note("before"));
			inside("x", () => { Promise.resolve(thenable("resolved")).then(() => note("after")); });
			inside("y", async () => { await thenable("awaited"); note("then"); });
			new Promise((f) => inside("z", () => f(thenable("made")))).then(() => note("out"));`)
	if want := "before outer, resolved x, awaited y, made z, after x, then y, out outer"; strings.Join(got, ", ") != want {
		t.Fatalf("got %q, want %s", got, want)
	}
}

func TestInterrupt(t *testing.T) {
	js := New(Options{})
	p := MustCompile("loop.js", "for (;;) {}")
	done := make(chan error)
	started := make(chan struct{})
	go func() {
		var err error
		enterErr := js.Enter(nil, func() {
			close(started)
			_, err = js.Run(p)
		})
		done <- errors.Join(err, enterErr)
	}()
	<-started
	js.Interrupt(&Error{Message: "exceeded CPU limit"})
	var in *Interrupted
	if err := <-done; !errors.As(err, &in) || in.Error() != "exceeded CPU limit" {
		t.Fatalf("got %v", err)
	}
}

func TestBytes(t *testing.T) {
	js := realm(t)
	tests := []struct {
		source string
		want   string
		ok     bool
	}{
		{`new Uint8Array([65,66,67]).buffer`, "ABC", true},
		{`new Uint8Array([65,66,67]).subarray(1)`, "BC", true},
		{`new Uint16Array([0x4241])`, "AB", true},
		{`new DataView(new Uint8Array([65,66,67]).buffer, 1, 1)`, "B", true},
		{`"ABC"`, "", false},
		{`({})`, "", false},
		{`[65]`, "", false},
	}
	for _, tt := range tests {
		v, err := js.Run(MustCompile("t", tt.source))
		if err != nil {
			t.Fatal(err)
		}
		if b, ok := Bytes(v); ok != tt.ok || string(b) != tt.want {
			t.Errorf("%s: got %q %v", tt.source, b, ok)
		}
	}
	if _, ok := ArrayBufferOf(js.String("ABC")); ok {
		t.Error("a string is no ArrayBuffer")
	}
	v, _ := js.Run(MustCompile("t", `new Uint8ClampedArray(new ArrayBuffer(8), 2, 3)`))
	if view, ok := ViewOf(v); !ok || view.Kind != "Uint8ClampedArray" || view.Offset != 2 || view.Len != 3 {
		t.Errorf("%+v", view)
	}
}

func TestCompileErrorHasPosition(t *testing.T) {
	_, err := Compile("x.js", "let a = 1;\nlet b = ;\n")
	var se *SyntaxError
	if !errors.As(err, &se) || se.Line != 2 || se.File != "x.js" {
		t.Fatalf("%#v", err)
	}
}

func BenchmarkMethodCall(b *testing.B) {
	js := New(Options{})
	js.DefineHidden(js.Global(), "Animal", animalClass.Constructor(js))
	f, _ := js.Run(MustCompile("b", `(function(n) { let a = new Animal("x"); for (let i = 0; i < n; i++) a.name })`))
	b.ReportAllocs()
	if _, err := js.Call(f, Undefined, js.Int(int64(b.N))); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkConstruct(b *testing.B) {
	js := New(Options{})
	js.DefineHidden(js.Global(), "Animal", animalClass.Constructor(js))
	f, _ := js.Run(MustCompile("b", `(function(n) { for (let i = 0; i < n; i++) new Animal("x") })`))
	b.ReportAllocs()
	if _, err := js.Call(f, Undefined, js.Int(int64(b.N))); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkWrap(b *testing.B) {
	js := New(Options{})
	b.ReportAllocs()
	for range b.N {
		animalClass.Wrap(js, &animal{})
	}
}

func BenchmarkEnter(b *testing.B) {
	js := New(Options{})
	b.ReportAllocs()
	for range b.N {
		js.Enter(nil, func() {})
	}
}

func BenchmarkNewRealm(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		New(Options{})
	}
}

// TestInterruptFrees: what the interrupted code held is garbage.
func TestInterruptFrees(t *testing.T) {
	js := New(Options{})
	freed := make(chan struct{})
	js.Define(js.Global(), "held", js.Func("held", 0, func(js *Scope, _ Value, _ *Args) (Value, error) {
		buffer := js.NewArrayBuffer(make([]byte, 1<<16))
		runtime.AddCleanup(buffer, func(freed chan struct{}) { close(freed) }, freed)
		js.Interrupt(&Error{Message: "enough"})
		return buffer, nil
	}))
	p, err := Compile("t.js", "(function () { const a = [held()]; for (;;) a.length; })")
	if err != nil {
		t.Fatal(err)
	}
	err = js.Enter(nil, func() {
		f, err := js.Run(p)
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = js.Call(f, Undefined)
	})
	if in := new(Interrupted); !errors.As(js.Broken(), &in) {
		t.Fatal(err, js.Broken())
	}
	for {
		runtime.GC()
		select {
		case <-freed:
			runtime.KeepAlive(js)
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}
