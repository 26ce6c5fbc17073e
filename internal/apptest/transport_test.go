//go:build unix

package apptest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// startTransport starts the two workers of testdata/apps/transport.
func startTransport(t *testing.T) *program {
	t.Helper()
	return start(t, app("transport"), t.TempDir(), "-c", "front/wrangler.jsonc", "-c", "back/wrangler.jsonc")
}

// TestTransport has one program serve everything a connection can ask for.
func TestTransport(t *testing.T) {
	t.Parallel()
	p := startTransport(t)
	// At the front, and over a service binding.
	for _, prefix := range []string{"", "/back"} {
		for name, test := range map[string]func(*testing.T, *program, string){
			"a socket":                      testSocket,
			"a socket that just goes":       testVanished,
			"oversized message":             testOversized,
			"leaving cancels the stream":    testLeaving,
			"events as they come":           testEvents,
			"a client that does not read":   testSlowReader,
			"echo while the body is coming": testDuplex,
			"a hung handler":                testHung,
			"an upload of unknown length":   testUnknownLength,
			"an unread body, kept alive":    testUnreadBody,
			"a broken chunked body":         testBrokenBody,
		} {
			t.Run("to "+prefix+"/, "+name, func(t *testing.T) { t.Parallel(); test(t, p, prefix) })
		}
	}
	for name, test := range map[string]func(*testing.T, *program){
		"expect continue":             testExpectContinue,
		"expect continue, not wanted": testExpectUnread,
		"a large unread body":         testLargeUnreadBody,
		"head":                        testHead,
		"HTTP/1.0":                    testHTTP10,
		"HTTP/1.0, streamed":          testHTTP10Stream,
		"pipelined":                   testPipelined,
		"an upgrade nobody asked for": testUnaskedUpgrade,
		"a client that stops sending": testAbortedUpload,
		"no host":                     testNoHost,
		"a thrown error":              testThrown,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, p) })
	}
}

func testOversized(t *testing.T, p *program, prefix string) {
	s, _, err := p.connect(t, prefix+"/socket", "")
	if err != nil {
		t.Fatal(err)
	}
	s.send(t, websocket.MessageText, []byte("small"))
	if f, err := s.next(); err != nil || f.data != "small" {
		t.Fatalf("%+v, %v", f, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	// The server may close before it has all of it.
	_ = s.conn.Write(ctx, websocket.MessageBinary, make([]byte, 32<<20+1))
	f, err := s.next()
	if err != nil || !f.closed || f.code != 1009 || !strings.Contains(f.reason, "32 MiB") {
		t.Errorf("after a message of 32 MiB and a byte: %+v, %v", f, err)
	}
}

func testSocket(t *testing.T, p *program, prefix string) {
	s, resp, err := p.connect(t, prefix+"/socket", "")
	if err != nil {
		t.Fatal(err)
	}
	if by := resp.Header.Get("X-Answered-By"); (by == "back") != (prefix != "") {
		t.Errorf("X-Answered-By of the handshake: %q", by)
	}
	s.send(t, websocket.MessageText, []byte("höflich"))
	if f, err := s.next(); err != nil || f.data != "höflich" || f.binary {
		t.Errorf("%+v, %v", f, err)
	}
	s.send(t, websocket.MessageBinary, []byte{0, 255})
	if f, err := s.next(); err != nil || f.data != "\x00\xff" || !f.binary {
		t.Errorf("%+v, %v", f, err)
	}
	s.send(t, websocket.MessageText, []byte("leave"))
	if f, err := s.next(); err != nil || !f.closed || f.code != 4001 || f.reason != "told to" {
		t.Errorf("%+v, %v", f, err)
	}
}

func testLeaving(t *testing.T, p *program, prefix string) {
	id := fmt.Sprint(time.Now().UnixNano())
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+prefix+"/endless?id="+id, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.CopyN(io.Discard, resp.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	if a := p.get(t, prefix+"/cancelled?id="+id); a.body != "false" {
		t.Fatalf("cancelled already: %s", a.body)
	}
	leave()
	eventually(t, "cancel() of the stream was called", patience, func() bool {
		return p.get(t, prefix+"/cancelled?id="+id).body == "true"
	})
}

func testEvents(t *testing.T, p *program, prefix string) {
	open := make(chan struct{})
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-open:
		case <-r.Context().Done():
		}
		io.WriteString(w, "second")
	}))
	defer gate.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+prefix+"/events?gate="+gate.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if ct := resp.Header.Get("Content-Type"); ct != "text/event-stream" {
		t.Errorf("Content-Type: %q", ct)
	}
	first := make([]byte, len("data: first\n\n"))
	if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != "data: first\n\n" {
		t.Fatalf("%q, %v", first, err)
	}
	close(open) // the second event is made only now
	rest, err := io.ReadAll(resp.Body)
	if err != nil || string(rest) != "data: second\n\n" {
		t.Errorf("%q, %v", rest, err)
	}
}

