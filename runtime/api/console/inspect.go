package console

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
)

const (
	maxDepth    = 4
	maxItems    = 100
	lineWidth   = 72
	maxArgument = 64 << 10
)

// Format joins the arguments of a console call: printf directives of a first
// string are filled in, strings appear as they are, other values inspected.
func Format(args []jsg.Value) string {
	if len(args) == 0 {
		return ""
	}
	var parts []string
	if jsg.IsString(args[0]) && len(args) > 1 && strings.Contains(args[0].String(), "%") {
		text, rest := directives(args[0].String(), args[1:])
		parts, args = append(parts, text), rest
	}
	for _, v := range args {
		if jsg.IsString(v) {
			parts = append(parts, v.String())
		} else {
			parts = append(parts, Inspect(v))
		}
	}
	return strings.Join(parts, " ")
}

func directives(format string, args []jsg.Value) (string, []jsg.Value) {
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
		b.WriteString(directive(d, args[0]))
		args = args[1:]
		i++
	}
	return b.String(), args
}

func directive(d byte, v jsg.Value) string {
	number := func() float64 {
		if _, isObj := jsg.IsObject(v); isObj || jsg.IsSymbol(v) {
			return math.NaN()
		}
		return v.ToFloat()
	}
	switch d {
	case 's':
		if _, ok := jsg.IsObject(v); ok {
			return Inspect(v)
		}
		return v.String()
	case 'd', 'i':
		f := number()
		if math.IsNaN(f) {
			return "NaN"
		}
		if d == 'i' {
			f = math.Trunc(f)
		}
		return strconv.FormatFloat(f, 'f', -1, 64)
	case 'f':
		f := number()
		if math.IsNaN(f) {
			return "NaN"
		}
		return strconv.FormatFloat(f, 'g', -1, 64)
	case 'c':
		return ""
	}
	return Inspect(v)
}

// Inspect renders a value for people. It never throws: what user code makes
// unreadable is shown as such.
func Inspect(v jsg.Value) (out string) {
	defer func() {
		if recover() != nil {
			out = "[unreadable value]"
		}
	}()
	p := &printer{seen: map[*jsg.Object]bool{}}
	text := p.value(v, 0)
	if len(text) > maxArgument {
		text = text[:maxArgument] + "… (truncated)"
	}
	return text
}

type printer struct{ seen map[*jsg.Object]bool }

func (p *printer) value(v jsg.Value, depth int) string {
	o, ok := jsg.IsObject(v)
	if !ok {
		return primitive(v)
	}
	if p.seen[o] {
		return "[Circular]"
	}
	p.seen[o] = true
	defer delete(p.seen, o)
	return p.object(o, depth)
}

func primitive(v jsg.Value) string {
	switch jsg.TypeOf(v) {
	case "string":
		return strconv.Quote(v.String())
	case "bigint":
		return v.String() + "n"
	case "number":
		if f := v.ToFloat(); f == 0 && math.Signbit(f) {
			return "-0"
		}
	case "symbol":
		return "Symbol(" + v.String() + ")"
	case "undefined":
		return "undefined"
	}
	return v.String()
}

func (p *printer) object(o *jsg.Object, depth int) string {
	switch {
	case jsg.IsFunction(o):
		return functionName(o)
	case o.ClassName() == "Error":
		return p.error(o, depth)
	case o.ClassName() == "RegExp":
		return o.String()
	}
	if t, ok := jsg.DateOf(o); ok {
		return t.UTC().Format(time.RFC3339Nano)
	}
	name := className(o)
	if depth > maxDepth {
		return "[" + name + "]"
	}
	switch {
	case jsg.IsArray(o):
		return p.array(o, depth)
	case o.ClassName() == "Map" || o.ClassName() == "Set":
		return p.collection(o, depth)
	}
	if state, result := jsg.Settled(o); state != jsg.NotPromise {
		return map[jsg.PromiseState]string{jsg.Pending: "Promise { <pending> }", jsg.Fulfilled: "Promise { " + p.maybe(result, depth) + " }",
			jsg.RejectedState: "Promise { <rejected> " + p.maybe(result, depth) + " }"}[state]
	}
	if data, ok := jsg.ArrayBufferOf(o); ok {
		return fmt.Sprintf("ArrayBuffer { byteLength: %d }", len(data))
	}
	if view, ok := jsg.ViewOf(o); ok {
		return p.view(o, view)
	}
	return p.plain(o, name, depth)
}

