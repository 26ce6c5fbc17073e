package jsg

import (
	"strings"

	"github.com/dop251/goja"
)

// V8 shows the source of what is wrong in some errors. The engine stands at the
// last name of the expression, if it is one, else at the start of the statement;
// the value is on top of its stack.

// expression is what the engine stands in, if that is names with dots.
func (js *Scope) expression() (before, expression, after string) {
	before, after = js.here()
	n := 0
	for n < len(after) && isName(after[n]) {
		n++
	}
	i := len(before)
	for i > 0 && (isName(before[i-1]) || before[i-1] == '.') {
		i--
	}
	i += len(before[i:]) - len(strings.TrimLeft(before[i:], ".")) // of a spread
	expression = before[i:] + after[:n]
	if n == 0 || expression[0] == '.' || keywords[expression] {
		return before, "", after
	}
	return before[:i], expression, after[n:]
}

var keywords = map[string]bool{"const": true, "let": true, "var": true, "for": true, "new": true, "return": true, "throw": true, "await": true, "yield": true, "function": true, "class": true, "async": true, "void": true}

// operands are what is on top of the engine's stack, the topmost last.
func (js *Scope) operands() (below, key, top Value) {
	stack, sp := js.engineStack()
	at := func(i int) Value {
		if i < 0 || i >= len(stack) || stack[i] == nil {
			return Undefined
		}
		return stack[i]
	}
	return at(sp - 3), at(sp - 2), at(sp - 1)
}

func isNothing(v Value) bool { return v == Null || IsUndefined(v) }

const noIterator = " is not iterable (cannot read property Symbol(Symbol.iterator))"

// notIterable is about an array pattern, a spread, a loop, or an assignment to a
// property of nothing.
func (js *Scope) notIterable() (string, bool) {
	if js.nativeName() != "" {
		return "", false
	}
	before, expression, after := js.expression()
	below, key, top := js.operands()
	name := expression[strings.LastIndexByte(expression, '.')+1:]
	switch assigned := strings.HasPrefix(after, "=") && !strings.HasPrefix(after, "==") && !strings.HasPrefix(after, "=>"); {
	case assigned && name != expression && isNothing(key):
		return "Cannot set properties of " + key.String() + " (setting '" + name + "')", true
	case expression == "" && strings.HasPrefix(after, "[") && isNothing(below) && IsNumber(key) || IsString(key) && isNothing(below) && !isNothing(top):
		return "Cannot set properties of " + below.String() + " (setting '" + key.String() + "')", true
	case isObject(top) && IsFunction(top), expression == "" && isObject(top):
		return "", false // the arguments of a call, or something without a name
	case strings.HasPrefix(after, "new "):
		return typed(top) + noIterator, true
	case strings.HasSuffix(before, "]=") && expression != "" && isNothing(top), expression == "" && strings.HasPrefix(strings.TrimLeft(after, "("), "["):
		return top.String() + noIterator, true
	case expression != "" && !strings.HasSuffix(before, "(..."):
		return expression + " is not iterable", true
	case expression == "":
		return top.String() + " is not iterable", true
	}
	return "", false
}

// typed is a value with its type before it.
func typed(v Value) string {
	switch {
	case IsUndefined(v):
		return "undefined"
	case v == Null:
		return "object null"
	case IsNumber(v):
		return "number " + v.String()
	case IsString(v):
		return `string "` + v.String() + `"`
	case goja.IsBigInt(v):
		return "bigint " + v.String()
	}
	return v.ExportType().String() + " " + v.String()
}

// notObject is about something else than an object that was called, constructed,
// or read for an entry.
func (js *Scope) notObject(value string) (string, bool) {
	_, after := js.here()
	rest, isNew := strings.CutPrefix(after, "new ")
	if entries := strings.HasPrefix(rest, "Map(") || strings.HasPrefix(rest, "WeakMap("); isNew && entries && js.nativeName() == "" {
		return "Iterator value " + value + " is not an entry object", true
	}
	if isNew && strings.HasPrefix(rest, "Promise") && js.nativeName() == "" {
		return "Promise resolver " + value + " is not a function", true
	}
	if js.onStack(value) {
		if text, ok := js.notConstructor(); ok {
			return text, true
		}
	}
	callee := js.callee()
	return callee + " is not a function", callee != ""
}

// notDestructured is about a pattern of an object, of null or undefined.
func (js *Scope) notDestructured() (string, bool) {
	before, expression, after := js.expression()
	_, key, top := js.operands()
	if !isNothing(top) || js.nativeName() != "" {
		return "", false
	}
	value, source, pattern := top.String(), expression, ""
	switch {
	case strings.HasSuffix(before, "}="):
		pattern = patternBefore(before[:len(before)-1])
		if expression == "" {
			source = value
		}
	case strings.HasPrefix(strings.TrimLeft(after, "("), "{") && expression == "" && !strings.Contains(after[:min(len(after), 8)], "const"):
		pattern, source = strings.TrimLeft(after, "("), value
		if top == Null {
			source = "object null"
		}
	default:
		i := strings.Index(after, "}="+value)
		if i < 0 && value == "undefined" {
			i = strings.Index(after, "}=void 0")
		}
		if i < 0 || strings.Contains(after[:i], ";") {
			return "", false // in another statement
		}
		pattern, source = patternBefore(after[:i+1]), value
	}
	first := strings.TrimLeft(pattern, "{")
	if inner := strings.Index(first, ":{"); inner >= 0 && isObject(key) {
		return "Cannot read properties of " + value + " (reading '" + leadingName(strings.TrimLeft(first[inner+2:], " ")) + "')", true
	}
	if name := leadingName(first); name != "" {
		return "Cannot destructure property '" + name + "' of '" + source + "' as it is " + value + ".", true
	}
	return "Cannot destructure '" + source + "' as it is " + value + ".", strings.HasPrefix(first, "}")
}

func leadingName(s string) string {
	n := 0
	for n < len(s) && isName(s[n]) {
		n++
	}
	return s[:n]
}

// patternBefore is the pattern that a text ends with.
func patternBefore(text string) string {
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case '}':
			depth++
		case '{':
			if depth--; depth == 0 {
				return text[i:]
			}
		}
	}
	return ""
}
