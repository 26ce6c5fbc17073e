package wasm

import (
	"encoding/binary"
	"math"
)

// Small modules the API needs: wazero has no way to make a memory, table or
// global, to reach into a table, or to import something under another name.

func header() []byte { return []byte("\x00asm\x01\x00\x00\x00") }

// exportsOf is an export section.
func exportsOf(entries ...exportEntry) []byte {
	b := appendU32(nil, uint32(len(entries)))
	for _, e := range entries {
		b = appendU32(append(appendName(b, e.name), byte(e.kind)), uint32(e.index))
	}
	return b
}

// memoryModule has a memory.
func memoryModule(l limits) []byte {
	b := section(header(), sectionMemory, appendLimits([]byte{1}, l))
	return section(b, sectionExport, exportsOf(exportEntry{memoryName, kindMemory, 0}, exportEntry{linkName, kindMemory, 0}))
}

// tableModule has a table.
func tableModule(element byte, l limits) []byte {
	b := section(header(), sectionTable, appendLimits([]byte{1, element}, l))
	return section(b, sectionExport, exportsOf(exportEntry{tableName(0), kindTable, 0}))
}

// globalModule has a global with raw as its value; a reference is null.
func globalModule(t globalType, raw uint64) []byte {
	body := []byte{1, t.value, 0}
	if t.mutable {
		body[2] = 1
	}
	switch t.value {
	case typeI32:
		body = appendSigned(append(body, 0x41), int64(int32(raw)))
	case typeI64:
		body = appendSigned(append(body, 0x42), int64(raw))
	case typeF32:
		body = binary.LittleEndian.AppendUint32(append(body, 0x43), uint32(raw))
	case typeF64:
		body = binary.LittleEndian.AppendUint64(append(body, 0x44), raw)
	default:
		body = append(body, 0xd0, t.value)
	}
	b := section(header(), sectionGlobal, append(body, 0x0b))
	return section(b, sectionExport, exportsOf(exportEntry{globalName(0), kindGlobal, 0}, exportEntry{linkName, kindGlobal, 0}))
}

// renamedImport is an import section of one entry whose description is desc.
func renamedImport(name string, k kind, desc ...byte) []byte {
	b := append(appendName(appendName([]byte{1}, "0"), name), byte(k))
	return append(b, desc...)
}

// reexport imports a memory or global and exports it under linkName.
func reexport(name string, k kind, desc ...byte) []byte {
	b := section(header(), sectionImport, renamedImport(name, k, desc...))
	return section(b, sectionExport, exportsOf(exportEntry{linkName, k, 0}))
}

// tableAccess imports a table and exports it with functions that use it.
func tableAccess(name string, element byte) []byte {
	types := []byte{4,
		0x60, 1, typeI32, 1, element, // get
		0x60, 2, typeI32, element, 0, // set
		0x60, 2, element, typeI32, 1, typeI32, // grow
		0x60, 0, 1, typeI32, // size
	}
	code := func(ops ...byte) []byte {
		body := append([]byte{0}, ops...)
		return append([]byte{byte(len(body))}, body...)
	}
	bodies := []byte{4}
	bodies = append(bodies, code(0x20, 0, 0x25, 0, 0x0b)...)
	bodies = append(bodies, code(0x20, 0, 0x20, 1, 0x26, 0, 0x0b)...)
	bodies = append(bodies, code(0x20, 0, 0x20, 1, 0xfc, 15, 0, 0x0b)...)
	bodies = append(bodies, code(0xfc, 16, 0, 0x0b)...)
	b := section(header(), sectionType, types)
	b = section(b, sectionImport, renamedImport(name, kindTable, element, 0, 0))
	b = section(b, sectionFunction, []byte{4, 0, 1, 2, 3})
	b = section(b, sectionExport, exportsOf(exportEntry{linkName, kindTable, 0}, exportEntry{"get", kindFunction, 0},
		exportEntry{"set", kindFunction, 1}, exportEntry{"grow", kindFunction, 2}, exportEntry{"size", kindFunction, 3}))
	return section(b, 10, bodies)
}

func appendSigned(b []byte, v int64) []byte {
	for {
		x := byte(v & 0x7f)
		v >>= 7
		if v == 0 && x&0x40 == 0 || v == -1 && x&0x40 != 0 {
			return append(b, x)
		}
		b = append(b, x|0x80)
	}
}

func f32bits(f float64) uint64 { return uint64(math.Float32bits(float32(f))) }
