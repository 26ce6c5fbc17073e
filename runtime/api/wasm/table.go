package wasm

import (
	"context"
	"runtime"

	"github.com/tetratelabs/wazero/api"
	wazerotable "github.com/tetratelabs/wazero/experimental/table"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// table is a WebAssembly.Table.
type table struct {
	jsg.Instance
	owner   any // what must live as long
	users   []any
	mod     api.Module
	name    string // of the export of mod
	element byte
	helper  api.Module           // tableAccess, made on first use
	found   map[uint64]*function // by reference
}

var tableClass = &jsg.Class[table]{Name: "Table"}

func init() {
	tableClass.New = newTable
	tableClass.Members = jsg.Members[table]{
		jsg.Getter("length", func(t *table, js *jsg.Scope) (jsg.Value, error) {
			n, err := t.size(js)
			return js.Int(int64(n)), err
		}),
		jsg.Method("grow", 1, (*table).grow),
		jsg.Method("set", 1, (*table).set),
		jsg.Method("get", 1, (*table).get),
	}
	shaped(tableClass, 1)
}

func newTable(js *jsg.Scope, a *jsg.Args) (*table, error) {
	if _, ok := jsg.IsObject(a.Value(0)); !ok {
		return nil, jsg.TypeErrorf("WebAssembly.Table(): Argument 0 must be a table descriptor")
	}
	var element byte
	switch a.Dict(0).String("element", "") {
	case "anyfunc": // which is what the JavaScript interface calls funcref
		element = typeFuncref
	case "externref":
		element = typeExternref
	default:
		return nil, jsg.TypeErrorf("WebAssembly.Table(): Descriptor property 'element' must be a WebAssembly reference type")
	}
	l, _, err := readLimits(a, "Table", "a table descriptor", 10_000_000)
	if err != nil {
		return nil, err
	}
	e := engineOf(js)
	mod, err := e.small(tableModule(element, l), nil)
	if err != nil {
		return nil, err
	}
	t := &table{mod: mod, name: tableName(0), element: element}
	runtime.AddCleanup(t, closeModule, mod)
	if a.Has(1) || element == typeExternref {
		raw, err := e.toRaw(js, element, a.Value(1))
		if err != nil {
			return nil, jsg.TypeErrorf("WebAssembly.Table(): Argument 2 must be undefined or a value of type compatible with the type of the new table: " + noFunction + ".")
		}
		for i := range l.min {
			if _, err := t.do(js, "set", i, raw); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// access is a module that exports the table under linkName, and functions to
// use it.
func (t *table) access(e *engine) (api.Module, error) {
	if t.helper == nil {
		h, err := e.small(tableAccess(t.name, t.element), t.mod)
		if err != nil {
			return nil, err
		}
		t.helper = h
		runtime.AddCleanup(t, closeModule, h)
	}
	return t.helper, nil
}

// do calls one of the functions of tableAccess.
func (t *table) do(js *jsg.Scope, name string, args ...uint64) (uint64, error) {
	e := engineOf(js)
	h, err := t.access(e)
	if err != nil {
		return 0, err
	}
	stack := append(make([]uint64, 0, 3), args...)
	if len(stack) == 0 {
		stack = append(stack, 0)
	}
	err = e.call(js, func(ctx context.Context) error { return h.ExportedFunction(name).CallWithStack(ctx, stack) })
	return stack[0], err
}

func (t *table) size(js *jsg.Scope) (uint32, error) {
	n, err := t.do(js, "size")
	return uint32(n), err
}

func (t *table) elementName() string {
	if t.element == typeFuncref {
		return "funcref"
	}
	return "externref"
}

// address reads an argument that must be within the table.
func (t *table) address(js *jsg.Scope, a *jsg.Args, what string) (uint32, error) {
	i, err := addressArg(js, a, 0, "Table."+what)
	if err != nil {
		return 0, err
	}
	size, err := t.size(js)
	if err == nil && i >= size {
		err = jsg.RangeErrorf("WebAssembly.Table.%s(): invalid address %d in %s table of size %d", what, i, t.elementName(), size)
	}
	return i, err
}

// raw is argument i as an element; without one it is the default.
func (t *table) rawArg(js *jsg.Scope, a *jsg.Args, i int, what string) (uint64, error) {
	if i >= a.Len() && t.element == typeFuncref {
		return 0, nil
	}
	raw, err := engineOf(js).toRaw(js, t.element, a.Value(i))
	if err != nil && t.element == typeFuncref {
		err = jsg.TypeErrorf("WebAssembly.Table.%s(): Argument %d is invalid for table: function-typed object must be null (if nullable) or a Wasm function object", what, i)
	}
	if f, ok := functionOf(a.Value(i)); ok {
		t.users = append(t.users, f)
	}
	return raw, err
}

func (t *table) grow(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	delta, err := addressArg(js, a, 0, "Table.grow")
	if err != nil {
		return nil, err
	}
	raw, err := t.rawArg(js, a, 1, "grow")
	if err != nil {
		return nil, err
	}
	before, err := t.do(js, "grow", raw, uint64(delta))
	if err != nil {
		return nil, err
	}
	if int32(before) < 0 {
		return nil, jsg.RangeErrorf("WebAssembly.Table.grow(): failed to grow table by %d", delta)
	}
	return js.Int(int64(int32(before))), nil
}

func (t *table) set(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	i, err := t.address(js, a, "set")
	if err != nil {
		return nil, err
	}
	raw, err := t.rawArg(js, a, 1, "set")
	if err != nil {
		return nil, err
	}
	_, err = t.do(js, "set", uint64(i), raw)
	return jsg.Undefined, err
}

func (t *table) get(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	i, err := t.address(js, a, "get")
	if err != nil {
		return nil, err
	}
	raw, err := t.do(js, "get", uint64(i))
	if err != nil {
		return nil, err
	}
	e := engineOf(js)
	if t.element != typeFuncref || raw == 0 {
		return e.fromRaw(js, t.element, raw)
	}
	if f := t.found[raw]; f != nil {
		return f.object, nil
	}
	return t.find(js, e, i, raw)
}

// find gives the object of a function in the table. The engine has no way to ask
// for its type: those in use are tried.
func (t *table) find(js *jsg.Scope, e *engine, i uint32, raw uint64) (jsg.Value, error) {
	h, err := t.access(e)
	if err != nil {
		return nil, err
	}
	if t.found == nil {
		t.found = map[uint64]*function{}
	}
	for _, w := range e.instances {
		inst := w.Value()
		if inst == nil {
			continue
		}
		for _, typ := range inst.layout.types {
			fn := lookup(h, i, typ)
			if fn == nil {
				continue
			}
			if f := t.exported(fn); f != nil {
				t.found[raw] = f
				return f.object, nil
			}
			f := &function{owner: t, typ: typ, raw: raw, idle: []api.Function{fn}}
			f.lookup = func() api.Function { return lookup(h, i, typ) }
			t.found[raw] = f
			return e.newFunction(js, functionName(int(i)), f), nil
		}
	}
	return nil, jsg.NotImplementedf("Reading this function from a WebAssembly.Table", "export the function")
}

// exported finds the function among the exports of the instances that use the
// table, and those that were put there.
func (t *table) exported(fn api.Function) *function {
	for _, user := range append([]any{t.owner}, t.users...) {
		switch user := user.(type) {
		case *instance:
			for _, f := range user.funcs {
				if f.is(fn) {
					return f
				}
			}
		case *function:
			if user.is(fn) {
				return user
			}
		}
	}
	return nil
}

// lookup is the function at i of the table, nil if it is of another type.
func lookup(h api.Module, i uint32, t funcType) (f api.Function) {
	defer func() {
		if recover() != nil {
			f = nil
		}
	}()
	return wazerotable.LookupFunction(h, 0, i, t.params, t.results)
}

// mark tells which references the table holds.
func (t *table) mark(r *refs) {
	ctx := context.Background()
	if t.helper == nil {
		return
	}
	size, err := t.helper.ExportedFunction("size").Call(ctx)
	if err != nil {
		return
	}
	get := t.helper.ExportedFunction("get")
	for i := range size[0] {
		if raw, err := get.Call(ctx, i); err == nil {
			r.mark(raw[0])
		}
	}
}
