package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/nearest"
)

// checker collects findings about one file.
type checker struct {
	src   *source
	diags diag.List
}

func (c *checker) pos(v *value) diag.Position {
	if v == nil {
		return diag.Position{File: c.src.file}
	}
	return c.src.pos(v.off)
}

func (c *checker) report(sev diag.Severity, code string, v *value, hint, format string, args ...any) {
	c.diags.Add(diag.Diagnostic{Severity: sev, Code: code, Pos: c.pos(v), Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (c *checker) errorf(code string, v *value, hint, format string, args ...any) {
	c.report(diag.Error, code, v, hint, format, args...)
}

func (c *checker) warnf(code string, v *value, hint, format string, args ...any) {
	c.report(diag.Warning, code, v, hint, format, args...)
}

// shape says what a value may look like: a text for documentation and a check
// that reports whatever does not fit. Checks never stop at the first finding.
type shape struct {
	text  string
	check func(c *checker, path string, v *value)
}

// prop is one member of an object shape.
type prop struct {
	name     string
	required bool
	shape    shape
}

func req(name string, s shape) prop { return prop{name, true, s} }
func opt(name string, s shape) prop { return prop{name, false, s} }

// wrongType reports a value of the wrong kind in wrangler's words.
func (c *checker) wrongType(path, want string, v *value) {
	hint := ""
	switch {
	case v.date:
		hint = "put the date in quotes"
	case want == "boolean" && v.kind == kindString:
		hint = "write true or false without quotes"
	case want == "number" && v.kind == kindString:
		hint = "write the number without quotes"
	case want == "string" && (v.kind == kindNumber || v.kind == kindBool):
		hint = "put the value in quotes"
	case want == "string array" && v.kind == kindString:
		hint = fmt.Sprintf("write a list: [%s]", v.show())
	}
	got := v.show()
	if v.date {
		got = "the TOML date " + v.text
	}
	c.errorf("wrong_type", v, hint, "Expected %q to be of type %s but got %s.", path, want, got)
}

func ofKind(k kind) shape {
	return shape{k.String(), func(c *checker, path string, v *value) {
		if v.kind != k || v.date {
			c.wrongType(path, k.String(), v)
		}
	}}
}

var (
	tString = ofKind(kindString)
	tBool   = ofKind(kindBool)
	tNumber = ofKind(kindNumber)
	tObject = ofKind(kindObject)
	tAny    = shape{"any", func(*checker, string, *value) {}}
)

// tIgnored is what changes nothing here, which has to be said: why tells how it
// is instead.
func tIgnored(why string) shape {
	return shape{"any", func(c *checker, path string, v *value) {
		c.diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "ignored_key", Pos: c.src.pos(v.off),
			Message: fmt.Sprintf("%q changes nothing here: %s.", path, why)})
	}}
}

// tNonEmpty is a string with at least one character.
var tNonEmpty = shape{"string", func(c *checker, path string, v *value) {
	tString.check(c, path, v)
	if v.kind == kindString && v.text == "" {
		c.errorf("invalid_value", v, "", "Expected %q to be a non-empty string.", path)
	}
}}

// tWhole is a whole number of at least low.
func tWhole(low int) shape {
	return shape{"number", func(c *checker, path string, v *value) {
		tNumber.check(c, path, v)
		if v.kind != kindNumber {
			return
		}
		if n := v.int(); n == nil || *n < low {
			c.errorf("invalid_value", v, "", "Expected %q to be a whole number of at least %d but got %s.", path, low, v.show())
		}
	}}
}

// tPort is a TCP port, 0 meaning any free one.
var tPort = shape{"number", func(c *checker, path string, v *value) {
	tNumber.check(c, path, v)
	if n := v.int(); v.kind == kindNumber && (n == nil || *n < 0 || *n > 65535) {
		c.errorf("invalid_value", v, "use a port between 0 and 65535", "Expected %q to be a port number but got %s.", path, v.show())
	}
}}

// tStrings is a list of strings.
var tStrings = shape{"string[]", func(c *checker, path string, v *value) {
	if v.kind != kindArray || slices.ContainsFunc(v.elems, func(e *value) bool { return e.kind != kindString || e.date }) {
		c.wrongType(path, "string array", v)
	}
}}

// tEnum is one of the given strings.
func tEnum(choices ...string) shape {
	text := strings.Join(choices, " | ")
	return shape{text, func(c *checker, path string, v *value) {
		if v.kind != kindString {
			c.wrongType(path, "string", v)
			return
		}
		if !slices.Contains(choices, v.text) {
			quoted, _ := strings.CutSuffix(fmt.Sprintf("%q", choices), "]")
			c.errorf("invalid_value", v, didYouMean(v.text, choices), "Expected %q field to be one of [%s] but got %s.",
				path, strings.ReplaceAll(strings.TrimPrefix(quoted, "["), `" "`, `","`), v.show())
		}
	}}
}

// tList is an array whose elements have one shape.
func tList(elem shape) shape {
	return shape{elem.text + "[]", func(c *checker, path string, v *value) {
		if v.kind != kindArray {
			hint := ""
			if v.kind == kindObject {
				hint = "wrap the object in [ ]"
				if strings.HasSuffix(c.src.file, ".toml") {
					last := path[strings.LastIndexByte(path, '.')+1:]
					hint = fmt.Sprintf("use a double bracket header: [[%s]]", last)
				}
			}
			c.errorf("wrong_type", v, hint, "Expected %q to be an array but got %s.", path, v.show())
			return
		}
		for i, e := range v.elems {
			elem.check(c, fmt.Sprintf("%s[%d]", path, i), e)
		}
	}}
}

// tMap is an object with free keys and one shape of values.
func tMap(elem shape) shape {
	return shape{"{[name]: " + elem.text + "}", func(c *checker, path string, v *value) {
		if v.kind != kindObject {
			c.wrongType(path, "object", v)
			return
		}
		for _, f := range v.fields {
			elem.check(c, path+"."+f.key, f.val)
		}
	}}
}

// tOr tries shapes by kind: the first whose kind function accepts v is used, the
// last one reports.
func tOr(text string, pick func(v *value) shape) shape {
	return shape{text, func(c *checker, path string, v *value) { pick(v).check(c, path, v) }}
}

// tStringOrStrings is a string or a list of strings.
var tStringOrStrings = tOr("string | string[]", func(v *value) shape {
	if v.kind == kindArray {
		return tStrings
	}
	return tString
})

// tObj is an object with known members.
func tObj(props ...prop) shape {
	names := make([]string, len(props))
	texts := make([]string, len(props))
	for i, p := range props {
		names[i] = p.name
		mark := "?"
		if p.required {
			mark = ""
		}
		texts[i] = p.name + mark
	}
	return shape{"{" + strings.Join(texts, ", ") + "}", func(c *checker, path string, v *value) {
		if v.kind != kindObject {
			c.errorf("wrong_type", v, "", "%q should be an object but got %s.", path, v.show())
			return
		}
		for _, p := range props {
			m := v.get(p.name)
			switch {
			case m != nil:
				p.shape.check(c, path+"."+p.name, m)
			case p.required:
				hint := fmt.Sprintf("add %q: it is a %s", p.name, p.shape.text)
				if near := nearest.Word(p.name, keysOf(v.fields)); near != "" && !slices.Contains(names, near) {
					hint = fmt.Sprintf("is %q meant to be %q?", near, p.name)
				}
				text := p.shape.text + " "
				if strings.Contains(text, "{") {
					text = ""
				}
				c.errorf("missing_field", v, hint, "%q should have a %s%q field but got %s.", path, text, p.name, v.show())
			}
		}
		c.unexpected(path, v, names)
	}}
}

// unexpected warns about members of v that are not in known.
func (c *checker) unexpected(path string, v *value, known []string) {
	for _, f := range v.fields {
		if slices.Contains(known, f.key) {
			continue
		}
		hint := didYouMean(f.key, known)
		if f.key == "remote" {
			hint = "this kind of binding always runs locally; delete the key"
		}
		c.diags.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "unknown_key", Pos: c.src.pos(f.keyOff),
			Message: fmt.Sprintf("Unexpected fields found in %s field: %q", path, f.key), Hint: hint,
		})
	}
}
