package events

import (
	"testing"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

func eval(t *testing.T, source string) (got string) {
	t.Helper()
	iso := isolate.New(isolate.Options{Install: []func(*jsg.Scope){iocontext.Install, func(js *jsg.Scope) {
		for _, c := range Globals() {
			js.DefineHidden(js.Global(), c.ClassName(), c.Constructor(js))
		}
		Install(js)
	}}, Uncaught: func(js *jsg.Scope, frame any, err error) {
		js.Global().Set("uncaught", err.Error())
	}})
	defer func() { iso.Dispose(); <-iso.Done() }()
	err := iso.Do(func(js *jsg.Scope) {
		v, err := js.Run(jsg.MustCompile("test.js", source))
		if err != nil {
			got = err.Error()
			return
		}
		got = v.String()
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestEvents(t *testing.T) {
	tests := []struct{ source, want string }{
		{`let t = new EventTarget(), log = []; let f = e => log.push(e.type + (e.target === t) + e.eventPhase); t.addEventListener("x", f); t.addEventListener("x", f); t.dispatchEvent(new Event("x")); t.removeEventListener("x", f); t.dispatchEvent(new Event("x")); log.join()`, "xtrue2"},
		{`let t = new EventTarget(), n = 0; t.addEventListener("x", () => n++, {once: true}); t.dispatchEvent(new Event("x")); t.dispatchEvent(new Event("x")); n`, "1"},
		{`let t = new EventTarget(), n = 0; t.addEventListener("x", {handleEvent() { n = this.k }, k: 7}); t.dispatchEvent(new Event("x")); n`, "7"},
		{`let t = new EventTarget(), log = ""; t.addEventListener("x", e => { log += 1; e.stopImmediatePropagation() }); t.addEventListener("x", () => log += 2); t.dispatchEvent(new Event("x")); log`, "1"},
		{`let t = new EventTarget(); t.addEventListener("x", e => e.preventDefault()); [t.dispatchEvent(new Event("x")), t.dispatchEvent(new Event("x", {cancelable: true}))].join()`, "false,false"},
		{`class T extends EventTarget { go() { this.dispatchEvent(new CustomEvent("c", {detail: 5})) } }; let t = new T, d; t.addEventListener("c", e => d = e.detail); t.go(); d`, "5"},
		{`let t = new EventTarget(); try { t.dispatchEvent({}) } catch (e) { e.constructor.name }`, "TypeError"},
		{`let c = new AbortController(), n = []; c.signal.onabort = () => n.push("on"); c.signal.addEventListener("abort", e => n.push(e.target === c.signal)); c.abort("why"); c.abort("again"); [n, c.signal.aborted, c.signal.reason].join()`, "on,true,true,why"},
		{`let c = new AbortController(); c.abort(); [c.signal.reason.name, c.signal.reason instanceof DOMException].join()`, "AbortError,true"},
		{`try { AbortSignal.abort("r").throwIfAborted() } catch (e) { "threw " + e }`, "threw r"},
		{`let a = new AbortController(), b = new AbortController(); let s = AbortSignal.any([a.signal, AbortSignal.any([b.signal])]); b.abort(1); [s.aborted, s.reason].join()`, "true,1"},
		{`let c = new AbortController(), t = new EventTarget(), n = 0; t.addEventListener("x", () => n++, {signal: c.signal}); c.abort(); t.dispatchEvent(new Event("x")); n`, "0"},
		{`try { new AbortSignal } catch (e) { e.message }`, "Illegal constructor"},
		{`AbortSignal.timeout(1)`, "Error: Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or connect()), setting a timeout, and generating random values are not allowed within global scope. To fix this error, perform this operation within a handler. https://developers.cloudflare.com/workers/runtime-apis/handlers/"},
		{`let n = 0; addEventListener("hi", () => n++); dispatchEvent(new Event("hi")); n`, "1"},
		{`let e = new MessageEvent("m", {data: 3}), c = new CloseEvent("c", {code: 1000, wasClean: true}), r = new ErrorEvent("e", {message: "bad"}); [e.data, c.code, c.wasClean, r.message, e instanceof Event].join()`, "3,1000,true,bad,true"},
	}
	for _, tt := range tests {
		src := tt.source
		if got := eval(t, "globalThis.DOMException = Object.getPrototypeOf(AbortSignal.abort().reason).constructor;"+src); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.source, got, tt.want)
		}
	}
}
