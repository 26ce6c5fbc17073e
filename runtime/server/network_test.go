package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// network starts an HTTP server and a Network, and gives a fetch between them.
func network(t *testing.T, h http.HandlerFunc) (base string, fetch func(context.Context, *wire.Request) (*wire.Response, error)) {
	t.Helper()
	srv := httptest.NewServer(h)
	n := NewNetwork()
	t.Cleanup(func() { n.Close(); srv.Close() })
	return srv.URL, n.Fetch
}

// Names below localhost are this machine, as virtual-host addresses of buckets
// and the names of workers need it.
func TestNetworkReachesNamesBelowLocalhost(t *testing.T) {
	base, fetch := network(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) })
	url := strings.Replace(base, "127.0.0.1", "photos.s3.localhost", 1)
	resp, err := fetch(context.Background(), &wire.Request{Method: "GET", URL: url, Header: http.Header{}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got, err := io.ReadAll(resp.Body); err != nil || "http://"+string(got) != url {
		t.Errorf("%q, %v; want %s", got, err, url)
	}
}

func TestNetworkStreamsBothWays(t *testing.T) {
	base, fetch := network(t, func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).EnableFullDuplex()
		w.Header().Set("X-Method", r.Method)
		http.NewResponseController(w).Flush()
		buf := make([]byte, 1)
		for {
			if _, err := r.Body.Read(buf); err != nil {
				return
			}
			w.Write(bytes.ToUpper(buf))
			http.NewResponseController(w).Flush()
		}
	})
	up, feed := io.Pipe()
	resp, err := fetch(context.Background(), &wire.Request{Method: "POST", URL: base, Header: http.Header{}, Body: wire.NewBody(up, -1)})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got := make([]byte, 1)
	for _, c := range "abc" { // each answer arrives before the next byte is sent
		feed.Write([]byte(string(c)))
		if _, err := io.ReadFull(resp.Body, got); err != nil || string(got) != strings.ToUpper(string(c)) {
			t.Fatalf("got %q, %v", got, err)
		}
	}
	feed.Close()
	if rest, err := io.ReadAll(resp.Body); err != nil || len(rest) > 0 || resp.Header.Get("X-Method") != "POST" {
		t.Fatalf("%q %v", rest, err)
	}
}

func TestNetworkDecodesAndLeavesRedirects(t *testing.T) {
	base, fetch := network(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gzip":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			z.Write([]byte("plain"))
			z.Close()
		case "/redirect":
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		case "/headers":
			io.WriteString(w, r.Header.Get("User-Agent")+"|"+r.Header.Get("X-Own")+"|"+r.Header.Get("Connection"))
		}
	})
	get := func(path string) (*wire.Response, string) {
		t.Helper()
		resp, err := fetch(context.Background(), &wire.Request{Method: "GET", URL: base + path, Header: http.Header{"X-Own": {"1"}, "Connection": {"keep-alive"}}})
		if err != nil {
			t.Fatal(err)
		}
		if resp.Body == nil {
			return resp, ""
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(b)
	}
	if _, text := get("/gzip"); text != "plain" {
		t.Errorf("gzip: %q", text)
	}
	if resp, _ := get("/redirect"); resp.Status != 302 || resp.Header.Get("Location") != "/elsewhere" {
		t.Errorf("redirect: %d", resp.Status)
	}
	if resp, _ := get("/empty"); resp.Status != 204 || resp.Body != nil {
		t.Errorf("empty: %d", resp.Status)
	}
	if _, text := get("/headers"); text != "|1|" {
		t.Errorf("headers: %q", text)
	}
}

func TestNetworkAbort(t *testing.T) {
	started, gone := make(chan struct{}), make(chan struct{})
	base, fetch := network(t, func(w http.ResponseWriter, r *http.Request) {
		close(started)
		<-r.Context().Done()
		close(gone)
	})
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-started; cancel() }()
	if _, err := fetch(ctx, &wire.Request{Method: "GET", URL: base, Header: http.Header{}}); err == nil {
		t.Fatal("an aborted fetch must fail")
	}
	<-gone
}

func TestNetworkErrorsAreForJavaScript(t *testing.T) {
	_, fetch := network(t, func(http.ResponseWriter, *http.Request) {})
	for _, url := range []string{"http://127.0.0.1:1/", "ftp://example.com/"} {
		_, err := fetch(context.Background(), &wire.Request{Method: "GET", URL: url, Header: http.Header{}})
		var je *jsg.Error
		if !errors.As(err, &je) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestNetworkWebSocket(t *testing.T) {
	base, fetch := network(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/no" {
			http.Error(w, "not here", http.StatusForbidden)
			return
		}
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"chat"}})
		if err != nil {
			return
		}
		typ, data, err := c.Read(r.Context())
		if err == nil {
			c.Write(r.Context(), typ, append([]byte("echo "), data...))
		}
		c.Close(3001, "done")
	})
	resp, err := fetch(context.Background(), &wire.Request{Method: "GET", URL: base, Header: http.Header{"Upgrade": {"websocket"}, "Sec-Websocket-Protocol": {"chat"}}})
	if err != nil || resp.Status != 101 || resp.WebSocket == nil || resp.Header.Get("Sec-Websocket-Protocol") != "chat" {
		t.Fatalf("%+v %v", resp, err)
	}
	r := &received{messages: make(chan string, 4)}
	resp.WebSocket.Attach(r)
	resp.WebSocket.Send(wire.Message{Text: true, Data: []byte("hi")})
	if got := <-r.messages; got != "echo hi" {
		t.Errorf("got %q", got)
	}
	if got := <-r.messages; got != "close done" {
		t.Errorf("got %q", got)
	}
	resp.WebSocket.Close(3001, "done")
	refused, err := fetch(context.Background(), &wire.Request{Method: "GET", URL: base + "/no", Header: http.Header{"Upgrade": {"websocket"}}})
	if err != nil || refused.Status != http.StatusForbidden || refused.WebSocket != nil {
		t.Errorf("a refused upgrade is an ordinary answer: %+v %v", refused, err)
	}
	if refused.Body != nil {
		refused.Body.Close()
	}
}

type received struct{ messages chan string }

func (r *received) SocketMessage(m wire.Message)        { r.messages <- string(m.Data) }
func (r *received) SocketClose(code int, reason string) { r.messages <- "close " + reason }
