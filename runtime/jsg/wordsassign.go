package jsg

import (
	"strings"

	"github.com/dop251/goja"
)

// What V8 says of assignments that cannot be, and of constructors that are none.
// The engine does not name the object; it is near the top of the engine's stack,
// below the value and what else the statement has there.

const (
	readOnly  = "Cannot assign to read only property '"
	nearStack = 5
)

// failedAssignment is V8's text for one of the engine's, which is empty for
// elements of frozen arrays.
func (js *Scope) failedAssignment(s string) (string, bool) {
	stack, sp := js.engineStack()
	name := strings.TrimSuffix(strings.TrimPrefix(s, readOnly), "'")
	if s == "" {
		if _, after := js.here(); strings.HasPrefix(after, "new ") { // the program's own
			return "", false
		}
		name = "0"
	}
	for i := min(sp, len(stack)) - 1; i >= max(0, sp-nearStack); i-- {
		if _, isArray := engine().arrayItems(objectOr(stack[i])); s == "" && !isArray {
			if IsNumber(stack[i]) {
				name = stack[i].String() // a[i] = v has i above a
			}
			continue
		}
		if text, ok := js.refusal(stack[i], name); ok {
			return text, true
		}
	}
	return "", false
}

func objectOr(v Value) *Object {
	if o, ok := v.(*Object); ok {
		return o
	}
	return new(Object)
}

// refusal says why a property of a value cannot be assigned to, if that is so.
func (js *Scope) refusal(target Value, name string) (string, bool) {
	o, ok := target.(*Object)
	if !ok {
		if target == nil || !IsString(target) || name != "length" {
			return "", false
		}
		return readOnly + name + "' of string '" + target.String() + "'", true
	}
	for holder := o; holder != nil; holder = holder.Prototype() {
		if IsProxy(holder) {
			return "", false
		}
		v, err := js.intrinsics.descriptor(Undefined, holder, js.String(name))
		d, ok := v.(*Object)
		if err != nil || !ok {
			continue
		}
		if get, ok := d.Get("get").(*Object); ok && get.Get("name").String() != "" { // those of workerd have no name
			return "Cannot set property " + name + " of " + js.Describe(holder) + " which has only a getter", true
		}
		if w := d.Get("writable"); w != nil && w.ToBoolean() {
			return "", false
		}
		kind, text := "object", js.Describe(o)
		if IsFunction(o) {
			kind, text = "function", o.String()
		}
		return readOnly + name + "' of " + kind + " '" + text + "'", true
	}
	return "", false
}

// onStack reports whether the engine works with a value of that text that is
// neither an object nor a string: what it was to construct, not an argument.
func (js *Scope) onStack(text string) bool {
	stack, sp := js.engineStack()
	for i := min(sp, len(stack)) - 1; i >= max(0, sp-nearStack); i-- {
		v := stack[i]
		if _, ok := v.(*Object); v != nil && !ok && !IsString(v) && v.String() == text {
			return true
		}
	}
	return false
}

// notConstructor is V8's text where new was used with something else.
func (js *Scope) notConstructor() (string, bool) {
	_, after := js.here()
	if !strings.HasPrefix(after, "new ") {
		return "", false
	}
	rest := strings.TrimLeft(after[len("new "):], " ")
	n := 0
	for n < len(rest) && (isName(rest[n]) || rest[n] == '.') {
		n++
	}
	if name := rest[:n]; name != "" && (n == len(rest) || strings.IndexByte("[`?", rest[n]) < 0) {
		return name + " is not a constructor", true
	}
	return "", false
}

// Describe names an object as V8's messages do.
func (js *Scope) Describe(o *Object) string {
	if _, _, isError := errorRecord(o); isError {
		if text, err := js.intrinsics.errorToString(o); err == nil {
			return text.String()
		}
	}
	tag := "Object"
	if IsArray(o) {
		tag = "Array"
	}
	if t := o.GetSymbol(goja.SymToStringTag); t != nil && IsString(t) {
		tag = t.String()
	}
	name := ConstructorName(o)
	// Iterators inherit Object's constructor here; V8 has an Iterator in between.
	if name == "Object" && (tag == "Generator" || strings.HasSuffix(tag, " Iterator")) {
		name = ""
	}
	if name != "" && o.Get("toString") == js.intrinsics.objectToString {
		return "#<" + name + ">"
	}
	return "[object " + tag + "]"
}

// ConstructorName is the name of what an object says made it, or empty.
func ConstructorName(o *Object) string {
	ctor, ok := o.Get("constructor").(*Object)
	if !ok || !IsFunction(ctor) {
		return ""
	}
	if name := ctor.Get("name"); name != nil {
		return name.String()
	}
	return ""
}
