package wasm

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// kind is the kind of an import or export, as binaries number them.
type kind byte

const (
	kindFunction kind = iota
	kindTable
	kindMemory
	kindGlobal
	kindTag
)

func (k kind) String() string {
	return [...]string{"function", "table", "memory", "global", "tag"}[k]
}

// Value types by their encoding.
const (
	typeI32       = 0x7f
	typeI64       = 0x7e
	typeF32       = 0x7d
	typeF64       = 0x7c
	typeV128      = 0x7b
	typeFuncref   = 0x70
	typeExternref = 0x6f
)

type funcType struct{ params, results []byte }

func (t funcType) equal(o funcType) bool {
	return slices.Equal(t.params, o.params) && slices.Equal(t.results, o.results)
}

type limits struct {
	min, max uint64
	hasMax   bool
}

type importEntry struct {
	module, name string
	kind         kind
	typ          int // of a function
	limits       limits
	element      byte // of a table
	value        byte // of a global
	mutable      bool
}

type exportEntry struct {
	name  string
	kind  kind
	index int
}

type customSection struct {
	name string
	data []byte
}

type globalType struct {
	value   byte
	mutable bool
}

// layout is what linking needs to know of a module.
type layout struct {
	types     []funcType
	imports   []importEntry
	exports   []exportEntry
	custom    []customSection
	functions []int // type of each function, imported ones first
	tables    []byte
	globals   []globalType
	memories  int
	// linked is the module for the engine: each import is named by its number, and
	// what the JavaScript API has to reach is exported, under names that begin
	// with a zero.
	linked []byte
}

// Sections, by their numbers.
const (
	sectionCustom   = 0
	sectionType     = 1
	sectionImport   = 2
	sectionFunction = 3
	sectionTable    = 4
	sectionMemory   = 5
	sectionGlobal   = 6
	sectionExport   = 7
)

var errBinary = errors.New("the module cannot be read")

// parseBinary reads a module that the engine has to validate yet.
func parseBinary(data []byte) (b *layout, err error) {
	if len(data) < 8 || string(data[:8]) != "\x00asm\x01\x00\x00\x00" {
		return nil, errBinary
	}
	defer func() {
		if recover() != nil { // the cursor ran off the end
			b, err = nil, errBinary
		}
	}()
	b = &layout{linked: append([]byte(nil), data[:8]...)}
	globals := false
	for c := (&cursor{data[8:]}); len(c.b) > 0; {
		id := c.byte()
		body := c.bytes(int(c.u32()))
		s := &cursor{body}
		switch id {
		case sectionCustom:
			b.custom = append(b.custom, customSection{s.name(), s.b})
		case sectionType:
			b.readTypes(s)
		case sectionImport:
			body = b.readImports(s)
		case sectionFunction:
			for range s.u32() {
				b.functions = append(b.functions, int(s.u32()))
			}
		case sectionTable:
			b.readTables(s)
		case sectionMemory:
			b.memories += int(s.u32())
		case sectionGlobal:
			b.readGlobals(s)
		case sectionExport:
			b.readExports(s)
		}
		if id == sectionGlobal || id == sectionExport {
			continue // written anew before what follows
		}
		if id > sectionExport && id != 13 && !globals {
			globals = true
			b.writeExtra(data)
		}
		b.linked = section(b.linked, id, body)
	}
	if !globals {
		b.writeExtra(data)
	}
	return b, nil
}

func (b *layout) readTypes(s *cursor) {
	for range s.u32() {
		if s.byte() != 0x60 {
			panic(errBinary)
		}
		b.types = append(b.types, funcType{params: s.valueTypes(), results: s.valueTypes()})
	}
}

// readImports gives the section with each import named by its number.
func (b *layout) readImports(s *cursor) []byte {
	n := s.u32()
	out := appendU32(nil, n)
	for i := range int(n) {
		e := importEntry{module: s.name(), name: s.name(), kind: kind(s.byte())}
		start := s.b
		switch e.kind {
		case kindFunction:
			e.typ = int(s.u32())
			b.functions = append(b.functions, e.typ)
		case kindTable:
			e.element, e.limits = s.byte(), s.limits()
			b.tables = append(b.tables, e.element)
		case kindMemory:
			e.limits = s.limits()
			b.memories++
		case kindGlobal:
			e.value, e.mutable = s.byte(), s.byte() == 1
			b.globals = append(b.globals, globalType{e.value, e.mutable})
		case kindTag:
			s.byte()
			s.u32()
		default:
			panic(errBinary)
		}
		b.imports = append(b.imports, e)
		module, name := importName(e.kind, i)
		out = appendName(appendName(out, module), name)
		out = append(out, byte(e.kind))
		out = append(out, start[:len(start)-len(s.b)]...)
	}
	return out
}

// importName is how import i is called in the linked module.
func importName(k kind, i int) (module, name string) {
	if k == kindFunction {
		return "f", strconv.Itoa(i)
	}
	return strconv.Itoa(i), linkName
}

// linkName is the export of modules made for one import.
const linkName = "x"

