package iocontext

import (
	"context"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Invocations is the count of invocations that those made from here share.
func (c *Context) Invocations() *wire.Calls {
	if c.Calls == nil {
		c.Calls = new(wire.Calls)
	}
	return c.Calls
}

// DefaultSubrequests is how many subrequests an event may make where the
// configuration sets no limit: that of the paid plan.
const DefaultSubrequests = 10_000

var subrequestLimits = jsg.NewLocal[int64]()

// LimitSubrequests sets the limit of an isolate's events; 0 is the default.
func LimitSubrequests(js *jsg.Scope, n int) { subrequestLimits.Set(js, int64(n)) }

// Subrequest counts a request to another service, a fetch and each of its
// redirects as well as a call of a storage binding. From the limit on each
// fails. The returned function counts further ones, from any goroutine.
func (c *Context) Subrequest(js *jsg.Scope) (more func() error, err error) {
	limit := subrequestLimits.Get(js)
	if limit == 0 {
		limit = DefaultSubrequests
	}
	more = func() error {
		if c.subrequests.Add(1) > limit {
			return jsg.Errorf("Too many subrequests by single Worker invocation. To configure this limit, refer to https://developers.cloudflare.com/workers/wrangler/configuration/#limits")
		}
		return nil
	}
	return more, more()
}

// NewEvent begins the count of subrequests anew, for contexts that outlive an
// event as those of Durable Objects do.
func (c *Context) NewEvent(info Info) {
	c.Info = info
	c.subrequests.Store(0)
}

var outbounds = jsg.NewLocal[wire.Fetcher]()

// SetOutbound says where the global fetch of an isolate goes.
func SetOutbound(js *jsg.Scope, f wire.Fetcher) { outbounds.Set(js, f) }

// Outbound is where the global fetch goes.
func Outbound(js *jsg.Scope) wire.Fetcher {
	if f := outbounds.Get(js); f != nil {
		return f
	}
	return wire.FetcherFunc(func(context.Context, *wire.Request) (*wire.Response, error) {
		return nil, jsg.Errorf("This worker has no access to the network.")
	})
}
