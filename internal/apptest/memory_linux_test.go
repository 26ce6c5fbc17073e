package apptest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestMemory moves 100 MB through a worker in several ways: the program may
// hold a piece of it, never much.
func TestMemory(t *testing.T) {
	t.Parallel()
	const size = 100 << 20
	for name, move := range map[string]func(t *testing.T, p *program, size int64){
		"echo":                   func(t *testing.T, p *program, size int64) { echo(t, p, "/echo", size) },
		"echo through a service": func(t *testing.T, p *program, size int64) { echo(t, p, "/back/echo", size) },
		"to R2 and back":         store,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startTransport(t)
			move(t, p, 1<<20) // whatever is set up once
			if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0); err != nil {
				t.Logf("the peak includes the start: %v", err)
			}
			before := p.memory(t, "VmRSS")
			move(t, p, size)
			grown := p.memory(t, "VmHWM") - before
			t.Logf("%d MB before, at most %d MB more", before>>20, grown>>20)
			limit := 48 << 20
			if raced {
				limit *= 2 // shadow memory
			}
			if grown > limit {
				t.Errorf("memory grew by %d MB for a body of %d MB", grown>>20, size>>20)
			}
		})
	}
}

// echo sends a body and requires it back.
func echo(t *testing.T, p *program, path string, size int64) {
	t.Helper()
	requirePattern(t, p.open(t, http.MethodPost, path, io.LimitReader(&pattern{}, size), -1), size)
}

// store puts an object into a bucket and gets it.
func store(t *testing.T, p *program, size int64) {
	t.Helper()
	stored := p.open(t, http.MethodPost, "/upload", io.LimitReader(&pattern{}, size), size)
	if text, err := io.ReadAll(stored); err != nil || string(text) != fmt.Sprint(size) {
		t.Fatalf("stored: %q, %v", text, err)
	}
	requirePattern(t, p.open(t, http.MethodGet, "/uploaded", nil, 0), size)
}

// open sends a request and returns the answer's body.
func (p *program) open(t *testing.T, method, path string, body io.Reader, length int64) io.Reader {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, method, p.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = length
	resp, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp.Body
}

func requirePattern(t *testing.T, r io.Reader, size int64) {
	t.Helper()
	check := &pattern{}
	if n, err := io.Copy(check, r); n != size || err != nil || check.wrong {
		t.Fatalf("%d of %d bytes came back (%v), as they were sent: %v", n, size, err, !check.wrong)
	}
}

// pattern makes bytes that differ from place to place, or checks them.
type pattern struct {
	at    int
	wrong bool
}

func (p *pattern) byte() byte { p.at++; return byte(p.at ^ p.at>>8 ^ p.at>>16) }

func (p *pattern) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = p.byte()
	}
	return len(b), nil
}

func (p *pattern) Write(b []byte) (int, error) {
	for _, got := range b {
		if got != p.byte() {
			p.wrong = true
		}
	}
	return len(b), nil
}

// memory reads a line of /proc/PID/status, in bytes.
func (p *program) memory(t *testing.T, key string) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == key+":" {
			kb, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatal(err)
			}
			return kb << 10
		}
	}
	t.Fatalf("no %s", key)
	return 0
}
