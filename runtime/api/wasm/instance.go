package wasm

import (
	"context"
	"fmt"
	"runtime"
	"weak"

	"github.com/tetratelabs/wazero/api"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// instance is a WebAssembly.Instance.
type instance struct {
	jsg.Instance
	mod     api.Module
	layout  *layout
	exports *jsg.Object
	// memory, tables and globals by their numbers, made when they are exported.
	memory  *memory
	tables  map[int]*table
	globals map[int]*global
	funcs   map[int]*function
	// callbacks are the imported JavaScript functions, by the number of the import.
	callbacks map[int]jsg.Value
	// imports are what the instance must not outlive.
	imports []any
}

var instanceClass = &jsg.Class[instance]{Name: "Instance"}

func init() {
	instanceClass.New = func(js *jsg.Scope, a *jsg.Args) (*instance, error) {
		m, err := moduleArg(a, "Instance")
		if err != nil {
			return nil, err
		}
		return m.instantiate(js, "Instance", a.Value(1))
	}
	instanceClass.Members = jsg.Members[instance]{
		jsg.Getter("exports", func(i *instance, js *jsg.Scope) (jsg.Value, error) { return i.exports, nil }),
	}
	shaped(instanceClass, 1)
	instanceClass.Called = "WebAssembly.Instance must be invoked with 'new'"
}

// instantiate links and starts a module; what names the caller in errors.
func (m *module) instantiate(js *jsg.Scope, what string, imports jsg.Value) (*instance, error) {
	object, isObject := jsg.IsObject(imports)
	switch {
	case !isObject && !jsg.IsUndefined(imports):
		return nil, jsg.TypeErrorf("WebAssembly.%s(): Argument 1 must be an object", what)
	case !isObject && len(m.layout.imports) > 0:
		return nil, jsg.TypeErrorf("WebAssembly.%s(): Imports argument must be present and must be an object", what)
	}
	e := engineOf(js)
	code, err := m.code(js, e)
	if err != nil {
		return nil, err
	}
	l := &linker{e: e, m: m, what: what, i: &instance{layout: m.layout, tables: map[int]*table{}, globals: map[int]*global{}, funcs: map[int]*function{}, callbacks: map[int]jsg.Value{}},
		mods: map[string]api.Module{}}
	for n := range m.layout.imports {
		if err := l.read(js, object, n); err != nil {
			return nil, err
		}
	}
	if err := l.link(js); err != nil {
		return nil, err
	}
	i := l.i
	err = e.call(js, func(context.Context) (err error) {
		i.mod, err = e.instantiate(code, l.resolve)
		return err
	})
	if err != nil {
		return nil, err
	}
	i.own(e)
	return i, i.export(js, e)
}

// own closes the instance when nothing refers to it any more: the engine keeps
// every instance that is not closed.
func (i *instance) own(e *engine) {
	e.instances = append(prune(e.instances), weak.Make(i))
	runtime.AddCleanup(i, closeModule, i.mod)
}

func closeModule(m api.Module) { m.Close(context.Background()) }

// export makes the exports object.
func (i *instance) export(js *jsg.Scope, e *engine) error {
	i.exports = js.CreateObject(nil)
	for _, x := range i.layout.exports {
		var v jsg.Value
		var err error
		switch x.kind {
		case kindFunction:
			v, err = i.function(js, e, x)
		case kindMemory:
			if i.memory == nil {
				i.memory = newMemory(e, i.mod, i)
			}
			v = memoryClass.Wrap(js, i.memory)
		case kindTable:
			t := i.tables[x.index]
			if t == nil {
				t = &table{owner: i, mod: i.mod, name: tableName(x.index), element: i.layout.tables[x.index]}
				i.tables[x.index] = t
			}
			v = tableClass.Wrap(js, t)
		case kindGlobal:
			v = globalClass.Wrap(js, i.global(x.index))
		default:
			err = jsg.NotImplementedf("WebAssembly.Tag", "keep exceptions inside of the module")
		}
		if err != nil {
			return err
		}
		js.Define(i.exports, x.name, v)
	}
	js.Freeze(i.exports)
	return nil
}

func (i *instance) global(index int) *global {
	g := i.globals[index]
	if g == nil {
		g = &global{owner: i, mod: i.mod, name: globalName(index), typ: i.layout.globals[index]}
		i.globals[index] = g
	}
	return g
}

// function is the object of an exported function.
func (i *instance) function(js *jsg.Scope, e *engine, x exportEntry) (jsg.Value, error) {
	f := i.funcs[x.index]
	if f == nil {
		mod, name := i.mod, x.name
		f = &function{owner: i, typ: i.layout.types[i.layout.functions[x.index]], raw: i.mod.ExportedGlobal(refName(x.index)).Get(),
			lookup: func() api.Function { return mod.ExportedFunction(name) }}
		i.funcs[x.index] = f
		e.newFunction(js, functionName(x.index), f)
	}
	return f.object, nil
}

// byRef finds an exported function by its reference, nil if it is not one.
func (i *instance) byRef(js *jsg.Scope, raw uint64) (jsg.Value, error) {
	for _, f := range i.funcs {
		if f.raw == raw {
			return f.object, nil
		}
	}
	return nil, nil
}

// mark tells which references the instance holds.
func (i *instance) mark(r *refs) {
	for n, g := range i.layout.globals {
		if g.value == typeExternref {
			r.mark(i.mod.ExportedGlobal(globalName(n)).Get())
		}
	}
	for n, element := range i.layout.tables {
		if element == typeExternref {
			t := i.tables[n]
			if t == nil {
				t = &table{mod: i.mod, name: tableName(n), element: element}
				i.tables[n] = t
			}
			t.mark(r)
		}
	}
}

// linker finds the imports of an instance.
type linker struct {
	e    *engine
	m    *module
	what string
	i    *instance
	mods map[string]api.Module
}

func (l *linker) resolve(name string) api.Module { return l.mods[name] }

// place names an import in errors.
func (l *linker) place(n int) string {
	x := l.m.layout.imports[n]
	return fmt.Sprintf("WebAssembly.%s(): Import #%d %q %q", l.what, n, x.module, x.name)
}

func (l *linker) refuse(js *jsg.Scope, n int, format string, args ...any) error {
	return failure(js, "LinkError", l.place(n)+": "+fmt.Sprintf(format, args...))
}

// read takes import n from the object.
func (l *linker) read(js *jsg.Scope, imports *jsg.Object, n int) error {
	x := l.m.layout.imports[n]
	namespace, err := js.Get(imports, x.module)
	if err != nil {
		return err
	}
	from, ok := jsg.IsObject(namespace)
	if !ok {
		return jsg.TypeErrorf("WebAssembly.%s(): Import #%d %q: module is not an object or function", l.what, n, x.module)
	}
	v, err := js.Get(from, x.name)
	if err != nil {
		return err
	}
	var mod api.Module
	switch x.kind {
	case kindFunction:
		return l.readFunction(js, n, v)
	case kindMemory:
		mod, err = l.readMemory(js, n, v)
	case kindTable:
		mod, err = l.readTable(js, n, v)
	case kindGlobal:
		mod, err = l.readGlobal(js, n, v)
	default:
		return jsg.NotImplementedf("Importing a WebAssembly.Tag", "keep exceptions inside of the module")
	}
	if err != nil {
		return err
	}
	module, _ := importName(x.kind, n)
	l.mods[module] = mod
	return nil
}

func (l *linker) readFunction(js *jsg.Scope, n int, v jsg.Value) error {
	if !jsg.IsFunction(v) {
		return l.refuse(js, n, "function import requires a callable")
	}
	t := l.m.layout.types[l.m.layout.imports[n].typ]
	if f, ok := functionOf(v); ok && !f.typ.equal(t) {
		return l.refuse(js, n, "imported function does not match the expected type")
	}
	l.i.callbacks[n] = v
	return nil
}

// link makes the module of the imported functions.
func (l *linker) link(js *jsg.Scope) error {
	if len(l.i.callbacks) == 0 {
		return nil
	}
	b := l.e.rt.NewHostModuleBuilder("f")
	for n, x := range l.m.layout.imports {
		if x.kind != kindFunction {
			continue
		}
		t := l.m.layout.types[x.typ]
		_, name := importName(x.kind, n)
		f := l.e.hostFunction(weak.Make(l.i), n, t)
		b.NewFunctionBuilder().WithGoFunction(f, t.params, t.results).WithName(x.module + "." + x.name).Export(name)
	}
	compiled, err := b.Compile(context.Background())
	if err != nil {
		return failure(js, "LinkError", fmt.Sprintf("WebAssembly.%s(): %v", l.what, err))
	}
	mod, err := l.e.instantiate(compiled, nil)
	if err != nil {
		return failure(js, "LinkError", fmt.Sprintf("WebAssembly.%s(): %v", l.what, err))
	}
	l.mods["f"] = mod
	runtime.AddCleanup(l.i, closeModule, mod)
	return nil
}

func (l *linker) readMemory(js *jsg.Scope, n int, v jsg.Value) (api.Module, error) {
	m, ok := memoryClass.From(v)
	if !ok {
		return nil, l.refuse(js, n, "memory import must be a WebAssembly.Memory object")
	}
	want := l.m.layout.imports[n].limits
	if have := m.pages(); have < want.min {
		return nil, l.refuse(js, n, "memory import has %d pages which is smaller than the declared initial of %d", have, want.min)
	}
	l.i.memory = m
	return l.keep(m.linkable(l.e))
}

// keep closes a module that was made for this instance with it.
func (l *linker) keep(mod api.Module, made bool, err error) (api.Module, error) {
	if made && err == nil {
		runtime.AddCleanup(l.i, closeModule, mod)
	}
	return mod, err
}

func (l *linker) readTable(js *jsg.Scope, n int, v jsg.Value) (api.Module, error) {
	t, ok := tableClass.From(v)
	if !ok {
		return nil, l.refuse(js, n, "table import requires a WebAssembly.Table")
	}
	want := l.m.layout.imports[n]
	if want.element != t.element {
		return nil, l.refuse(js, n, "imported table does not match the expected type")
	}
	size, err := t.size(js)
	if err != nil {
		return nil, err
	}
	if uint64(size) < want.limits.min {
		return nil, failure(js, "LinkError", fmt.Sprintf("WebAssembly.%s(): table import %d is smaller than initial %d, got %d", l.what, n, want.limits.min, size))
	}
	l.i.tables[countBefore(l.m.layout, n, kindTable)] = t
	// Functions that the instance puts into the table live as long as it.
	t.users = append(t.users, l.i)
	return t.access(l.e)
}

func (l *linker) readGlobal(js *jsg.Scope, n int, v jsg.Value) (api.Module, error) {
	want := l.m.layout.imports[n]
	t := globalType{want.value, want.mutable}
	if g, ok := globalClass.From(v); ok {
		switch {
		case g.typ.mutable != t.mutable:
			return nil, l.refuse(js, n, "imported global does not match the expected mutability")
		case g.typ.value != t.value:
			return nil, l.refuse(js, n, "imported global does not match the expected type")
		}
		l.i.globals[countBefore(l.m.layout, n, kindGlobal)] = g
		return l.keep(g.linkable(l.e))
	}
	if t.mutable {
		return nil, l.refuse(js, n, "imported mutable global must be a WebAssembly.Global object")
	}
	fits := t.value == typeExternref || t.value == typeFuncref || t.value == typeI64 && jsg.IsBigInt(v) || t.value != typeI64 && jsg.IsNumber(v)
	if !fits {
		return nil, l.refuse(js, n, "global import must be a number, valid Wasm reference, or WebAssembly.Global object")
	}
	raw, err := l.e.toRaw(js, t.value, v)
	if err != nil {
		return nil, err
	}
	g, err := newGlobal(l.e, t, raw)
	if err != nil {
		return nil, err
	}
	l.i.imports = append(l.i.imports, g)
	return g.mod, nil
}

// countBefore is which of its kind import n is.
func countBefore(b *layout, n int, k kind) (count int) {
	for _, x := range b.imports[:n] {
		if x.kind == k {
			count++
		}
	}
	return count
}
