//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
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
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	state, err := os.MkdirTemp("", "apibench")
	if err != nil {
		return nil, err
	}
	t, err := start(ctx, "miniworker", port, program, "dev", filepath.Join(dir, "worker.js"),
		"--compatibility-date", date, "--compatibility-flags", compat, "--port", port, "--persist-to", state, "--log-level", "warn")
	return cleaning(t, state), err
}

const workerdConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "w", worker = (modules = [%s], compatibilityDate = %q, compatibilityFlags = [%q]))],
  sockets = [(name = "http", address = "127.0.0.1:%s", http = (), service = "w")]);`

func startWorkerd(ctx context.Context, from, dir string) (*target, error) {
	found, _ := filepath.Glob(filepath.Join(from, "node_modules", "@cloudflare", "workerd-*", "bin", "workerd"))
	if len(found) == 0 {
		return nil, fmt.Errorf("no workerd in %s/node_modules", from)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "apibench")
	if err != nil {
		return nil, err
	}
	var modules []string
	for _, name := range []string{"worker.js", "api.js", "kernels.js"} { // the first is the main one
		modules = append(modules, fmt.Sprintf("(name = %q, esModule = embed %q)", name, name))
	}
	file := filepath.Join(tmp, "config.capnp")
	config := fmt.Sprintf(workerdConfig, strings.Join(modules, ", "), date, compat, port)
	if err := errors.Join(os.CopyFS(tmp, os.DirFS(dir)), os.WriteFile(file, []byte(config), 0o644)); err != nil {
		return nil, err
	}
	t, err := start(ctx, "workerd", port, found[0], "serve", file)
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

func start(ctx context.Context, name, port, program string, args ...string) (*target, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	t := &target{name: name, address: "http://127.0.0.1:" + port + "/", pid: cmd.Process.Pid, stop: func() {
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

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
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
