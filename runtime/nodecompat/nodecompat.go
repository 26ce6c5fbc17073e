// Package nodecompat is the node: modules that workers can import under
// nodejs_compat, and the globals that come with it.
//
// Emulated: the modules, exports and limits of workerd, not of Node. What
// workerd exports and does not implement is there too and throws what it throws
// there. Modules are written in JavaScript (js/), taken from npm (vendor/), or
// in Go where speed matters (the packages below this one); each is compiled and
// evaluated when it is first imported, so that a worker without any pays
// nothing.
//
// Deliberately not: modules of Node that workerd lacks (node:sea, node:test
// beyond its mocks), V8's own interfaces, and reading the machine's files,
// processes or name service.
//
// Where the truth is: https://developers.cloudflare.com/workers/runtime-apis/nodejs/,
// https://nodejs.org/docs/latest-v22.x/api/ and workerd 2026-11-17 as observed.
package nodecompat

import (
	"fmt"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/runtime/compat"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Host is what the modules ask of the worker they run in.
type Host struct {
	// Env is the worker's env object, for process.env.
	Env func() *jsg.Object
	// Files are the modules of the bundle, for /bundle of node:fs.
	Files map[string][]byte
}

var hosts = jsg.NewLocal[Host]()

// SetHost must be called before a module is imported.
func SetHost(js *jsg.Scope, h Host) { hosts.Set(js, h) }

// Builtins are the modules that these flags let a worker import, by specifier.
func Builtins(flag func(string) bool) map[string]func(js *jsg.Scope) (*jsg.Object, error) {
	out := make(map[string]func(js *jsg.Scope) (*jsg.Object, error), 2*len(modules))
	bare := flag("nodejs_compat_v2")
	add := func(m *module) {
		l := loaders()[m]
		out[l.specifier] = l.load
		if bare && !m.prefixed {
			out[m.name] = l.load // for imports that are named while the worker runs
		}
	}
	switch {
	case enabled(flag):
		for i := range modules {
			// Without its own flag a module is what wrangler puts in its place, in
			// version 2, and missing in version 1.
			if m := &modules[i]; m.native(flag) || flag("nodejs_compat_v2") {
				add(m)
			}
		}
		if flag(serverFlag) {
			out["cloudflare:node"] = func(js *jsg.Scope) (*jsg.Object, error) {
				return realmOf(js).namespace(js, &module{name: "cloudflare_node"})
			}
		}
	case flag("nodejs_als"):
		add(find("async_hooks"))
	}
	if !flag("nodejs_compat_v2") && !flag("enable_nodejs_process_v2") {
		out["node:process"] = smallProcess
	}
	return out
}

// Hint says which flag a module needs beside nodejs_compat, "" if none.
func Hint(specifier string) string {
	name, ok := strings.CutPrefix(specifier, "node:")
	m := find(name)
	if !ok || m == nil || m.flag == "" {
		return ""
	}
	hint := fmt.Sprintf("Add %q to compatibility_flags", m.flag)
	for _, f := range compat.Flags() {
		if f.On == m.flag && f.ImpliedSince != "" {
			hint += ", or set compatibility_date to " + f.ImpliedSince + " or later"
		}
	}
	return hint
}

func smallProcess(js *jsg.Scope) (*jsg.Object, error) { return realmOf(js).namespace(js, &small) }

// loader makes the namespace of a module.
type loader struct {
	specifier string
	load      func(js *jsg.Scope) (*jsg.Object, error)
}

// loaders are the same for all isolates.
var loaders = sync.OnceValue(func() map[*module]loader {
	out := make(map[*module]loader, len(modules))
	for i := range modules {
		m := &modules[i]
		out[m] = loader{"node:" + m.name, func(js *jsg.Scope) (*jsg.Object, error) { return realmOf(js).namespace(js, m) }}
	}
	return out
})

func enabled(flag func(string) bool) bool { return flag("nodejs_compat") || flag("nodejs_compat_v2") }

// Install defines the globals.
func Install(js *jsg.Scope) {
	if !enabled(js.Flag) {
		return
	}
	g := js.Global()
	lazy := func(name, from string, pick func(exports *jsg.Object) jsg.Value) {
		js.DefineLazy(g, name, true, func(js *jsg.Scope) jsg.Value {
			exports, err := realmOf(js).require(js, from)
			if err != nil {
				panic(js.ErrorValue(err))
			}
			return pick(exports)
		})
	}
	member := func(name string) func(*jsg.Object) jsg.Value {
		return func(exports *jsg.Object) jsg.Value { return exports.Get(name) }
	}
	if js.Flag("nodejs_compat_v2") {
		lazy("Buffer", "buffer", member("Buffer"))
		lazy("process", "process", func(exports *jsg.Object) jsg.Value { return exports })
		js.Define(g, "global", g)
		lazy("setImmediate", "internal/timers", member("setImmediate"))
		lazy("clearImmediate", "internal/timers", member("clearImmediate"))
	}
	if js.Flag("enable_nodejs_global_timers") {
		realmOf(js).keepTimers(js)
		for _, name := range []string{"setTimeout", "setInterval", "clearTimeout", "clearInterval"} {
			lazy(name, "internal/timers", member(name))
		}
	}
}

// builtinModule is process.getBuiltinModule: the module's default export, or
// undefined.
func builtinModule(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
	id := a.String(0)
	if strings.HasPrefix(id, "cloudflare:") {
		ns, err := isolate.Of(js).Import(js, id)
		if err != nil {
			return jsg.Undefined, nil // there is none
		}
		return ns, nil
	}
	name, prefixed := strings.CutPrefix(id, "node:")
	m := find(name)
	if a.Err() != nil || m == nil || !m.native(js.Flag) || m.prefixed && !prefixed {
		return jsg.Undefined, a.Err()
	}
	if !enabled(js.Flag) && name != "process" {
		return jsg.Undefined, nil
	}
	ns, err := isolate.Of(js).Import(js, "node:"+name)
	if err != nil {
		return nil, err
	}
	return js.Get(ns, "default")
}
