package jsg

import (
	"reflect"
	"sync"
	_ "unsafe" // go:linkname

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// The engine makes its built-ins from templates that all realms share, each when
// it is first read. What is exchanged there costs a realm nothing until then.

// objectTemplate is the beginning of such a template.
type objectTemplate struct {
	//lint:ignore U1000 the engine's
	propNames []unistring.String
	props     map[unistring.String]func(*goja.Runtime) Value
}

//go:linkname mathTemplate github.com/dop251/goja.getMathTemplate
func mathTemplate() *objectTemplate

//go:linkname objectConstructorTemplate github.com/dop251/goja.getObjectTemplate
func objectConstructorTemplate() *objectTemplate

//go:linkname globalTemplate github.com/dop251/goja.getGlobalObjectTemplate
func globalTemplate() *objectTemplate

// exchange wraps what a method runs, in all realms.
func (t *objectTemplate) exchange(name string, with func(rt *goja.Runtime, next nativeCall) nativeCall) {
	t.made(name, func(rt *goja.Runtime, method *Object) {
		call, _ := natives(method)
		*call = with(rt, *call)
	})
}

// made has f called with an object when a realm makes it.
func (t *objectTemplate) made(name string, f func(rt *goja.Runtime, o *Object)) {
	make := t.props[unistring.String(name)]
	if make == nil {
		panic("jsg: this version of the engine has no " + name)
	}
	t.props[unistring.String(name)] = func(rt *goja.Runtime) Value {
		property := make(rt)
		o, ok := engine().valueOf(property).(*Object)
		if !ok {
			panic("jsg: in this version of the engine " + name + " is no object")
		}
		f(rt, o)
		return property
	}
}

// valueOf is the value of a property with attributes.
func (l *layout) valueOf(property Value) Value {
	if reflect.TypeOf(property) != l.property {
		return property
	}
	return (*propertyRecord)(recordOf(&property).data).value
}

// findTemplates checks what templates look like.
func (l *layout) findTemplates(sample *goja.Runtime) {
	of, ok := l.selfOf(sample.Get("Math").(*Object)).Type().Elem().FieldByName("tmpl")
	if !ok {
		panic("jsg: this version of the engine makes Math without a template")
	}
	ours := reflect.TypeFor[objectTemplate]()
	for i := range ours.NumField() {
		our, its := ours.Field(i), of.Type.Elem().Field(i)
		if our.Name != its.Name || our.Offset != its.Offset || our.Type.Kind() != its.Type.Kind() {
			panic("jsg: templates of this version of the engine are others")
		}
	}
}

var exchanging sync.Once

// exchangeBuiltins does so once for the process, before the first realm.
func exchangeBuiltins() {
	exchanging.Do(func() {
		l := engine() // which looks at built-ins as they are
		makeSmallNumbers()
		exchangeMath(mathTemplate())
		exchangeKeys(objectConstructorTemplate())
		exchangeSet(globalTemplate())
		exchangeParseInt(globalTemplate())
		l.findMakers()
	})
}
