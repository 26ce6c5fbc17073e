package streams_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// event is an isolate with one event under way.
type event struct {
	testing.TB
	iso *isolate.Isolate
	io  *iocontext.Context
}

func newEvent(t testing.TB) *event {
	iso := testworker.New(t, testworker.Options{Install: []testworker.Install{installEvents, streams.Install, installHelpers}},
		func(err error) { t.Errorf("uncaught: %v", err) })
	return &event{t, iso, iocontext.New(iso, context.Background(), iocontext.Info{})}
}

// turn runs f as a turn of the event and waits for it.
func (e *event) turn(f func(js *jsg.Scope)) {
	e.Helper()
	done := make(chan struct{})
	if !e.io.Post(&iocontext.Frame{IO: e.io}, func(js *jsg.Scope) { f(js); close(done) }) {
		e.Fatal("the isolate is gone")
	}
	<-done
	e.iso.Do(func(*jsg.Scope) {}) // its microtasks
}

// eval evaluates a script that gives a stream, and takes the stream's bytes.
func (e *event) take(source string) wire.Body {
	e.Helper()
	var b wire.Body
	e.turn(func(js *jsg.Scope) {
		v, err := js.Run(jsg.MustCompile("test.js", source))
		if err != nil {
			e.Error(err)
			return
		}
		s, ok := streams.From(v)
		if !ok {
			e.Errorf("%s is no stream", source)
			return
		}
		if b, err = s.TakeBody(js); err != nil {
			e.Error(err)
		}
	})
	if b == nil {
		e.FailNow()
	}
	return b
}

func (e *event) eval(source string) (out string) {
	e.turn(func(js *jsg.Scope) {
		v, err := js.Run(jsg.MustCompile("test.js", source))
		if err != nil {
			out = err.Error()
			return
		}
		out = v.String()
	})
	return out
}

// end ends the event as the server does.
func (e *event) end() { e.turn(func(js *jsg.Scope) { e.io.Release() }) }

// offLoop is a body that fails when it is read on an isolate's goroutine.
type offLoop struct {
	io.Reader
	closed atomic.Bool
	length int64
}

func (b *offLoop) Len() int64 { return b.length }

func (b *offLoop) Read(p []byte) (int, error) {
	stack := make([]byte, 16<<10)
	if strings.Contains(string(stack[:runtime.Stack(stack, false)]), "(*Loop).Run") {
		return 0, errors.New("read on the loop")
	}
	return b.Reader.Read(p)
}

func (b *offLoop) Close() error { b.closed.Store(true); return nil }

// from makes streams of b available to scripts as source().
func (e *event) from(b wire.Body) {
	e.turn(func(js *jsg.Scope) {
		js.DefineHidden(js.Global(), "source", js.Func("source", 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
			return streams.FromBody(js, b).Wrap(js), nil
		}))
	})
}

func TestTakeBodyGivesTheSameBody(t *testing.T) {
	e := newEvent(t)
	b := &offLoop{Reader: strings.NewReader("x"), length: 1}
	e.from(b)
	if got := e.take(`source()`); got != wire.Body(b) {
		t.Fatalf("got %T", got)
	}
	e.end()
}

func TestHostBytesStayOffTheLoop(t *testing.T) {
	tests := []struct {
		source string
		length int64
		want   string
	}{
		{`source().pipeThrough(new IdentityTransformStream())`, -1, "hello"},
		{`source().pipeThrough(new FixedLengthStream(5))`, 5, "hello"},
		{`source().pipeThrough(new CompressionStream("gzip")).pipeThrough(new DecompressionStream("gzip"))`, -1, "hello"},
		{`source().tee()[0]`, 5, "hello"},
		{`let t = new IdentityTransformStream(); source().pipeTo(t.writable); t.readable`, -1, "hello"},
		{`let t = new IdentityTransformStream(); source().pipeThrough(t).pipeThrough(new FixedLengthStream(5))`, 5, "hello"},
	}
	for _, tt := range tests {
		e := newEvent(t)
		e.from(&offLoop{Reader: strings.NewReader("hello"), length: 5})
		b := e.take(tt.source)
		if b.Len() != tt.length {
			t.Errorf("%s: Len %d, want %d", tt.source, b.Len(), tt.length)
		}
		if got, err := io.ReadAll(b); err != nil || string(got) != tt.want {
			t.Errorf("%s: %q, %v", tt.source, got, err)
		}
		b.Close()
		e.end()
	}
}

