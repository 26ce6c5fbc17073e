package console

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

func (p *printer) arrayShape(o *jsg.Object, name string) shape {
	n := int(o.Get("length").ToInteger())
	s := shape{name: name, list: true}
	if name != "Array" {
		s.prefix = fmt.Sprintf("%s(%d)", name, n)
	}
	if n > 0 {
		s.entries = func(depth int) []string { return p.first(o, n, depth) }
	}
	return s
}

// first are the items of a list, as many as are shown, and how many are left.
func (p *printer) first(o *jsg.Object, n, depth int) []string {
	out, shown := p.items(o, n, depth)
	if left := n - shown; left > 0 {
		out = append(out, fmt.Sprintf("... %d more item%s", left, plural(left)))
	}
	return out
}

func (p *printer) collectionShape(o *jsg.Object, name string, items []jsg.Value, pairs bool) shape {
	n := len(items)
	if pairs {
		n /= 2
	}
	s := shape{name: name, prefix: tagged(o, name, fmt.Sprintf("(%d)", n))}
	if n > 0 {
		s.entries = func(depth int) []string {
			if pairs {
				return p.pairs(items, depth)
			}
			return p.singles(items, depth)
		}
	}
	return s
}

func (p *printer) iteratorShape(o *jsg.Object, items []jsg.Value, pairs bool) shape {
	kind := strings.TrimSuffix(o.GetSymbol(jsg.SymToStringTag).String(), " Iterator")
	if !pairs {
		return shape{name: kind + " Iterator", prefix: "[" + kind + " Iterator]", entries: func(depth int) []string { return p.singles(items, depth) }}
	}
	return shape{name: kind + " Entries", prefix: "[" + kind + " Entries]", entries: func(depth int) []string {
		var out []string
		for pair := range slices.Chunk(items, 2) {
			out = append(out, "[ "+p.inner(pair[0], depth)+", "+p.inner(pair[1], depth)+" ]")
		}
		return out
	}}
}

func (p *printer) singles(items []jsg.Value, depth int) []string {
	var out []string
	for i, v := range items {
		if i == maxItems {
			return append(out, fmt.Sprintf("... %d more item%s", len(items)-i, plural(len(items)-i)))
		}
		out = append(out, p.inner(v, depth))
	}
	return out
}

func (p *printer) pairs(items []jsg.Value, depth int) []string {
	var out []string
	for i := 0; i < len(items); i += 2 {
		if i == 2*maxItems {
			left := len(items)/2 - maxItems
			return append(out, fmt.Sprintf("... %d more item%s", left, plural(left)))
		}
		out = append(out, p.inner(items[i], depth)+" => "+p.inner(items[i+1], depth))
	}
	return out
}

func (p *printer) settled(state jsg.PromiseState, result jsg.Value, depth int) string {
	if state == jsg.Pending {
		return "<pending>"
	}
	if result == nil {
		result = jsg.Undefined
	}
	text := p.inner(result, depth)
	if state == jsg.RejectedState {
		return "<rejected> " + text
	}
	return text
}

// contents are the bytes of a buffer.
func contents(data []byte) []string {
	const most = 50
	hex := fmt.Sprintf("% x", data[:min(len(data), most)])
	if left := len(data) - most; left > 0 {
		hex += fmt.Sprintf(" ... %d more byte%s", left, plural(left))
	}
	return []string{"[Uint8Contents]: <" + hex + ">", fmt.Sprintf("byteLength: %d", len(data))}
}

// getters are the names of what an object of the platform shows of itself, those
// of its class before those of the classes above. A body is left out, as to read
// it is to make it a stream, and so are constants.
func getters(o *jsg.Object) []string {
	var names []string
	for proto := o.Prototype(); proto != nil && proto.Prototype() != nil; proto = proto.Prototype() {
		for _, k := range proto.GetOwnPropertyNames() {
			if k != "constructor" && k != "body" && k != strings.ToUpper(k) && !slices.Contains(names, k) {
				names = append(names, k)
			}
		}
	}
	return names
}

func (p *printer) read(o *jsg.Object, names []string, depth int) []string {
	var out []string
	for _, k := range names {
		v, err := p.js.Get(o, k)
		if err != nil || jsg.IsFunction(v) {
			continue
		}
		out = append(out, p.property(property{label: key(k), value: v}, depth))
	}
	return out
}

// errorShape is an error with its stack and, in brackets, what else it carries.
func (p *printer) errorShape(o *jsg.Object) shape {
	d := jsg.Describe(o)
	text := d.Stack
	if text == "" {
		text = "[" + strings.TrimSuffix(d.Name+": "+d.Message, ": ") + "]"
	}
	s := shape{name: d.Name, said: []string{"name", "message", "stack"}, prefix: strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", p.indent))}
	if d.DOM {
		s.said = append(s.said, "code", "retryable")
	}
	var hidden []string
	for _, k := range []string{"cause", "errors"} {
		if slices.Contains(o.GetOwnPropertyNames(), k) && !slices.Contains(o.Keys(), k) {
			hidden = append(hidden, k)
		}
	}
	if len(hidden) > 0 {
		s.entries = func(depth int) []string {
			var out []string
			for _, k := range hidden {
				out = append(out, p.property(property{label: "[" + k + "]", value: o.Get(k)}, depth))
			}
			return out
		}
	}
	return s
}
