package eventsource_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server answers one request after the other, and 404 in the end.
type server struct {
	answers []*wire.Response
	asked   chan http.Header
}

func (s *server) Fetch(_ context.Context, req *wire.Request) (*wire.Response, error) {
	n := len(s.asked)
	s.asked <- req.Header
	if n < len(s.answers) {
		return s.answers[n], nil
	}
	return &wire.Response{Status: 404, Header: http.Header{}}, nil
}

func stream(text string) *wire.Response {
	return &wire.Response{Status: 200, Header: http.Header{"Content-Type": {"text/event-stream; charset=utf-8"}}, Body: wire.NewBytesBody([]byte(text))}
}

// TestReconnects follows an EventSource from connection to connection, by a
// clock that stands still until the test moves it.
func TestReconnects(t *testing.T) {
	c := clock.NewFake(time.Unix(0, 0))
	s := &server{answers: []*wire.Response{
		stream("retry: 3000\nid: 7\ndata: one\n\n"), stream("data: two\n\nretry: 5\n\n"), stream("data: three\n\nretry: 99999\n\n"), stream(""),
	}, asked: make(chan http.Header, 10)}
	log := make(chan string, 100)
	iso := isolate.New(isolate.Options{Name: "test", Clock: c, Flag: func(string) bool { return true },
		Install: []func(*jsg.Scope){iocontext.Install, all.Install, func(js *jsg.Scope) {
			iocontext.SetOutbound(js, s)
			js.Define(js.Global(), "log", js.Func("log", 1, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
				log <- a.String(0)
				return jsg.Undefined, a.Err()
			}))
		}}})
	t.Cleanup(func() {
		iso.Dispose()
		<-iso.Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	io := iocontext.New(iso, ctx, iocontext.Info{})
	io.Post(&iocontext.Frame{IO: io}, func(js *jsg.Scope) {
		_, err := js.Run(jsg.MustCompile("test.js", `
			const es = new EventSource("https://example.com/stream");
			es.onopen = () => log("open " + es.readyState);
			es.onmessage = (e) => log(e.data + " " + e.lastEventId + " " + e.origin);
			es.onerror = (e) => log("error " + es.readyState + " " + e.error.message);`))
		if err != nil {
			t.Error(err)
		}
	})
	next := func() string {
		t.Helper()
		select {
		case line := <-log:
			return line
		case <-time.After(time.Minute):
			t.Fatal("nothing happens")
			return ""
		}
	}
	expect := func(want ...string) {
		t.Helper()
		for _, w := range want {
			if got := next(); got != w {
				t.Fatalf("got %q, want %q", got, w)
			}
		}
		iso.Do(func(*jsg.Scope) {}) // the timer is set in the turn that reported the error
	}
	lost := "error 0 The server disconnected."
	for i, round := range []struct {
		wait  time.Duration
		lines []string
	}{
		{0, []string{"open 1", "one 7 https://example.com", lost}},
		{3 * time.Second, []string{"open 1", "two 7 https://example.com", lost}},
		{time.Second, []string{"open 1", "three 7 https://example.com", lost}}, // the server asked for less
		{10 * time.Second, []string{"open 1", lost}},                           // for more
		{10 * time.Second, []string{"error 2 The response status code was 404."}},
	} {
		if round.wait > 0 {
			c.Advance(round.wait - time.Millisecond)
			iso.Do(func(*jsg.Scope) {})
			if n := len(s.asked); n != i {
				t.Fatalf("round %d: connected %d times before its time", i, n)
			}
			c.Advance(time.Millisecond)
		}
		expect(round.lines...)
	}
	var ids []string
	for range len(s.answers) + 1 {
		h := <-s.asked
		ids = append(ids, fmt.Sprint(h.Get("Accept"), h.Get("Cache-Control"), h.Get("Last-Event-Id")))
	}
	if want := []string{"text/event-streamno-cache", "text/event-streamno-cache7"}; ids[0] != want[0] || !slices.Equal(ids[1:2], want[1:]) {
		t.Errorf("requests were %q", ids)
	}
	iso.Do(func(*jsg.Scope) { io.End() })
}