func TestReadAllStaysOffTheLoop(t *testing.T) {
	for _, source := range []string{`source()`, `source().pipeThrough(new CompressionStream("gzip")).pipeThrough(new DecompressionStream("gzip"))`} {
		e := newEvent(t)
		e.from(&offLoop{Reader: strings.NewReader("hello"), length: 5})
		if got := e.wait(`text(` + source + `)`); got != "hello" {
			t.Errorf("%s: %s", source, got)
		}
		e.end()
	}
}

// wait evaluates a script and waits for the promise it gives.
func (e *event) wait(source string) string {
	out := make(chan string, 1)
	e.turn(func(js *jsg.Scope) {
		v, err := js.Run(jsg.MustCompile("test.js", source))
		if err != nil {
			out <- err.Error()
			return
		}
		e.io.Await(js, v, func(js *jsg.Scope, v jsg.Value, err error) {
			if err != nil {
				out <- err.Error()
				return
			}
			out <- v.String()
		})
	})
	return <-out
}

func TestBodiesAreClosed(t *testing.T) {
	for _, script := range []string{
		`(async () => { const r = source().getReader(); while (!(await r.read()).done); })()`,
		`text(source())`,
		`source().cancel()`,
		`source().pipeTo(hostSink())`,
		`source().pipeTo(failingSink("no")).catch(() => {})`,
		`text(source().pipeThrough(new IdentityTransformStream()))`,
		`text(source().pipeThrough(new TransformStream()))`,
		`source().pipeThrough(new TransformStream()).cancel()`,
		`source().pipeThrough(new CompressionStream("gzip")).cancel()`,
		`(async () => { const [a, b] = source().tee(); await a.cancel(); await text(b); })()`,
		`(async () => { const it = source().values(); await it.next(); await it.return(); })()`,
	} {
		e := newEvent(t)
		b := &offLoop{Reader: strings.NewReader("hello"), length: 5}
		e.from(b)
		e.wait(script)
		if !b.closed.Load() {
			t.Errorf("%s leaves the body open", script)
		}
		e.end()
	}
}

