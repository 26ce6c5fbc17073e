// Package polyfill fills what the engine lacks of the language's own library:
// iterator helpers, groupBy, Promise.withResolvers, ArrayBuffer.transfer,
// explicit resource management, WeakRef, V8's call sites, RegExp
// with property escapes, set notation and indices, Intl.
//
// Emulated: names, lengths, attributes and behaviour as ECMA-262 has them,
// with what workerd's V8 adds. Nothing is compiled before it is used: methods
// are small stubs that load their group on the first call, constructors are
// made on the first read. A member the engine has itself is left alone.
//
// Deliberately not: anything that needs the engine's help (SharedArrayBuffer,
// finalization callbacks). Using those throws an error that says so. docs/engine.md has the list.
//
// The truth: https://tc39.es/ecma262/ and testdata/v8.txt, which is a dump of
// every built-in property of workerd.
package polyfill

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/runtime/jsg"
)

//go:embed js/*.js
var sources embed.FS

// group is one file of js/, loaded into a realm as a whole.
type group struct {
	name    string
	once    sync.Once
	program *jsg.Program
}

// member is one property a group provides.
type member struct {
	target string // path of the object that gets it, "" for the global object
	name   string
	length int
	kind   kind
	// replace is set where the engine has the member and is wrong.
	replace bool
	group   *group
}

type kind int

const (
	method kind = iota
	getter
	global
)

// compile parses the group's file, once per process.
func (g *group) compile() *jsg.Program {
	g.once.Do(func() {
		name := "js/" + g.name + ".js"
		source, err := sources.ReadFile(name)
		if err != nil {
			panic(err) // embedded
		}
		g.program = jsg.MustCompile("miniworker:polyfill/"+g.name+".js", string(source))
	})
	return g.program
}

// stubs is the program that makes all stubs: a function of the loader, giving
// an object per run of members with one target. A stub finds its implementation in f or has
// the loader put it there; its arguments pass through untouched.
var stubs = sync.OnceValue(func() *jsg.Program {
	var b strings.Builder
	b.WriteString(`(function(load, f, A) { "use strict";
const G = (o) => { for (const k in o) return Object.getOwnPropertyDescriptor(o, k).get };
const iterator = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
return {iterator, G, list: [{`)
	const params = "a,b,c,d,e"
	for i, m := range members {
		if i > 0 && m.target != members[i-1].target {
			b.WriteString("},{")
		}
		body := fmt.Sprintf("(%s){return A(f[%d]??load(%d),this,arguments)},", params[:max(0, 2*m.length-1)], i, i)
		switch {
		case m.kind == global:
			fmt.Fprintf(&b, "%s:(...a)=>a.length?load(%d,a[0]):load(%[2]d),", m.name, i)
		case m.kind == getter:
			fmt.Fprintf(&b, "%s:G({get %[1]s%s}),", m.name, strings.TrimSuffix(body, ","))
		case m.name == "Symbol.dispose":
			b.WriteString("[f.dispose]" + body)
		default:
			b.WriteString(m.name + body)
		}
	}
	b.WriteString("}]}})")
	return jsg.MustCompile("miniworker:polyfill", b.String())
})

// realm is what one realm has loaded.
type realm struct {
	loaded   map[*group]*jsg.Object
	found    *jsg.Object // the implementations, by position in members
	iterator *jsg.Object // %IteratorPrototype%
	compare  jsg.Value   // the engine's String.prototype.localeCompare
	getterOf jsg.Value   // getter of an object literal with one accessor
	kept     []jsg.Value // what WeakRefs touched in this turn
}

var realms = jsg.NewLocal[*realm]()

// Install defines what is missing in a realm. Call it before anything that
// keeps the engine's constructors.
func Install(js *jsg.Scope) {
	r := &realm{loaded: map[*group]*jsg.Object{}, found: js.NewArray()}
	realms.Set(js, r)
	js.Define(r.found, "dispose", jsg.SymDispose)
	load := js.Func("load", 1, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		i := int(a.Value(0).ToInteger())
		if a.Len() > 1 {
			js.DefineHidden(js.Global(), members[i].name, a.Value(1))
			return jsg.Undefined, nil
		}
		v, err := r.implementation(js, &members[i])
		if err != nil {
			return nil, err
		}
		if members[i].kind == global {
			js.DefineHidden(js.Global(), members[i].name, v)
		} else {
			js.Define(r.found, indexes[i], v)
		}
		return v, nil
	})
	made := mustCall(js, stubs(), load, r.found, js.Global().Get("Reflect").(*jsg.Object).Get("apply"))
	list := made.Get("list").(*jsg.Object)
	r.iterator, r.getterOf = made.Get("iterator").(*jsg.Object), made.Get("G")
	r.compare = r.resolve(js, "String.prototype").Get("localeCompare")
	var target, stubs *jsg.Object
	path, runs := "?", 0
	for i := range members {
		m := &members[i]
		if m.target != path {
			target, path = r.resolve(js, m.target), m.target
			stubs = list.Get(indexes[runs]).(*jsg.Object)
			runs++
		}
		if target != nil && !has(js, target, m) {
			define(js, target, m, stubs)
		}
	}
	js.OnStack(r.prepareStack)
	installData(js)
	installRegExp(js)
	tidy(js)
}

