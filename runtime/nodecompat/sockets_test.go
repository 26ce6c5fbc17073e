package nodecompat_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/sockets"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// network is an outbound that dials, trusting the certificate of httptest.
type network struct {
	wire.Fetcher
	config *tls.Config
}

func (n network) Dial(ctx context.Context, address string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", address)
}

func (n network) TLS(c net.Conn, host string) *tls.Conn {
	config := n.config.Clone()
	config.ServerName = "example.com" // what the certificate is for
	return tls.Client(c, config)
}

// serve answers lines in upper case; "starttls" is followed by a handshake.
func serve(t *testing.T, config *tls.Config, secure bool) net.Addr {
	t.Helper()
	return testworker.Serve(t, func(c net.Conn) { answer(c, config, secure) })
}

func answer(c net.Conn, config *tls.Config, secure bool) {
	defer func() { c.Close() }()
	if secure {
		c = tls.Server(c, config)
	}
	r := bufio.NewReader(c)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		if strings.TrimSpace(line) == "starttls" {
			io.WriteString(c, "go\n")
			c = tls.Server(c, config)
			r = bufio.NewReader(c)
			continue
		}
		if _, err := io.WriteString(c, strings.ToUpper(line)); err != nil {
			return
		}
	}
}

// TestSockets runs node:net and node:tls against a server.
func TestSockets(t *testing.T) {
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	certificates := s.TLS.Certificates
	client := s.Client().Transport.(*http.Transport).TLSClientConfig
	s.Close()
	server := &tls.Config{Certificates: certificates}
	plain, secure := serve(t, server, false), serve(t, server, true)
	o := options(t)
	o.Builtins["cloudflare:sockets"] = sockets.Module
	o.Install = append(o.Install, func(js *jsg.Scope) {
		iocontext.SetOutbound(js, network{config: &tls.Config{RootCAs: client.RootCAs}})
		js.Define(js.Global(), "plain", js.Int(int64(plain.(*net.TCPAddr).Port)))
		js.Define(js.Global(), "secure", js.Int(int64(secure.(*net.TCPAddr).Port)))
	})
	testworker.RunFile(t, "testdata/sockets/sockets.js", o)
}