func testHung(t *testing.T, p *program, prefix string) {
	began := time.Now()
	a := p.get(t, prefix+"/hang")
	if took := time.Since(began); a.status != 500 || took > patience {
		t.Errorf("%d after %v", a.status, took)
	}
	if !strings.Contains(a.body, "had hung") {
		t.Errorf("the page does not say why: %.300s", a.body)
	}
}

func testUnknownLength(t *testing.T, p *program, prefix string) {
	body := io.MultiReader(strings.NewReader("of unknown "), strings.NewReader("length"))
	a, err := p.do(http.MethodPost, prefix+"/upload", "", http.Header{"Accept": {"text/html"}}, body)
	if err != nil {
		t.Fatal(err)
	}
	if a.status != 500 || !strings.Contains(a.body, "TypeError") || !strings.Contains(a.body, "known length") {
		t.Errorf("%d %.500s", a.status, a.body)
	}
	if a := p.post(t, prefix+"/upload", "text/plain", "of known length"); a.status != 200 || a.body != "15" {
		t.Errorf("with a length: %d %.500s", a.status, a.body)
	}
}

func testUnaskedUpgrade(t *testing.T, p *program) {
	if a := p.get(t, "/socket"); a.status != 500 || !strings.Contains(a.body, "Upgrade: websocket") {
		t.Errorf("%d %.300s", a.status, a.body)
	}
}

func testDuplex(t *testing.T, p *program, prefix string) {
	body, w := io.Pipe()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+prefix+"/echo", body)
	if err != nil {
		t.Fatal(err)
	}
	sent := make(chan error, 1)
	again := make(chan struct{})
	go func() {
		_, err := io.WriteString(w, "first")
		<-again
		_, err2 := io.WriteString(w, "second")
		sent <- errors.Join(err, err2, w.Close())
	}()
	resp, err := p.client.Do(r)
	if err != nil {
		close(again)
		t.Fatal(err)
	}
	defer resp.Body.Close()
	first := make([]byte, 5)
	_, err = io.ReadFull(resp.Body, first)
	close(again)
	if err != nil || string(first) != "first" {
		t.Fatalf("%q, %v", first, err)
	}
	rest, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, <-sent); err != nil || string(rest) != "second" {
		t.Errorf("%q, %v", rest, err)
	}
}

// testSlowReader: a stream nobody reads has to wait, not to pile up.
func testSlowReader(t *testing.T, p *program, prefix string) {
	id := fmt.Sprint(time.Now().UnixNano())
	p.raw(t, "GET "+prefix+"/endless?id="+id+" HTTP/1.1\r\nHost: localhost\r\n\r\n")
	last, same := "", 0
	eventually(t, "the stream waits for its reader", patience, func() bool {
		now := p.get(t, prefix+"/pulls?id="+id).body
		if now != last || now == "0" {
			last, same = now, 0
			return false
		}
		same++
		return same >= 20
	})
	// Buffers of the kernel on both sides take a few megabytes.
	if n, err := strconv.Atoi(last); err != nil || n*16384 > 24<<20 {
		t.Errorf("%s chunks of 16 KB were made for nobody (%v)", last, err)
	}
}

func testVanished(t *testing.T, p *program, prefix string) {
	id := fmt.Sprint(time.Now().UnixNano())
	s, _, err := p.connect(t, prefix+"/socket?id="+id, "")
	if err != nil {
		t.Fatal(err)
	}
	s.send(t, websocket.MessageText, []byte("still here"))
	if f, err := s.next(); err != nil || f.data != "still here" {
		t.Fatalf("%+v, %v", f, err)
	}
	s.conn.CloseNow()
	eventually(t, "the worker hears of it", patience, func() bool { return p.get(t, prefix+"/closed?id="+id).body == "1006" })
}

// testThrown: the page shows the error where it is in the source.
func testThrown(t *testing.T, p *program) {
	a, err := p.do(http.MethodGet, "/throw", "", http.Header{"Accept": {"text/html"}}, nil)
	if err != nil || a.status != 500 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		t.Fatalf("%d %v, %v", a.status, a.header, err)
	}
	for _, want := range []string{"RangeError", "thrown on purpose", "front/worker.js"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page has no %q", want)
		}
	}
}