// tidy takes away properties that the engine has and V8 has not, and the other
// way round.
func tidy(js *jsg.Scope) {
	global := js.Global()
	bigInt := global.Get("BigInt").(*jsg.Object).Get("prototype").(*jsg.Object)
	for _, name := range []string{"name", "length"} {
		_ = bigInt.Delete(name) // a configurable property
	}
	array := global.Get("Array").(*jsg.Object).Get("prototype").(*jsg.Object)
	if hidden, ok := array.GetSymbol(jsg.SymUnscopables).(*jsg.Object); ok {
		js.Define(hidden, "at", js.Bool(true))
		for _, name := range []string{"groupBy", "groupByToMap"} {
			_ = hidden.Delete(name)
		}
	}
}

func define(js *jsg.Scope, target *jsg.Object, m *member, stubs *jsg.Object) {
	if m.name == "Symbol.dispose" {
		js.DefineHiddenSymbol(target, jsg.SymDispose, stubs.GetSymbol(jsg.SymDispose))
		return
	}
	stub := stubs.Get(m.name)
	switch {
	case m.kind == global:
		// Reading or writing it replaces it by an ordinary property.
		js.DefineHiddenAccessor(target, m.name, stub, stub)
	case m.kind == getter:
		js.DefineHiddenAccessor(target, m.name, stub, nil)
	default:
		js.DefineHidden(target, m.name, stub)
	}
}

// indexes are the positions of members as property names.
var indexes = func() []string {
	out := make([]string, len(members))
	for i := range out {
		out[i] = fmt.Sprint(i)
	}
	return out
}()

// implementation loads m's group if need be and picks m out of it.
func (r *realm) implementation(js *jsg.Scope, m *member) (jsg.Value, error) {
	exports, err := r.load(js, m.group)
	if err != nil {
		return nil, err
	}
	target := m.target
	if target == "" {
		target = "globalThis"
	}
	holder, ok := exports.Get(target).(*jsg.Object)
	if !ok {
		return nil, jsg.Errorf("polyfill %s has no %s", m.group.name, target)
	}
	switch {
	case m.kind == getter:
		return js.Call(r.getterOf, jsg.Undefined, holder.Get(m.name))
	case m.name == "Symbol.dispose":
		return js.GetSymbol(holder, jsg.SymDispose)
	}
	return js.Get(holder, m.name)
}

func (r *realm) load(js *jsg.Scope, g *group) (*jsg.Object, error) {
	if o := r.loaded[g]; o != nil {
		return o, nil
	}
	o, err := r.evaluate(js, g, r.host(js))
	if err != nil {
		return nil, err
	}
	r.loaded[g] = o
	return o, nil
}

func (r *realm) evaluate(js *jsg.Scope, g *group, args ...jsg.Value) (*jsg.Object, error) {
	f, err := js.Run(g.compile())
	if err != nil {
		return nil, err
	}
	v, err := js.Call(f, jsg.Undefined, args...)
	if err != nil {
		return nil, err
	}
	o, ok := jsg.IsObject(v)
	if !ok {
		return nil, jsg.Errorf("polyfill %s gave no object", g.name)
	}
	return o, nil
}

// part evaluates a file that belongs to a group, for that group: its function
// gets what the group shares with it.
func (r *realm) part(js *jsg.Scope, name string, shared jsg.Value) (jsg.Value, error) {
	g, _ := parts.LoadOrStore(name, &group{name: name})
	return r.evaluate(js, g.(*group), r.host(js), shared)
}

var parts sync.Map // *group by name

// resolve finds the object at a path of the table, nil if the engine lacks it.
func (r *realm) resolve(js *jsg.Scope, path string) *jsg.Object {
	o := js.Global()
	switch path {
	case "":
		return o
	case "%Iterator%":
		return r.iterator
	case "%TypedArray%.prototype":
		return js.Global().Get("Uint8Array").(*jsg.Object).Prototype().Get("prototype").(*jsg.Object)
	}
	for name := range strings.SplitSeq(path, ".") {
		next, ok := o.Get(name).(*jsg.Object)
		if !ok {
			return nil
		}
		o = next
	}
	return o
}

// has reports whether the engine has the member itself. A getter may throw when
// read from a prototype, which means that it is there.
func has(js *jsg.Scope, o *jsg.Object, m *member) bool {
	switch {
	case m.replace:
		return false
	case m.kind == getter:
		v, err := js.Get(o, m.name)
		return err != nil || !jsg.IsUndefined(v)
	case m.name == "Symbol.dispose":
		return o.GetSymbol(jsg.SymDispose) != nil
	}
	return o.Get(m.name) != nil
}

func mustCall(js *jsg.Scope, p *jsg.Program, args ...jsg.Value) *jsg.Object {
	f, err := js.Run(p)
	if err != nil {
		panic(err) // a constant program; covered by every test
	}
	v, err := js.Call(f, jsg.Undefined, args...)
	if err != nil {
		panic(err)
	}
	return v.(*jsg.Object)
}