func TestTakeBodyOfScriptStreams(t *testing.T) {
	const bytesOf = `const bytes = (s) => Uint8Array.from([...s], (c) => c.charCodeAt(0));`
	tests := []struct{ name, source, want, err string }{
		{"queued", `new ReadableStream({ start(c) { c.enqueue(bytes("ab")); c.enqueue(bytes("c")); c.close(); } })`, "abc", ""},
		{"pulled", `let n = 0; new ReadableStream({ async pull(c) { await sleep(); n++ < 3 ? c.enqueue(bytes("x" + n)) : c.close(); } })`, "x1x2x3", ""},
		{"byte stream", `new ReadableStream({ type: "bytes", start(c) { c.enqueue(bytes("ab")); c.close(); } })`, "ab", ""},
		{"empty chunks", `new ReadableStream({ start(c) { c.enqueue(new Uint8Array(0)); c.enqueue(bytes("c")); c.close(); } })`, "c", ""},
		{"transform", `slowBody("hello").pipeThrough(new TransformStream())`, "hello", ""},
		{"failing", `let n = 0; new ReadableStream({ pull(c) { if (n++) throw new RangeError("mine"); c.enqueue(bytes("a")); } })`, "a", "RangeError: mine"},
		{"text", `new ReadableStream({ start(c) { c.enqueue("ab"); c.close(); } })`, "ab", ""},
		{"written later", `const t = new IdentityTransformStream(); (async () => { const w = t.writable.getWriter(); for (const s of ["a", "bc", "d"]) { await w.write(bytes(s)); await sleep(); } await w.close(); })(); t.readable`, "abcd", ""},
		{"too few", `const t = new FixedLengthStream(3); (async () => { const w = t.writable.getWriter(); await w.write(bytes("a")); await w.close(); })(); t.readable`, "a", "TypeError: FixedLengthStream did not see all expected bytes before close()."},
		{"compressed by script", `const t = new CompressionStream("gzip"); (async () => { const w = t.writable.getWriter(); await w.write(bytes("abc")); await w.close(); })(); t.readable.pipeThrough(new DecompressionStream("gzip"))`, "abc", ""},
		{"host, then script", `const t = new IdentityTransformStream(); (async () => { await slowBody("ab").pipeTo(t.writable, { preventClose: true }); const w = t.writable.getWriter(); await w.write(bytes("c")); await w.close(); })(); t.readable`, "abc", ""},
		{"aborted", `const t = new IdentityTransformStream(); t.writable.abort(new Error("gone")); t.readable.getReader().closed.catch(() => {}); new ReadableStream({ pull() { throw new Error("gone") } })`, "", "Error: gone"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := newEvent(t)
			b := e.take(bytesOf + tt.source)
			e.end() // the body keeps the event alive until it is read
			got, err := io.ReadAll(iotestSmall{b})
			if string(got) != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if text := fmt.Sprint(err); err != nil && text != tt.err || err == nil && tt.err != "" {
				t.Errorf("got error %v, want %q", err, tt.err)
			}
			b.Close()
			<-e.io.Context().Done()
		})
	}
}

// iotestSmall reads a few bytes at a time.
type iotestSmall struct{ io.Reader }

func (r iotestSmall) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(len(p), 2)]) }

func TestTakenBodyPullsOneChunkPerRead(t *testing.T) {
	e := newEvent(t)
	b := e.take(`var pulls = 0; new ReadableStream({ pull(c) { pulls++; c.enqueue(new Uint8Array(10)); } }, { highWaterMark: 0 })`)
	if got := e.eval(`pulls`); got != "0" {
		t.Fatalf("%s pulls before anybody reads", got)
	}
	for want := 1; want <= 3; want++ {
		if _, err := io.ReadFull(b, make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		if got := e.eval(`pulls`); got != fmt.Sprint(want) {
			t.Fatalf("%s pulls after %d reads", got, want)
		}
	}
	b.Close()
	e.end()
}

func TestClosingATakenBodyCancels(t *testing.T) {
	tests := []struct{ name, source, check, want string }{
		{"script", `var why; new ReadableStream({ pull() {}, cancel(r) { why = r; } })`, `String(why)`, "Error: client left"},
		{"channel", `var why; const t = new IdentityTransformStream(); t.writable.getWriter().closed.catch((e) => { why = e; }); t.readable`, `String(why)`, "Error: client left"},
		{"host", `var why; const t = new IdentityTransformStream(); endlessBody().pipeTo(t.writable).catch((e) => { why = e; }); t.readable`, `String(why)`, "Error: client left"},
		{"transform", `var why; const t = new TransformStream(); t.writable.getWriter().closed.catch((e) => { why = e; }); t.readable`, `String(why)`, "Error: client left"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := newEvent(t)
			b := e.take(tt.source)
			read := make(chan error, 1)
			go func() {
				var err error
				for p := make([]byte, 10); err == nil; {
					_, err = b.Read(p)
				}
				read <- err
			}()
			b.(wire.Canceler).Cancel(jsg.Errorf("client left"))
			if err := <-read; err == nil || err == io.EOF {
				t.Errorf("a read under way ended in %v", err)
			}
			e.iso.Do(func(*jsg.Scope) {})
			if got := e.eval(tt.check); got != tt.want {
				t.Errorf("the producer saw %s, want %s", got, tt.want)
			}
			b.Close()
			e.end()
			<-e.io.Context().Done()
		})
	}
}

