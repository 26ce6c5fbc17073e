package console

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// shape is how a kind of object is shown: what stands before its brackets, and
// what is in them besides its properties.
type shape struct {
	name, prefix string
	list         bool // in square brackets
	indexed      bool // has items, which are no properties
	entries      func(depth int) []string
	said         []string // properties that the prefix shows
}

func (s shape) open() string {
	bracket := "{"
	if s.list {
		bracket = "["
	}
	if s.prefix == "" {
		return bracket
	}
	return s.prefix + " " + bracket
}

func (s shape) close() string {
	if s.list {
		return "]"
	}
	return "}"
}

// shape finds it, and whether the prefix alone is the whole of an object that has
// no properties.
func (p *printer) shape(o *jsg.Object) (s shape, whole bool) {
	class := o.ClassName()
	switch {
	case jsg.IsFunction(o):
		return shape{name: "Function", prefix: functionName(o)}, true
	case class == "Error":
		return p.errorShape(o), true
	case class == "RegExp":
		return shape{name: "RegExp", prefix: o.String()}, true
	}
	if t, ok := jsg.DateOf(o); ok {
		return shape{name: "Date", prefix: t.UTC().Format("2006-01-02T15:04:05.000Z")}, true
	}
	switch class {
	case "Date":
		return shape{name: "Date", prefix: "Invalid Date"}, true
	case "String":
		return shape{prefix: "[String: " + quote(o.String(), nil) + "]", indexed: true}, true
	case "Number", "Boolean":
		return shape{prefix: "[" + class + ": " + o.String() + "]"}, true
	case "Arguments":
		return shape{name: "Arguments", prefix: "[Arguments]"}, false
	}
	name, ok := maker(o)
	if !ok {
		name = "[Object: null prototype]"
	}
	if jsg.IsArray(o) {
		return p.arrayShape(o, name), false
	}
	if items, pairs, ok := jsg.Collection(o); ok {
		return p.collectionShape(o, name, items, pairs), false
	}
	if items, pairs, ok := jsg.Remaining(o); ok {
		return p.iteratorShape(o, items, pairs), false
	}
	if state, result := jsg.Settled(o); state != jsg.NotPromise {
		return shape{name: name, prefix: name, entries: func(depth int) []string { return []string{p.settled(state, result, depth)} }}, false
	}
	if data, ok := jsg.ArrayBufferOf(o); ok {
		return shape{name: name, prefix: name, entries: func(int) []string { return contents(data) }}, false
	}
	if view, ok := jsg.ViewOf(o); ok && view.Kind != "DataView" {
		n := view.Len / view.ElementSize
		return shape{name: name, prefix: fmt.Sprintf("%s(%d)", name, n), list: true, entries: func(depth int) []string { return p.first(o, n, depth) }}, false
	}
	return p.plainShape(o, name), false
}

// plainShape is of what has properties only. Objects of the platform keep theirs
// behind getters, and those that are collections in what they iterate over.
func (p *printer) plainShape(o *jsg.Object, name string) shape {
	s := shape{name: name, prefix: tagged(o, name, "")}
	_, native := jsg.Native(o)
	_, view := jsg.ViewOf(o)
	switch {
	case name == "WeakMap" || name == "WeakSet" || name == "WeakRef":
		s.prefix = name
		s.entries = func(int) []string { return []string{"<items unknown>"} }
	case native && slices.Contains([]string{"Headers", "URLSearchParams", "FormData"}, name):
		var items []jsg.Value
		_ = p.js.Iterate(o, func(pair jsg.Value) (bool, error) {
			o := pair.(*jsg.Object)
			items = append(items, o.Get("0"), o.Get("1"))
			return true, nil
		})
		s.prefix = fmt.Sprintf("%s(%d)", name, len(items)/2)
		if len(items) > 0 {
			s.entries = func(depth int) []string { return p.pairs(items, depth) }
		}
	case native || view:
		if names := getters(o); len(names) > 0 {
			s.entries = func(depth int) []string { return p.read(o, names, depth) }
		}
	}
	return s
}

// maker is the name of the class an object is of: of the nearest prototype that
// names one.
func maker(o *jsg.Object) (string, bool) {
	for at := o.Prototype(); at != nil; at = at.Prototype() {
		if !slices.Contains(at.GetOwnPropertyNames(), "constructor") {
			continue
		}
		if c, ok := at.Get("constructor").(*jsg.Object); ok {
			if n := c.Get("name"); n != nil && n.String() != "" {
				return n.String(), true
			}
		}
	}
	return "Object", o.Prototype() != nil
}

// tagged is a class with its size and, where it says something else of itself,
// its tag. Plain objects have none of these.
func tagged(o *jsg.Object, name, size string) string {
	tag := ""
	if t := o.GetSymbol(jsg.SymToStringTag); t != nil && jsg.IsString(t) && !slices.Contains(o.Symbols(), jsg.SymToStringTag) {
		tag = t.String()
	}
	switch {
	case tag != "" && tag != name:
		return name + size + " [" + tag + "]"
	case name == "Object" && size == "":
		return ""
	}
	return name + size
}

func functionName(o *jsg.Object) string {
	kind := "Function"
	if t := o.GetSymbol(jsg.SymToStringTag); t != nil && jsg.IsString(t) && strings.HasSuffix(t.String(), "Function") {
		kind = t.String()
	}
	name, text := "", ""
	if n := o.Get("name"); n != nil && jsg.IsString(n) {
		name = n.String()
	}
	if strings.HasPrefix(o.String(), "class") {
		if name == "" {
			name = "(anonymous)"
		}
		text = "class " + name
		if parent := o.Prototype(); parent != nil {
			if n := parent.Get("name"); n != nil && n.String() != "" {
				text += " extends " + n.String()
			}
		}
		return "[" + text + "]"
	}
	if name == "" {
		return "[" + kind + " (anonymous)]"
	}
	return "[" + kind + ": " + name + "]"
}
