// Package performance emulates the performance and navigator objects.
// performance.now has the resolution of the isolate's clock; Workers freeze it
// during execution in production, wrangler dev does not, and neither does this.
//
// Where the truth is: https://www.w3.org/TR/hr-time-3/ and
// https://developers.cloudflare.com/workers/runtime-apis/performance/.
package performance

import (
	"runtime"
	"time"

	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

type performance struct {
	origin time.Time
}

type navigator struct{}

// Globals are the classes of this package.
func Globals() []jsg.AnyClass { return []jsg.AnyClass{navigatorClass} }

// Install defines performance and navigator.
func Install(js *jsg.Scope) {
	p := &performance{origin: isolate.Of(js).Clock().Now()}
	js.Define(js.Global(), "performance", performanceClass.Wrap(js, p))
	js.Define(js.Global(), "navigator", navigatorClass.Wrap(js, &navigator{}))
}

var performanceClass = &jsg.Class[performance]{
	Name: "Performance",
	Members: jsg.Members[performance]{
		jsg.Getter("timeOrigin", func(p *performance, js *jsg.Scope) (jsg.Value, error) {
			return js.Float(float64(p.origin.UnixNano()) / 1e6), nil
		}),
		jsg.Method("now", 0, func(p *performance, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return js.Float(float64(isolate.Of(js).Clock().Now().Sub(p.origin)) / 1e6), nil
		}),
	},
}

var navigatorClass = &jsg.Class[navigator]{
	Name: "Navigator",
	Members: jsg.Members[navigator]{
		jsg.Own("userAgent", func(_ *navigator, js *jsg.Scope) jsg.Value { return js.String("Cloudflare-Workers") }),
		jsg.Own("hardwareConcurrency", func(_ *navigator, js *jsg.Scope) jsg.Value { return js.Int(int64(runtime.NumCPU())) }),
		jsg.Own("language", func(_ *navigator, js *jsg.Scope) jsg.Value { return js.String("en") }).Since("enable_navigator_language"),
		jsg.Own("languages", func(_ *navigator, js *jsg.Scope) jsg.Value { return js.NewArray(js.String("en")) }).Since("enable_navigator_language"),
		jsg.Method("sendBeacon", 1, func(_ *navigator, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return fetch.Beacon(js, a) }),
		jsg.Own("platform", func(_ *navigator, js *jsg.Scope) jsg.Value { return js.String("") }),
	},
}
