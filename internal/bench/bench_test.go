//go:build linux

package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// target is a server of the test with the answers the scenarios expect.
func target(t *testing.T) *server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/text", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "Hello World!") })
	mux.HandleFunc("/chunked", func(w http.ResponseWriter, r *http.Request) {
		for range 3 {
			io.WriteString(w, "piece")
			http.NewResponseController(w).Flush()
		}
	})
	mux.HandleFunc("/bad", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusTeapot) })
	mux.HandleFunc("/upload", func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).EnableFullDuplex()
		io.Copy(w, r.Body)
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer c.CloseNow()
		for {
			typ, data, err := c.Read(context.Background())
			if err != nil || c.Write(context.Background(), typ, data) != nil {
				return
			}
		}
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return &server{addr: strings.TrimPrefix(s.URL, "http://")}
}

func TestGet(t *testing.T) {
	s := target(t)
	for _, c := range []struct {
		path, body string
		status     int
	}{{"/text", "Hello World!", 200}, {"/chunked", "piecepiecepiece", 200}, {"/bad", "no\n", 418}} {
		status, body, err := get(s.addr, c.path, time.Minute)
		if err != nil || status != c.status || string(body) != c.body {
			t.Errorf("%s: %d %q %v", c.path, status, body, err)
		}
	}
}

func TestLoads(t *testing.T) {
	s := target(t)
	for name, run := range map[string]func(*server, int, time.Duration) (result, error){
		"gets": gets("/text", 12), "chunked": gets("/chunked", 15), "upload": upload("POST", "/upload", 3*mega, 3*mega), "echo": echo("/echo"),
	} {
		r, err := run(s, 3, 20*time.Millisecond)
		if err != nil || r.count == 0 || r.count != len(r.latencies) || !slices.IsSorted(r.latencies) {
			t.Errorf("%s: %d of %d, %v", name, r.count, len(r.latencies), err)
		}
	}
}

// A wrong answer must fail a run, whatever it does for the figures.
func TestLoadsNoticeWrongAnswers(t *testing.T) {
	s := target(t)
	for name, run := range map[string]func(*server, int, time.Duration) (result, error){
		"status": gets("/bad", -1), "size": gets("/text", 13), "upload": upload("POST", "/text", mega, mega), "socket": echo("/text"), "room": func(s *server, n int, d time.Duration) (result, error) {
			return room("/text")(s, n, d)
		},
	} {
		if _, err := run(s, 2, 10*time.Millisecond); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSummaries(t *testing.T) {
	for _, c := range []struct {
		in   []float64
		want summary
	}{
		{nil, summary{}},
		{[]float64{3, 1, 2}, summary{Median: 2, Min: 1, Max: 3}},
		{[]float64{4, 1, 2, 3}, summary{Median: 2.5, Min: 1, Max: 4}},
	} {
		got := summarize(c.in)
		if got.Median != c.want.Median || got.Min != c.want.Min || got.Max != c.want.Max {
			t.Errorf("%v: %+v", c.in, got)
		}
	}
	sorted := []time.Duration{1, 2, 3, 4}
	if quantile(sorted, 0.5) != 3 || quantile(sorted, 0.99) != 4 || quantile(nil, 0.5) != 0 {
		t.Error("quantiles of a short list")
	}
}

// The ratio says how many times better miniworker is, whichever way is better.
func TestReportRatios(t *testing.T) {
	mine, other := &tool{name: "miniworker"}, &tool{name: "other"}
	r := newReport([]*tool{mine, other})
	r.add("load/x/1", "rate", mine, 1)
	for _, m := range []string{"per second", "p50 ms"} {
		r.add("load/x/1", m, mine, 4)
		r.add("load/x/1", m, other, 2)
	}
	var out bytes.Buffer
	r.print(&out)
	for _, want := range []string{`per second +4.00 +2.00 +other ×2.00`, `p50 ms +4.00 +2.00 +other ×0.500`} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no %s in\n%s", want, &out)
		}
	}
}
