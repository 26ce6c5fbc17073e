package jsg

import (
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/dop251/goja"
)

// Args are the arguments of one call, with WebIDL-coercing getters. The first
// failure is kept; getters after it return zero values, so a member reads all
// its arguments and then checks Err once. An Args is valid only during the
// call it was made for.
type Args struct {
	js    *Scope
	vals  []Value
	class string
	fn    string
	err   error
	// required is how many arguments the getters insist on.
	required int
}

type argsPool struct {
	stack []*Args
	depth int
}

func (p *argsPool) get(js *Scope, vals []Value, class, fn string) *Args {
	if p.depth == len(p.stack) {
		p.stack = append(p.stack, new(Args))
	}
	a := p.stack[p.depth]
	p.depth++
	*a = Args{js: js, vals: vals, class: class, fn: fn}
	return a
}

// leaveNative ends a native call: the Args go back to the pool, and a Go bug (a
// runtime error) becomes a JavaScript error instead of the end of the process.
// JavaScript exceptions on their way through are left alone.
func (js *Scope) leaveNative(a *Args) {
	a.vals = nil
	js.args.depth--
	x := recover()
	if x == nil {
		return
	}
	if bug, ok := x.(runtime.Error); ok {
		if js.onPanic != nil {
			js.onPanic(bug, debug.Stack())
		}
		panic(js.ErrorValue(Errorf("internal error; see the log")))
	}
	panic(x)
}

// Describe says whose function was called, for messages.
func (a *Args) Describe(class, fn string) { a.class, a.fn = class, fn }

// Len is the number of arguments passed.
func (a *Args) Len() int { return len(a.vals) }

// Has reports whether argument i was passed and is not undefined.
func (a *Args) Has(i int) bool { return i < len(a.vals) && !IsUndefined(a.vals[i]) }

// Value is argument i as it is, Undefined if missing.
func (a *Args) Value(i int) Value {
	if i < len(a.vals) {
		return a.vals[i]
	}
	return Undefined
}

// Any is argument i as it is; undefined is a value, a missing argument is not.
func (a *Args) Any(i int) Value {
	if i >= len(a.vals) {
		a.Mismatch(i, "Value")
	}
	return a.Value(i)
}

// Rest is a copy of the arguments from i on.
func (a *Args) Rest(i int) []Value {
	if i >= len(a.vals) {
		return nil
	}
	return slices.Clone(a.vals[i:])
}

// Err is the first failure of a getter.
func (a *Args) Err() error { return a.err }

// Require makes the getters refuse to do without the first n arguments, as they
// do for the required ones of methods. It returns Err.
func (a *Args) Require(n int) error { a.required = n; return a.err }

func (a *Args) failed() string {
	switch {
	case a.class == "":
		return "Failed to execute '" + a.fn + "'"
	case a.fn == "":
		return "Failed to construct '" + a.class + "'"
	}
	return "Failed to execute '" + a.fn + "' on '" + a.class + "'"
}

// missing records that a required argument was not passed.
func (a *Args) missing(i int, want string) bool {
	if i < len(a.vals) || i >= a.required {
		return false
	}
	a.Mismatch(i, want)
	return true
}

// Mismatch records that argument i is not of the wanted type.
func (a *Args) Mismatch(i int, want string) {
	if a.err == nil {
		what := "parameter"
		if a.fn == "" {
			what = "constructor parameter"
		}
		a.err = TypeErrorf("%s: %s %d is not of type '%s'.", a.failed(), what, i+1, want)
	}
}

// Fail records an error.
func (a *Args) Fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

// String is argument i as ToString gives it, lone surrogates replaced (a
// USVString). A symbol is a TypeError.
func (a *Args) String(i int) string {
	if v := a.textual(i); v != nil {
		return Text(v)
	}
	return ""
}

// TextBytes is String as bytes of their own.
func (a *Args) TextBytes(i int) []byte {
	if v := a.textual(i); v != nil {
		return TextBytes(v)
	}
	return nil
}

// textual is argument i if it has a string, nil after a failure.
func (a *Args) textual(i int) Value {
	if a.err != nil || a.missing(i, "string") {
		return nil
	}
	v := a.Value(i)
	if IsSymbol(v) {
		a.Fail(TypeErrorf("Cannot convert a Symbol value to a string"))
		return nil
	}
	return v
}

// OptString is String, or def where the argument is undefined.
func (a *Args) OptString(i int, def string) string {
	if !a.Has(i) {
		return def
	}
	return a.String(i)
}

// Bool is ToBoolean.
func (a *Args) Bool(i int) bool { return a.Value(i).ToBoolean() }

// Float is ToNumber.
func (a *Args) Float(i int) float64 {
	if a.err != nil || a.missing(i, "number") {
		return 0
	}
	return a.Value(i).ToFloat()
}

