// Package testworker runs behaviour files: JavaScript whose async functions are
// tests. Each top-level
//
//	async function nameOfTheTest() { assert(...) }
//
// (with or without export, but without parameters) is a subtest, run in an isolate of its own under an
// event context, so that I/O, hangs and unhandled rejections behave as they do
// in a worker. The file is plain script for the engine, not bundled: no import,
// no for await.
//
// Globals beside the installed ones:
//
//	assert(value, message?)             truthy
//	assert.equal(got, want, message?)   Object.is, or equal by structure
//	assert.throws(f, expected?)         f throws, or returns a promise that
//	                                    rejects; await it. expected is a class,
//	                                    or text that "Name: message" contains
//	assert.fail(message)
//	sleep()                             the next turn of the loop
//	log(...)                            the test's log
package testworker

import (
	"context"
	_ "embed"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

//go:embed assert.js
var assertSource string

var assertProgram = jsg.MustCompile("assert.js", assertSource)

// Install defines globals in a fresh isolate. iocontext.Install is always run
// first.
type Install = func(js *jsg.Scope)

// Options is what Run needs beyond the installs.
type Options struct {
	// Flag reports whether a compatibility flag is on; nil means all are.
	Flag func(string) bool
	// Builtins are the modules the runtime provides.
	Builtins map[string]func(js *jsg.Scope) (*jsg.Object, error)
	// Install defines the globals.
	Install []Install
	// Timeout bounds each test; 0 is ten seconds.
	Timeout time.Duration
}

// RunDir runs all *.js files of a folder.
func RunDir(t *testing.T, dir string, installs ...Install) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.js"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no *.js files in %s", dir)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".js"), func(t *testing.T) { RunFile(t, file, Options{Install: installs}) })
	}
}

// RunFile runs the tests of one file.
func RunFile(t *testing.T, file string, o Options) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	RunSource(t, file, string(source), o)
}

var testFunc = regexp.MustCompile(`(?m)^(?:export )?async function ([A-Za-z_$][\w$]*)\(\)`)
var exported = regexp.MustCompile(`(?m)^export `)

// RunSource runs the tests of one source text; name is for messages.
func RunSource(t *testing.T, name, source string, o Options) {
	t.Helper()
	// Blanks keep the columns of error positions.
	p, err := jsg.Compile(name, exported.ReplaceAllString(source, "       "))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	tests := testFunc.FindAllStringSubmatch(source, -1)
	if len(tests) == 0 {
		t.Fatalf("%s has no async functions", name)
	}
	for _, m := range tests {
		t.Run(m[1], func(t *testing.T) {
			if err := o.run(t, p, m[1]); err != nil {
				t.Error(err)
			}
		})
	}
}

func (o Options) run(t *testing.T, p *jsg.Program, test string) error {
	var uncaught []error
	iso := New(t, o, func(err error) { uncaught = append(uncaught, err) })
	done := make(chan error, 1)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	io := iocontext.New(iso, ctx, iocontext.Info{})
	io.Post(&iocontext.Frame{IO: io}, func(js *jsg.Scope) {
		_, err := js.Run(p)
		if err == nil {
			var f, v jsg.Value
			if f, err = js.Get(js.Global(), test); err == nil {
				if v, err = js.Call(f, jsg.Undefined); err == nil {
					io.Await(js, v, func(js *jsg.Scope, _ jsg.Value, err error) {
						done <- describe(err)
						io.Release()
					})
					return
				}
			}
		}
		done <- describe(err)
		io.Release()
	})
	timeout := o.Timeout
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	limit := time.NewTimer(timeout)
	defer limit.Stop()
	select {
	case err := <-done:
		iso.Do(func(*jsg.Scope) {}) // what the last turn left uncaught has been reported
		return errors.Join(append(uncaught, err)...)
	case <-limit.C:
		iso.Interrupt("test timed out")
		return errors.New("timed out after " + timeout.String())
	}
}

// New makes an isolate as the tests get it and disposes it with the test.
// uncaught is called on the isolate's goroutine.
func New(t testing.TB, o Options, uncaught func(err error)) *isolate.Isolate {
	if o.Flag == nil {
		o.Flag = func(string) bool { return true }
	}
	install := append([]Install{iocontext.Install, installAssert(t)}, o.Install...)
	iso := isolate.New(isolate.Options{
		Name: t.Name(), Flag: o.Flag, Install: install, Builtins: o.Builtins,
		Uncaught: func(js *jsg.Scope, frame any, err error) { uncaught(describe(err)) },
	})
	t.Cleanup(func() {
		iso.Dispose()
		<-iso.Done()
	})
	iso.Do(func(*jsg.Scope) {}) // globals are installed outside the time limit
	return iso
}

func installAssert(t testing.TB) Install {
	return func(js *jsg.Scope) {
		define := func(name string, f jsg.NativeFunc) { js.DefineHidden(js.Global(), name, js.Func(name, 0, f)) }
		define("log", func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
			parts := make([]string, a.Len())
			for i := range parts {
				parts[i] = a.String(i)
			}
			t.Log(strings.Join(parts, " "))
			return jsg.Undefined, a.Err()
		})
		define("sleep", func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
			c, err := iocontext.Require(js)
			if err != nil {
				return nil, err
			}
			r := js.NewPromise()
			c.Begin(js).Finish(func(js *jsg.Scope) { r.Resolve(jsg.Undefined) })
			return r.Promise(), nil
		})
		make, err := js.Run(assertProgram)
		if err == nil {
			js.DefineHidden(js.Global(), "assert", make)
		} else {
			t.Error(err)
		}
	}
}

// describe turns a thrown value into text with its stack, on the isolate's
// goroutine.
func describe(err error) error {
	var ex *jsg.Exception
	if !errors.As(err, &ex) {
		return err
	}
	text := ex.Error()
	if ex.Stack != "" && !strings.Contains(text, ex.Stack) {
		text += "\n" + ex.Stack
	}
	return errors.New(text)
}
