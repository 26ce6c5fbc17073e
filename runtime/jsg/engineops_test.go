package jsg_test

import (
	"testing"

	"github.com/miniworker/miniworker/runtime/jsg"
)

func BenchmarkOperators(b *testing.B) {
	for name, code := range map[string]string{
		"sum":     `(n) => { let s = 0; for (let i = 0; i < n; i++) s = s + i; return s }`,
		"double":  `(n) => { let s = 0.5; for (let i = 0; i < n; i++) s = s + 1.25; return s }`,
		"hash":    `(n) => { let h = 5381; for (let i = 0; i < n; i++) h = ((h << 5) ^ (h >>> 27) ^ i) & 0x7fffffff; return h }`,
		"text":    `(n) => { let s = ""; for (let i = 0; i < n; i++) { s = s + "ab"; if (s.length > 50) s = "" } return s }`,
		"append":  `(n) => { let s = ""; for (let i = 0; i < n; i++) { s += "piece"; if (s.length > 1e6) s = "" } return s }`,
		"await":   `async (n) => { let s = 0; for (let i = 0; i < n; i++) s += await i; return s }`,
		"async":   `(n) => { const f = async (x) => x; for (let i = 0; i < n; i++) f(i) }`,
		"then":    `(n) => { const p = Promise.resolve(1); for (let i = 0; i < n; i++) p.then((x) => x) }`,
		"iterate": `(n) => { const a = Array(100).fill(1); let s = 0; for (let i = 0; i < n; i += 100) for (const x of a) s += x; return s }`,
		"spread":  `(n) => { const o = { a: 1, b: 2, c: 3 }, a = [1, 2]; let s = 0; for (let i = 0; i < n; i++) s += { ...o, d: i }.d + Math.max(...a); return s }`,
		"applied": `(n) => { function f(a) { return a } let s = 0; for (let i = 0; i < n; i++) s += f.call(null, i); return s }`,
		"store":   `(n) => { const a = new Uint32Array(64); for (let i = 0; i < n; i++) a[i & 63] = i; return a[3] }`,
		"load":    `(n) => { const a = new Float64Array(64); let s = 0; for (let i = 0; i < n; i++) s = a[i & 63]; return s }`,
		"call":    `(n) => { const f = (x) => x; let s; for (let i = 0; i < n; i++) s = f(i); return s }`,
	} {
		b.Run(name, func(b *testing.B) {
			js := jsg.New(jsg.Options{})
			f, err := js.Run(jsg.MustCompile("bench.js", code))
			if err != nil {
				b.Fatal(err)
			}
			if err := js.Enter(nil, func() {
				if _, err := js.Call(f, jsg.Undefined, js.Int(int64(b.N))); err != nil {
					b.Error(err)
				}
			}); err != nil {
				b.Fatal(err)
			}
		})
	}
}