// Int is a WebIDL long long: modulo 2^64, NaN and infinities give 0.
func (a *Args) Int(i int) int64 {
	f := a.Float(i)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return int64(math.Trunc(f))
}

// OptInt is Int, or def where the argument is undefined.
func (a *Args) OptInt(i int, def int64) int64 {
	if !a.Has(i) {
		return def
	}
	return a.Int(i)
}

// EnforceRange is a WebIDL [EnforceRange] integer within [lo, hi].
func (a *Args) EnforceRange(i int, lo, hi int64) int64 {
	f := a.Float(i)
	if a.err != nil {
		return 0
	}
	if math.IsNaN(f) || math.Trunc(f) < float64(lo) || math.Trunc(f) > float64(hi) {
		a.Fail(TypeErrorf("%s: parameter %d is outside the range [%d, %d].", a.failed(), i+1, lo, hi))
		return 0
	}
	return int64(f)
}

// Object is argument i as an object.
func (a *Args) Object(i int) *Object {
	o, ok := a.Value(i).(*Object)
	if !ok {
		a.Mismatch(i, "object")
	}
	return o
}

// Func is argument i as a callable.
func (a *Args) Func(i int) Value {
	v := a.Value(i)
	if !IsFunction(v) {
		a.Mismatch(i, "function")
	}
	return v
}

// BufferSource is the bytes of an ArrayBuffer or view, not copied.
func (a *Args) BufferSource(i int) []byte {
	b, ok := Bytes(a.Value(i))
	if !ok {
		a.Mismatch(i, "ArrayBuffer or ArrayBufferView")
	}
	return b
}

// Enum is argument i as one of the allowed strings, or def where undefined.
func (a *Args) Enum(i int, def string, allowed ...string) string {
	if !a.Has(i) {
		return def
	}
	s := a.String(i)
	if a.err == nil && !slices.Contains(allowed, s) {
		a.Fail(TypeErrorf("%s: the provided value '%s' is not one of %s.", a.failed(), s, strings.Join(allowed, ", ")))
	}
	return s
}

// Dict reads argument i as a WebIDL dictionary: undefined and null are the
// empty one, another non-object is a TypeError.
func (a *Args) Dict(i int) *Dict { return a.DictNamed(i, "Object") }

// DictNamed is Dict for a dictionary whose name the error should give.
func (a *Args) DictNamed(i int, name string) *Dict {
	switch v := a.Value(i).(type) {
	case *Object:
		return &Dict{a: a, o: v}
	default:
		if !IsNullish(v) {
			a.Mismatch(i, name)
		}
		return &Dict{a: a}
	}
}

// Dict reads the members of an options object; failures go to the Args.
type Dict struct {
	a *Args
	o *Object
}

// DictOf reads v as a dictionary whose failures go to the Args a.
func (a *Args) DictOf(v Value) *Dict {
	o, _ := v.(*Object)
	return &Dict{a: a, o: o}
}

// Object is the object itself, nil for the empty dictionary.
func (d *Dict) Object() *Object { return d.o }

// Value is a member, Undefined if missing.
func (d *Dict) Value(name string) Value {
	if d.o == nil || d.a.err != nil {
		return Undefined
	}
	return orUndefined(d.o.Get(name))
}

// Has reports whether a member is there and not undefined.
func (d *Dict) Has(name string) bool { return !IsUndefined(d.Value(name)) }

// String is a member as ToString gives it.
func (d *Dict) String(name, def string) string {
	v := d.Value(name)
	if IsUndefined(v) {
		return def
	}
	return v.String()
}

// Bool is a member as ToBoolean gives it.
func (d *Dict) Bool(name string, def bool) bool {
	v := d.Value(name)
	if IsUndefined(v) {
		return def
	}
	return v.ToBoolean()
}

// Float is a member as ToNumber gives it.
func (d *Dict) Float(name string, def float64) float64 {
	v := d.Value(name)
	if IsUndefined(v) {
		return def
	}
	return v.ToFloat()
}

// Int is a member as an integer.
func (d *Dict) Int(name string, def int64) int64 {
	f := d.Float(name, float64(def))
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return int64(f)
}

// Enum is a member as one of the allowed strings.
func (d *Dict) Enum(name, def string, allowed ...string) string {
	s := d.String(name, def)
	if d.a.err == nil && s != def && !slices.Contains(allowed, s) {
		d.a.Fail(TypeErrorf("%s: the provided value '%s' of '%s' is not one of %s.", d.a.failed(), s, name, strings.Join(allowed, ", ")))
	}
	return s
}

// Func is a member that must be callable if present; nil if absent.
func (d *Dict) Func(name string) Value {
	v := d.Value(name)
	if IsUndefined(v) {
		return nil
	}
	if _, ok := goja.AssertFunction(v); !ok {
		d.a.Fail(TypeErrorf("%s: '%s' is not a function.", d.a.failed(), name))
		return nil
	}
	return v
}
