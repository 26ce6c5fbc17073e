package streams_test

import (
	"io"
	"testing"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// benchTake measures reading a stream that scripts made of source(), an n-byte
// host body.
func benchTake(b *testing.B, script string) {
	const n = 16 << 20
	e := newEvent(b)
	b.SetBytes(n)
	b.ReportAllocs()
	p := make([]byte, chunk)
	for range b.N {
		e.from(wire.NewBody(io.NopCloser(io.LimitReader(zeros{}, n)), n))
		body := e.take(script)
		total := 0
		for {
			k, err := body.Read(p)
			total += k
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		body.Close()
		if total != n {
			b.Fatalf("%d bytes", total)
		}
	}
	e.end()
}

func BenchmarkPassthrough(b *testing.B) { benchTake(b, `source()`) }

func BenchmarkIdentity(b *testing.B) {
	benchTake(b, `source().pipeThrough(new IdentityTransformStream())`)
}

func BenchmarkTransformStream(b *testing.B) {
	benchTake(b, `source().pipeThrough(new TransformStream({ transform(c, k) { k.enqueue(c); } }))`)
}

// BenchmarkSmallChunks is the cost of a chunk, not of its bytes.
func BenchmarkSmallChunks(b *testing.B) {
	e := newEvent(b)
	b.ReportAllocs()
	e.turn(func(js *jsg.Scope) { js.Define(js.Global(), "N", js.Int(int64(b.N))) })
	got := e.wait(`(async () => {
		let n = 0;
		const chunk = new Uint8Array(1);
		const s = new ReadableStream({ pull(c) { n++ < N ? c.enqueue(chunk) : c.close(); } });
		const r = s.pipeThrough(new TransformStream({ transform(c, k) { k.enqueue(c); } })).getReader();
		while (!(await r.read()).done);
		return "ok";
	})()`)
	if got != "ok" {
		b.Fatal(got)
	}
	e.end()
}

func BenchmarkConstructAndRead(b *testing.B) {
	e := newEvent(b)
	b.ReportAllocs()
	e.turn(func(js *jsg.Scope) { js.Define(js.Global(), "N", js.Int(int64(b.N))) })
	got := e.wait(`(async () => {
		for (let i = 0; i < N; i++) {
			const r = new ReadableStream({ start(c) { c.enqueue(i); c.close(); } }).getReader();
			await r.read();
			await r.read();
		}
		return "ok";
	})()`)
	if got != "ok" {
		b.Fatal(got)
	}
	e.end()
}
