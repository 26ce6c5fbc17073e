package clone

import (
	"bytes"
	"errors"
	"testing"

	"github.com/miniworker/miniworker/internal/testworker/jseval"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// badge is a host class with a codec, wire one that needs a capability, lamp
// one that has no codec.
type badge struct {
	name string
	n    uint64
}
type wire struct{ live chan int }
type lamp struct{}

var (
	badgeClass = &jsg.Class[badge]{Name: "Badge",
		New: func(js *jsg.Scope, a *jsg.Args) (*badge, error) { return &badge{a.String(0), 7}, a.Err() },
		Members: jsg.Members[badge]{jsg.Getter("name", func(b *badge, js *jsg.Scope) (jsg.Value, error) {
			return js.String(b.name), nil
		})}}
	wireClass = &jsg.Class[wire]{Name: "Wire", New: func(*jsg.Scope, *jsg.Args) (*wire, error) { return &wire{make(chan int)}, nil }}
	lampClass = &jsg.Class[lamp]{Name: "Lamp", New: func(*jsg.Scope, *jsg.Args) (*lamp, error) { return &lamp{}, nil }}

	_ = Register("Badge", func(b *badge, _ *jsg.Scope, e *Encoder) error {
		e.String(b.name)
		e.Uint(b.n)
		e.Bytes([]byte{1, 2})
		return nil
	}, func(js *jsg.Scope, d *Decoder) (jsg.Value, error) {
		b := &badge{d.String(), d.Uint()}
		if extra := d.Bytes(); d.Err() != nil || len(extra) != 2 {
			return nil, d.Err()
		}
		return badgeClass.Wrap(js, b), nil
	})
	_ = Register("Wire", func(w *wire, _ *jsg.Scope, e *Encoder) error { return e.Cap("Wire", w) },
		func(js *jsg.Scope, d *Decoder) (jsg.Value, error) {
			w, ok := d.Cap().(*wire)
			if !ok {
				return nil, errors.Join(d.Err(), errors.New("not a wire"))
			}
			return wireClass.Wrap(js, w), nil
		})
)

func newRealm(t testing.TB) *jsg.Scope {
	return jseval.New(t, []jsg.AnyClass{badgeClass, wireClass, lampClass}, Install)
}

func TestStructuredClone(t *testing.T) {
	jseval.Run(t, newRealm, []jseval.Case{
		{`structuredClone(undefined)`, "undefined"},
		{`structuredClone(null)`, "null"},
		{`structuredClone([1, -1, 1.5, 2 ** 53, -(2 ** 31), true, false, "é", null])`, `[1,-1,1.5,9007199254740992,-2147483648,true,false,"é",null]`},
		{`structuredClone(-0)`, "-0"},
		{`structuredClone(NaN)`, "NaN"},
		{`structuredClone(-Infinity)`, "-Infinity"},
		{`structuredClone(-(10n ** 30n))`, "-1000000000000000000000000000000"},
		{`structuredClone(0n)`, "0"},
		{`structuredClone("a\ud800b").charCodeAt(1).toString(16)`, "d800"},
		{`structuredClone("\ufffd\u{1f600}") === "\ufffd\u{1f600}"`, "true"},
		{`structuredClone({a: {b: [{c: 1}]}, "ü": 2})`, `{"a":{"b":[{"c":1}]},"ü":2}`},
		{`Object.keys(structuredClone({b: 1, a: 2, 1: 0})).join()`, "1,b,a"},
		{`Object.keys(structuredClone({"\ud800": 1}))[0].charCodeAt(0)`, "55296"},
		{`structuredClone({a: 1, [Symbol("b")]: 2, get c() { return 3 }})`, `{"a":1,"c":3}`},
		{`Object.getOwnPropertyNames(structuredClone({["__proto__"]: 3})).join()`, "__proto__"},
		{`Object.getPrototypeOf(structuredClone(Object.create(null))) === Object.prototype`, "true"},
		{`class Foo { a = 1 } let f = structuredClone(new Foo); [f.a, f instanceof Foo]`, "[1,false]"},
		{`let x = structuredClone(Object.assign([1,,3], {x: 1})); [x.length, Object.keys(x).join()]`, `[3,"0,2,x"]`},
		{`let s = []; s[1e6] = 1; s.p = 2; let x = structuredClone(s); [x.length, Object.keys(x).join()]`, `[1000001,"1000000,p"]`},
		{`structuredClone(new Array(5)).length`, "5"},
		{`structuredClone(new Date(8.64e15)).getTime()`, "8640000000000000"},
		{`structuredClone(new Date(-1)).toISOString()`, "1969-12-31T23:59:59.999Z"},
		{`structuredClone(new Date(NaN)).getTime()`, "NaN"},
		{`let r = structuredClone(Object.assign(/a\/b/giu, {lastIndex: 5})); String(r) + r.lastIndex`, `/a\/b/giu0`},
		{`[Object(1), Object("xé"), Object(true), Object(-0.5)].map(v => structuredClone(v)).map(v => typeof v + v.valueOf()).join()`, "object1,objectxé,objecttrue,object-0.5"},
		{`let b = structuredClone(Object(5n)); typeof b + b`, "object5"},
		{`[...structuredClone(new Map([[1, {a: 2}], ["k", new Set([1])]]))].map(([k, v]) => k + ":" + (v.a ?? [...v])).join()`, "1:2,k:1"},
		{`let m = new Map(); m.set(m, m); let x = structuredClone(m); x.get(x) === x`, "true"},
		{`let o = {}; o.self = o; o.list = [o, o]; let x = structuredClone(o); [x.self === x, x.list[1] === x, x !== o]`, "[true,true,true]"},
		{`let d = new Date(5); let x = structuredClone([d, d]); x[0] === x[1]`, "true"},
		{`let big = []; for (let i = 0; i < 100; i++) big.push({i}); let x = structuredClone([big, big[77]]); x[0][77] === x[1]`, "true"},
		{`let s = new Set([1]); Set.prototype.forEach = Set.prototype.add = Set = null; structuredClone(s).size`, "1"},
	})
}

func TestCloneBuffers(t *testing.T) {
	jseval.Run(t, newRealm, []jseval.Case{
		{`structuredClone(new Uint8Array([1, 2, 3]).buffer)`, "ArrayBuffer 010203"},
		{`structuredClone(new Uint8Array([1, 2, 3]).subarray(1))`, "Uint8Array 0203"},
		{`structuredClone(new Uint8Array([1, 2, 3]).subarray(1)).buffer`, "ArrayBuffer 010203"},
		{`structuredClone(new Float64Array([1.5])).constructor === Float64Array`, "true"},
		{`structuredClone(new Uint8ClampedArray([1]))`, "Uint8ClampedArray 01"},
		{`structuredClone(new BigInt64Array([-1n]))`, "BigInt64Array ffffffffffffffff"},
		{`structuredClone(new DataView(new ArrayBuffer(8), 2, 3))`, "DataView 000000"},
		{`let b = new ArrayBuffer(4); let [x, y, z] = structuredClone([new Uint8Array(b), new Uint16Array(b), b]); x.buffer === y.buffer && y.buffer === z`, "true"},
		{`let b = new ArrayBuffer(8); let c = structuredClone(b, {transfer: [b]}); [b.byteLength, c.byteLength]`, "[0,8]"},
		{`let b = new Uint8Array(8); structuredClone(1, {transfer: [b, b]}); b.length`, "0"},
		{`let b = new ArrayBuffer(8); structuredClone(b, {transfer: [b]}); structuredClone(b)`, "DataCloneError: An ArrayBuffer is detached and could not be cloned."},
		{`let b = new ArrayBuffer(8); try { structuredClone([b, () => 1], {transfer: [b]}) } catch {} b.byteLength`, "8"},
		{`structuredClone(1, {transfer: [{}]})`, "TypeError: Object is not transferable"},
		{`structuredClone(1, {transfer: 5})`, "TypeError: Incorrect type for the 'transfer' field on 'StructuredCloneOptions': the provided value is not of type 'Array'."},
		{`structuredClone(1, 5)`, "TypeError: Failed to execute 'structuredClone' on 'ServiceWorkerGlobalScope': parameter 2 is not of type 'StructuredCloneOptions'."},
		{`structuredClone(1, null)`, "1"},
		{`structuredClone()`, "TypeError: Failed to execute 'structuredClone' on 'ServiceWorkerGlobalScope': parameter 1 is not of type 'Value'."},
	})
}

func TestCloneErrors(t *testing.T) {
	realm := func(enhanced bool) func(testing.TB) *jsg.Scope {
		return func(testing.TB) *jsg.Scope {
			js := jsg.New(jsg.Options{Flag: func(name string) bool { return enhanced && name == "enhanced_error_serialization" }})
			Install(js)
			return js
		}
	}
	jseval.Run(t, newRealm, []jseval.Case{
		{`let e = structuredClone(new DOMException("m", "AbortError")); [e.name, e.message, e.code, e instanceof DOMException]`, `["AbortError","m",20,true]`},
	})
	jseval.Run(t, realm(false), []jseval.Case{
		{`let e = structuredClone(new TypeError("x", {cause: {a: 1}})); [e instanceof TypeError, e.message, e.cause.a, e.name, Object.getOwnPropertyNames(e).join()]`, `[true,"x",1,"TypeError","stack,message,cause"]`},
		{`let e = new Error("x"); structuredClone(e).stack === e.stack`, "true"},
		{`let e = structuredClone(Object.assign(new Error("m"), {name: "RangeError"})); e instanceof RangeError`, "true"},
		{`class Bar extends Error { name = "Bar" } let e = structuredClone(new Bar("x")); e.name + e.constructor.name`, "ErrorError"},
		{`let e = structuredClone(new AggregateError([1, 2], "agg")); e.name + e.message + e.errors`, "AggregateErroragg1,2"},
		{`let e = new Error("x"); e.cause = e; let c = structuredClone(e); c.cause === c`, "true"},
		{`let e = structuredClone(Object.assign(new Error("x", {cause: 1}), {code: 5})); [e.code, e.cause, Object.keys(e)]`, `[null,1,[]]`},
	})
	jseval.Run(t, realm(true), []jseval.Case{
		{`let e = structuredClone(Object.assign(new TypeError("x", {cause: 1}), {code: 5})); [e.code, Object.keys(e)]`, `[5,["stack","cause","code"]]`},
		{`class Bar extends Error { name = "Bar" } let e = structuredClone(new Bar("x")); e.name + e.constructor.name`, "BarError"},
	})
}

func TestRefused(t *testing.T) {
	jseval.Run(t, newRealm, []jseval.Case{
		{`structuredClone(() => 1)`, "DataCloneError: () => 1 could not be cloned."},
		{`structuredClone({f() {}})`, "DataCloneError: f() {} could not be cloned."},
		{`structuredClone(class A {})`, "DataCloneError: class A {} could not be cloned."},
		{`structuredClone(async () => 1)`, "DataCloneError: async () => 1 could not be cloned."},
		{`structuredClone({a: Symbol("x")})`, "DataCloneError: Symbol(x) could not be cloned."},
		{`structuredClone(Object(Symbol("x")))`, "DataCloneError: [object Symbol] could not be cloned."},
		{`structuredClone(Promise.resolve(1))`, "DataCloneError: #<Promise> could not be cloned."},
		{`structuredClone(new WeakMap)`, "DataCloneError: #<WeakMap> could not be cloned."},
		{`structuredClone(new Proxy({}, {}))`, "DataCloneError: #<Object> could not be cloned."},
		{`structuredClone((function() { return arguments })(1))`, "DataCloneError: #<Object> could not be cloned."},
		{`structuredClone((function*() {})())`, "DataCloneError: [object Generator] could not be cloned."},
		{`structuredClone([][Symbol.iterator]())`, "DataCloneError: [object Array Iterator] could not be cloned."},
		{`structuredClone(globalThis)`, "DataCloneError: #<ServiceWorkerGlobalScope> could not be cloned."},
		{`structuredClone(new Lamp)`, `DataCloneError: Could not serialize object of type "Lamp". This type does not support serialization.`},
		{`structuredClone(new Wire)`, "DataCloneError: Wire can only be serialized for RPC."},
		{`structuredClone({get a() { throw new RangeError("boo") }})`, "RangeError: boo"},
		{`let o = {}; for (let i = 0; i < 1e4; i++) o = {o}; structuredClone(o)`, "RangeError: Maximum call stack size exceeded"},
	})
}

func TestHostClasses(t *testing.T) {
	jseval.Run(t, newRealm, []jseval.Case{
		{`let b = new Badge("bob"); let [x, y] = structuredClone([b, b]); [x.name, x === y, x !== b, x instanceof Badge]`, `["bob",true,true,true]`},
	})
}

// stub is a capability that imports as a string.
type stub struct{ closed bool }

func (s *stub) Import(js *jsg.Scope) (jsg.Value, error) { return js.String("imported"), nil }
func (s *stub) Close() error                            { s.closed = true; return nil }

func TestCapabilities(t *testing.T) {
	js := newRealm(t)
	run := func(source string) jsg.Value {
		v, err := js.Run(jsg.MustCompile("t", source))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	s := &stub{}
	export := func(js *jsg.Scope, o *jsg.Object) (Cap, error) {
		if jsg.IsFunction(o) {
			return s, nil
		}
		return nil, nil
	}
	m, err := Write(js, run(`let f = () => 1; ({f, g: f, w: new Wire})`), Options{Export: export})
	if err != nil || len(m.Caps) != 2 {
		t.Fatalf("%v, %v", m.Caps, err)
	}
	v, err := m.Read(newRealm(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := v.(*jsg.Object).Get("g").String(); got != "imported" {
		t.Error(got)
	}
	if m.Discard(); !s.closed {
		t.Error("Discard must close capabilities")
	}
	if _, err := Write(js, run(`class Foo {}; new Foo`), Options{Export: export}); err == nil ||
		err.Error() != `DataCloneError: Could not serialize object of type "Foo". This type does not support serialization.` {
		t.Error(err)
	}
	s.closed = false
	if _, err := Write(js, run(`[() => 1, Symbol()]`), Options{Export: export}); err == nil || !s.closed {
		t.Error("a failed Write must release its capabilities")
	}
}

func TestDeterministicAndReadableAnywhere(t *testing.T) {
	const source = `({a: 1, m: new Map([[1, [1.5, "x"]]]), d: new Date(5), b: new Uint8Array([1])})`
	var first []byte
	for range 2 {
		js := newRealm(t)
		v, err := js.Run(jsg.MustCompile("t", source))
		if err != nil {
			t.Fatal(err)
		}
		m, err := Write(js, v, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = m.Data
		}
		if !bytes.Equal(first, m.Data) {
			t.Fatal("two writes differ")
		}
	}
}

func FuzzRead(f *testing.F) {
	js := newRealm(f)
	for _, source := range []string{`1`, `"x"`, `"\ud800"`, `({a: [1,,2], m: new Map([[1, 2n]]), s: new Set([1])})`, `new Uint16Array(2)`,
		`new TypeError("x", {cause: /a/g})`, `[new Date(1), Object(1), new Badge("x")]`, `let o = {}; o.o = o; o`, `let a = []; a[1e5] = 1; a`} {
		v, err := js.Run(jsg.MustCompile("f", source))
		if err != nil {
			f.Fatal(err)
		}
		m, err := Write(js, v, Options{})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(m.Data)
	}
	f.Add([]byte{version, tagSparse, 0xff, 0xff, 0xff, 0xff, 0x0f, tagEnd})
	f.Add(append([]byte{version}, bytes.Repeat([]byte{tagArray, 1}, 6000)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Message{Data: data}.Read(js)
		if err != nil {
			return
		}
		if _, err := Write(js, v, Options{}); err != nil {
			t.Errorf("read %x but cannot write it: %v", data, err)
		}
	})
}

func benchmark(b *testing.B, source string) {
	js := newRealm(b)
	v, err := js.Run(jsg.MustCompile("b", source))
	if err != nil {
		b.Fatal(err)
	}
	m, err := Write(js, v, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("write", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Write(js, v, Options{})
		}
	})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m.Read(js)
		}
	})
}

func BenchmarkNumber(b *testing.B)      { benchmark(b, `42`) }
func BenchmarkString(b *testing.B)      { benchmark(b, `"hello world"`) }
func BenchmarkSmallObject(b *testing.B) { benchmark(b, `({id: 1, name: "bob", ok: true})`) }
func BenchmarkArray1000(b *testing.B)   { benchmark(b, `Array.from({length: 1000}, (_, i) => i)`) }
