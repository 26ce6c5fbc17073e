package server

import (
	"context"
	"crypto/tls"
	"net"
	"strings"

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
	var d net.Dialer
	return d.DialContext(ctx, "tcp", address)
}

// TLS implements wire.Dialer with the certificates the system trusts.
func (o *Outbound) TLS(conn net.Conn, host string) *tls.Conn {
	return tls.Client(conn, &tls.Config{ServerName: host})
}
