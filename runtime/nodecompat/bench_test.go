package nodecompat_test

import (
	"context"
	"testing"

	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/compat"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/nodecompat"
)

// bench measures setup's result, a function, as JavaScript calls it.
func bench(b *testing.B, bytes int64, setup string) {
	program := jsg.MustCompile("bench.js", `(() => { const f = (() => {`+setup+`})(); return (n) => { for (let i = 0; i < n; i++) f(); }; })()`)
	iso := testworker.New(b, options(b), func(err error) { b.Error(err) })
	event := iocontext.New(iso, context.Background(), iocontext.Info{})
	frame := &iocontext.Frame{IO: event}
	turn := func(f func(js *jsg.Scope) error) {
		done := make(chan error, 1)
		iso.Post(frame, func(js *jsg.Scope) { done <- f(js) })
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	var loop jsg.Value
	turn(func(js *jsg.Scope) (err error) {
		loop, err = js.Run(program)
		return err
	})
	b.SetBytes(bytes)
	b.ReportAllocs()
	b.ResetTimer()
	turn(func(js *jsg.Scope) error {
		_, err := js.Call(loop, jsg.Undefined, js.Int(int64(b.N)))
		return err
	})
	b.StopTimer()
	turn(func(js *jsg.Scope) error { event.Release(); return nil })
}

func BenchmarkBufferFromBase64(b *testing.B) {
	bench(b, 4096, `const s = Buffer.alloc(4096, 7).toString("base64"); return () => Buffer.from(s, "base64");`)
}

func BenchmarkBufferToBase64(b *testing.B) {
	bench(b, 4096, `const x = Buffer.alloc(4096, 7); return () => x.toString("base64");`)
}

func BenchmarkBufferToHex(b *testing.B) {
	bench(b, 4096, `const x = Buffer.alloc(4096, 7); return () => x.toString("hex");`)
}

func BenchmarkBufferFromUTF8(b *testing.B) {
	bench(b, 4096, `const s = "grün".repeat(820); return () => Buffer.from(s);`)
}

func BenchmarkBufferToUTF8(b *testing.B) {
	bench(b, 4096, `const x = Buffer.from("grün".repeat(820)); return () => x.toString();`)
}

func BenchmarkBufferReadUInt32(b *testing.B) {
	bench(b, 4, `const x = Buffer.alloc(64, 7); return () => x.readUInt32BE(8);`)
}

func BenchmarkBufferConcat(b *testing.B) {
	bench(b, 2048, `const x = Buffer.alloc(1024); return () => Buffer.concat([x, x]);`)
}

func BenchmarkRandomBytes(b *testing.B) {
	bench(b, 32, `const c = process.getBuiltinModule("crypto"); return () => c.randomBytes(32);`)
}

func BenchmarkCreateHash(b *testing.B) {
	bench(b, 4096, `const c = process.getBuiltinModule("crypto"), x = Buffer.alloc(4096, 7); return () => c.createHash("sha256").update(x).digest("hex");`)
}

func BenchmarkHash(b *testing.B) {
	bench(b, 4096, `const c = process.getBuiltinModule("crypto"), x = Buffer.alloc(4096, 7); return () => c.hash("sha256", x);`)
}

func BenchmarkGzip(b *testing.B) {
	bench(b, 16384, `const z = process.getBuiltinModule("zlib"), x = Buffer.alloc(16384, "some text "); return () => z.gzipSync(x);`)
}

func BenchmarkGunzip(b *testing.B) {
	bench(b, 16384, `const z = process.getBuiltinModule("zlib"), x = z.gzipSync(Buffer.alloc(16384, "some text ")); return () => z.gunzipSync(x);`)
}

func BenchmarkEmit(b *testing.B) {
	bench(b, 0, `const E = process.getBuiltinModule("events"), e = new E(); e.on("x", () => {}); return () => e.emit("x", 1);`)
}

// BenchmarkImport is the first import of a module in a fresh isolate.
func BenchmarkImport(b *testing.B) {
	for _, name := range []string{"async_hooks", "buffer", "events", "util", "stream", "crypto", "http", "fs"} {
		b.Run(name, func(b *testing.B) {
			p := jsg.MustCompile("import.js", `process.getBuiltinModule("`+name+`")`)
			for b.Loop() {
				iso := testworker.New(b, options(b), func(err error) { b.Error(err) })
				if err := iso.Do(func(js *jsg.Scope) {
					if _, err := js.Run(p); err != nil {
						b.Error(err)
					}
				}); err != nil {
					b.Fatal(err)
				}
				iso.Dispose()
			}
		})
	}
}

// BenchmarkStart is what the globals cost an isolate that uses none of them.
func BenchmarkStart(b *testing.B) {
	for _, c := range []struct {
		name  string
		flags []string
	}{{"without", []string{"no_nodejs_compat"}}, {"with", nil}} {
		b.Run(c.name, func(b *testing.B) {
			on, _ := compat.Resolve("2026-08-04", c.flags)
			for b.Loop() {
				js := jsg.New(jsg.Options{Flag: on})
				nodecompat.Builtins(on)
				nodecompat.Install(js)
			}
		})
	}
}

func BenchmarkBufferNumbers(b *testing.B) {
	bench(b, 64, `const x = Buffer.alloc(64); return () => { for (let i = 0; i < 64; i += 4) x.writeUInt32BE(i, i); return x.readUInt32BE(40); };`)
}