func TestReadsEndWithTheIsolate(t *testing.T) {
	e := newEvent(t)
	for _, source := range []string{`new ReadableStream()`, `new IdentityTransformStream().readable`} {
		b := e.take(source)
		read := make(chan error, 1)
		go func() {
			_, err := b.Read(make([]byte, 1))
			read <- err
		}()
		defer func() {
			if err := <-read; !errors.Is(err, isolate.ErrDisposed) {
				t.Errorf("%s: %v", source, err)
			}
		}()
	}
	e.iso.Dispose()
}

func TestDeadlockIsFound(t *testing.T) {
	for _, source := range []string{
		`new IdentityTransformStream().readable.getReader().read()`,
		`text(new ReadableStream())`,
		`text(new CompressionStream("gzip").readable)`,
		`slowBody("x").pipeTo(new IdentityTransformStream().writable)`,
		`new IdentityTransformStream().writable.getWriter().write(new Uint8Array(1))`,
	} {
		e := newEvent(t)
		if got := e.wait(source); got != iocontext.ErrHung.Error() {
			t.Errorf("%s: %s", source, got)
		}
		e.end()
	}
}

func TestScriptAndHostTogetherAreNoDeadlock(t *testing.T) {
	e := newEvent(t)
	b := e.take(`var t = new IdentityTransformStream(); t.readable`)
	go io.Copy(io.Discard, b)
	if got := e.wait(`(async () => { const w = t.writable.getWriter(); await w.write(new Uint8Array(5)); await w.write(new Uint8Array(5)); await w.close(); return "written" })()`); got != "written" {
		t.Error(got)
	}
	e.end()
	<-e.io.Context().Done()
}

func TestPumpingUsesFlatMemory(t *testing.T) {
	const total = 100 << 20
	e := newEvent(t)
	e.from(wire.NewBody(io.NopCloser(io.LimitReader(zeros{}, total)), total))
	b := e.take(`source().pipeThrough(new TransformStream({ transform(c, k) { k.enqueue(c); } }))`)
	var before, peak runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	p := make([]byte, chunk)
	var n int64
	for i := 0; ; i++ {
		k, err := b.Read(p)
		n += int64(k)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if i%400 == 399 {
			runtime.GC()
			runtime.ReadMemStats(&peak)
			if grown := int64(peak.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
				t.Fatalf("heap grew by %d MB after %d MB", grown>>20, n>>20)
			}
		}
	}
	if n != total {
		t.Fatalf("%d of %d bytes", n, total)
	}
	b.Close()
	e.end()
}

const chunk = 64 << 10

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestTeeKeepsSidesApart(t *testing.T) {
	e := newEvent(t)
	e.from(&offLoop{Reader: bytes.NewReader(bytes.Repeat([]byte("ab"), 100_000)), length: 200_000})
	var x, y wire.Body
	e.turn(func(js *jsg.Scope) {
		v, _ := js.Run(jsg.MustCompile("t", `source()`))
		s, _ := streams.From(v)
		a, b, err := s.Tee(js)
		if err != nil {
			t.Error(err)
			return
		}
		x, _ = a.TakeBody(js)
		y, _ = b.TakeBody(js)
	})
	sums := make(chan int, 2)
	for _, b := range []wire.Body{x, y} {
		go func() {
			data, err := io.ReadAll(b)
			if err != nil {
				t.Error(err)
			}
			b.Close()
			sums <- len(data)
		}()
	}
	if a, b := <-sums, <-sums; a != 200_000 || b != 200_000 {
		t.Errorf("%d and %d bytes", a, b)
	}
	e.end()
}
