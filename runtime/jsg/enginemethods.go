package jsg

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"unsafe"
)

// Methods of the engine's own types, replaced. What the engine keeps as an
// interface value (an instruction of a program, the elements of a typed array)
// has a table of methods in front; a copy of the table with functions of ours in
// it makes another kind of value, which the engine calls as if it were its own.

// methodTable is such a table as Go lays it out.
type methodTable struct {
	inter, typ unsafe.Pointer
	hash       uint32
	methods    [maxMethods]uintptr // sorted by name
}

const maxMethods = 64

// derive copies the table of a value of type t as the interface inter, with
// functions in the place of methods, by name. The receiver is their first
// parameter.
func derive(inter, t reflect.Type, table unsafe.Pointer, replace map[string]any) (derived *methodTable) {
	fail := func(what string) {
		panic(fmt.Sprintf("jsg: %s of %v as %v of this version of the engine", what, t, inter))
	}
	n := inter.NumMethod()
	if n > maxMethods {
		fail("too many methods")
	}
	derived = new(methodTable)
	copy(unsafe.Slice((*byte)(unsafe.Pointer(derived)), tableSize(n)), unsafe.Slice((*byte)(table), tableSize(n)))
	its := t
	if derived.typ != (*record)(unsafe.Pointer(&its)).data {
		fail("not the table")
	}
	left := len(replace)
	for i := range n {
		name := inter.Method(i).Name
		if f := runtime.FuncForPC(derived.methods[i]); f == nil || !strings.HasSuffix(f.Name(), "."+name) {
			fail("not the method " + name)
		}
		f, ok := replace[name]
		if !ok {
			continue
		}
		left--
		if !sameCall(reflect.TypeOf(f), inter.Method(i).Type) {
			fail("another signature of " + name)
		}
		derived.methods[i] = reflect.ValueOf(f).Pointer()
	}
	if left != 0 {
		fail("a missing method")
	}
	return derived
}

func tableSize(methods int) uintptr {
	return unsafe.Offsetof(methodTable{}.methods) + uintptr(methods)*unsafe.Sizeof(uintptr(0))
}

// sameCall reports whether a function of ours, without its receiver, is called
// as the engine's is.
func sameCall(ours, engines reflect.Type) bool {
	ok := ours.NumIn() == engines.NumIn()+1 && ours.NumOut() == engines.NumOut() && ours.In(0).Kind() == reflect.UnsafePointer
	for i := 0; ok && i < engines.NumIn(); i++ {
		our, its := ours.In(i+1), engines.In(i)
		ok = our == its || our.Kind() == reflect.Pointer && its.Kind() == reflect.Pointer
	}
	for i := 0; ok && i < engines.NumOut(); i++ {
		ok = ours.Out(i) == engines.Out(i)
	}
	return ok
}

// methodAt makes a function of the code a table has for a method.
func methodAt[F any](table *methodTable, i int) F {
	code := unsafe.Pointer(&table.methods[i])
	return *(*F)(unsafe.Pointer(&code))
}
