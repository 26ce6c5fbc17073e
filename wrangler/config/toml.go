package config

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// parseTOML reads TOML into the same tree as JSONC. The library's decoder runs
// first, as it alone knows which redefinitions TOML forbids; the tree is then
// built from the positioned parser.
func parseTOML(src *source, diags *diag.List) *value {
	text := src.text
	if bytes.HasPrefix(text, []byte("\uFEFF")) {
		text = append([]byte("   "), text[3:]...)
	}
	fail := func(off int, msg string) *value {
		d := diag.Diagnostic{Severity: diag.Error, Code: "config_syntax", Pos: src.pos(off), Message: "invalid TOML: " + msg}
		if off < len(text) && text[off] == '{' {
			d.Hint = "JSON belongs in a file named wrangler.jsonc"
		}
		diags.Add(d)
		return nil
	}
	if off, deep := tooDeepTOML(text); deep {
		return fail(off, fmt.Sprintf("nested deeper than %d levels", maxDepth))
	}
	var sink map[string]any
	if err := toml.Unmarshal(text, &sink); err != nil {
		var de *toml.DecodeError
		if errors.As(err, &de) {
			line, col := de.Position()
			return fail(src.offset(line, col), strings.TrimPrefix(de.Error(), "toml: "))
		}
		return fail(0, strings.TrimPrefix(err.Error(), "toml: "))
	}
	b := tomlBuilder{root: &value{kind: kindObject}}
	b.p.Reset(text)
	cur := b.root
	for b.p.NextExpression() {
		n := b.p.Expression()
		switch n.Kind {
		case unstable.Table:
			cur = b.open(b.root, n.Key(), false)
		case unstable.ArrayTable:
			cur = b.open(b.root, n.Key(), true)
		case unstable.KeyValue:
			b.keyValue(cur, n)
		}
	}
	if err := b.p.Error(); err != nil {
		return fail(0, err.Error())
	}
	return b.root
}

// tooDeepTOML is a coarse bound: brackets in strings count too, which no real
// file notices.
func tooDeepTOML(text []byte) (int, bool) {
	depth, dots := 0, 0
	for i, c := range text {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		case '.':
			dots++
		case '\n':
			dots = 0
		}
		if depth > maxDepth || dots > 50*maxDepth {
			return i, true
		}
	}
	return 0, false
}

type tomlBuilder struct {
	p    unstable.Parser
	root *value
}

// child returns the member called key of v, adding it with the given kind.
func (b *tomlBuilder) child(v *value, n *unstable.Node, k kind) *value {
	key := string(n.Data)
	if f := v.field(key); f != nil {
		return f.val
	}
	off := int(n.Raw.Offset)
	c := &value{kind: k, off: off}
	v.fields = append(v.fields, field{key: key, keyOff: off, val: c})
	return c
}

// into steps from an array of tables to its last element.
func into(v *value) *value {
	if v.kind == kindArray && len(v.elems) > 0 {
		return v.elems[len(v.elems)-1]
	}
	return v
}

// open finds or makes the table a header names.
func (b *tomlBuilder) open(v *value, key unstable.Iterator, array bool) *value {
	for key.Next() {
		n := key.Node()
		if key.IsLast() && array {
			arr := b.child(v, n, kindArray)
			elem := &value{kind: kindObject, off: int(n.Raw.Offset)}
			arr.elems = append(arr.elems, elem)
			return elem
		}
		v = into(b.child(v, n, kindObject))
	}
	return v
}

func (b *tomlBuilder) keyValue(v *value, n *unstable.Node) {
	key := n.Key()
	for key.Next() {
		k := key.Node()
		if !key.IsLast() {
			v = into(b.child(v, k, kindObject))
			continue
		}
		off := int(k.Raw.Offset)
		v.fields = append(v.fields, field{key: string(k.Data), keyOff: off, val: b.value(n.Value(), off)})
	}
}

// value converts a value node; off is used where the node has no position.
func (b *tomlBuilder) value(n *unstable.Node, off int) *value {
	if n.Raw.Length > 0 {
		off = int(n.Raw.Offset)
	}
	out := &value{off: off}
	switch n.Kind {
	case unstable.Bool:
		out.kind, out.bool = kindBool, string(n.Data) == "true"
	case unstable.Integer:
		out.kind, out.text = kindNumber, tomlInteger(string(n.Data))
	case unstable.Float:
		out.kind, out.text = kindNumber, tomlFloat(string(n.Data))
	case unstable.LocalDate, unstable.LocalTime, unstable.LocalDateTime, unstable.DateTime:
		out.kind, out.text, out.date = kindString, string(n.Data), true
	case unstable.Array:
		out.kind = kindArray
		for it := n.Children(); it.Next(); {
			out.elems = append(out.elems, b.value(it.Node(), off))
		}
	case unstable.InlineTable:
		out.kind = kindObject
		for it := n.Children(); it.Next(); {
			b.keyValue(out, it.Node())
		}
	default:
		out.kind, out.text = kindString, string(n.Data)
	}
	return out
}

// tomlInteger writes a TOML integer the way JSON does.
func tomlInteger(s string) string {
	s = strings.ReplaceAll(s, "_", "")
	if n, err := strconv.ParseInt(strings.TrimPrefix(s, "+"), 0, 64); err == nil {
		return strconv.FormatInt(n, 10)
	}
	return "0"
}

// tomlFloat writes a TOML float the way JSON does; inf and nan become null.
func tomlFloat(s string) string {
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return "null"
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}
