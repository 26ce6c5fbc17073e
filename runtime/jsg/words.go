package jsg

import (
	"reflect"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/dop251/goja"
)

// The engine's own errors in V8's words, which libraries and tests look for.

// rewords are texts of the engine, and V8's.
var rewords = map[string]string{
	"Malformed URI": "URI malformed",
	"toFixed() precision must be between 0 and 100":                "toFixed() digits argument must be between 0 and 100",
	"toPrecision() precision must be between 1 and 100":            "toPrecision() argument must be between 1 and 100",
	"toExponential() precision must be between 0 and 100":          "toExponential() argument must be between 0 and 100",
	"The normalization form should be one of NFC, NFD, NFKC, NFKD": "The normalization form should be one of NFC, NFD, NFKC, NFKD.",
	"exponent must be positive":                                    "Exponent must be positive",
	"No initial value":                                             "Reduce of empty array with no initial value",
	"Constructor Promise requires 'new'":                           "Promise constructor cannot be invoked without 'new'",
	"Promise self-resolution":                                      "Chaining cycle detected for promise #<Promise>",
	"Source is too large":                                          "offset is out of bounds",
	"invalid base64 character":                                     "Found a character that cannot be part of a valid base64 string.",
	"missing padding in the last chunk":                            "The base64 input terminates with a single character, excluding padding (=).",
	"extra bits in the last base64 character":                      "The base64 input terminates with non-zero padding bits.",
	"Uint8Array.fromBase64 requires a string":                      "input argument must be a string",
	"size is NaN":                                       "The .size property is NaN",
	"encoding/hex: odd length hex string":               "Input string must contain hex characters in even length",
	"a single extra base64 character in the last chunk": "The base64 input terminates with a single character, excluding padding (=).",
	"Must call super constructor in derived class before returning from derived constructor": superCalled,
	"Must call super constructor in derived class before accessing 'this'":                   superCalled,
	"RegExp doesn't have global flag set":                                                    "String.prototype.matchAll called with a non-global RegExp argument",
}

const outside = "Offset is outside the bounds of the DataView"

const superCalled = "Must call super constructor in derived class before accessing 'this' or returning from derived constructor"

// reword gives the arguments of the constructor of an error of some name V8's
// words.
func (js *Scope) reword(name string, args []goja.Value) []goja.Value {
	text, ok := args[0].(goja.String)
	if !ok {
		return args
	}
	number, isConversion := strings.CutSuffix(text.String(), " to a BigInt")
	if number, ok := strings.CutPrefix(number, "Cannot convert "); ok && isConversion && name == "RangeError" {
		return []goja.Value{js.String("The number " + number + " cannot be converted to a BigInt because it is not an integer")}
	}
	if s, ok := js.inV8sWords(text.String()); ok {
		return []goja.Value{js.String(s)}
	}
	return args
}

