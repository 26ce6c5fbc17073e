// Package all is the one list of global classes and functions.
package all

import (
	"slices"

	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/api/cache"
	"github.com/miniworker/miniworker/runtime/api/console"
	"github.com/miniworker/miniworker/runtime/api/crypto"
	"github.com/miniworker/miniworker/runtime/api/encoding"
	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/api/eventsource"
	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/api/headers"
	"github.com/miniworker/miniworker/runtime/api/htmlrewriter"
	"github.com/miniworker/miniworker/runtime/api/messaging"
	"github.com/miniworker/miniworker/runtime/api/performance"
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/api/timers"
	"github.com/miniworker/miniworker/runtime/api/url"
	"github.com/miniworker/miniworker/runtime/api/wasm"
	"github.com/miniworker/miniworker/runtime/api/websocket"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/compat"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/polyfill"
)

// Classes are the global constructors.
func Classes() []jsg.AnyClass {
	return slices.Concat(
		[]jsg.AnyClass{jsg.DOMExceptionClass()},
		events.Globals(), url.Globals(), headers.Globals(), streams.Globals(), body.Globals(),
		encoding.Globals(), crypto.Globals(),
		fetch.Globals(), websocket.Globals(), performance.Globals(), messaging.Globals(),
		cache.Globals(), htmlrewriter.Globals(), eventsource.Globals(),
	)
}

// later are the flags of classes that were not always globals.
var later = map[string]string{
	"MessageChannel": "expose_global_message_channel", "MessagePort": "expose_global_message_channel",
	"Performance": performance.Flag, "PerformanceEntry": performance.Flag, "PerformanceMark": performance.Flag,
	"PerformanceMeasure": performance.Flag, "PerformanceObserver": performance.Flag,
	"PerformanceObserverEntryList": performance.Flag, "PerformanceResourceTiming": performance.Flag,
}

// functions define what is not a class: functions, objects, constants.
var functions = []func(js *jsg.Scope){
	installFlags, console.Install, timers.Install, performance.Install, fetch.Install, clone.Install,
	encoding.Install, crypto.Install, cache.Install, wasm.Install,
}

var flagsClass = &jsg.Class[struct{}]{Name: "Cloudflare"}

// installFlags defines Cloudflare.compatibilityFlags.
func installFlags(js *jsg.Scope) {
	js.DefineLazy(js.Global(), "Cloudflare", true, func(js *jsg.Scope) jsg.Value {
		flags := js.CreateObject(nil)
		for _, f := range compat.Flags() {
			js.Define(flags, f.On, js.Bool(js.Flag(f.On)))
		}
		o := flagsClass.Wrap(js, &struct{}{})
		js.DefineReadOnly(o, "compatibilityFlags", js.Freeze(flags))
		return o
	})
}

// Install defines all globals in a realm. Classes are made when first used.
func Install(js *jsg.Scope) {
	polyfill.Install(js) // first: others keep the constructors they find
	events.Install(js)   // says where the others go
	g := js.Global()
	for _, c := range Classes() {
		if flag := later[c.ClassName()]; flag != "" && !js.Flag(flag) {
			continue
		}
		js.DefineGlobalClass(events.Holder(js, c), c.ClassName(), c)
	}
	for _, f := range functions {
		f(js)
	}
	js.Define(g, "self", g)
	js.DefineReadOnly(g, "origin", js.String("null"))
}