func (p *printer) maybe(v jsg.Value, depth int) string {
	if v == nil {
		return ""
	}
	return p.value(v, depth+1)
}

func functionName(o *jsg.Object) string {
	kind := "Function"
	if strings.HasPrefix(o.String(), "class") {
		kind = "class"
	}
	if name := o.Get("name"); name != nil && name.String() != "" {
		return "[" + kind + " " + name.String() + "]"
	}
	return "[" + kind + " (anonymous)]"
}

func className(o *jsg.Object) string {
	proto := o.Prototype()
	if proto == nil {
		return "[Object: null prototype]"
	}
	if c, ok := proto.Get("constructor").(*jsg.Object); ok {
		if n := c.Get("name"); n != nil && n.String() != "" {
			return n.String()
		}
	}
	return "Object"
}

func (p *printer) error(o *jsg.Object, depth int) string {
	d := jsg.Describe(o)
	text := d.Stack
	if text == "" {
		text = d.Name + ": " + d.Message
	}
	if c := o.Get("cause"); c != nil && !jsg.IsUndefined(c) && depth < maxDepth {
		text += "\n  [cause]: " + p.value(c, depth+1)
	}
	return text
}

func (p *printer) array(o *jsg.Object, depth int) string {
	n := int(o.Get("length").ToInteger())
	var items []string
	for i := range min(n, maxItems) {
		v := o.Get(strconv.Itoa(i))
		if v == nil {
			items = append(items, "<empty>")
			continue
		}
		items = append(items, p.value(v, depth+1))
	}
	if n > maxItems {
		items = append(items, fmt.Sprintf("… %d more", n-maxItems))
	}
	return wrap("[", items, "]", depth)
}

func (p *printer) collection(o *jsg.Object, depth int) string {
	var items []string
	jsg.EachEntry(o, func(k, v jsg.Value) bool {
		if v == nil {
			items = append(items, p.value(k, depth+1))
		} else {
			items = append(items, p.value(k, depth+1)+" => "+p.value(v, depth+1))
		}
		return len(items) < maxItems
	})
	return fmt.Sprintf("%s(%d) %s", o.ClassName(), o.Get("size").ToInteger(), wrap("{", items, "}", depth))
}

func (p *printer) view(o *jsg.Object, view jsg.View) string {
	n := view.Len / view.ElementSize
	var items []string
	for i := range min(n, maxItems) {
		items = append(items, o.Get(strconv.Itoa(i)).String())
	}
	if n > maxItems {
		items = append(items, fmt.Sprintf("… %d more", n-maxItems))
	}
	return fmt.Sprintf("%s(%d) [ %s ]", view.Kind, n, strings.Join(items, ", "))
}

func (p *printer) plain(o *jsg.Object, name string, depth int) string {
	var items []string
	for _, k := range o.Keys() {
		if len(items) == maxItems {
			items = append(items, "…")
			break
		}
		items = append(items, key(k)+": "+p.value(o.Get(k), depth+1))
	}
	// Host objects keep their state behind getters on the prototype.
	if _, native := jsg.Native(o); native && len(items) == 0 {
		items = p.getters(o, depth)
	}
	text := wrap("{", items, "}", depth)
	if name != "Object" {
		text = name + " " + text
	}
	return text
}

func (p *printer) getters(o *jsg.Object, depth int) []string {
	var items []string
	proto := o.Prototype()
	if proto == nil {
		return nil
	}
	for _, k := range proto.GetOwnPropertyNames() {
		if k == "constructor" || k == "body" {
			continue
		}
		v := o.Get(k)
		if v == nil || jsg.IsFunction(v) {
			continue
		}
		items = append(items, key(k)+": "+p.value(v, depth+1))
	}
	return items
}

func key(k string) string {
	for i, r := range k {
		if !(r == '_' || r == '$' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9') {
			return strconv.Quote(k)
		}
	}
	return k
}

func wrap(open string, items []string, close string, depth int) string {
	if len(items) == 0 {
		return open + close
	}
	one := open + " " + strings.Join(items, ", ") + " " + close
	if len(one) <= lineWidth && !strings.Contains(one, "\n") {
		return one
	}
	pad := strings.Repeat("  ", depth+1)
	return open + "\n" + pad + strings.Join(items, ",\n"+pad) + "\n" + strings.Repeat("  ", depth) + close
}
