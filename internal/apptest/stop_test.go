//go:build unix

package apptest

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStop ends the program by each signal, with work in flight: it has to go
// quickly, with exit code 0, and leave nothing behind.
func TestStop(t *testing.T) {
	t.Parallel()
	for name, sig := range map[string]syscall.Signal{"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startTransport(t)
			s, _, err := p.connect(t, "/socket", "")
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/endless?id=stop", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := p.client.Do(r) // its body is never read: the program has to give up on it
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()

			began := time.Now()
			p.stop(sig)
			if took := time.Since(began); took > patience {
				t.Errorf("it took %v to stop", took)
			}
			if f, err := s.next(); err != nil || !f.closed || f.code != 1001 {
				t.Errorf("the WebSocket's end: %+v, %v", f, err)
			}
			l, err := net.Listen("tcp", p.addr)
			if err != nil {
				t.Errorf("the port is still taken: %v", err)
			} else {
				l.Close()
			}
			if err := syscall.Kill(-p.cmd.Process.Pid, 0); !errors.Is(err, syscall.ESRCH) {
				t.Errorf("processes of its group are left: %v", err)
			}
		})
	}
}

// TestStopWhileStarting sends the signal before anything answers.
func TestStopWhileStarting(t *testing.T) {
	t.Parallel()
	p := launch(t, example("share"), "--persist-to", t.TempDir())
	p.out.waitAny(t)
	p.stop(syscall.SIGTERM)
}

// TestEvents reads what programs that start miniworker are told.
func TestEvents(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.json")
	t.Setenv("WRANGLER_OUTPUT_FILE_PATH", file)
	p := startTransport(t)
	if a := p.get(t, "/hello"); a.body != "hello" {
		t.Errorf("%d %s", a.status, a.body)
	}
	p.stop(syscall.SIGTERM)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for line := range strings.Lines(string(text)) {
		var e struct {
			Type, URL string
			Port      int
			PID       int
			Workers   []string
			OK        *bool
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		types = append(types, e.Type)
		switch e.Type {
		case "build":
			if e.OK == nil || !*e.OK {
				t.Errorf("a failed build: %s", line)
			}
		case "ready":
			if !strings.HasSuffix(p.url, strings.TrimPrefix(e.URL, "http://localhost")) || e.PID != p.cmd.Process.Pid || !slices.Equal(e.Workers, []string{"front", "back"}) {
				t.Errorf("%s is not %s with pid %d", line, p.url, p.cmd.Process.Pid)
			}
		}
	}
	if want := []string{"session", "build", "build", "ready", "stop"}; !slices.Equal(types, want) {
		t.Errorf("events %v, want %v", types, want)
	}
}

// TestPortTaken wants a clear message and exit code 1, not a hang.
func TestPortTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p := launchFailing(t, example("share"), "--persist-to", t.TempDir(), "--port", port)
	if code := p.cmd.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if out := p.out.String(); !strings.Contains(out, "port "+port+" is in use") || !strings.Contains(out, "--port") {
		t.Errorf("printed:\n%s", out)
	}
}

// TestStateInUse: two sessions on one state directory would corrupt it.
func TestStateInUse(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	first := start(t, app("crash"), state)
	second := launchFailing(t, app("crash"), "--persist-to", state)
	if code := second.cmd.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if out := second.out.String(); !strings.Contains(out, "another session uses the state directory") || !strings.Contains(out, "--persist-to") {
		t.Errorf("printed:\n%s", out)
	}
	if a := first.get(t, "/object/none"); a.status != 200 {
		t.Errorf("the first session: %d %s", a.status, a.body)
	}
}
