package sockets_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/api/sockets"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

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
	config.ServerName = host
	return tls.Client(c, config)
}

// certificate is what httptest's servers use, for example.com, and a client's
// configuration that trusts it.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	defer s.Close()
	pool := s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	return &tls.Config{Certificates: s.TLS.Certificates}, &tls.Config{RootCAs: pool}
}

// serve runs a server that answers each line: "bye" ends the connection,
// "reset" breaks it, "starttls" is followed by a handshake, anything else comes
// back, and a TLS handshake is refused. When the client has ended it says "eof".
func serve(t *testing.T, config *tls.Config, secure bool) string {
	t.Helper()
	return testworker.Serve(t, func(c net.Conn) { answer(c, config, secure) }).String()
}

func answer(c net.Conn, config *tls.Config, secure bool) {
	defer func() { c.Close() }()
	if secure {
		c = tls.Server(c, config)
	}
	r := bufio.NewReader(c)
	if first, err := r.Peek(1); err == nil && first[0] == 0x16 { // a ClientHello
		io.WriteString(c, "this is not TLS\n")
		return
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			if errors.Is(err, io.EOF) {
				io.WriteString(c, line+"eof\n")
			}
			return
		}
		switch strings.TrimSpace(line) {
		case "bye":
			return
		case "reset":
			if tcp, ok := c.(*net.TCPConn); ok {
				tcp.SetLinger(0)
			}
			return
		case "starttls":
			io.WriteString(c, "go\n")
			c = tls.Server(c, config)
			r = bufio.NewReader(c)
		default:
			if _, err := io.WriteString(c, line); err != nil {
				return
			}
		}
	}
}

func TestBehaviour(t *testing.T) {
	server, client := certificate(t)
	plain, secure := serve(t, server, false), serve(t, server, true)
	testworker.RunDir(t, "testdata", all.Install, func(js *jsg.Scope) {
		iocontext.SetOutbound(js, network{config: client})
		ns, err := sockets.Module(js)
		if err != nil {
			t.Error(err)
			return
		}
		g := js.Global()
		js.Define(g, "connect", ns.Get("connect"))
		js.Define(g, "plain", js.String(plain))
		js.Define(g, "secure", js.String(secure))
	})
}

func TestWithoutNetwork(t *testing.T) {
	testworker.RunSource(t, "closed.js", `async function closed() {
		const s = connect("example.com:80");
		await assert.throws(() => s.opened, "cannot connect to the specified address");
		await assert.throws(() => s.closed, "cannot connect");
	}`, testworker.Options{Install: []testworker.Install{all.Install, func(js *jsg.Scope) {
		ns, err := sockets.Module(js)
		if err != nil {
			t.Error(err)
			return
		}
		js.Define(js.Global(), "connect", ns.Get("connect"))
	}}})
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"localhost:80", "[::1]:443", "a:b:1", "", ":1", "[::1", "x:99999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if a, err := sockets.ParseAddress(text); err == nil {
			if again, err := sockets.ParseAddress(a.String()); err != nil || again != a {
				t.Errorf("%q is %v, which is %v, %v", text, a, again, err)
			}
		}
	})
}
