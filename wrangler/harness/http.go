package harness

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Get fetches a URL as a browser would, by the routes of the project. The body
// is closed with the test.
func (h *Harness) Get(url string) *http.Response {
	h.t.Helper()
	return h.Fetch(http.MethodGet, url, "")
}

// Fetch sends a request by the routes of the project; headers come as name,
// value, name, value.
func (h *Harness) Fetch(method, url, body string, headers ...string) *http.Response {
	h.t.Helper()
	req, err := request(h.t.Context(), method, url, body, headers)
	if err != nil {
		h.t.Fatalf("harness: %v", err)
	}
	return h.Do(req)
}

func request(ctx context.Context, method, url, body string, headers []string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body == "" {
		req.Body, req.ContentLength = http.NoBody, 0
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	return req, nil
}

// Do sends a request by the routes of the project. Redirects are not followed.
func (h *Harness) Do(req *http.Request) *http.Response {
	h.t.Helper()
	resp, err := h.client.Do(req)
	if err != nil {
		h.t.Fatalf("harness: %s %s: %v", req.Method, req.URL, err)
	}
	h.t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// Client is an HTTP client whose requests, to whatever host, all go to the
// project.
func (h *Harness) Client() *http.Client { return h.client }

// Text reads a body to its end.
func Text(resp *http.Response) string {
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return "reading the body: " + err.Error()
	}
	return string(b)
}

// WebSocket opens a WebSocket to a ws, wss, http or https URL.
func (h *Harness) WebSocket(url string, headers ...string) *websocket.Conn {
	h.t.Helper()
	o := &websocket.DialOptions{HTTPClient: h.client, HTTPHeader: http.Header{}}
	for i := 0; i+1 < len(headers); i += 2 {
		o.HTTPHeader.Add(headers[i], headers[i+1])
	}
	conn, resp, err := websocket.Dial(h.t.Context(), url, o)
	if err != nil {
		text := ""
		if resp != nil && resp.Body != nil {
			text = ": " + Text(resp)
		}
		h.t.Fatalf("harness: WebSocket %s: %v%s", url, err, text)
	}
	h.t.Cleanup(func() { _ = conn.CloseNow() }) // may be closed already
	return conn
}

// spanHeader tells a client of the harness which span its request was.
const spanHeader = "X-Miniworker-Span"

func spanOf(resp *http.Response) trace.Span {
	n, _ := strconv.ParseUint(resp.Header.Get(spanHeader), 10, 64)
	return n
}

// newClient serves the project on pipes within the process.
func (h *Harness) newClient() *http.Client {
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	srv := &http.Server{
		Handler: h.handler(), ReadHeaderTimeout: time.Minute,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
	}
	var wg sync.WaitGroup
	wg.Go(func() { _ = srv.Serve(l) }) // ends with ErrServerClosed
	transport := &http.Transport{
		DialContext:        func(ctx context.Context, _, _ string) (net.Conn, error) { return l.dial(ctx, false) },
		DialTLSContext:     func(ctx context.Context, _, _ string) (net.Conn, error) { return l.dial(ctx, true) },
		DisableCompression: true,
	}
	h.t.Cleanup(func() {
		h.server.CloseSockets(1001, "the test is over")
		transport.CloseIdleConnections()
		srv.Close()
		wg.Wait()
	})
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

type connKey struct{}

// handler makes requests on connections that stand for TLS look like it.
func (h *Harness) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(connKey{}).(*pipe); ok && c.secure {
			r.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true, ServerName: r.Host}
		}
		span := trace.NewSpan()
		w.Header().Set(spanHeader, strconv.FormatUint(span, 10))
		h.server.ServeHTTP(w, r.WithContext(trace.WithSpan(r.Context(), span)))
	})
}

// pipes is a listener that listens nowhere.
type pipes struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

type pipe struct {
	net.Conn
	secure bool
}

func (l *pipes) dial(ctx context.Context, secure bool) (net.Conn, error) {
	client, srv := net.Pipe()
	select {
	case l.conns <- &pipe{srv, secure}:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Accept implements net.Listener.
func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *pipes) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (l *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// network is what is outside the project.
type network struct{ rt http.RoundTripper }

// Fetch implements wire.Fetcher.
func (n network) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	if n.rt == nil {
		return nil, errors.New("the test has no network: set Network in harness.Config to answer " + req.Method + " " + req.URL)
	}
	r, err := http.NewRequestWithContext(ctx, req.Method, req.URL, nil)
	if err != nil {
		return nil, err
	}
	r.Header = req.Header
	if req.Body != nil {
		r.Body, r.ContentLength = req.Body, req.Body.Len()
	}
	resp, err := n.rt.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	return &wire.Response{
		Status: resp.StatusCode, StatusText: http.StatusText(resp.StatusCode), Header: resp.Header, Body: wire.NewBody(resp.Body, resp.ContentLength),
		URL: req.URL, Encoded: true,
	}, nil
}
