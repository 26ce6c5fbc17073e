package jsg

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// Undefined and Null are the two empty values.
var (
	Undefined = goja.Undefined()
	Null      = goja.Null()
)

// IsUndefined reports whether v is undefined.
func IsUndefined(v Value) bool { return v == nil || v == Undefined }

// IsNullish reports whether v is undefined or null.
func IsNullish(v Value) bool { return v == nil || v == Undefined || v == Null }

// IsString reports whether v is a primitive string.
func IsString(v Value) bool { return goja.IsString(v) && !isObject(v) }

// IsNumber reports whether v is a primitive number.
func IsNumber(v Value) bool { return goja.IsNumber(v) && !isObject(v) }

// IsBigInt reports whether v is a primitive bigint.
func IsBigInt(v Value) bool { return goja.IsBigInt(v) && !isObject(v) }

// IsBool reports whether v is a primitive boolean.
func IsBool(v Value) bool {
	if isObject(v) || v == nil {
		return false
	}
	_, ok := v.Export().(bool)
	return ok
}

// IsSymbol reports whether v is a symbol.
func IsSymbol(v Value) bool { _, ok := v.(*Symbol); return ok }

// IsObject returns v as an object if it is one.
func IsObject(v Value) (*Object, bool) { o, ok := v.(*Object); return o, ok }

// IsFunction reports whether v can be called.
func IsFunction(v Value) bool { _, ok := goja.AssertFunction(v); return ok }

func isObject(v Value) bool { _, ok := v.(*Object); return ok }

// TypeOf is the typeof operator.
func TypeOf(v Value) string {
	switch {
	case IsUndefined(v):
		return "undefined"
	case v == Null:
		return "object"
	case isObject(v):
		if IsFunction(v) {
			return "function"
		}
		return "object"
	case IsSymbol(v):
		return "symbol"
	case goja.IsString(v):
		return "string"
	case goja.IsBigInt(v):
		return "bigint"
	case goja.IsNumber(v):
		return "number"
	}
	return "boolean"
}

// String, Int, Float, Bool and BigInt make primitives.
func (js *Scope) String(s string) Value {
	if IsASCII(s) {
		return js.ASCII(s)
	}
	return js.rt.ToValue(s)
}

// Int makes a number.
func (js *Scope) Int(n int64) Value { return js.rt.ToValue(n) }

// Float makes a number.
func (js *Scope) Float(f float64) Value { return js.rt.ToValue(f) }

// Bool makes a boolean.
func (js *Scope) Bool(b bool) Value { return js.rt.ToValue(b) }

// NewSymbol makes a symbol.
func NewSymbol(description string) *Symbol { return goja.NewSymbol(description) }

// Primitive makes a primitive of a Go string, number or boolean.
func (js *Scope) Primitive(v any) Value { return js.rt.ToValue(v) }

// BigInt makes a bigint.
func (js *Scope) BigInt(n *big.Int) Value { return js.rt.ToValue(n) }

// UTF16 makes a string of code units, lone surrogates included.
func (js *Scope) UTF16(units []uint16) Value { return goja.StringFromUTF16(units) }

// UTF16Of returns the code units of the string v.
func UTF16Of(v Value) []uint16 {
	s, ok := v.ToString().(goja.String)
	if !ok {
		return nil
	}
	out := make([]uint16, s.Length())
	for i := range out {
		out[i] = s.CharAt(i)
	}
	return out
}

// StringLength is how many code units the string v has.
func StringLength(v Value) int { return stringLength(v) }

// NullableString is a string, or null for "" with ok false.
func (js *Scope) NullableString(s string, ok bool) Value {
	if !ok {
		return Null
	}
	return js.String(s)
}

// Date makes a Date object.
func (js *Scope) Date(t time.Time) Value {
	o, err := js.rt.New(js.global.Get("Date"), js.rt.ToValue(float64(t.UnixNano()/1e6)))
	if err != nil {
		panic(err)
	}
	return o
}

// DateOf returns the time of a Date object.
func DateOf(v Value) (time.Time, bool) {
	o, ok := v.(*Object)
	if !ok || o.ClassName() != "Date" {
		return time.Time{}, false
	}
	t, ok := o.Export().(time.Time)
	return t, ok
}

// NewObject makes an empty plain object.
func (js *Scope) NewObject() *Object {
	return js.newPlain(js.blanks.plain.prototype, map[unistring.String]Value{}, nil)
}

// NewArray makes an array of values.
func (js *Scope) NewArray(items ...Value) *Object {
	list := slices.Clone(items)
	for i, v := range list {
		list[i] = orUndefined(v)
	}
	return js.newArray(list)
}

// CreateObject makes an empty object with a prototype (nil for none).
func (js *Scope) CreateObject(proto *Object) *Object { return js.rt.CreateObject(proto) }

