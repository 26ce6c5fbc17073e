package nodecompat

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

//go:embed all:js vendor/*.js data
var sources embed.FS

// programs are the files compiled so far, shared by all realms.
var programs sync.Map // file → func() (*jsg.Program, error)

// source finds the file of a module or internal module.
func source(name string) (file string, err error) {
	for _, dir := range []string{"js", "vendor"} {
		file = path.Join(dir, name+".js")
		if _, err = fs.Stat(sources, file); err == nil {
			return file, nil
		}
	}
	return "", err
}

// program compiles a file once per process. A file is the body of a CommonJS
// module.
func program(name string) (*jsg.Program, error) {
	once, _ := programs.LoadOrStore(name, sync.OnceValues(func() (*jsg.Program, error) {
		file, err := source(name)
		if err != nil {
			return nil, err
		}
		text, err := sources.ReadFile(file)
		if err != nil {
			return nil, err
		}
		return jsg.Compile("node:"+name, `(function(require,module,exports,native){"use strict";`+string(text)+"\n})")
	}))
	return once.(func() (*jsg.Program, error))()
}

// realm is the modules of one isolate.
type realm struct {
	loaded map[string]*jsg.Object // the module objects, by name
	req    *jsg.Object            // require, as the files see it
	native *jsg.Object
	timers *jsg.Object
}

var realms = jsg.NewLocal[*realm]()

func realmOf(js *jsg.Scope) *realm {
	r := realms.Get(js)
	if r == nil {
		r = &realm{loaded: map[string]*jsg.Object{}}
		realms.Set(js, r)
	}
	return r
}

// module evaluates a file, once, and returns its module object; one that is
// asked for while it evaluates is as far as it got.
func (r *realm) module(js *jsg.Scope, name string) (*jsg.Object, error) {
	if m := r.loaded[name]; m != nil {
		return m, nil
	}
	if data, ok := strings.CutPrefix(name, "data/"); ok {
		return r.data(js, name, data)
	}
	p, err := program(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, jsg.NotImplementedf("The module \"node:"+name+"\"", "")
	}
	if err != nil {
		return nil, fmt.Errorf("node:%s: %w", name, err)
	}
	if r.req == nil {
		r.start(js)
	}
	m := js.NewObject()
	exports := js.NewObject()
	js.Define(m, "exports", exports)
	r.loaded[name] = m
	f, err := js.Run(p)
	if err == nil {
		_, err = js.Call(f, jsg.Undefined, r.req, m, exports, r.native)
	}
	if err != nil {
		delete(r.loaded, name)
		return nil, err
	}
	return m, nil
}

// data is a file of data/ as a module: tables of constants, which JSON.parse
// reads faster than the compiler.
func (r *realm) data(js *jsg.Scope, name, file string) (*jsg.Object, error) {
	text, err := sources.ReadFile("data/" + file + ".json")
	if err != nil {
		return nil, err
	}
	v, err := js.JSONParse(string(text))
	if err != nil {
		return nil, err
	}
	m := js.NewObject()
	js.Define(m, "exports", v)
	r.loaded[name] = m
	return m, nil
}

func (r *realm) start(js *jsg.Scope) {
	r.req = js.Func("require", 1, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		name := a.String(0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		return r.require(js, name)
	})
	r.native = js.NewObject()
	for name, make := range natives {
		js.DefineLazy(r.native, name, true, func(js *jsg.Scope) jsg.Value { return make(js) })
	}
}

// require is a module's exports, which are an object or a function.
func (r *realm) require(js *jsg.Scope, name string) (*jsg.Object, error) {
	m, err := r.module(js, name)
	if err != nil {
		return nil, err
	}
	exports, ok := m.Get("exports").(*jsg.Object)
	if !ok {
		return nil, errors.New("node:" + name + " exports no object")
	}
	return exports, nil
}

// namespace is what importing a module gives: its exports by name and all of
// them as default. A file names the exceptions: named are exports beside those
// of the default, hidden are properties of the default that are none.
func (r *realm) namespace(js *jsg.Scope, m *module) (*jsg.Object, error) {
	exports, err := r.require(js, m.name)
	if err != nil {
		return nil, err
	}
	if !m.native(js.Flag) && !m.polyfilled {
		return r.missing(js, m, exports)
	}
	ns := js.CreateObject(nil)
	js.DefineHiddenSymbol(ns, jsg.SymToStringTag, js.String("Module"))
	file := r.loaded[m.name]
	hidden, _ := file.Get("hidden").(*jsg.Object)
	for _, name := range exports.Keys() {
		if hidden == nil || hidden.Get(name) == nil {
			js.DefineGetter(ns, name, true, func(js *jsg.Scope) (jsg.Value, error) { return js.Get(exports, name) })
		}
	}
	if named, ok := file.Get("named").(*jsg.Object); ok {
		for _, name := range named.Keys() {
			js.Define(ns, name, named.Get(name))
		}
	}
	if bare := file.Get("bare"); bare == nil {
		js.Define(ns, "default", exports)
	}
	return js.PreventExtensions(ns), nil
}

// missing is a module as wrangler puts it in place of one that the flags do not
// give: everything is there, and nothing can be called.
func (r *realm) missing(js *jsg.Scope, m *module, exports *jsg.Object) (*jsg.Object, error) {
	ns, def := js.CreateObject(nil), js.NewObject()
	for _, name := range exports.Keys() {
		v, err := js.Get(exports, name)
		if err != nil {
			return nil, err
		}
		if jsg.IsFunction(v) {
			refuse, err := js.Call(r.refuser(js), jsg.Undefined, js.String(m.name+"."+name))
			if err != nil {
				return nil, err
			}
			v = refuse
		}
		js.Define(ns, name, v)
		js.Define(def, name, v)
	}
	js.Define(ns, "default", def)
	return ns, nil
}

// refuser makes functions that can be called, constructed and extended, to no
// avail.
func (r *realm) refuser(js *jsg.Scope) jsg.Value {
	m, err := r.require(js, "internal/errors")
	if err != nil {
		panic(js.ErrorValue(err))
	}
	return m.Get("unenv")
}

// keepTimers remembers the platform's own timers, which those of node:timers
// stand on and replace.
func (r *realm) keepTimers(js *jsg.Scope) { r.timers = timersOf(js) }

func timersOf(js *jsg.Scope) *jsg.Object {
	o := js.NewObject()
	for _, name := range []string{"setTimeout", "setInterval", "clearTimeout", "clearInterval"} {
		js.Define(o, name, js.Global().Get(name))
	}
	return o
}

// importer gives internal code what the worker can import, such as
// cloudflare:sockets.
func importer(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
	name := a.String(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	return isolate.Of(js).Import(js, name)
}
