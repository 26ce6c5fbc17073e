package nodecompat_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/compat"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/nodecompat"
)

// TestFlags imports what each date and set of flags gives.
func TestFlags(t *testing.T) {
	const (
		none     = "none"     // there is no such module
		throws   = "throws"   // it is there, and its functions throw
		complete = "complete" // it works
	)
	for _, c := range []struct {
		date    string
		flags   []string
		path    string // of node:path
		os      string // of node:os, which has a flag of its own
		hooks   bool   // node:async_hooks is there
		globals bool
	}{
		{"2026-08-01", nil, none, none, false, false},
		{"2026-08-01", []string{"nodejs_als"}, none, none, true, false},
		{"2024-01-01", []string{"nodejs_compat"}, complete, none, true, false},
		{"2024-09-23", []string{"nodejs_compat"}, complete, throws, true, true},
		{"2024-01-01", []string{"nodejs_compat_v2"}, complete, throws, true, true},
		{"2026-08-01", []string{"nodejs_compat"}, complete, complete, true, true},
		{"2026-08-01", []string{"nodejs_compat", "disable_nodejs_os_module"}, complete, throws, true, true},
		{"2026-08-04", nil, complete, complete, true, true},
		{"2026-08-04", []string{"no_nodejs_compat", "no_nodejs_compat_v2"}, none, none, false, false},
	} {
		t.Run(c.date, func(t *testing.T) {
			on, diags := compat.Resolve(c.date, c.flags)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			iso := testworker.New(t, testworker.Options{
				Flag: on, Builtins: nodecompat.Builtins(on), Install: []testworker.Install{all.Install, host, nodecompat.Install},
			}, func(err error) { t.Error(err) })
			has := func(js *jsg.Scope, module, function string, args ...jsg.Value) string {
				ns, err := isolate.Of(js).Import(js, module)
				if err != nil {
					return none
				}
				if _, err := js.Invoke(ns, function, args...); err != nil {
					if want := "Error: [unenv] " + module[len("node:"):] + "." + function + " is not implemented yet!"; err.Error() != want {
						t.Errorf("%v %v: %s throws %q, not %q", c.date, c.flags, module, err, want)
					}
					return throws
				}
				return complete
			}
			if err := iso.Do(func(js *jsg.Scope) {
				if got := has(js, "node:path", "join", js.String("a")); got != c.path {
					t.Errorf("%v %v: node:path: %s, want %s", c.date, c.flags, got, c.path)
				}
				if got := has(js, "node:os", "type"); got != c.os {
					t.Errorf("%v %v: node:os: %s, want %s", c.date, c.flags, got, c.os)
				}
				if got := has(js, "node:async_hooks", "createHook") != none; got != c.hooks {
					t.Errorf("%v %v: node:async_hooks: %v", c.date, c.flags, got)
				}
				v, err := js.Run(jsg.MustCompile("globals.js", `[typeof Buffer, typeof process, typeof setImmediate].join()`))
				if err != nil {
					t.Fatal(err)
				}
				want := "undefined,undefined,undefined"
				if c.globals {
					want = "function,object,function"
				}
				if v.String() != want {
					t.Errorf("%v %v: globals %s, want %s", c.date, c.flags, v, want)
				}
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestHint(t *testing.T) {
	for specifier, flag := range map[string]string{"node:os": "enable_nodejs_os_module", "node:fs": "enable_nodejs_fs_module", "node:path": "", "node:nothing": "", "os": ""} {
		if got := nodecompat.Hint(specifier); flag == "" && got != "" || !strings.Contains(got, flag) {
			t.Errorf("%s: %q, want %q in it", specifier, got, flag)
		}
	}
}

// TestEveryModule evaluates each module by itself, first of all.
func TestEveryModule(t *testing.T) {
	if !slices.IsSorted(nodecompat.Modules()) {
		t.Error("the modules are not sorted")
	}
	for _, name := range nodecompat.Modules() {
		t.Run(name, func(t *testing.T) {
			iso := testworker.New(t, options(t), func(err error) { t.Error(err) })
			if err := iso.Do(func(js *jsg.Scope) {
				ns, err := isolate.Of(js).Import(js, "node:"+name)
				if err != nil {
					t.Error(err)
				} else if len(ns.Keys()) < 2 && name != "_stream_wrap" {
					t.Errorf("it exports only %v", ns.Keys())
				}
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}
