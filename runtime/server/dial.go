package server

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Dial implements wire.Dialer: connect() of cloudflare:sockets goes to the
// network, whatever the routes say.
func (o *Outbound) Dial(ctx context.Context, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if o.Server.opts.Offline && !loopback(strings.ToLower(host)) {
		return nil, jsg.Errorf("The network is off (--offline), so connect() to %s failed. Only addresses of this machine can be reached.", address)
	}
	return dial(ctx, "tcp", address)
}

var dialer = net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}

// dial is net.Dialer's, with *.localhost being this machine whether or not the
// system's resolver knows (RFC 6761): with most it does not.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	if host, port, err := net.SplitHostPort(address); err == nil && strings.HasSuffix(strings.ToLower(host), ".localhost") {
		address = net.JoinHostPort("localhost", port)
	}
	return dialer.DialContext(ctx, network, address)
}

// TLS implements wire.Dialer with the certificates the system trusts.
func (o *Outbound) TLS(conn net.Conn, host string) *tls.Conn {
	return tls.Client(conn, &tls.Config{ServerName: host})
}
