package server

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/dop251/goja"

	"github.com/miniworker/miniworker/internal/localca"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
)

// running is a project on a port of its own.
type running struct {
	*project
	addr  string
	roots *x509.CertPool
	dir   string
}

// site is a world of two workers, one of which echoes sockets.
func site() routing.World {
	return routing.World{Workers: []routing.Worker{
		{Name: "app", Routes: []routing.Route{{Pattern: "app.example.com/*"}, {Pattern: "*.sub.example.com/*"}}},
		{Name: "socket", Routes: []routing.Route{{Pattern: "ws.example.com", CustomDomain: true}}},
	}}
}

func start(t *testing.T, o Options, proxy *Proxy) *running {
	t.Helper()
	if o.Control == nil {
		o.Control = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "control") })
	}
	r := &running{project: newProject(t, o, site()), dir: filepath.Join(t.TempDir(), "ca")}
	r.Graph().Workers["socket"] = wire.FetcherFunc(echoSocket)
	front := NewFront(r.TLSConfig(Certificates{Dir: r.dir}))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.addr = l.Addr().String()
	r.SetPort(l.Addr().(*net.TCPAddr).Port)
	front.Add(l)
	if proxy != nil {
		proxy.Tunnel = front.Inject
		r.SetProxy(proxy)
	}
	srv := &http.Server{Handler: r.Server, TLSConfig: front.TLSConfig(), ErrorLog: nil}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(front) }()
	t.Cleanup(func() {
		srv.Close()
		if err := <-done; err != http.ErrServerClosed {
			t.Errorf("serve: %v", err)
		}
	})
	return r
}

func echoSocket(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	if req.Header.Get("Upgrade") == "" {
		return &wire.Response{Status: 200, Body: wire.NewBytesBody([]byte("socket " + req.URL))}, nil
	}
	mine, theirs := wire.NewSocketPair()
	mine.Attach(echo{mine})
	return &wire.Response{Status: 101, WebSocket: theirs}, nil
}

type echo struct{ s *wire.Socket }

func (e echo) SocketMessage(m wire.Message)        { e.s.Send(m) }
func (e echo) SocketClose(code int, reason string) { e.s.Close(code, reason) }

// client trusts the authority of the server and goes through it as a proxy.
func (r *running) client(t *testing.T, h2 bool) *http.Client {
	t.Helper()
	a, _, err := localca.Open(r.dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	r.roots = x509.NewCertPool()
	r.roots.AppendCertsFromPEM(a.PEM())
	tr := &http.Transport{
		Proxy:           http.ProxyURL(&url.URL{Scheme: "http", Host: r.addr}),
		TLSClientConfig: &tls.Config{RootCAs: r.roots}, ForceAttemptHTTP2: h2,
	}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

func get(t *testing.T, c *http.Client, u string) (*http.Response, string) {
	t.Helper()
	resp, err := c.Get(u)
	if err != nil {
		return nil, err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, strings.TrimSpace(string(body))
}

func TestProxy(t *testing.T) {
	r := start(t, Options{}, &Proxy{})
	for _, h2 := range []bool{false, true} {
		c := r.client(t, h2)
		resp, body := get(t, c, "https://app.example.com/page?q=1")
		if resp == nil || body != "app https://app.example.com/page?q=1" || h2 != (resp.ProtoMajor == 2) {
			t.Errorf("HTTP/2 %v: %v %q", h2, resp, body)
		}
		for u, want := range map[string]string{
			"http://app.example.com/x":      "app http://app.example.com/x",
			"https://a.b.sub.example.com/":  "app https://a.b.sub.example.com/",
			"https://ws.example.com/":       "socket https://ws.example.com/",
			"https://app.example.com:8443/": "app https://app.example.com:8443/",
			"http://app.example.com:8080/y": "app http://app.example.com:8080/y",
		} {
			if _, body := get(t, c, u); body != want {
				t.Errorf("%s: %q, want %q", u, body, want)
			}
		}
		for _, u := range []string{"https://other.example.org/", "https://example.com/", "https://app.example.com.evil.test/", "https://app.example.com:22/", "https://localhost:1/"} {
			if resp, body := get(t, c, u); resp != nil || !strings.Contains(body, "Forbidden") {
				t.Errorf("%s: %v %q", u, resp, body)
			}
		}
		if resp, body := get(t, c, "http://other.example.org/"); resp == nil || resp.StatusCode != 403 || !strings.Contains(body, "--proxy-all") || !strings.Contains(body, "app.example.com") {
			t.Errorf("a foreign host: %v %q", resp, body)
		}
	}
}

func TestProxySocket(t *testing.T) {
	r := start(t, Options{}, &Proxy{})
	c := r.client(t, false)
	for _, u := range []string{"wss://ws.example.com/room", "ws://ws.example.com/room"} {
		conn, _, err := websocket.Dial(t.Context(), u, &websocket.DialOptions{HTTPClient: c})
		if err != nil {
			t.Fatalf("%s: %v", u, err)
		}
		if err := conn.Write(t.Context(), websocket.MessageText, []byte("hello")); err != nil {
			t.Fatal(err)
		}
		if _, data, err := conn.Read(t.Context()); err != nil || string(data) != "hello" {
			t.Errorf("%s: %q %v", u, data, err)
		}
		conn.Close(websocket.StatusNormalClosure, "")
	}
}

func TestProxyAll(t *testing.T) {
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "outside %s %s", r.Host, r.Header.Get("X-Forwarded-For"))
	}))
	defer outside.Close()
	host := strings.TrimPrefix(outside.URL, "http://")
	r := start(t, Options{}, &Proxy{All: true})
	c := r.client(t, false)
	if _, body := get(t, c, "http://"+host+"/"); body != "outside "+host {
		t.Errorf("through a client: %q", body)
	}
	if got := r.raw(t, "GET http://"+host+"/x HTTP/1.1\r\nHost: ignored\r\nConnection: close\r\n\r\n"); !strings.HasSuffix(got, "outside "+host+" ") {
		t.Errorf("absolute form: %q", got)
	}
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\nGET /in HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host, host, host)
	if got, _ := io.ReadAll(conn); !strings.Contains(string(got), "200 Connection Established") || !strings.Contains(string(got), "outside "+host) {
		t.Errorf("tunnel: %q", got)
	}
	off := start(t, Options{Offline: true}, &Proxy{All: true})
	if got := off.raw(t, "GET http://example.org/ HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n"); !strings.Contains(got, "403") || !strings.Contains(got, "--offline") {
		t.Errorf("offline: %q", got)
	}
}