func (b *layout) readTables(s *cursor) {
	for range s.u32() {
		element := s.byte()
		if element == 0x40 { // with an initial value
			s.byte()
			b.tables = append(b.tables, s.byte())
			s.limits()
			s.constExpr()
			continue
		}
		b.tables = append(b.tables, element)
		s.limits()
	}
}

func (b *layout) readGlobals(s *cursor) {
	for range s.u32() {
		b.globals = append(b.globals, globalType{s.byte(), s.byte() == 1})
		s.constExpr()
	}
}

func (b *layout) readExports(s *cursor) {
	for range s.u32() {
		b.exports = append(b.exports, exportEntry{s.name(), kind(s.byte()), int(s.u32())})
	}
}

// Names of what linked modules export beside their own exports.
const memoryName = "\x00m"

func tableName(i int) string  { return "\x00t" + strconv.Itoa(i) }
func globalName(i int) string { return "\x00g" + strconv.Itoa(i) }
func refName(f int) string    { return "\x00r" + strconv.Itoa(f) }

// writeExtra writes the sections of globals and exports: a global with a
// reference to each exported function, and exports of memories, tables and
// globals.
func (b *layout) writeExtra(data []byte) {
	var refs []int
	for _, e := range b.exports {
		if e.kind == kindFunction && !slices.Contains(refs, e.index) {
			refs = append(refs, e.index)
		}
	}
	old, oldCount := rawSection(data, sectionGlobal)
	if total := oldCount + uint32(len(refs)); total > 0 {
		body := append(appendU32(nil, total), old...)
		for _, f := range refs {
			body = append(body, typeFuncref, 0, 0xd2)
			body = append(appendU32(body, uint32(f)), 0x0b)
		}
		b.linked = section(b.linked, sectionGlobal, body)
	}
	old, count := rawSection(data, sectionExport)
	body := []byte(nil)
	export := func(name string, k kind, index int) {
		body = append(appendName(body, name), byte(k))
		body = appendU32(body, uint32(index))
		count++
	}
	if b.memories > 0 {
		export(memoryName, kindMemory, 0)
	}
	for i := range b.tables {
		export(tableName(i), kindTable, i)
	}
	for i := range b.globals {
		export(globalName(i), kindGlobal, i)
	}
	for i, f := range refs {
		export(refName(f), kindGlobal, len(b.globals)+i)
	}
	if count > 0 {
		b.linked = section(b.linked, sectionExport, append(append(appendU32(nil, count), old...), body...))
	}
}

// rawSection is the content of a section after its count.
func rawSection(data []byte, want byte) (content []byte, count uint32) {
	for c := (&cursor{data[8:]}); len(c.b) > 0; {
		id := c.byte()
		body := c.bytes(int(c.u32()))
		if id == want {
			s := &cursor{body}
			n := s.u32()
			return s.b, n
		}
	}
	return nil, 0
}

// cursor reads a binary; it panics at its end.
type cursor struct{ b []byte }

func (c *cursor) byte() byte {
	v := c.b[0]
	c.b = c.b[1:]
	return v
}

func (c *cursor) bytes(n int) []byte {
	v := c.b[:n:n]
	c.b = c.b[n:]
	return v
}

func (c *cursor) u32() uint32 { return uint32(c.u64()) }

func (c *cursor) u64() (v uint64) {
	for shift := 0; ; shift += 7 {
		x := c.byte()
		v |= uint64(x&0x7f) << shift
		if x < 0x80 {
			return v
		}
		if shift > 63 {
			panic(errBinary)
		}
	}
}

func (c *cursor) name() string { return string(c.bytes(int(c.u32()))) }

func (c *cursor) valueTypes() []byte { return c.bytes(int(c.u32())) }

func (c *cursor) limits() (l limits) {
	flags := c.byte()
	l.min, l.hasMax = c.u64(), flags&1 != 0
	if l.hasMax {
		l.max = c.u64()
	}
	return l
}

// constExpr skips a constant expression.
func (c *cursor) constExpr() {
	for {
		switch op := c.byte(); op {
		case 0x0b:
			return
		case 0x41, 0x42, 0x23, 0xd0, 0xd2: // const, global.get, ref.null, ref.func
			c.u64()
		case 0x43:
			c.bytes(4)
		case 0x44:
			c.bytes(8)
		case 0xfd:
			c.u32()
			c.bytes(16)
		case 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e:
		default:
			panic(fmt.Errorf("constant expression: opcode %#x", op))
		}
	}
}

func appendU32(b []byte, v uint32) []byte {
	for v >= 0x80 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v))
}

func appendName(b []byte, s string) []byte { return append(appendU32(b, uint32(len(s))), s...) }

func section(b []byte, id byte, body []byte) []byte {
	return append(appendU32(append(b, id), uint32(len(body))), body...)
}

func appendLimits(b []byte, l limits) []byte {
	if l.hasMax {
		return appendU32(appendU32(append(b, 1), uint32(l.min)), uint32(l.max))
	}
	return appendU32(append(b, 0), uint32(l.min))
}
