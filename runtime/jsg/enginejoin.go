package jsg

import (
	"strconv"
	"unsafe"

	"github.com/dop251/goja"
)

// Strings that grow by `s += piece`. The engine copies all of s each time, which
// is quadratic. Here what is appended goes behind s, into room that was kept for
// it. A string never changes by that: it has its length, and what lies beyond is
// of no concern to it. Only the longest of the strings that begin in such memory
// can go on in it; a second string appended to the same one gets a copy.

// texts are what a realm can append to: the strings that were joined last. They
// are forgotten at the end of a turn, so that they keep no memory.
type texts struct {
	list [4]text
	next int // to be forgotten
}

// text is memory that begins with a string.
type text struct {
	data unsafe.Pointer // of bytes, or of units of which the first is a mark of the engine
	used int            // by its longest string
	room int
}

// joinFrom is how long a string has to be for the copy to cost more than what is
// done here.
const joinFrom = 128

// trackerAt is where a runtime of the engine has its tracker, which is the scope.
var trackerAt uintptr

func (vm *machine) scope() *Scope {
	return scopeOf(vm.r)
}

// join appends strings to a string; ok is false if the engine has to do it. What
// it made then is to be given to remember.
func (t *texts) join(left Value, parts []Value) (joined Value, ok bool) {
	head := recordOf(&left)
	more := 0
	for i := range parts {
		part := recordOf(&parts[i])
		if part.kind != asciiKind && (part.kind != wideKind || head.kind != wideKind) {
			return nil, false
		}
		more += textLength(part)
	}
	switch head.kind {
	case asciiKind:
		s := *(*string)(head.data)
		known := t.find(unsafe.Pointer(unsafe.StringData(s)), len(s))
		if known == nil {
			return nil, false
		}
		all := memory[byte](known, more)
		for i := range parts {
			known.used += copy(all[known.used:], *(*string)(recordOf(&parts[i]).data))
		}
		return asciiValue(unsafe.String((*byte)(known.data), known.used)), true
	case wideKind:
		units := *(*[]uint16)(head.data)
		known := t.find(unsafe.Pointer(unsafe.SliceData(units)), len(units))
		if known == nil {
			return nil, false
		}
		all := memory[uint16](known, more)
		for i := range parts {
			known.used += widen(all[known.used:], recordOf(&parts[i]))
		}
		return wideValue(all[:known.used:known.used]), true
	}
	return nil, false
}

// memory is all of a text's, with room for more.
func memory[T byte | uint16](t *text, more int) []T {
	all := unsafe.Slice((*T)(t.data), t.room)
	if t.used+more > t.room {
		t.room = 2 * (t.used + more)
		grown := make([]T, t.room)
		copy(grown, all[:t.used])
		t.data, all = unsafe.Pointer(unsafe.SliceData(grown)), grown
	}
	return all
}

// widen copies a string as units.
func widen(to []uint16, part *record) int {
	if part.kind == wideKind {
		return copy(to, (*(*[]uint16)(part.data))[1:])
	}
	s := *(*string)(part.data)
	to = to[:len(s)]
	for i := range to {
		to[i] = uint16(s[i])
	}
	return len(s)
}

// find is the memory whose longest string is the one at data.
func (t *texts) find(data unsafe.Pointer, used int) *text {
	for i := range t.list {
		if known := &t.list[i]; known.data == data && known.used == used {
			return known
		}
	}
	return nil
}

// remember has the next string appended to this one, which was just made, make
// room for more.
func (t *texts) remember(v Value) {
	var made text
	switch r := recordOf(&v); r.kind {
	case asciiKind:
		s := *(*string)(r.data)
		made.data, made.used = unsafe.Pointer(unsafe.StringData(s)), len(s)
	case wideKind:
		units := *(*[]uint16)(r.data)
		made.data, made.used = unsafe.Pointer(unsafe.SliceData(units)), len(units)
	default:
		return
	}
	if t.find(made.data, made.used) != nil {
		return // nothing was appended
	}
	made.room = made.used
	t.list[t.next] = made
	t.next = (t.next + 1) % len(t.list)
}

// plainText makes a string of ASCII or units of an integer and of a string that
// came from Go; other values it leaves as they are.
func plainText(v Value) Value {
	switch r := recordOf(&v); r.kind {
	case asciiKind, wideKind:
	case intKind:
		return asciiValue(strconv.FormatInt(*(*int64)(r.data), 10))
	default:
		if s, ok := v.(goja.String); ok {
			return noText.Concat(s)
		}
	}
	return v
}

var noText = goja.StringFromUTF16(nil)

func asciiValue(s string) (v Value) {
	*recordOf(&v) = record{asciiKind, unsafe.Pointer(&s)}
	return v
}

func wideValue(units []uint16) (v Value) {
	*recordOf(&v) = record{wideKind, unsafe.Pointer(&units)}
	return v
}
