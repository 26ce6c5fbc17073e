package config

import (
	"bytes"
	"encoding/json"
	"slices"
	"sort"
	"strconv"

	"github.com/miniworker/miniworker/internal/diag"
)

type kind uint8

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
)

func (k kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "array", "object"}[k]
}

// value is a node of the tree both syntaxes are read into. Every node knows
// where it stands, so that one validator serves JSONC and TOML.
type value struct {
	kind kind
	// date marks a TOML date or time, which has kindString.
	date   bool
	bool   bool
	text   string // string value, or the number as JSON writes it
	elems  []*value
	fields []field
	off    int
}

// field is one member of an object, in file order.
type field struct {
	key    string
	keyOff int
	val    *value
}

// get returns the member called key, or nil. A null member counts as absent, as
// it does for wrangler's `??`.
func (v *value) get(key string) *value {
	if f := v.field(key); f != nil && f.val.kind != kindNull {
		return f.val
	}
	return nil
}

// field returns the last member called key.
func (v *value) field(key string) *field {
	if v == nil || v.kind != kindObject {
		return nil
	}
	for i := len(v.fields) - 1; i >= 0; i-- {
		if v.fields[i].key == key {
			return &v.fields[i]
		}
	}
	return nil
}

// str returns the string, or "" if v is none.
func (v *value) str() string {
	if v == nil || v.kind != kindString {
		return ""
	}
	return v.text
}

func (v *value) getStr(key string) string { return v.get(key).str() }

func (v *value) isTrue() bool { return v != nil && v.kind == kindBool && v.bool }

func (v *value) boolPtr() *bool {
	if v == nil || v.kind != kindBool {
		return nil
	}
	b := v.bool
	return &b
}

// float returns the number, or nil if v is none.
func (v *value) float() *float64 {
	if v == nil || v.kind != kindNumber {
		return nil
	}
	f, err := strconv.ParseFloat(v.text, 64)
	if err != nil {
		return nil
	}
	return &f
}

// int returns the number if it is whole and fits an int32, else nil.
func (v *value) int() *int {
	f := v.float()
	if f == nil || *f != float64(int32(*f)) {
		return nil
	}
	n := int(*f)
	return &n
}

func (v *value) intOr(def int) int {
	if n := v.int(); n != nil {
		return *n
	}
	return def
}

// list returns the elements of an array.
func (v *value) list() []*value {
	if v == nil || v.kind != kindArray {
		return nil
	}
	return v.elems
}

// members returns the fields of an object.
func (v *value) members() []field {
	if v == nil || v.kind != kindObject {
		return nil
	}
	return v.fields
}

// strs returns the string elements of an array.
func (v *value) strs() []string {
	var out []string
	for _, e := range v.list() {
		if e.kind == kindString {
			out = append(out, e.text)
		}
	}
	return out
}

// appendJSON writes v as compact JSON.
func (v *value) appendJSON(b []byte) []byte {
	switch v.kind {
	case kindBool:
		return strconv.AppendBool(b, v.bool)
	case kindNumber:
		return append(b, v.text...)
	case kindString:
		return appendQuoted(b, v.text)
	case kindArray:
		b = append(b, '[')
		for i, e := range v.elems {
			if i > 0 {
				b = append(b, ',')
			}
			b = e.appendJSON(b)
		}
		return append(b, ']')
	case kindObject:
		b = append(b, '{')
		for i, f := range v.fields {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendQuoted(b, f.key)
			b = append(b, ':')
			b = f.val.appendJSON(b)
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

// appendQuoted writes s as a JSON string without escaping HTML characters.
func appendQuoted(b []byte, s string) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return append(b, bytes.TrimSuffix(buf.Bytes(), []byte("\n"))...)
}

// json returns v as compact JSON, or nil for a nil value.
func (v *value) json() json.RawMessage {
	if v == nil {
		return nil
	}
	return v.appendJSON(nil)
}

// show is v as JSON for messages, shortened.
func (v *value) show() string {
	if v == nil {
		return "undefined"
	}
	s := string(v.appendJSON(nil))
	const limit = 160
	if len(s) <= limit {
		return s
	}
	cut := limit
	for cut > 0 && s[cut]&0xC0 == 0x80 {
		cut--
	}
	return s[:cut] + "…"
}

// source is a file's text with its line starts.
type source struct {
	file  string
	text  []byte
	lines []int
}

func newSource(file string, text []byte) *source {
	lines := make([]int, 1, 1+bytes.Count(text, []byte{'\n'}))
	for i, c := range text {
		if c == '\n' {
			lines = append(lines, i+1)
		}
	}
	return &source{file: file, text: text, lines: lines}
}

// pos turns a byte offset into a position.
func (s *source) pos(off int) diag.Position {
	off = max(0, min(off, len(s.text)))
	line := sort.Search(len(s.lines), func(i int) bool { return s.lines[i] > off })
	return diag.Position{File: s.file, Line: line, Col: off - s.lines[line-1] + 1}
}

// offset is the inverse of pos for a 1-based line and column.
func (s *source) offset(line, col int) int {
	if line < 1 || line > len(s.lines) {
		return len(s.text)
	}
	return s.lines[line-1] + max(col, 1) - 1
}

func keysOf(fs []field) []string {
	out := make([]string, 0, len(fs))
	for _, f := range fs {
		if !slices.Contains(out, f.key) {
			out = append(out, f.key)
		}
	}
	return out
}
