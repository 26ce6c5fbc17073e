// Package library is Vitest's published code as one script: its test functions,
// matchers, mocks, fake timers, snapshots and the runner that collects and runs
// tests, built from the packages that package-lock.json pins and embedded.
// LICENSES.txt holds their licences.
//
// To build it again: npm ci, then go run build.go; the result is the same for
// the same lock file. src/ holds what stands in for the parts of Vitest that
// need Node, and the glue to the host.
//
// Where the truth is: https://vitest.dev/api/ and the packages themselves.
package library

import (
	_ "embed"
	"sync"

	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

//go:embed vitest.js
var source string

// scriptName marks frames of the library as not the user's.
const scriptName = "miniworker:vitest"

var program = sync.OnceValues(func() (*jsg.Program, error) { return jsg.Compile(scriptName, source) })

// Script is the library, compiled on first use and once per process.
func Script() (*isolate.Script, error) {
	p, err := program()
	if err != nil {
		return nil, err
	}
	return &isolate.Script{Program: p, URL: "file:///vitest.js"}, nil
}
