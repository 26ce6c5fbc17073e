package dev

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
)

func printed(t *testing.T, level Level, color bool, records ...trace.Record) string {
	t.Helper()
	var out lockedBuffer
	p := newPrinter(&out, color, level)
	for _, r := range records {
		p.record(r)
	}
	p.close()
	return out.String()
}

func TestTree(t *testing.T) {
	t.Parallel()
	sub := func(span, parent trace.Span, name, target string) trace.Record {
		return trace.Record{Kind: trace.Subrequest, Span: span, Parent: parent, Name: name, Target: target, Status: 200, Duration: 2 * time.Millisecond, Worker: "w"}
	}
	req := trace.Record{Kind: trace.Request, Span: 1, Name: "GET /", Status: 200, Duration: 5 * time.Millisecond, Worker: "w"}
	for _, c := range []struct {
		name    string
		records []trace.Record
		want    string
	}{
		{"alone", []trace.Record{req}, "GET / 200 5ms w\n"},
		{"children in the order of their ends", []trace.Record{sub(2, 1, "GET a", "A"), sub(3, 1, "GET b", ""), req},
			"GET / 200 5ms w\n  ├ GET a 200 2ms A\n  └ GET b 200 2ms network\n"},
		{"below a child", []trace.Record{sub(3, 2, "GET deep", "B"), sub(2, 1, "GET a", "A"), sub(4, 1, "GET c", "C"), req},
			"GET / 200 5ms w\n  ├ GET a 200 2ms A\n  │ └ GET deep 200 2ms B\n  └ GET c 200 2ms C\n"},
		{"after the request", []trace.Record{req, sub(2, 1, "GET late", "A"), sub(3, 2, "GET later", "B")},
			"GET / 200 5ms w\n  … after GET /: GET late 200 2ms A\n  … after GET /: GET later 200 2ms B\n"},
		{"no worker", []trace.Record{{Kind: trace.Request, Span: 1, Name: "GET /x", Status: 404}}, "GET /x 404 0s (no worker)\n"},
		{"control characters", []trace.Record{{Kind: trace.Request, Span: 1, Name: "GET /\x1b[31m\u0085", Status: 200, Worker: "w"}}, "GET /·[31m· 200 0s w\n"},
		{"failed subrequest", []trace.Record{{Kind: trace.Subrequest, Span: 2, Parent: 1, Name: "GET a", Target: "A", Error: "gone\nwith stack"}, req},
			"GET / 200 5ms w\n  └ GET a gone 0s A\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := printed(t, Log, false, c.records...); got != c.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	all := []trace.Record{
		{Kind: trace.Log, Worker: "w", Level: "debug", Name: "a debug line"},
		{Kind: trace.Log, Worker: "w", Level: "warn", Name: "a warning"},
		{Kind: trace.Log, Worker: "w", Level: "error", Name: "an error"},
		{Kind: trace.Request, Span: 1, Name: "GET /", Status: 200, Worker: "w"},
		{Kind: trace.Exception, Worker: "w", Error: "Error: thrown"},
		{Kind: trace.Socket, Worker: "w", Name: "open"},
	}
	for level, want := range map[Level][]string{
		Debug: {"a debug line", "a warning", "an error", "GET /", "thrown", "socket open"},
		Log:   {"a debug line", "a warning", "an error", "GET /", "thrown"},
		Warn:  {"a warning", "an error", "thrown"},
		Error: {"an error", "thrown"},
		None:  nil,
	} {
		got := printed(t, level, false, all...)
		if n := strings.Count(got, "\n"); n != len(want) {
			t.Errorf("%s: %d lines, want %d:\n%s", levelNames[level], n, len(want), got)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q is missing in:\n%s", levelNames[level], w, got)
			}
		}
	}
}

func TestColours(t *testing.T) {
	t.Parallel()
	rec := trace.Record{Kind: trace.Request, Span: 1, Name: "GET /", Status: 500, Worker: "w"}
	if got := printed(t, Log, true, rec); !strings.Contains(got, "\x1b[31m500\x1b[0m") {
		t.Errorf("%q", got)
	}
	if got := printed(t, Log, false, rec); strings.Contains(got, "\x1b") {
		t.Errorf("%q", got)
	}
}

// TestTreeIsBounded feeds sub-requests whose requests never end.
func TestTreeIsBounded(t *testing.T) {
	t.Parallel()
	tr := newTree()
	for i := range trace.Span(10 * maxChildren) {
		tr.add(trace.Record{Span: 2*i + 2, Parent: 2*i + 1})
	}
	if tr.count > maxChildren || len(tr.children) > maxChildren || len(tr.order) > maxChildren {
		t.Errorf("%d kept below %d parents, %d in order", tr.count, len(tr.children), len(tr.order))
	}
	for i := range trace.Span(10 * rememberPrinted) {
		tr.take(1_000_000+i, "GET /")
	}
	if len(tr.at) > rememberPrinted {
		t.Errorf("%d requests remembered", len(tr.at))
	}
}

func TestTreeConcurrently(t *testing.T) {
	t.Parallel()
	p := newPrinter(io.Discard, false, Log)
	defer p.close()
	const each = rememberPrinted / 3 / 8 // none is forgotten before its last sub-request
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range each {
				span := trace.Span(g*1_000_000 + 3*i + 1)
				p.record(trace.Record{Kind: trace.Subrequest, Span: span + 1, Parent: span, Name: "GET a", Status: 200})
				p.record(trace.Record{Kind: trace.Request, Span: span, Name: "GET /", Status: 200})
				p.record(trace.Record{Kind: trace.Subrequest, Span: span + 2, Parent: span, Name: "GET b", Status: 200})
			}
		})
	}
	wg.Wait()
	if p.tree.count > 0 {
		t.Errorf("%d sub-requests left over", p.tree.count)
	}
}

type stuckWriter struct{ release chan struct{} }

func (w stuckWriter) Write(p []byte) (int, error) { <-w.release; return len(p), nil }

// TestSlowTerminal holds that a terminal that takes nothing does not hold up
// requests, nor fill the memory.
func TestSlowTerminal(t *testing.T) {
	t.Parallel()
	w := stuckWriter{make(chan struct{})}
	p := newPrinter(w, false, Log)
	for i := range 50_000 {
		p.record(trace.Record{Kind: trace.Request, Span: trace.Span(i + 1), Name: "GET /" + strings.Repeat("x", 100), Status: 200})
	}
	p.out.mu.Lock()
	waiting, lost := len(p.out.buf), p.out.lost
	p.out.mu.Unlock()
	if waiting > maxWaiting+1024 || lost == 0 {
		t.Errorf("%d bytes wait, %d lines were left out", waiting, lost)
	}
	close(w.release)
	p.close()
}

func BenchmarkRequestLine(b *testing.B) {
	p := newPrinter(io.Discard, true, Log)
	defer p.close()
	attrs := map[string]string{"url": "http://localhost:8787/path?query", "via": "route", "pattern": "example.com/*"}
	b.ReportAllocs()
	var span trace.Span
	for b.Loop() {
		span++
		p.record(trace.Record{Kind: trace.Request, Span: span, Name: "GET /path?query", Status: 200, Duration: 83 * time.Microsecond, Worker: "web", Attrs: attrs})
	}
}

func ExampleParseLevel() {
	level, err := ParseLevel("warn")
	fmt.Println(level == Warn, err)
	_, err = ParseLevel("loud")
	fmt.Println(err)
	// Output:
	// true <nil>
	// unknown log level "loud": use one of debug, info, log, warn, error, none
}
