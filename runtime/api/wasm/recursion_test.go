package wasm

import (
	"testing"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// TestRecursionThroughBothEnds checks that JavaScript and WebAssembly calling
// each other for ever end as any recursion does, not with the process.
func TestRecursionThroughBothEnds(t *testing.T) {
	iso := realm(t)
	run(t, iso, func(js *jsg.Scope) error {
		v, err := js.Run(jsg.MustCompile("recursion.js", `{
			let depth = 0;
			const i = new WebAssembly.Instance(probe, {env: {...env, log() { depth++; i.exports.callLog(1); }}});
			let name; try { i.exports.callLog(1); } catch (e) { name = e.name; }
			name + " " + (depth > 50); }`))
		if err != nil {
			return err
		}
		if v.String() != "RangeError true" {
			t.Errorf("it ended with %s", v)
		}
		return nil
	})
}
