//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/internal/oracle"
)

const (
	date   = "2026-08-01"
	compat = "nodejs_compat"
)

// target is a running server of the cases.
type target struct {
	name, address string
	pid           int
	stop          func()
}

func startOurs(ctx context.Context, program, dir string) (*target, error) {
	ports, err := oracle.FreePorts(1)
	if err != nil {
		return nil, err
	}
	port := ports[0]
	state, err := os.MkdirTemp("", "apibench")
	if err != nil {
		return nil, err
	}
	t, err := start(ctx, "miniworker", port, program, "dev", filepath.Join(dir, "worker.js"),
		"--compatibility-date", date, "--compatibility-flags", compat, "--port", strconv.Itoa(port), "--persist-to", state, "--log-level", "warn")
	return cleaning(t, state), err
}

func startWorkerd(ctx context.Context, from, dir string) (*target, error) {
	program, err := oracle.Install(from).Workerd()
	if err != nil {
		return nil, err
	}
	ports, err := oracle.FreePorts(1)
	if err != nil {
		return nil, err
	}
	port := ports[0]
	tmp, err := os.MkdirTemp("", "apibench")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(tmp, "config.capnp")
	worker := oracle.Worker{Name: "w", Modules: []string{"worker.js", "api.js", "kernels.js"}, Date: date, Flags: []string{compat}, Port: port}
	if err := errors.Join(os.CopyFS(tmp, os.DirFS(dir)), oracle.WriteConfig(file, []oracle.Worker{worker})); err != nil {
		return nil, err
	}
	t, err := start(ctx, "workerd", port, program, "serve", file)
	return cleaning(t, tmp), err
}

// cleaning removes a directory when the target stops.
func cleaning(t *target, dir string) *target {
	if t == nil {
		os.RemoveAll(dir)
		return nil
	}
	stop := t.stop
	t.stop = func() { stop(); os.RemoveAll(dir) }
	return t
}

func start(ctx context.Context, name string, port int, program string, args ...string) (*target, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	t := &target{name: name, address: fmt.Sprintf("http://127.0.0.1:%d/", port), pid: cmd.Process.Pid, stop: func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	}}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if _, err := t.ask(ctx, ""); err == nil {
			return t, nil
		} else if time.Now().After(deadline) {
			t.stop()
			return nil, fmt.Errorf("%s: %w\n%s", name, err, output.String())
		}
	}
}

func (t *target) ask(ctx context.Context, query string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.address+query, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", t.name, resp.Status, body)
	}
	return string(body), err
}

// cpu is the processor time all threads of the target have used.
func (t *target) cpu() (time.Duration, error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", t.pid))
	if err == nil && len(threads) == 0 {
		err = fmt.Errorf("%s: no schedstat in /proc", t.name)
	}
	var total time.Duration
	for _, file := range threads {
		data, _ := os.ReadFile(file) // a thread that has ended meanwhile does not count
		used, _, _ := strings.Cut(string(data), " ")
		n, _ := strconv.ParseInt(used, 10, 64)
		total += time.Duration(n)
	}
	return total, err
}
