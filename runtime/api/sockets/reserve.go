package sockets

import (
	"context"
	"errors"
	"net"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// reservation is where connections to a host that only this isolate knows go.
type reservation struct {
	port int
	dial func(ctx context.Context, network wire.Dialer) (net.Conn, error)
}

var reservations = jsg.NewLocal[map[string]reservation]()

// Reserve makes connect() to one of the hosts do what dial does, which may use
// the isolate's own network for it; only the one port can be connected to.
func Reserve(js *jsg.Scope, dial func(ctx context.Context, network wire.Dialer) (net.Conn, error), port int, hosts ...string) {
	known := reservations.Get(js)
	if known == nil {
		known = map[string]reservation{}
		reservations.Set(js, known)
	}
	for _, host := range hosts {
		known[host] = reservation{port, dial}
	}
}

// dialing is how to connect to an address.
func dialing(js *jsg.Scope, addr Address, network wire.Dialer) func(ctx context.Context) (net.Conn, error) {
	r, ok := reservations.Get(js)[addr.Host]
	switch {
	case !ok:
		return func(ctx context.Context) (net.Conn, error) { return network.Dial(ctx, addr.String()) }
	case r.port != addr.Port:
		return func(context.Context) (net.Conn, error) { return nil, errors.New("nothing listens on that port") }
	}
	return func(ctx context.Context) (net.Conn, error) { return r.dial(ctx, network) }
}
