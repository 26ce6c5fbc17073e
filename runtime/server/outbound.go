package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Outbound is where the global fetch of a worker goes (section 7 of the routing
// notes): to another worker of the project where the platform would, else to
// the network.
type Outbound struct {
	Server *Server
	// Worker is the caller's name.
	Worker string
	// Public is the caller's global_fetch_strictly_public flag.
	Public bool
	// Network performs what leaves the project.
	Network wire.Fetcher
}

// Fetch implements wire.Fetcher.
func (o *Outbound) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	g := o.Server.Graph()
	u, err := url.Parse(req.URL)
	if err != nil || g == nil {
		return o.Network.Fetch(ctx, req)
	}
	d := g.Table.Subrequest(routing.Subrequest{
		Worker: o.Worker, Zone: req.Zone, StrictlyPublic: o.Public, Hops: req.Hops,
		Scheme: u.Scheme, TargetHost: strings.ToLower(u.Hostname()), PathAndQuery: u.RequestURI(),
	})
	switch d.Outcome {
	case routing.RunWorker:
		if f := g.Workers[d.Worker]; f != nil {
			req.Zone = d.Zone
			req.Hops++
			return f.Fetch(ctx, req)
		}
	case routing.PlatformError:
		closeBody(req)
		return errorResponse(d), nil
	}
	return o.Network.Fetch(ctx, req)
}

// errorResponse is what the caller of a refused fetch gets.
func errorResponse(d routing.Decision) *wire.Response {
	return &wire.Response{Status: d.Status, Header: http.Header{"Content-Type": {"text/plain; charset=UTF-8"}}, Body: wire.NewBytesBody([]byte(d.Body))}
}

func closeBody(req *wire.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}
