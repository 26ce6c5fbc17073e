package isolate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Script is a worker's code, ready to load into any number of isolates.
// The program's value is a function taking the loader object (see wrangler/bundle
// for the contract); it is async if the code uses top-level await.
type Script struct {
	Program *jsg.Program
	// Modules are the additional modules, by the id the bundle uses.
	Modules map[string]Module
	// URL is import.meta.url.
	URL string
}

// Module is a module that is not JavaScript.
type Module struct {
	Type ModuleType
	Data []byte
}

// ModuleType says what importing a module gives.
type ModuleType int

const (
	// Text gives a string.
	Text ModuleType = iota
	// Data gives an ArrayBuffer.
	Data
	// Wasm gives a WebAssembly.Module.
	Wasm
	// JSON gives the parsed value.
	JSON
)

// Load evaluates a script in a fresh isolate and returns the object that holds
// its exports as getters (empty for service-worker scripts). It is called on
// any goroutine but the isolate's, once.
func (iso *Isolate) Load(s *Script) (*jsg.Object, error) {
	var exports *jsg.Object
	var loadErr error
	var promise jsg.Value
	if err := iso.Do(func(js *jsg.Scope) {
		if !js.Flag("allow_eval_during_startup") {
			loadErr = iso.forbidEval(js)
		}
		exports = js.NewObject()
		var fn jsg.Value
		if fn, loadErr = js.Run(s.Program); loadErr != nil {
			return
		}
		promise, loadErr = js.Call(fn, jsg.Undefined, iso.loader(js, s, exports))
	}); err != nil {
		return nil, err
	}
	if loadErr != nil {
		return nil, loadErr
	}
	switch state, v := jsg.Settled(promise); state {
	case jsg.RejectedState:
		iso.Do(func(js *jsg.Scope) { js.MarkHandled(promise) })
		return nil, jsg.Thrown(v)
	case jsg.Pending:
		return nil, jsg.Errorf("Top-level await in module is unsettled.")
	}
	var err error
	if doErr := iso.Do(func(js *jsg.Scope) { err = iso.forbidEval(js) }); doErr != nil {
		return nil, doErr
	}
	if err != nil {
		return nil, err
	}
	return exports, nil
}

// Evaluate runs a further script in the realm, as a turn already under way, and
// returns its exports. The script must not use top-level await.
func (iso *Isolate) Evaluate(js *jsg.Scope, s *Script) (*jsg.Object, error) {
	fn, err := js.Run(s.Program)
	if err != nil {
		return nil, err
	}
	exports := js.NewObject()
	_, err = js.Call(fn, jsg.Undefined, iso.loader(js, s, exports))
	return exports, err
}

// forbidEval ends the time in which code may be made from strings.
func (iso *Isolate) forbidEval(js *jsg.Scope) error {
	if js.Flag("allow_insecure_inefficient_logged_eval") {
		return nil
	}
	return js.ForbidEval()
}

// loader is the object the script is called with.
func (iso *Isolate) loader(js *jsg.Scope, s *Script, exports *jsg.Object) *jsg.Object {
	o := js.NewObject()
	method := func(name string, f func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error)) {
		js.Define(o, name, js.Func(name, 1, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) { return f(js, a) }))
	}
	method("import", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		specifier := a.String(0)
		ns, err := iso.builtin(js, specifier)
		if err != nil && iso.opts.Hint != nil {
			if hint := iso.opts.Hint(specifier); hint != "" {
				err = jsg.Errorf("No such module %q. %s", specifier, hint)
			}
		}
		if err == nil && strings.HasPrefix(specifier, "node:") {
			err = exported(js, specifier, ns.(*jsg.Object), a.Value(1))
		}
		return ns, err
	})
	method("dynamicImport", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		ns, err := iso.builtin(js, a.String(0))
		if err != nil {
			return js.Rejected(err), nil
		}
		return js.Resolved(ns), nil
	})
	method("module", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return iso.module(js, s, a.String(0)) })
	method("exports", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		getters := a.Object(0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		for _, name := range getters.Keys() {
			get := getters.Get(name)
			js.DefineGetter(exports, name, true, func(js *jsg.Scope) (jsg.Value, error) { return js.Call(get, jsg.Undefined) })
		}
		return jsg.Undefined, nil
	})
	js.AsyncGeneratorHelpers(o)
	js.Define(o, "meta", js.Record("url", s.URL, "main", true))
	return o
}

// exported checks that a namespace has the names a static import wants; an
// import without names gives none.
func exported(js *jsg.Scope, specifier string, ns *jsg.Object, names jsg.Value) error {
	if !jsg.IsArray(names) {
		return nil
	}
	have := ns.Keys()
	return js.Iterate(names, func(v jsg.Value) (bool, error) {
		if name := v.String(); !slices.Contains(have, name) {
			return false, jsg.SyntaxErrorf("The requested module '%s' does not provide an export named '%s'", specifier, name)
		}
		return true, nil
	})
}

// platform are the modules workerd has beside those of Node.
var platform = []string{"cloudflare:workers", "cloudflare:sockets", "cloudflare:email", "cloudflare:node", "cloudflare:vectorize",
	"cloudflare:test", "cloudflare:pipelines"}

// Import is the namespace of a module the runtime provides, for code of the
// runtime; the worker imports the same one.
func (iso *Isolate) Import(js *jsg.Scope, specifier string) (*jsg.Object, error) {
	v, err := iso.builtin(js, specifier)
	if err != nil {
		return nil, err
	}
	return v.(*jsg.Object), nil
}

// builtin returns the namespace of a module the runtime provides.
func (iso *Isolate) builtin(js *jsg.Scope, specifier string) (jsg.Value, error) {
	if ns := iso.builtins[specifier]; ns != nil {
		return ns, nil
	}
	make := iso.opts.Builtins[specifier]
	if make == nil {
		if slices.Contains(platform, specifier) {
			return nil, jsg.NotImplementedf(fmt.Sprintf("The module %q", specifier), "remove the import or guard the code that needs it")
		}
		return nil, jsg.Errorf("No such module %q.", specifier)
	}
	ns, err := make(js)
	if err != nil {
		return nil, err
	}
	iso.builtins[specifier] = ns
	return ns, nil
}

func (iso *Isolate) module(js *jsg.Scope, s *Script, id string) (jsg.Value, error) {
	m, ok := s.Modules[id]
	if !ok {
		return nil, jsg.Errorf("No such module %q.", id)
	}
	switch m.Type {
	case Text:
		return js.String(string(m.Data)), nil
	case JSON:
		return js.JSONParse(string(m.Data))
	case Data:
		return js.NewArrayBuffer(append([]byte(nil), m.Data...)), nil
	}
	if iso.opts.Wasm == nil {
		return nil, jsg.NotImplementedf("Importing WebAssembly ("+id+") here", "")
	}
	return iso.opts.Wasm(js, id, m.Data)
}
