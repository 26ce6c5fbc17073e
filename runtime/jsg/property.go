package jsg

import "github.com/dop251/goja"

// DefineHiddenAccessor creates an accessor property as built-ins have them. get
// and set are functions; set may be nil.
func (js *Scope) DefineHiddenAccessor(o *Object, name string, get, set Value) {
	o.DefineAccessorProperty(name, get, set, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// DefineHiddenSymbol is DefineHidden under a symbol.
func (js *Scope) DefineHiddenSymbol(o *Object, s *Symbol, v Value) {
	o.DefineDataPropertySymbol(s, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// DefineReadOnlySymbol creates a symbol-keyed property that can only be
// configured.
func (js *Scope) DefineReadOnlySymbol(o *Object, s *Symbol, v Value) {
	o.DefineDataPropertySymbol(s, v, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// DefineReadOnly creates an enumerable property that cannot be assigned to.
func (js *Scope) DefineReadOnly(o *Object, name string, v Value) {
	o.DefineDataProperty(name, v, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

// DefineConstant creates a property that cannot be changed, enumerated or
// deleted.
func (js *Scope) DefineConstant(o *Object, name string, v Value) {
	o.DefineDataProperty(name, v, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
}

// DefineSpecies gives a constructor Symbol.species as built-ins have it.
func (js *Scope) DefineSpecies(ctor *Object) {
	get := js.Func("get [Symbol.species]", 0, func(js *Scope, this Value, a *Args) (Value, error) { return this, nil })
	ctor.DefineAccessorPropertySymbol(goja.SymSpecies, get, nil, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// DefineFunctionName renames a function.
func (js *Scope) DefineFunctionName(f *Object, name string) {
	f.DefineDataProperty("name", js.rt.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}
