package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// oracle is the workerd installed under dir.
func oracle(dir string) (string, error) {
	for _, pattern := range []string{"@cloudflare/workerd-*/bin/workerd", "workerd/bin/workerd"} {
		if found, _ := filepath.Glob(filepath.Join(dir, "node_modules", pattern)); len(found) > 0 {
			return filepath.Abs(found[0])
		}
	}
	return "", fmt.Errorf("no workerd in %s/node_modules", dir)
}

func version(ctx context.Context, binary string) (string, error) {
	out, err := exec.CommandContext(ctx, binary, "--version").Output()
	return strings.TrimSpace(strings.TrimPrefix(string(out), "workerd")), err
}

// askOracle runs the areas in one workerd, each as a worker with a port.
func askOracle(ctx context.Context, binary, dir string, names []string) (*recording, error) {
	v, err := version(ctx, binary)
	if err != nil {
		return nil, err
	}
	ports, err := freePorts(len(names))
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	file := filepath.Join(tmp, "config.capnp")
	if err := configure(file, dir, names, ports); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, binary, "serve", file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	defer cmd.Wait()
	defer cancel()
	rec := &recording{Workerd: v, Date: date, Areas: map[string]answers{}}
	for i, name := range names {
		a, err := askPort(ctx, name, ports[i])
		if err != nil {
			return nil, fmt.Errorf("%w\n%s", err, stderr.String())
		}
		rec.Areas[name] = a
	}
	return rec, nil
}

// configure writes the configuration: the probes are copied beside it, since
// it embeds files by relative path.
func configure(file, dir string, names []string, ports []int) error {
	for _, name := range append([]string{strings.TrimSuffix(library, ".js"), strings.TrimSuffix(outbound, ".js")}, names...) {
		data, err := os.ReadFile(filepath.Join(dir, name+".js"))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(filepath.Dir(file), name+".js"), data, 0o644); err != nil {
			return err
		}
	}
	var services, sockets, workers strings.Builder
	for i, name := range names {
		fmt.Fprintf(&services, "(name = %q, worker = .%s), ", name, name)
		fmt.Fprintf(&sockets, "(name = %q, address = \"127.0.0.1:%d\", http = (), service = %q), ", name, ports[i], name)
		code := fmt.Sprintf("modules = [(name = %q, esModule = embed %q), (name = %q, esModule = embed %q)]", name+".js", name+".js", library, library)
		if name == script {
			code = fmt.Sprintf("serviceWorkerScript = embed %q", name+".js")
		}
		fmt.Fprintf(&workers, "const %s :Workerd.Worker = (%s, compatibilityDate = %q, globalOutbound = \"outbound\");\n", name, code, date)
	}
	text := fmt.Sprintf(`using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [%s(name = "outbound", worker = .outbound)],
  sockets = [%s]);
const outbound :Workerd.Worker = (modules = [(name = "outbound.js", esModule = embed "outbound.js")], compatibilityDate = %q);
%s`, services.String(), sockets.String(), date, workers.String())
	return os.WriteFile(file, []byte(text), 0o644)
}

// freePorts are ports nobody listens on now.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// askPort asks one worker, waiting for it to listen.
func askPort(ctx context.Context, area string, port int) (answers, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}}
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/", port), nil)
		if err != nil {
			return nil, err
		}
		resp, err := client.Do(req)
		var refused *net.OpError
		if errors.As(err, &refused) && refused.Op == "dial" && ctx.Err() == nil {
			select {
			case <-time.After(50 * time.Millisecond):
			case <-ctx.Done():
			}
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", area, err)
		}
		defer resp.Body.Close()
		return decode(area, resp.Body)
	}
}
