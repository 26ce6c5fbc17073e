package console

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

const (
	maxDepth    = 4 // two more than Node shows
	maxItems    = 100
	maxValues   = 10000
	maxArgument = 64 << 10
)

// Inspect renders a value for people, laid out as Node's util.inspect does. It
// never throws, and runs no code of the value but its own inspect function: what
// user code makes unreadable is shown as such.
func Inspect(js *jsg.Scope, v jsg.Value) string { return inspectTo(js, v, maxDepth) }

func inspectTo(js *jsg.Scope, v jsg.Value, depth int) (out string) {
	defer func() {
		if recover() != nil {
			out = "[unreadable value]"
		}
	}()
	p := &printer{js: js, limit: depth}
	text := p.value(v, 0)
	if len(text) > maxArgument {
		text = strings.ToValidUTF8(text[:maxArgument], "") + "… (truncated)"
	}
	return text
}

type printer struct {
	js      *jsg.Scope
	limit   int
	indent  int
	reached int // the level of the object entered last
	values  int
	within  []*jsg.Object // from the outermost object to this one
	refs    []*jsg.Object // those that something within them refers to

	descriptor, custom jsg.Value
}

func (p *printer) value(v jsg.Value, depth int) string {
	o, ok := jsg.IsObject(v)
	if !ok {
		if jsg.IsString(v) {
			return p.quoted(v)
		}
		return primitive(v)
	}
	if p.values++; p.values > maxValues {
		return "…"
	}
	if slices.Contains(p.within, o) {
		if !slices.Contains(p.refs, o) {
			p.refs = append(p.refs, o)
		}
		return fmt.Sprintf("[Circular *%d]", slices.Index(p.refs, o)+1)
	}
	if target, _, ok := jsg.ProxyParts(o); ok {
		if target == nil {
			return "<Revoked Proxy>"
		}
		return "Proxy(" + p.value(target, depth) + ")"
	}
	p.within = append(p.within, o)
	text := p.object(o, depth)
	p.within = p.within[:len(p.within)-1]
	if i := slices.Index(p.refs, o); i >= 0 {
		text = fmt.Sprintf("<ref *%d> %s", i+1, text)
	}
	return text
}

// inner is a value within another, two columns further in.
func (p *printer) inner(v jsg.Value, depth int) string {
	p.indent += 2
	defer func() { p.indent -= 2 }()
	return p.value(v, depth+1)
}

func primitive(v jsg.Value) string {
	switch jsg.TypeOf(v) {
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
	if text, ok := p.customized(o, depth); ok {
		return text
	}
	s, whole := p.shape(o)
	keys := p.properties(o, s)
	if whole && len(keys) == 0 && s.entries == nil {
		return s.prefix
	}
	if len(keys) == 0 && s.entries == nil {
		return s.open() + s.close()
	}
	if depth > p.limit {
		return "[" + s.name + "]"
	}
	p.reached = depth
	var entries []string
	if s.entries != nil {
		entries = s.entries(depth)
	}
	for _, k := range keys {
		entries = append(entries, p.property(k, depth))
	}
	if len(entries) == 0 {
		return s.open() + s.close()
	}
	return p.lay(depth, s.open(), entries, s.close(), s.list)
}

// property is one of an object: a key and what it is, without calling getters.
type property struct {
	label string
	value jsg.Value
	known string // instead of the value
}

// properties are the enumerable ones of an object's own, without the items of a
// list and what the prefix says already.
func (p *printer) properties(o *jsg.Object, s shape) []property {
	var out []property
	if s.list && o.Get("length").ToInteger() > maxValues {
		return nil // naming every item takes longer than showing a hundred
	}
	for _, k := range o.Keys() {
		if len(out) == maxValues {
			break
		}
		if (s.list || s.indexed) && k != "" && strings.Trim(k, "0123456789") == "" || slices.Contains(s.said, k) {
			continue
		}
		if d, ok := p.describe(o, p.js.String(k), key(k)); ok {
			out = append(out, d)
		}
	}
	for _, s := range o.Symbols() {
		if d, ok := p.describe(o, s, "Symbol("+s.String()+")"); ok {
			out = append(out, d)
		}
	}
	return out
}

func (p *printer) describe(o *jsg.Object, name jsg.Value, label string) (property, bool) {
	if p.descriptor == nil {
		p.descriptor = p.js.Global().Get("Object").(*jsg.Object).Get("getOwnPropertyDescriptor")
	}
	v, err := p.js.Call(p.descriptor, jsg.Undefined, o, name)
	d, ok := jsg.IsObject(v)
	if err != nil || !ok || !d.Get("enumerable").ToBoolean() {
		return property{}, false
	}
	getter, setter := d.Get("get"), d.Get("set")
	switch {
	case !jsg.IsUndefined(getter) && !jsg.IsUndefined(setter):
		return property{label: label, known: "[Getter/Setter]"}, true
	case !jsg.IsUndefined(getter):
		return property{label: label, known: "[Getter]"}, true
	case !jsg.IsUndefined(setter):
		return property{label: label, known: "[Setter]"}, true
	}
	return property{label: label, value: d.Get("value")}, true
}

func (p *printer) property(k property, depth int) string {
	if k.known != "" {
		return k.label + ": " + k.known
	}
	return k.label + ": " + p.inner(k.value, depth)
}

func key(k string) string {
	for i, r := range k {
		if !(r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9') {
			return quote(k, nil)
		}
	}
	if k == "" {
		return "''"
	}
	return k
}

// customized is what an object's own function for it gives:
// https://nodejs.org/api/util.html#custom-inspection-functions-on-objects.
func (p *printer) customized(o *jsg.Object, depth int) (string, bool) {
	if p.custom == nil {
		symbol := p.js.Global().Get("Symbol").(*jsg.Object)
		s, err := p.js.Call(symbol.Get("for"), symbol, p.js.ASCII("nodejs.util.inspect.custom"))
		if err != nil {
			return "", false
		}
		p.custom = s
	}
	s, ok := p.custom.(*jsg.Symbol)
	if !ok {
		return "", false
	}
	f, err := p.js.GetSymbol(o, s)
	if err != nil || !jsg.IsFunction(f) {
		return "", false
	}
	options := p.js.NewObject()
	p.js.Set(options, "depth", p.js.Int(int64(p.limit-depth)))
	p.js.Set(options, "stylize", p.js.Func("stylize", 2, func(_ *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) { return a.Value(0), nil }))
	again := p.js.Func("inspect", 2, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		return js.String(Inspect(js, a.Value(0))), nil
	})
	v, err := p.js.Call(f, o, p.js.Int(int64(p.limit-depth)), options, again)
	switch {
	case err != nil || v == jsg.Value(o):
		return "", false
	case jsg.IsString(v):
		return strings.ReplaceAll(v.String(), "\n", "\n"+strings.Repeat(" ", p.indent)), true
	}
	return p.value(v, depth), true
}

// items are those of an array or typed array, runs of holes as one, and how many
// these are.
func (p *printer) items(o *jsg.Object, n int, depth int) (out []string, shown int) {
	for shown < n && len(out) < maxItems {
		if v := o.Get(strconv.Itoa(shown)); v != nil {
			out = append(out, p.inner(v, depth))
			shown++
			continue
		}
		holes := 0
		for shown < n && o.Get(strconv.Itoa(shown)) == nil {
			holes, shown = holes+1, shown+1
		}
		out = append(out, fmt.Sprintf("<%d empty item%s>", holes, plural(holes)))
	}
	return out, shown
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}