// raw sends bytes and returns everything that comes back.
func (r *running) raw(t *testing.T, text string) string {
	t.Helper()
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	out, _ := io.ReadAll(conn)
	return string(out)
}

// TestHostile sends what browsers of other sites, scanners and broken clients
// send.
func TestHostile(t *testing.T) {
	plain, proxy := start(t, Options{}, nil), start(t, Options{}, &Proxy{})
	all := start(t, Options{}, &Proxy{All: true})
	servers := []struct {
		name string
		*running
	}{{"plain", plain}, {"proxy", proxy}, {"proxy-all", all}}
	for _, c := range []struct {
		name, request string
		want          [3]string // status without, with --proxy, with --proxy-all
	}{
		{"no host", "GET / HTTP/1.1\r\n", [3]string{"400", "400", "400"}},
		{"empty host", "GET / HTTP/1.1\r\nHost:\r\n", [3]string{"400", "400", "400"}},
		{"two hosts", "GET / HTTP/1.1\r\nHost: app.example.com\r\nHost: evil.test\r\n", [3]string{"400", "400", "400"}},
		{"host with user", "GET / HTTP/1.1\r\nHost: x@app.example.com\r\n", [3]string{"400", "400", "400"}},
		{"host with path", "GET / HTTP/1.1\r\nHost: app.example.com/x\r\n", [3]string{"400", "400", "400"}},
		{"host with a bad port", "GET / HTTP/1.1\r\nHost: app.example.com:x\r\n", [3]string{"400", "400", "400"}},
		{"host with a huge port", "GET / HTTP/1.1\r\nHost: app.example.com:99999\r\n", [3]string{"400", "400", "400"}},
		{"open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n", [3]string{"400", "400", "400"}},
		{"host with space", "GET / HTTP/1.1\r\nHost: app .example.com\r\n", [3]string{"400", "400", "400"}},
		{"host with control byte", "GET / HTTP/1.1\r\nHost: app\x01.example.com\r\n", [3]string{"400", "400", "400"}},
		{"foreign host", "GET / HTTP/1.1\r\nHost: evil.test\r\n", [3]string{"404", "404", "404"}},
		{"host that only ends alike", "GET / HTTP/1.1\r\nHost: evilapp.example.com\r\n", [3]string{"404", "404", "404"}},
		{"absolute form, own host", "GET http://app.example.com/x HTTP/1.1\r\nHost: evil.test\r\n", [3]string{"200", "200", "200"}},
		{"absolute form, other host", "GET http://evil.invalid/x HTTP/1.1\r\nHost: app.example.com\r\n", [3]string{"404", "403", "502"}},
		{"absolute form, bad scheme", "GET gopher://app.example.com/x HTTP/1.1\r\nHost: app.example.com\r\n", [3]string{"400", "400", "400"}},
		{"absolute form, https", "GET https://app.example.com/x HTTP/1.1\r\nHost: app.example.com\r\n", [3]string{"400", "400", "400"}},
		{"absolute form with user", "GET http://a:b@app.example.com/x HTTP/1.1\r\nHost: app.example.com\r\n", [3]string{"200", "200", "200"}},
		{"tunnel to a project host", "CONNECT app.example.com:443 HTTP/1.1\r\nHost: app.example.com:443\r\n", [3]string{"405", "200", "200"}},
		{"tunnel elsewhere", "CONNECT evil.invalid:443 HTTP/1.1\r\nHost: evil.invalid:443\r\n", [3]string{"405", "403", "502"}},
		{"tunnel to another service of a project host", "CONNECT app.example.com:25 HTTP/1.1\r\nHost: app.example.com:25\r\n", [3]string{"405", "403", "403"}},
		{"tunnel to another port of this machine", "CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\n", [3]string{"405", "403", "502"}},
		{"tunnel without port", "CONNECT app.example.com HTTP/1.1\r\nHost: app.example.com\r\n", [3]string{"400", "400", "400"}},
		{"rebound name", "GET /cdn-cgi/local/x HTTP/1.1\r\nHost: evil.test\r\n", [3]string{"403", "403", "403"}},
		{"rebound name for the PAC file", "GET /cdn-cgi/local/proxy.pac HTTP/1.1\r\nHost: evil.test\r\n", [3]string{"403", "403", "403"}},
		{"cdn-cgi from another site", "GET /cdn-cgi/local/x HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.test\r\n", [3]string{"403", "403", "403"}},
		{"cdn-cgi by an absolute URL of another host", "GET http://evil.invalid/cdn-cgi/local/x HTTP/1.1\r\nHost: localhost\r\n", [3]string{"403", "403", "502"}},
		{"cdn-cgi", "GET /cdn-cgi/local/x HTTP/1.1\r\nHost: localhost\r\n", [3]string{"200", "200", "200"}},
		{"asterisk", "OPTIONS * HTTP/1.1\r\nHost: app.example.com\r\n", [3]string{"200", "200", "200"}},
		{"TLS to the wrong name", "\x16\x03\x01\x00\x05hello", [3]string{"", "", ""}},
	} {
		for i, s := range servers {
			end := "Connection: close\r\n\r\n"
			if c.request[0] == 0x16 {
				end = ""
			}
			request := c.request + end
			if strings.HasPrefix(c.request, "CONNECT") && c.want[i] == "200" {
				request += "GET /cdn-cgi/local/x HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n"
			}
			got := s.raw(t, request)
			status := ""
			if resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(got)), nil); err == nil {
				status = fmt.Sprint(resp.StatusCode)
				resp.Body.Close()
			}
			if c.request[0] != 0x16 && status != c.want[i] {
				t.Errorf("%s, %s: %q, want status %s", c.name, s.name, got, c.want[i])
			}
			if strings.HasPrefix(c.request, "CONNECT") && c.want[i] == "200" && !strings.Contains(got, "403 Forbidden") {
				t.Errorf("%s, %s: a rebound name inside the tunnel: %q", c.name, s.name, got)
			}
		}
	}
}

