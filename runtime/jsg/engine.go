package jsg

import (
	"fmt"
	"reflect"
	"sync"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// What this file does the engine has no interface for. It reaches into values
// of the engine by the names of their fields, so that errors can look as V8's
// do, a full stack can be caught, proxies keep their arguments, and objects are
// read without a copy of each key (docs/adr/0017-reaching-into-the-engine.md). A
// version of the engine whose fields differ fails every test. Memory of buffers
// is in enginebuffer.go, promises are in enginepromise.go.

// layout is where the fields are.
type layout struct {
	self         reflect.StructField // of goja.Object
	runtime      uintptr             // in it
	errorType    reflect.Type        // of the self of an error
	stack, added uintptr             // in it
	nativeType   reflect.Type        // of the self of a function made in Go
	promise      unsafe.Pointer      // type of the self of a promise
	jobQueue     uintptr             // of goja.Runtime

	plain, array unsafe.Pointer // types of the self of plain objects and of arrays
	property     reflect.Type   // of a value that is an accessor or has attributes of its own
	propertyKind unsafe.Pointer // the same

	buffer, typedArray, dataView unsafe.Pointer            // types of their selfs
	elements                     map[unsafe.Pointer]string // what typed arrays are called, by the type that knows their elements
	tables                       map[string]unsafe.Pointer // their methods, by class
	ascii, wide                  unsafe.Pointer            // types of strings that are ASCII, and that are kept as code units

	template unsafe.Pointer // type of the self of the array of a tagged template
	place    uintptr        // in it

	machine     uintptr      // of goja.Runtime
	vm          reflect.Type // what is there
	instruction reflect.Type // what programs are made of

	callSize, callPlace, callBase uintptr // of a call under way, and in it

	functionMaker, methodMaker unsafe.Pointer // types of instructions that make functions
}

var engine = sync.OnceValue(func() *layout {
	field := func(t reflect.Type, name string, want reflect.Type) reflect.StructField {
		f, ok := t.FieldByName(name)
		if !ok || want != nil && f.Type != want {
			panic(fmt.Sprintf("jsg: this version of the engine has no %s.%s of type %v", t, name, want))
		}
		return f
	}
	l := &layout{self: field(reflect.TypeFor[goja.Object](), "self", nil)}
	l.runtime = field(reflect.TypeFor[goja.Object](), "runtime", reflect.TypeFor[*goja.Runtime]()).Offset
	l.jobQueue = field(reflect.TypeFor[goja.Runtime](), "jobQueue", reflect.TypeFor[[]func()]()).Offset
	sample := goja.New()
	l.errorType = l.selfOf(sample.NewTypeError("")).Type()
	l.stack = field(l.errorType.Elem(), "stack", reflect.TypeFor[[]goja.StackFrame]()).Offset
	l.added = field(l.errorType.Elem(), "stackPropAdded", reflect.TypeFor[bool]()).Offset
	l.nativeType = l.selfOf(sample.Get("parseInt").(*Object)).Type()
	object, array := sample.NewObject(), sample.NewArray()
	check(object.DefineDataProperty("x", goja.Undefined(), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	sameLayout(reflect.TypeFor[objectRecord](), l.selfOf(object).Type().Elem())
	l.plain, l.array = l.record(object).kind, l.record(array).kind
	plain, _ := l.plainRecord(object)
	property := plain.values["x"]
	l.property, l.propertyKind = reflect.TypeOf(property), recordOf(&property).kind
	l.checkRecords(array)
	units := Value(goja.StringFromUTF16([]uint16{0x101}))
	if t := reflect.TypeOf(units); t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Uint16 {
		panic("jsg: in this version of the engine strings are another type")
	}
	l.wide = recordOf(&units).kind
	text := sample.ToValue("a")
	if t := reflect.TypeOf(text); t.Kind() != reflect.String {
		panic("jsg: in this version of the engine strings are another type")
	}
	l.ascii = recordOf(&text).kind
	l.findBuffers(sample)
	l.findPromises(sample)
	l.findTagged(sample)
	l.findMachine()
	l.findOperators(sample)
	l.findAsync(sample)
	l.findArrays(sample)
	l.findCalling(sample)
	l.findIterators(sample)
	l.findTemplates(sample)
	return l
})

// selfOf is the engine's record of an object.
func (l *layout) selfOf(o *Object) reflect.Value {
	return reflect.ValueOf(o).Elem().FieldByIndex(l.self.Index).Elem()
}

// record is how the engine refers to its record of an object: an interface.
type record struct{ kind, data unsafe.Pointer }

func (l *layout) record(o *Object) *record {
	return (*record)(unsafe.Add(unsafe.Pointer(o), l.self.Offset))
}

// recordOf is the two words of a value that is no object.
func recordOf(v *Value) *record { return (*record)(unsafe.Pointer(v)) }

// objectRecord is the engine's record of an object without special behaviour,
// field by field. The records of other objects begin with one.
type objectRecord struct {
	class             string
	val               *Object
	prototype         *Object
	extensible        bool
	values            map[unistring.String]Value
	propNames         []unistring.String
	lastSortedPropLen int
	idxPropCount      int
	symValues         unsafe.Pointer
	privateElements   unsafe.Pointer
}

// sameLayout panics unless the engine's type has just the fields of ours, at the
// same places.
func sameLayout(ours, engines reflect.Type) {
	ok := ours.NumField() == engines.NumField() && ours.Size() == engines.Size()
	for i := 0; ok && i < ours.NumField(); i++ {
		our, its := ours.Field(i), engines.Field(i)
		ok = our.Offset == its.Offset && our.Anonymous == its.Anonymous && (our.Anonymous || our.Name == its.Name) && sameType(our.Type, its.Type)
	}
	if !ok {
		panic(fmt.Sprintf("jsg: in this version of the engine %v has other fields than %v", engines, ours))
	}
}

// sameType reports whether what the engine has as one type can be read as ours.
// What we do not look at is an unsafe pointer in ours; a type of this package
// stands for one of the engine that sameLayout compares.
func sameType(ours, engines reflect.Type) bool {
	switch {
	case ours == engines:
		return true
	case ours.PkgPath() == reflect.TypeFor[record]().PkgPath():
		return ours.Size() == engines.Size()
	case ours.Kind() == reflect.UnsafePointer:
		return engines.Kind() == reflect.Pointer || engines.Kind() == reflect.Map || engines.Kind() == reflect.Func
	case ours.Kind() == reflect.Pointer || ours.Kind() == reflect.Slice:
		return ours.Kind() == engines.Kind() && sameType(ours.Elem(), engines.Elem())
	}
	return ours.Kind() == reflect.Int && engines.Kind() == reflect.Int
}

func (l *layout) plainRecord(o *Object) (*objectRecord, bool) {
	r := l.record(o)
	if r.kind != l.plain {
		return nil, false
	}
	return (*objectRecord)(r.data), true
}

// names are the object's string keys in order; ok is false where the engine
// has to sort them first.
func (r *objectRecord) names() (names []unistring.String, ok bool) {
	for _, name := range r.propNames[r.lastSortedPropLen:] {
		if name != "" && name[0] >= '0' && name[0] <= '9' {
			return nil, false
		}
	}
	return r.propNames, true
}

// put gives a new object a property.
func (r *objectRecord) put(name unistring.String, v Value) {
	if _, again := r.values[name]; !again {
		if r.propNames == nil {
			r.propNames = make([]unistring.String, 0, 4) // most objects have a few
		}
		r.propNames = append(r.propNames, name)
	}
	r.values[name] = v
}

// arrayItems are the elements of an ordinary array, nil for a hole.
func (l *layout) arrayItems(o *Object) (items []goja.Value, ok bool) {
	r := l.record(o)
	if r.kind != l.array {
		return nil, false
	}
	return (*arrayRecord)(r.data).values, true
}

// errorRecord is the part of an error object that the engine keeps to itself:
// where it was made, and whether it got its stack property.
func errorRecord(o *Object) (stack *[]goja.StackFrame, added *bool, ok bool) {
	l := engine()
	self := l.selfOf(o)
	if self.Type() != l.errorType {
		return nil, nil, false
	}
	p := self.UnsafePointer()
	return (*[]goja.StackFrame)(unsafe.Add(p, l.stack)), (*bool)(unsafe.Add(p, l.added)), true
}

type (
	nativeCall      = func(goja.FunctionCall) goja.Value
	nativeConstruct = func(args []goja.Value, newTarget *goja.Object) *goja.Object
)

// natives are what a function of the engine runs when called and constructed.
func natives(f *Object) (call *nativeCall, construct *nativeConstruct) {
	self := engine().selfOf(f).Elem()
	return (*nativeCall)(nativeField(self, "f", reflect.TypeFor[nativeCall]())),
		(*nativeConstruct)(nativeField(self, "construct", reflect.TypeFor[nativeConstruct]()))
}

func nativeField(self reflect.Value, name string, want reflect.Type) unsafe.Pointer {
	f := self.FieldByName(name)
	if !f.IsValid() || f.Type() != want {
		panic(fmt.Sprintf("jsg: this version of the engine has no %s.%s of type %v", self.Type(), name, want))
	}
	return unsafe.Pointer(f.UnsafeAddr())
}

// watchDepth makes a full stack something that JavaScript can catch. The engine
// panics with an error of its own, but before that it lists the functions on
// the stack, and for those made in Go reads their name. The bottom frame of
// each turn is such a function, with a name that throws.
func (js *Scope) watchDepth(bottom *Object, limit int) {
	const margin = 16 // frames the engine's count and ours may differ by
	seen, measuring := false, false
	var frames []goja.StackFrame
	name := js.rt.ToValue(func(goja.FunctionCall) goja.Value {
		if measuring || js.capturing {
			seen = true
			return js.rt.ToValue(bottomName)
		}
		measuring, seen = true, false
		frames = js.rt.CaptureCallStack(limit-margin, frames[:0])
		clear(frames)
		if seen {
			measuring = false
			return js.rt.ToValue(bottomName)
		}
		full := js.newError(&Error{Name: "RangeError", Message: "Maximum call stack size exceeded"})
		measuring = false
		panic(full)
	})
	check(bottom.DefineAccessorProperty("name", name, nil, goja.FLAG_FALSE, goja.FLAG_FALSE))
}

// watchGenerators bounds how deep generators delegate to each other. They use
// no frames of the engine for that, but those of Go, and a full stack of Go ends
// the process.
func (js *Scope) watchGenerators(proto *Object) {
	const limit = 4000
	depth := 0
	for _, name := range []string{"next", "return", "throw"} {
		call, _ := natives(proto.Get(name).(*Object))
		next := *call
		*call = func(fc goja.FunctionCall) goja.Value {
			if depth++; depth > limit {
				depth--
				panic(js.newError(&Error{Name: "RangeError", Message: "Maximum call stack size exceeded"}))
			}
			defer func() { depth-- }()
			return next(fc)
		}
	}
}

// bottomName is what stack traces have for the bottom frame of a turn; frames
// after it are those of the async functions that wait for this one.
const bottomName = "miniworker:turn"

// lonePromises keeps the engine from taking an object that inherits from a
// promise for one, which awaiting it would not survive: it goes by constructor,
// which only real promises have now.
func (js *Scope) lonePromises() {
	promise := js.intrinsics.promise
	proto := promise.Get("prototype").(*Object)
	get := js.rt.ToValue(func(call goja.FunctionCall) goja.Value {
		if o, ok := call.This.(*Object); ok && (o == proto || isPromise(o)) {
			return promise
		}
		return goja.Undefined()
	})
	set := js.rt.ToValue(func(call goja.FunctionCall) goja.Value {
		if o, ok := call.This.(*Object); ok {
			check(o.DefineDataProperty("constructor", call.Argument(0), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE))
		}
		return goja.Undefined()
	})
	js.nameFunc(get.(*Object), "get constructor", 0)
	js.nameFunc(set.(*Object), "set constructor", 1)
	check(proto.DefineAccessorProperty("constructor", get, set, goja.FLAG_TRUE, goja.FLAG_FALSE))
}

// keepArguments gives traps of proxies an array of their own. The engine's
// shares memory with its stack: what is kept of it changes when the trap
// returned, and what is appended to it overwrites what others have there.
func (js *Scope) keepArguments(proxy *Object) {
	_, construct := natives(proxy)
	next := *construct
	*construct = func(args []goja.Value, newTarget *goja.Object) *goja.Object {
		return next(js.keepingHandler(args), newTarget)
	}
	revocable, _ := natives(proxy.Get("revocable").(*Object))
	nextRevocable := *revocable
	*revocable = func(call goja.FunctionCall) goja.Value {
		call.Arguments = js.keepingHandler(call.Arguments)
		return nextRevocable(call)
	}
}

// keepingHandler puts a handler in front of that of a proxy of a function: the
// same traps, apply and construct with copied arguments.
func (js *Scope) keepingHandler(args []goja.Value) []goja.Value {
	if len(args) < 2 {
		return args
	}
	handler, ok := args[1].(*Object)
	if _, callable := goja.AssertFunction(args[0]); !callable || !ok {
		return args
	}
	if handler.Get("apply") == nil && handler.Get("construct") == nil {
		return args
	}
	front := js.rt.NewProxy(handler, &goja.ProxyTrapConfig{
		Get: func(target *Object, trap string, _ Value) Value {
			f, isFunction := goja.AssertFunction(orUndefined(target.Get(trap)))
			if !isFunction {
				return orUndefined(target.Get(trap))
			}
			return js.rt.ToValue(func(call goja.FunctionCall) goja.Value {
				list := append([]Value(nil), call.Arguments...)
				switch trap {
				case "apply":
					list[2] = js.copyArray(list[2])
				case "construct":
					list[1] = js.copyArray(list[1])
				}
				v, err := f(target, list...)
				if err != nil {
					panic(js.thrown(js.wrapError(err)))
				}
				return v
			})
		},
	})
	return append([]Value{args[0], js.rt.ToValue(front)}, args[2:]...)
}

func (js *Scope) copyArray(v Value) Value {
	o, ok := v.(*Object)
	if !ok {
		return v
	}
	list := make([]any, int(o.Get("length").ToInteger()))
	for i := range list {
		list[i] = o.Get(fmt.Sprint(i))
	}
	return js.rt.NewArray(list...)
}
