package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/coder/websocket"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Network performs fetches on the real network. Bodies stream both ways;
// compressed answers are decoded as they are read. Redirects are the caller's.
type Network struct {
	client http.Client
}

// NewNetwork returns a Network with connections of its own.
func NewNetwork() *Network {
	return &Network{client: http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DisableCompression: true, ForceAttemptHTTP2: true,
			DialContext:         dial,
			MaxIdleConnsPerHost: 16, IdleConnTimeout: 30 * time.Second, TLSHandshakeTimeout: 10 * time.Second,
		},
	}}
}

// Close drops idle connections.
func (n *Network) Close() error { n.client.CloseIdleConnections(); return nil }

// Fetch implements wire.Fetcher.
func (n *Network) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	return n.fetch(ctx, req, nil)
}

// at performs fetches on one server, whatever host their URL names.
func (n *Network) at(base *url.URL, clientIP string) wire.Fetcher {
	return wire.FetcherFunc(func(ctx context.Context, req *wire.Request) (*wire.Response, error) {
		u, err := url.Parse(req.URL)
		if err != nil {
			closeBody(req)
			return nil, jsg.TypeErrorf("Fetch API cannot load: %s", req.URL)
		}
		p := &place{host: u.Host, clientIP: clientIP}
		u.Scheme, u.Host, u.User = base.Scheme, base.Host, nil
		req.URL = u.String()
		return n.fetch(ctx, req, p)
	})
}

// place is what a server that stands in for another is told.
type place struct{ host, clientIP string }

func (n *Network) fetch(ctx context.Context, req *wire.Request, at *place) (*wire.Response, error) {
	if strings.EqualFold(req.Header.Get("Upgrade"), "websocket") {
		closeBody(req)
		return n.dial(ctx, req, at)
	}
	r, err := http.NewRequestWithContext(ctx, req.Method, req.URL, nil)
	if err != nil {
		closeBody(req)
		return nil, jsg.TypeErrorf("Fetch API cannot load: %s", req.URL)
	}
	if r.URL.Scheme != "http" && r.URL.Scheme != "https" {
		closeBody(req)
		return nil, jsg.TypeErrorf("Fetch API cannot load: %s", req.URL)
	}
	r.Header = outgoing(req.Header)
	if at != nil {
		r.Host = at.host
		r.Header.Set("Cf-Connecting-Ip", at.clientIP)
	}
	if req.Body != nil {
		r.Body, r.ContentLength = req.Body, req.Body.Len()
		if b, ok := req.Body.(*wire.BytesBody); ok && b.Len() == 0 {
			r.Body = http.NoBody
		}
	}
	resp, err := n.client.Do(r)
	if err != nil {
		return nil, networkError(r.URL.Host, err)
	}
	return fromHTTP(resp)
}

// outgoing drops what describes the connection the worker was called by.
func outgoing(h http.Header) http.Header {
	out := h.Clone()
	for _, k := range hopHeaders {
		out.Del(k)
	}
	for _, k := range []string{"Host", "Content-Length", "Cf-Connecting-Ip"} {
		out.Del(k)
	}
	if out.Get("Accept-Encoding") == "" {
		out.Set("Accept-Encoding", "gzip, br")
	}
	if out.Get("User-Agent") == "" {
		out["User-Agent"] = nil // workers send none of their own
	}
	return out
}

func networkError(host string, err error) error {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return &jsg.Error{Name: "Error", Message: "Network connection lost: the host " + dns.Name + " was not found.", Cause: err}
	}
	return &jsg.Error{Name: "Error", Message: fmt.Sprintf("Network connection lost: %s did not answer.", host), Cause: err}
}

func fromHTTP(resp *http.Response) (*wire.Response, error) {
	_, text, _ := strings.Cut(resp.Status, " ")
	out := &wire.Response{Status: resp.StatusCode, StatusText: text, Header: resp.Header}
	switch resp.Header.Get("Content-Encoding") {
	case "gzip":
		out.Body = wire.NewBody(&decoded{Reader: &lazyGzip{src: resp.Body}, Closer: resp.Body}, -1)
		resp.Header.Del("Content-Length")
	case "br":
		out.Body = wire.NewBody(&decoded{Reader: brotli.NewReader(resp.Body), Closer: resp.Body}, -1)
		resp.Header.Del("Content-Length")
	default:
		out.Body = wire.NewBody(resp.Body, resp.ContentLength)
	}
	if resp.ContentLength == 0 || resp.StatusCode == 204 || resp.StatusCode == 304 {
		resp.Body.Close()
		out.Body = nil
	}
	return out, nil
}

type decoded struct {
	io.Reader
	io.Closer
}

// dial performs a WebSocket handshake and couples the connection.
func (n *Network) dial(ctx context.Context, req *wire.Request, at *place) (*wire.Response, error) {
	h := outgoing(req.Header)
	opts := &websocket.DialOptions{HTTPClient: &http.Client{Transport: n.client.Transport}, HTTPHeader: h, CompressionMode: websocket.CompressionDisabled}
	if at != nil {
		opts.Host = at.host
		h.Set("Cf-Connecting-Ip", at.clientIP)
	}
	if p := h.Get("Sec-Websocket-Protocol"); p != "" {
		for s := range strings.SplitSeq(p, ",") {
			opts.Subprotocols = append(opts.Subprotocols, strings.TrimSpace(s))
		}
	}
	for k := range h {
		if strings.HasPrefix(k, "Sec-Websocket-") {
			h.Del(k)
		}
	}
	h.Del("Accept-Encoding")
	conn, resp, err := websocket.Dial(ctx, req.URL, opts)
	if err != nil {
		if resp != nil {
			return fromHTTP(resp)
		}
		return nil, networkError(req.URL, err)
	}
	mine, theirs := wire.NewSocketPair()
	go Couple(context.WithoutCancel(ctx), conn, mine)
	return &wire.Response{Status: http.StatusSwitchingProtocols, StatusText: "Switching Protocols", Header: resp.Header, WebSocket: theirs}, nil
}
