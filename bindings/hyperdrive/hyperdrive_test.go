package hyperdrive

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/api/sockets"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// network is an outbound that dials.
type network struct{ wire.Fetcher }

func (network) Dial(ctx context.Context, address string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", address)
}

func (network) TLS(c net.Conn, host string) *tls.Conn {
	return tls.Client(c, &tls.Config{ServerName: host})
}

// serve answers each connection with what it got first, and says before whether
// it came over TLS; config is nil where the server speaks none.
func serve(t *testing.T, config *tls.Config) string {
	t.Helper()
	return testworker.Serve(t, func(c net.Conn) { answer(c, config) }).String()
}

func answer(c net.Conn, config *tls.Config) {
	defer func() { c.Close() }()
	how := "plain "
	for {
		b := make([]byte, 100)
		n, err := c.Read(b)
		if err != nil {
			return
		}
		switch {
		case bytes.Equal(b[:n], sslRequest) && config == nil:
			io.WriteString(c, "N")
		case bytes.Equal(b[:n], sslRequest):
			io.WriteString(c, "S")
			c, how = tls.Server(c, config), "tls "
		default:
			io.WriteString(c, how+string(b[:n]))
			return
		}
	}
}

// certificate is a server's configuration, for example.com and 127.0.0.1, and a
// file that has its certificate.
func certificate(t *testing.T) (config *tls.Config, roots string) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	defer s.Close()
	roots = filepath.Join(t.TempDir(), "roots.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(roots, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: s.TLS.Certificates}, roots
}

// bound are the bindings of a configuration by name.
func bound(t *testing.T, list ...config.Hyperdrive) (map[string]func(js *jsg.Scope) (jsg.Value, error), diag.List) {
	t.Helper()
	b := bindings.NewBuilder(&bindings.Session{}, "w")
	if err := Kind.Bind(&config.Config{Hyperdrive: list}, b); err != nil {
		t.Fatal(err)
	}
	env, diags := b.Result()
	out := map[string]func(js *jsg.Scope) (jsg.Value, error){}
	for _, e := range env {
		out[e.Name] = e.Make
	}
	return out, diags
}

func TestBehaviour(t *testing.T) {
	secure, roots := certificate(t)
	plainServer, tlsServer := serve(t, nil), serve(t, secure)
	at := func(name, address, query string) config.Hyperdrive {
		return config.Hyperdrive{Binding: name, LocalConnectionString: "postgres://us%20er:p%40ss@" + address + "/d%20b" + query}
	}
	env, diags := bound(t,
		at("PLAIN", plainServer, ""),
		at("PREFER", plainServer, "?sslmode=prefer"),
		at("REQUIRE", tlsServer, "?sslmode=require"),
		at("REFUSED", plainServer, "?sslmode=require"),
		at("VERIFIED", tlsServer, "?sslmode=verify-full&sslrootcert="+roots),
		at("AUTHORITY", tlsServer, "?sslmode=verify-ca&sslrootcert="+roots),
		at("UNTRUSTED", tlsServer, "?sslmode=verify-full"),
		config.Hyperdrive{Binding: "MYSQL", LocalConnectionString: "mysql://u:p@" + plainServer + "/db"},
		config.Hyperdrive{Binding: "UNSET"},
	)
	if len(diags) != 1 || diags[0].Severity != diag.Warning || !strings.Contains(diags[0].Message, `"UNSET"`) {
		t.Errorf("found %v", diags)
	}
	testworker.RunDir(t, "testdata", all.Install, func(js *jsg.Scope) {
		iocontext.SetOutbound(js, network{})
		module, err := sockets.Module(js)
		if err != nil {
			t.Error(err)
		}
		js.Define(js.Global(), "connect", module.Get("connect"))
		for name, make := range env {
			v, err := make(js)
			if err != nil {
				t.Error(err)
			}
			js.Define(js.Global(), name, v)
		}
	})
}

func TestConnectionStrings(t *testing.T) {
	for text, want := range map[string]string{
		"localhost":                                "You must specify the database protocol",
		"redis://u:p@h/d":                          "Only PostgreSQL-compatible or MySQL-compatible",
		"postgres://u:p@/d":                        "You must provide a hostname",
		"postgres://u:p@h":                         "You must provide a database name",
		"postgres://h/d":                           "You must provide a username",
		"postgres://u@h/d":                         "You must provide a password",
		"postgres://u:p@h:x/d":                     "it is not a URL",
		"postgres://u:p@h/d?sslmode=maybe":         "sslmode=maybe is none of",
		"mysql://u:p@h/d?ssl-mode=REQUIRED":        "does not speak",
		"mysql://u:p@h/d?ssl-mode=preferred":       "",
		"postgresql://u:p@h/d?SSLMODE=Verify-Full": "",
	} {
		_, err := parse(text)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", text, err)
		}
	}
	_, diags := bound(t, config.Hyperdrive{Binding: "X", LocalConnectionString: "redis://u:p@h/d", Pos: diag.Position{File: "f", Line: 3, Col: 4}})
	if !diags.HasErrors() || diags[0].Pos.Line != 3 || !strings.Contains(diags[0].Message, `"X"`) {
		t.Errorf("found %v", diags)
	}
}
