// Package blobs gives service-worker scripts the files of text_blobs (strings),
// data_blobs (ArrayBuffers) and wasm_modules (WebAssembly.Modules).
package blobs

import (
	"fmt"
	"os"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/api/wasm"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is text and data blobs and WebAssembly modules.
var Kind = bindings.Kind{Name: "blobs", Bind: bind}

func bind(cfg *config.Config, b *bindings.Builder) error {
	file := func(f config.FileBinding, value func(js *jsg.Scope, data []byte) (jsg.Value, error)) {
		data, err := os.ReadFile(f.Path)
		if err != nil {
			b.Report(diag.Diagnostic{Severity: diag.Error, Code: "missing_file", Pos: f.Pos,
				Message: fmt.Sprintf("The file of the binding %s cannot be read: %v", f.Name, err), Hint: "correct the path; it is relative to the configuration file"})
			return
		}
		b.Env(f.Name, func(js *jsg.Scope) (jsg.Value, error) { return value(js, data) })
	}
	for _, f := range cfg.TextBlobs {
		file(f, func(js *jsg.Scope, data []byte) (jsg.Value, error) { return js.String(string(data)), nil })
	}
	for _, f := range cfg.DataBlobs {
		file(f, func(js *jsg.Scope, data []byte) (jsg.Value, error) {
			return js.NewArrayBuffer(append([]byte(nil), data...)), nil
		})
	}
	for _, f := range cfg.WasmModules {
		file(f, func(js *jsg.Scope, data []byte) (jsg.Value, error) { return wasm.NewModule(js, f.Name, data) })
	}
	return nil
}