func (js *Scope) inV8sWords(s string) (string, bool) {
	if known := rewords[s]; known != "" {
		return known, true
	}
	if rest, ok := strings.CutPrefix(s, "Object has no member '"); ok {
		name := strings.TrimSuffix(rest, "'")
		if callee := js.callee(); strings.HasSuffix(callee, "."+name) {
			name = callee
		}
		return name + " is not a function", true
	}
	if rest, ok := strings.CutPrefix(s, "Not a function: "); ok {
		if callee := js.callee(); callee != "" {
			rest = callee
		}
		return rest + " is not a function", true
	}
	if strings.HasPrefix(s, "Could not convert ") && strings.HasSuffix(s, " to primitive") {
		return "Cannot convert object to primitive value", true
	}
	if s == "" || strings.HasPrefix(s, readOnly) {
		return js.failedAssignment(s)
	}
	if s == "Value is not a constructor" {
		return js.notConstructor()
	}
	if value, ok := strings.CutPrefix(s, "Value is not an object: "); ok {
		return js.notObject(value)
	}
	if v, ok := strings.CutPrefix(s, "Value is not a number: "); ok && v != "" {
		name := js.nativeName()
		return "Number.prototype." + name + " requires that 'this' be a Number", name != ""
	}
	if s == "object is not iterable" || s == "Cannot convert undefined or null to object" {
		return js.notIterable()
	}
	if strings.HasPrefix(s, "encoding/hex: ") {
		return "Input string must contain hex characters in even length", true
	}
	if method, ok := strings.CutSuffix(s, " [object Object]"); ok && (strings.HasPrefix(s, "Method ") || strings.HasPrefix(s, "Cannot delete property ")) {
		return method + " #<Object>", true
	}
	if rest, ok := strings.CutPrefix(s, "[object Object] is "); ok {
		return "#<Object> is " + rest, true
	}
	if rest, ok := strings.CutPrefix(s, "Cannot read property '"); ok {
		if name, of, ok := cutLast(rest, "' of "); ok {
			if of = strings.TrimSuffix(of, " or null"); of == "undefined" && js.readOfNull(name) {
				of = "null"
			}
			return "Cannot read properties of " + of + " (reading '" + name + "')", true
		}
	}
	if rest, ok := strings.CutPrefix(s, "Cannot set property '"); ok {
		if name, of, ok := cutLast(rest, "' of "); ok && (of == "undefined" || of == "null") {
			return "Cannot set properties of " + of + " (setting '" + name + "')", true
		}
	}
	if s == "Value is not object coercible" {
		if method := js.method(); method != "" {
			return "String.prototype." + method + " called on null or undefined", true
		}
		return js.notDestructured()
	}
	if s == "ArrayBuffer is detached" {
		return js.detached()
	}
	if rest, ok := strings.CutPrefix(s, "Start offset of "); ok {
		return "start offset of " + rest, true
	}
	if rest, ok := strings.CutPrefix(s, "Byte length of "); ok {
		return "byte length of " + rest, true
	}
	if strings.HasPrefix(s, "Index ") && strings.HasSuffix(s, " is out of bounds") {
		return outside, true
	}
	if index, ok := strings.CutPrefix(s, "Invalid index "); ok {
		switch name := js.nativeName(); {
		case typedArrays[name] != 0 || name == "DataView":
			return "Start offset " + index + " is outside the bounds of the buffer", true
		case js.isViewMethod(name) || name == "call":
			return outside, true
		}
	}
	if s == "Cannot redefine property: 0" && js.nativeName() == "freeze" {
		return "Cannot freeze array buffer views with elements", true
	}
	if receiver, ok := strings.CutPrefix(s, "Object is not ArrayBuffer: "); ok {
		if class, ok := strings.CutPrefix(receiver, "[object "); ok {
			receiver = "#<" + strings.TrimSuffix(class, "]") + ">"
		} else {
			receiver = "[object Array]"
		}
		return "Method get ArrayBuffer.prototype.byteLength called on incompatible receiver " + receiver, true
	}
	if s == "Cannot access a variable before initialization" {
		if name := js.variable(); name != "" {
			return "Cannot access '" + name + "' before initialization", true
		}
	}
	if strings.HasPrefix(s, "Method Date.prototype.") && strings.HasSuffix(s, " is called on incompatible receiver") {
		return "this is not a Date object.", true
	}
	return "", false
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// readOfNull reports whether a property was just read of null: the engine says
// undefined for both. What it read of is on top of its stack, or below the key.
func (js *Scope) readOfNull(name string) bool {
	stack, sp := js.engineStack()
	if sp < 1 || sp > len(stack) {
		return false
	}
	of := stack[sp-1]
	if (!IsNullish(of) || of.String() == name) && sp > 1 {
		of = stack[sp-2]
	}
	return of == Null
}

// engineStack is the stack of values of the engine, and how far it is filled.
func (js *Scope) engineStack() ([]goja.Value, int) {
	vm := *(**machine)(unsafe.Add(unsafe.Pointer(js.rt), engine().machine))
	return vm.stack, vm.sp
}

// findMachine looks up where the stack is.
func (l *layout) findMachine() {
	vm, ok := reflect.TypeFor[goja.Runtime]().FieldByName("vm")
	if !ok || vm.Type.Kind() != reflect.Pointer {
		panic("jsg: this version of the engine has no Runtime.vm")
	}
	l.machine, l.vm = vm.Offset, vm.Type.Elem()
	l.findCalls()
}

// here is the source up to where the engine is now, and from there on. It is
// empty in functions that are not JavaScript.
func (js *Scope) here() (before, after string) {
	js.capturing = true
	frames := js.rt.CaptureCallStack(1, nil)
	js.capturing = false
	if len(frames) == 0 {
		return "", ""
	}
	at := frames[0].Position()
	source := js.sources[frames[0].SrcName()]
	start := 0
	for range at.Line - 1 {
		i := strings.IndexByte(source[start:], '\n')
		if i < 0 {
			return "", ""
		}
		start += i + 1
	}
	end := start
	for range at.Column - 1 { // in characters
		_, n := utf8.DecodeRuneInString(source[end:])
		end += n
	}
	if end >= len(source) {
		return "", ""
	}
	return source[start:end], source[end:]
}

// method is the name of the method of strings that is at work, if one is.
func (js *Scope) method() string {
	name := js.nativeName()
	if f, ok := js.prototype("String").Get(name).(*Object); !ok || f.ClassName() != "Function" {
		return ""
	}
	return name
}

// nativeName is the name of the function of the engine's that is at work, if one is.
func (js *Scope) nativeName() string {
	js.capturing = true
	frames := js.rt.CaptureCallStack(1, nil)
	js.capturing = false
	if len(frames) == 0 || frames[0].SrcName() != nativeSource {
		return ""
	}
	return frames[0].FuncName()
}

// detached says what cannot be done with a view of a buffer that is not there.
func (js *Scope) detached() (string, bool) {
	const either, only = " on a detached or out-of-bounds ArrayBuffer", " on a detached ArrayBuffer"
	name := js.nativeName()
	switch {
	case name == "":
		return "Cannot perform " + js.viewUse() + either, true
	case strings.HasPrefix(name, "bound "), name == "from":
		return "Cannot perform %TypedArray%.prototype.values" + either, true
	case name == "keys" || name == "reduce":
		return "Cannot perform %TypedArray%.prototype." + name + only, true
	case name == "findLastIndex":
		return "Cannot perform %TypedArray%.prototype.findIndexLast" + either, true
	case name == "toString":
		return "Cannot perform %TypedArray%.prototype.join" + either, true
	case name == "next":
		return "Cannot perform Array Iterator.prototype.next" + either, true
	case typedArrays[name] != 0:
		return "Cannot perform Construct" + either, true
	case js.isViewMethod(name):
		return "Cannot perform DataView.prototype." + name + either, true
	}
	return "Cannot perform %TypedArray%.prototype." + name + either, true
}

// viewUse is what the program itself does with a view: it reads a property of a
// DataView, constructs an array of another one, or else iterates.
func (js *Scope) viewUse() string {
	before, after := js.here()
	for _, property := range []string{"byteLength", "byteOffset"} {
		if strings.HasPrefix(strings.TrimPrefix(after, "."), property) {
			return "get DataView.prototype." + property
		}
	}
	if strings.HasPrefix(after, "new ") || strings.HasSuffix(before, "new ") {
		return "Construct"
	}
	return "%TypedArray%.prototype.values"
}

// isViewMethod reports whether a DataView has a method of that name.
func (js *Scope) isViewMethod(name string) bool {
	kind, ok := strings.CutPrefix(name, "get")
	if !ok {
		kind, ok = strings.CutPrefix(name, "set")
	}
	return ok && kind != "" && typedArrays[kind+"Array"] != 0
}

// variable is the name that stands where the engine is.
func (js *Scope) variable() string {
	_, after := js.here()
	n := 0
	for n < len(after) && isName(after[n]) {
		n++
	}
	return after[:n]
}

// callee is what is called where the engine is, if it is names with dots.
func (js *Scope) callee() string {
	before, after := js.here()
	if !strings.HasPrefix(after, "(") {
		return ""
	}
	before = strings.TrimSuffix(before, "?.")
	i := len(before)
	for i > 0 && (isName(before[i-1]) || before[i-1] == '.') {
		i--
	}
	name := before[i:]
	if name == "" || name[0] == '.' || name[0] >= '0' && name[0] <= '9' || i > 0 && strings.IndexByte(")]?", before[i-1]) >= 0 || before[:i] == "new " || strings.HasSuffix(before[:i], "new ") {
		return ""
	}
	return name
}

func isName(c byte) bool {
	return c == '_' || c == '$' || c == '#' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}
