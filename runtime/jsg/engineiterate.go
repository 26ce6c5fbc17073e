package jsg

import (
	"math"
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// Iterations over arrays: for-of, destructuring and spread. The engine calls the
// next of the iterator through Go, which makes an object with a value for each
// element. Here, while the iterator is one of arrays and its next the realm's
// own, the element is taken from the array.

// iteratorRecord is the engine's.
type iteratorRecord struct {
	iterator *Object
	next     nativeCall
}

// arrayIterator is the engine's record of an iterator of an array, field by field.
type arrayIterator struct {
	objectRecord
	obj     *Object
	nextIdx int64
	kind    int
}

//go:linkname getIterator github.com/dop251/goja.(*Runtime).getIterator
func getIterator(rt *goja.Runtime, v Value, method nativeCall) *iteratorRecord

//go:linkname iterateOver github.com/dop251/goja.(*iteratorRecord).iterate
func iterateOver(it *iteratorRecord, step func(Value))

// arrayIterators is how those over the elements are told.
var arrayIterators struct {
	self unsafe.Pointer
	kind int
}

// identityOf tells a function from others, which Go does not compare.
func identityOf(f nativeCall) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&f)) }

// elements is the iterator if it is over the elements of an array and steps as
// such do, or nil.
func (js *Scope) elements(it *iteratorRecord) *arrayIterator {
	if it == nil || it.iterator == nil || identityOf(it.next) != js.arrayNext {
		return nil
	}
	r := engine().record(it.iterator)
	if r.kind != arrayIterators.self {
		return nil
	}
	if a := (*arrayIterator)(r.data); a.kind == arrayIterators.kind {
		return a
	}
	return nil
}

// step takes the next element, nil at the end; ok is false if the engine has to
// do it.
func (a *arrayIterator) step() (v Value, ok bool) {
	if a.obj == nil {
		return nil, true
	}
	i := int(a.nextIdx)
	switch r := *engine().record(a.obj); r.kind {
	case arrays.array:
		if i >= lengthOfArray(r) {
			a.obj = nil
			return nil, true
		}
		items := itemsOf(r)
		if i >= len(items) || items[i] == nil || recordOf(&items[i]).kind == arrays.property {
			return nil, false
		}
		v = items[i]
	default:
		return nil, false
	}
	a.nextIdx++
	return v, true
}

// current is the iteration under way, if it is one over an array.
func (vm *machine) current() (*iteration, *arrayIterator) {
	item := &vm.iterStack[len(vm.iterStack)-1]
	return item, vm.scope().elements(item.record)
}

// nextOf is the step of a for-of.
func nextOf(self unsafe.Pointer, vm *machine) {
	if item, elements := vm.current(); elements != nil {
		if v, ok := elements.step(); ok {
			if v == nil {
				item.record.iterator = nil // as the engine has it when one is done
				vm.pc += int(*(*int32)(self))
			} else {
				item.value = v
				vm.pc++
			}
			return
		}
	}
	originals.next(self, vm)
}

// nextOrUndefined is that of an array pattern.
func nextOrUndefined(self unsafe.Pointer, vm *machine) {
	if item, elements := vm.current(); elements != nil {
		if v, ok := elements.step(); ok {
			if v == nil {
				item.record.iterator = nil
			}
			vm.push(orUndefined(v))
			vm.pc++
			return
		}
	}
	originals.nextOrUndefined(self, vm)
}

func (vm *machine) push(v Value) {
	expandStack(&vm.stack, vm.sp)
	vm.stack[vm.sp] = v
	vm.sp++
}

// spread is ...v among arguments.
func spread(_ unsafe.Pointer, vm *machine) {
	vm.sp--
	vm.spread(vm.stack[vm.sp], vm.push)
	vm.pc++
}

// spreadArray is ...v in an array.
func spreadArray(_ unsafe.Pointer, vm *machine) {
	array := (*arrayRecord)(selfRecord(&vm.stack[vm.sp-2]).data)
	vm.spread(vm.stack[vm.sp-1], func(v Value) {
		if array.length == math.MaxUint32 {
			vm.rangeError("Invalid array length")
		}
		array.values = append(array.values, v)
		array.length++
		array.objCount++
	})
	vm.sp--
	vm.pc++
}

// spread gives each element of what is iterated over to put.
func (vm *machine) spread(over Value, put func(Value)) {
	it := getIterator(vm.r, over, nil)
	if elements := vm.scope().elements(it); elements != nil {
		for {
			switch v, ok := elements.step(); {
			case !ok:
				iterateOver(it, put)
				return
			case v == nil:
				return
			default:
				put(v)
			}
		}
	}
	iterateOver(it, put)
}

// spreadObject is ...v in an object.
func spreadObject(self unsafe.Pointer, vm *machine) {
	target, source := selfRecord(&vm.stack[vm.sp-2]), selfRecord(&vm.stack[vm.sp-1])
	if target.kind != arrays.plain || source.kind != arrays.plain || !(*objectRecord)(target.data).copy((*objectRecord)(source.data)) {
		originals.spreadObject(self, vm)
		return
	}
	vm.sp--
	vm.pc++
}

// copy gives a new object the properties of another one, if all of them are
// ordinary and have names.
func (r *objectRecord) copy(from *objectRecord) bool {
	names, ok := from.names()
	if !ok || from.symValues != nil {
		return false
	}
	for _, name := range names {
		v, old := from.values[name], r.values[name]
		if v == nil || recordOf(&v).kind == arrays.property || recordOf(&old).kind == arrays.property {
			return false
		}
	}
	if r.propNames == nil {
		r.propNames = make([]unistring.String, 0, len(names)+2)
	}
	for _, name := range names {
		r.put(name, from.values[name])
	}
	return true
}

// findIterators looks up what iterations need.
func (l *layout) findIterators(sample *goja.Runtime) {
	v, err := sample.RunString("[].values()")
	check(err)
	its := l.selfOf(v.(*Object))
	sameLayout(reflect.TypeFor[arrayIterator](), its.Type().Elem())
	r := l.record(v.(*Object))
	arrayIterators.self, arrayIterators.kind = r.kind, (*arrayIterator)(r.data).kind
}
