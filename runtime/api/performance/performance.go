// Package performance emulates the performance and navigator objects.
// performance.now counts from 1970, as in Workers, where timeOrigin is 0; it has
// the resolution of the isolate's clock. Workers freeze it during execution in
// production, wrangler dev does not, and neither does this. Observers are never
// told of anything, nor are there entries for what was fetched.
//
// Where the truth is: https://www.w3.org/TR/hr-time-3/,
// https://www.w3.org/TR/user-timing/ and
// https://developers.cloudflare.com/workers/runtime-apis/performance/.
package performance

import (
	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Flag makes the classes of this package globals and performance keep entries.
const Flag = "enable_global_performance_classes"

type performance struct {
	events.Target
	entries []*entry
}

type navigator struct{}

// Globals are the classes of this package; all but Navigator need Flag.
func Globals() []jsg.AnyClass {
	return []jsg.AnyClass{navigatorClass, fullClass, entryClass, markClass, measureClass, resourceClass, observerClass, entryListClass}
}

// Install defines performance and navigator.
func Install(js *jsg.Scope) {
	class := performanceClass
	if js.Flag(Flag) {
		class = fullClass
	}
	js.Define(js.Global(), "performance", class.Wrap(js, &performance{}))
	js.Define(js.Global(), "navigator", navigatorClass.Wrap(js, &navigator{}))
}

func now(js *jsg.Scope) float64 { return float64(isolate.Of(js).Now().UnixNano()) / 1e6 }

// basic are the members there are without Flag.
var basic = jsg.Members[performance]{
	jsg.Getter("timeOrigin", func(_ *performance, js *jsg.Scope) (jsg.Value, error) { return js.Int(0), nil }),
	jsg.Method("now", 0, func(_ *performance, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return js.Float(now(js)), nil }),
}

var performanceClass = &jsg.Class[performance]{Name: "Performance", Members: basic}

var navigatorClass = &jsg.Class[navigator]{
	Name: "Navigator",
	Members: jsg.Members[navigator]{
		jsg.Own("userAgent", func(_ *navigator, js *jsg.Scope) jsg.Value { return js.String("Cloudflare-Workers") }),
		jsg.Own("hardwareConcurrency", func(_ *navigator, js *jsg.Scope) jsg.Value { return js.Int(1) }),
		jsg.Own("language", func(_ *navigator, js *jsg.Scope) jsg.Value { return js.String("en") }).Since("enable_navigator_language"),
		jsg.Own("languages", func(_ *navigator, js *jsg.Scope) jsg.Value { return js.NewArray(js.String("en")) }).Since("enable_navigator_language"),
		jsg.Method("sendBeacon", 1, func(_ *navigator, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return fetch.Beacon(js, a) }),
		jsg.Own("platform", func(_ *navigator, js *jsg.Scope) jsg.Value { return js.String("") }),
	},
}