// Record makes a plain object from alternating names and values.
func (js *Scope) Record(pairs ...any) *Object {
	members := make([]member, 0, 8)
	for i := 0; i+1 < len(pairs); i += 2 {
		v, ok := pairs[i+1].(Value)
		if !ok {
			v = js.rt.ToValue(pairs[i+1])
		}
		members = append(members, member{unistring.NewFromString(pairs[i].(string)), v})
	}
	return js.objectOf(members)
}

// Redefine gives a property that is writable and nothing else another value.
func (js *Scope) Redefine(o *Object, name string, v Value) error {
	return o.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_FALSE, goja.FLAG_FALSE)
}

// Define creates an ordinary (writable, enumerable, configurable) property.
func (js *Scope) Define(o *Object, name string, v Value) {
	if engine().add(o, unistring.NewFromString(name), orUndefined(v)) {
		return
	}
	o.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

// DefineField creates the property of a dictionary that the platform gives: one
// that is undefined is there only from the date of that flag on.
func (js *Scope) DefineField(o *Object, name string, v Value) {
	if !IsUndefined(v) || js.Flag("enable_fast_jsg_struct") {
		js.Define(o, name, v)
	}
}

// DefineHidden creates a property as built-ins have them: not enumerable.
func (js *Scope) DefineHidden(o *Object, name string, v Value) {
	o.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// SetPrototype sets an object's prototype.
func (js *Scope) SetPrototype(o, proto *Object) {
	if err := o.SetPrototype(proto); err != nil {
		panic(err) // only exotic objects refuse
	}
}

// DefineGetter creates an accessor property without a setter on o.
func (js *Scope) DefineGetter(o *Object, name string, enumerable bool, get func(js *Scope) (Value, error)) {
	f := js.Func("get "+name, 0, func(js *Scope, this Value, a *Args) (Value, error) { return get(js) })
	o.DefineAccessorProperty(name, f, nil, goja.FLAG_TRUE, goja.ToFlag(enumerable))
}

// Get reads a property; absent is Undefined.
func (js *Scope) Get(o *Object, name string) (v Value, err error) {
	err = js.Try(func() { v = orUndefined(o.Get(name)) })
	return v, err
}

// GetSymbol reads a symbol-keyed property.
func (js *Scope) GetSymbol(o *Object, s *Symbol) (v Value, err error) {
	err = js.Try(func() { v = orUndefined(o.GetSymbol(s)) })
	return v, err
}

// Set writes a property as an assignment does.
func (js *Scope) Set(o *Object, name string, v Value) error { return js.wrapError(o.Set(name, v)) }

// Try runs f and returns the exception it throws as *Exception. Engine calls
// without an error result (conversions, property reads) throw through Go code;
// inside class members that is fine, elsewhere wrap them in Try.
func (js *Scope) Try(f func()) error {
	if ex := js.rt.Try(f); ex != nil {
		return js.wrapError(ex)
	}
	return nil
}

// Call calls a function.
func (js *Scope) Call(f Value, this Value, args ...Value) (Value, error) {
	c, ok := goja.AssertFunction(f)
	if !ok {
		return nil, TypeErrorf("%s is not a function", TypeOf(f))
	}
	v, err := c(this, args...)
	return v, js.wrapError(err)
}

// Invoke calls a method by name.
func (js *Scope) Invoke(o *Object, method string, args ...Value) (Value, error) {
	f, err := js.Get(o, method)
	if err != nil {
		return nil, err
	}
	if !IsFunction(f) {
		return nil, TypeErrorf("%s is not a function", method)
	}
	return js.Call(f, o, args...)
}

// Construct is the new operator.
func (js *Scope) Construct(ctor Value, args ...Value) (*Object, error) {
	o, err := js.rt.New(ctor, args...)
	return o, js.wrapError(err)
}

// Iterate calls step for each item of an iterable until it returns false.
func (js *Scope) Iterate(iterable Value, step func(v Value) (bool, error)) error {
	var stepErr error
	err := js.Try(func() {
		js.rt.ForOf(iterable, func(v Value) bool {
			var more bool
			more, stepErr = step(v)
			return more && stepErr == nil
		})
	})
	if stepErr != nil {
		return stepErr
	}
	return err
}

// IsArray is Array.isArray.
func IsArray(v Value) bool {
	o, ok := v.(*Object)
	return ok && o.ClassName() == "Array"
}

// InstanceOf is the instanceof operator.
func (js *Scope) InstanceOf(v Value, ctor *Object) bool { return js.rt.InstanceOf(v, ctor) }

// JSONParse is JSON.parse.
func (js *Scope) JSONParse(text string) (Value, error) {
	v, err := js.intrinsics.jsonParse(Undefined, js.rt.ToValue(text))
	if err != nil && strings.TrimSpace(text) == "" {
		return nil, SyntaxErrorf("Unexpected end of JSON input")
	}
	return v, js.wrapError(err)
}

// JSONStringify is JSON.stringify; ok is false where it gives undefined.
func (js *Scope) JSONStringify(v Value) (text string, ok bool, err error) {
	s, err := js.intrinsics.jsonStringify(Undefined, v)
	if err != nil {
		return "", false, js.wrapError(err)
	}
	if IsUndefined(s) {
		return "", false, nil
	}
	return s.String(), true, nil
}

// Freeze is Object.freeze.
func (js *Scope) Freeze(o *Object) *Object {
	if _, err := js.intrinsics.freeze(Undefined, o); err != nil {
		panic(fmt.Sprintf("jsg: freeze: %v", err))
	}
	return o
}

// PreventExtensions is Object.preventExtensions.
func (js *Scope) PreventExtensions(o *Object) *Object {
	if _, err := js.intrinsics.preventExtensions(Undefined, o); err != nil {
		panic(fmt.Sprintf("jsg: preventExtensions: %v", err))
	}
	return o
}

// FreezeDeep freezes what JSON text was made into.
func (js *Scope) FreezeDeep(v Value) {
	o, ok := v.(*Object)
	if !ok {
		return
	}
	for _, name := range o.Keys() {
		js.FreezeDeep(o.Get(name))
	}
	js.Freeze(o)
}

// NativeFunc is the Go side of a JavaScript function.
type NativeFunc func(js *Scope, this Value, a *Args) (Value, error)

// Func makes a function with a name and length. It cannot be constructed.
func (js *Scope) Func(name string, length int, f NativeFunc) *Object {
	fn := js.rt.ToValue(func(call goja.FunctionCall) goja.Value {
		a := js.args.get(js, call.Arguments, "", name)
		defer js.leaveNative(a)
		v, err := f(js, call.This, a)
		return js.result(v, err)
	}).(*Object)
	js.nameFunc(fn, name, length)
	return fn
}

// GlobalFunc makes a function of the global object: it refuses to be called as
// a method of another object. required is the number of its required arguments.
func (js *Scope) GlobalFunc(name string, required int, f NativeFunc) *Object {
	return js.Func(name, 0, func(js *Scope, this Value, a *Args) (Value, error) {
		if !IsNullish(this) && this != Value(js.global) {
			return nil, illegalInvocation()
		}
		a.class, a.required = "ServiceWorkerGlobalScope", required
		return f(js, this, a)
	})
}

// DefineGlobal defines a function of the global object, where SetGlobals says.
func (js *Scope) DefineGlobal(name string, f *Object) { js.Define(js.globals, name, f) }

// DefineGlobalClass defines a class on the global object or on one it inherits
// from, nil for the one SetGlobals says, that is made when it is first used.
func (js *Scope) DefineGlobalClass(on *Object, name string, c AnyClass) {
	if on == nil {
		on = js.globals
	}
	js.DefineLazy(on, name, true, func(js *Scope) Value { return c.Constructor(js) })
}

// SetGlobals says which object the global one inherits its functions and
// classes from; without it they are its own.
func (js *Scope) SetGlobals(o *Object) { js.globals = o }

func (js *Scope) nameFunc(fn *Object, name string, length int) {
	fn.DefineDataProperty("name", js.rt.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	fn.DefineDataProperty("length", js.rt.ToValue(length), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// result turns what Go code returned into what JavaScript gets.
func (js *Scope) result(v Value, err error) Value {
	if err != nil {
		panic(js.thrown(err))
	}
	if v == nil {
		return Undefined
	}
	return v
}

// OptionalString is a string, or undefined for the empty one.
func (js *Scope) OptionalString(s string) Value {
	if s == "" {
		return Undefined
	}
	return js.String(s)
}

// Refusing makes an object any use of which throws what refuse returns, given
// the name of the property asked for. What promises and inspection look at reads
// as undefined.
func (js *Scope) Refusing(refuse func(property string) error) *Object {
	target := js.rt.NewObject()
	proxy := js.rt.NewProxy(target, &goja.ProxyTrapConfig{
		Get: func(_ *Object, property string, _ Value) Value {
			if property == "then" || property == "toJSON" || property == "constructor" {
				return Undefined
			}
			panic(js.thrown(refuse(property)))
		},
	})
	return js.rt.ToValue(proxy).(*Object)
}

// IsProxy reports whether v is a Proxy.
func IsProxy(v Value) bool {
	o, ok := v.(*Object)
	return ok && o.ExportType() == proxyType
}

var proxyType = reflect.TypeFor[goja.Proxy]()
