package console

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Format joins the arguments of a console call: printf directives of a first
// string are filled in, strings appear as they are, other values inspected.
func Format(js *jsg.Scope, args []jsg.Value) string {
	if len(args) == 0 {
		return ""
	}
	var parts []string
	if jsg.IsString(args[0]) && len(args) > 1 && strings.Contains(args[0].String(), "%") {
		text, rest := directives(js, args[0].String(), args[1:])
		parts, args = append(parts, text), rest
	}
	for _, v := range args {
		if jsg.IsString(v) {
			parts = append(parts, v.String())
		} else {
			parts = append(parts, Inspect(js, v))
		}
	}
	return strings.Join(parts, " ")
}

func directives(js *jsg.Scope, format string, args []jsg.Value) (string, []jsg.Value) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		d := format[i+1]
		if d == '%' {
			b.WriteByte('%')
			i++
			continue
		}
		if len(args) == 0 || !strings.ContainsRune("sdifoOcj", rune(d)) {
			b.WriteByte('%')
			continue
		}
		b.WriteString(directive(js, d, args[0]))
		args = args[1:]
		i++
	}
	return b.String(), args
}

func directive(js *jsg.Scope, d byte, v jsg.Value) string {
	o, isObject := jsg.IsObject(v)
	switch d {
	case 's':
		if isObject && !speaks(o) {
			return inspectTo(js, v, 0)
		}
		return text(v)
	case 'd', 'i', 'f':
		switch {
		case jsg.IsBigInt(v):
			return v.String() + "n"
		case isObject || jsg.IsSymbol(v):
			return "NaN"
		}
		f := v.ToFloat()
		if jsg.IsString(v) && d != 'd' {
			f = leadingNumber(v.String())
		}
		if d == 'i' {
			f = math.Trunc(f)
		}
		return text(js.Float(f))
	case 'j':
		if s, ok, err := js.JSONStringify(v); err == nil && ok {
			return s
		}
	case 'c':
		return ""
	}
	return Inspect(js, v)
}

// text is a value as String() gives it, but for what tells numbers apart.
func text(v jsg.Value) string {
	if jsg.IsString(v) {
		return v.String()
	}
	if o, ok := jsg.IsObject(v); ok {
		return o.String()
	}
	return primitive(v)
}

// speaks tells whether an object has a text of its own: that of its class, or of
// a function its source.
func speaks(o *jsg.Object) bool {
	if jsg.IsFunction(o) {
		return true
	}
	if _, native := jsg.Native(o); native || jsg.IsProxy(o) || o.ClassName() != "Object" {
		return false
	}
	for at := o; at != nil; at = at.Prototype() {
		if slices.Contains(at.GetOwnPropertyNames(), "toString") {
			return at.Prototype() != nil // that of Object says nothing
		}
	}
	return false
}

// leadingNumber is the number a text begins with, as parseFloat finds it.
func leadingNumber(s string) float64 {
	s = strings.TrimSpace(s)
	for end := len(s); end > 0; end-- {
		if f, err := strconv.ParseFloat(s[:end], 64); err == nil {
			return f
		}
	}
	return math.NaN()
}