func TestTLS(t *testing.T) {
	r := start(t, Options{}, nil)
	if _, err := os.Stat(r.dir); err == nil {
		t.Error("an authority was made before it was needed")
	}
	r.client(t, false)
	for _, c := range []struct {
		name string
		ok   bool
	}{
		{"localhost", true}, {"app.localhost", true}, {"app.example.com.localhost", true}, {"app.example.com", true}, {"APP.example.com", true},
		{"x.sub.example.com", true}, {"sub.example.com", false}, {"example.com", false}, {"evil.test", false}, {"evilapp.example.com", false}, {"", true},
	} {
		conn, err := tls.Dial("tcp", r.addr, &tls.Config{RootCAs: r.roots, ServerName: c.name, InsecureSkipVerify: c.name == "", NextProtos: []string{"h2"}})
		if (err == nil) != c.ok {
			t.Errorf("%q: %v", c.name, err)
		}
		if err == nil {
			if p := conn.ConnectionState().NegotiatedProtocol; p != "h2" {
				t.Errorf("%q: protocol %q", c.name, p)
			}
			conn.Close()
		}
	}
}

// A certificate of the user's own serves every name.
func TestOwnCertificate(t *testing.T) {
	a, _, err := localca.Open(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	own, err := a.Leaf("mine.example", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	cfg := New(Options{}).TLSConfig(Certificates{Own: own})
	client, srv := net.Pipe()
	defer client.Close()
	defer srv.Close()
	done := make(chan error, 1)
	go func() { done <- tls.Server(srv, cfg).Handshake() }()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(a.PEM())
	conn := tls.Client(client, &tls.Config{RootCAs: roots, ServerName: "mine.example", NextProtos: []string{"h2"}})
	if err := conn.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil || conn.ConnectionState().NegotiatedProtocol != "h2" {
		t.Errorf("%v, protocol %q", err, conn.ConnectionState().NegotiatedProtocol)
	}
}

func TestPAC(t *testing.T) {
	world := routing.World{Zones: []string{"example.com", "saas.net"}, WorkersDevSubdomain: "acme", Workers: []routing.Worker{
		{Name: "a", WorkersDev: true, Routes: []routing.Route{
			{Pattern: "App.example.com/*"}, {Pattern: "*.sub.example.com/*"}, {Pattern: "*shop.example.com/*"}, {Pattern: "*/*", ZoneName: "saas.net"},
			{Pattern: "own.example.com", CustomDomain: true}, {Pattern: "bad.example.com/*.x"},
		}},
	}}
	p := newProject(t, Options{Origins: Origins{"o.example.org": nil}}, world)
	p.SetProxy(&Proxy{})
	p.SetPort(8787)
	status, text := p.get(t, "http://localhost:8787"+PACPath)
	if status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	vm := goja.New()
	if _, err := vm.RunString(`function dnsDomainIs(h, d) { return h.length >= d.length && h.substring(h.length - d.length) === d }
function shExpMatch(s, p) { return new RegExp("^" + p.replace(/\./g, "\\.").replace(/\*/g, ".*") + "$").test(s) }
` + text); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for host, want := range map[string]bool{
		"app.example.com": true, "APP.example.com": true, "x.app.example.com": false, "a.b.sub.example.com": true, "sub.example.com": false,
		"shop.example.com": true, "workshop.example.com": true, "evilshop.example.com.evil.test": false, "saas.net": true, "x.saas.net": true,
		"own.example.com": true, "a.acme.workers.dev": true, "b.acme.workers.dev": false, "bad.example.com": false, "o.example.org": true, "example.org": false,
	} {
		v, err := vm.RunString(fmt.Sprintf("FindProxyForURL('', %q)", host))
		if err != nil {
			t.Fatal(err)
		}
		if got := v.String() == "PROXY localhost:8787"; got != want {
			t.Errorf("%s: %s", host, v)
		}
	}
	if _, text := p.get(t, "http://own.example.com"+PACPath); !strings.Contains(text, `"PROXY 127.0.0.1:8787"`) {
		t.Errorf("through the proxy: %s", text)
	}
	none := newProject(t, Options{}, world)
	if status, text := none.get(t, "http://localhost:8787"+PACPath); status != 404 || !strings.Contains(text, "--proxy") {
		t.Errorf("without --proxy: %d %s", status, text)
	}
}

func FuzzHostname(f *testing.F) {
	for _, s := range []string{"", "app.example.com", "[::1]:80", "a:b", "x@y", "A.", "é.example", "a..b", "*", "[", "]", ":", "localhost:99999", "[ ]0", "[::% ]", "[::1]x", "[::1]:", "[fe80::1%eth0]", ".localhost"} {
		f.Add(s)
	}
	g := &Graph{Table: routing.NewTable(site()), Workers: map[string]wire.Fetcher{"app": nil}, Hosts: []string{"app.example.com", "*.sub.example.com", "*"}}
	f.Fuzz(func(t *testing.T, s string) {
		h := hostname(s)
		if strings.ContainsAny(h, "/\\ \t@?#") || h != strings.ToLower(h) {
			t.Errorf("hostname(%q) = %q", s, h)
		}
		if tg, ok := g.targetOf(h); ok && tg.host == "" && tg.worker == "" && !isLocal(h) {
			t.Errorf("targetOf(%q) = %+v", h, tg)
		}
		g.trusted(h)
		loopback(h)
	})
}

func FuzzOrigin(f *testing.F) {
	for _, s := range []string{"a=b", "*.a=http://b", "a=http://[::1]:80", "=", "a=https://b/", "a=http://u:p@b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o := Origins{}
		if o.Add(s) != nil {
			return
		}
		for host, u := range o {
			if host == "" || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" || u.User != nil {
				t.Errorf("%q: %q, %v", s, host, u)
			}
			if name, wild := strings.CutPrefix(host, "*."); wild && o.find("x."+name) == nil || !wild && o.find(host) == nil {
				t.Errorf("%q is not found", host)
			}
		}
	})
}
