package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// askOracle asks the real thing installed under dir: workerd for the modules,
// wrangler dev for what has a configuration.
func askOracle(ctx context.Context, from, dir string, list []area) (map[string]*recording, error) {
	theirs := map[string]*recording{}
	var plain []area
	for _, a := range list {
		if len(a.configs) == 0 {
			plain = append(plain, a)
			continue
		}
		r, err := askWrangler(ctx, from, a)
		if err != nil {
			return nil, err
		}
		theirs[a.name] = r
	}
	if len(plain) == 0 {
		return theirs, nil
	}
	return theirs, askWorkerd(ctx, from, dir, plain, theirs)
}

// installed is a file below from/node_modules.
func installed(from string, patterns ...string) (string, error) {
	for _, pattern := range patterns {
		if found, _ := filepath.Glob(filepath.Join(from, "node_modules", pattern)); len(found) > 0 {
			return filepath.Abs(found[0])
		}
	}
	return "", fmt.Errorf("no %s in %s/node_modules", strings.Join(patterns, " or "), from)
}

func version(ctx context.Context, binary string) (string, error) {
	out, err := exec.CommandContext(ctx, binary, "--version").Output()
	return strings.TrimSpace(string(out)), err
}

// askWorkerd runs the areas in one workerd, each as a worker with a port.
func askWorkerd(ctx context.Context, from, dir string, list []area, into map[string]*recording) error {
	binary, err := installed(from, "@cloudflare/workerd-*/bin/workerd", "workerd/bin/workerd")
	if err != nil {
		return err
	}
	v, err := version(ctx, binary)
	if err != nil {
		return err
	}
	ports, err := freePorts(len(list))
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	file := filepath.Join(tmp, "config.capnp")
	if err := configure(file, dir, list, ports); err != nil {
		return err
	}
	stop, stderr, err := launch(ctx, nil, binary, "serve", file)
	if err != nil {
		return err
	}
	defer stop()
	for i, area := range list {
		a, err := askPort(ctx, area.name, ports[i])
		if err != nil {
			return fmt.Errorf("%w\n%s", err, stderr)
		}
		into[area.name] = &recording{Oracle: v, Date: date, Answers: a}
	}
	return nil
}

// askWrangler runs an area with bindings as its users would.
func askWrangler(ctx context.Context, from string, a area) (*recording, error) {
	script, err := installed(from, "wrangler/bin/wrangler.js")
	if err != nil {
		return nil, err
	}
	node := "node" // wrangler's own needs decide which version
	if own, err := installed(from, "node-*/bin/node"); err == nil {
		node = own
	}
	v, err := wranglerVersion(filepath.Join(filepath.Dir(script), "..", "package.json"))
	if err != nil {
		return nil, err
	}
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	args := []string{script, "dev", "--ip", "127.0.0.1", "--port", strconv.Itoa(ports[0]), "--inspector-port", strconv.Itoa(ports[1]), "--persist-to", tmp, "--log-level", "error"}
	for _, c := range a.configs {
		args = append(args, "-c", c)
	}
	env := append(os.Environ(), "PATH="+filepath.Dir(node)+string(os.PathListSeparator)+os.Getenv("PATH"),
		"CI=1", "WRANGLER_SEND_METRICS=false", "WRANGLER_HIDE_BANNER=true", "CLOUDFLARE_CF_FETCH_ENABLED=false")
	stop, stderr, err := launch(ctx, env, node, args...)
	if err != nil {
		return nil, err
	}
	defer stop()
	got, err := askPort(ctx, a.name, ports[0])
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, stderr)
	}
	return &recording{Oracle: v, Date: date, Answers: got}, nil
}

func wranglerVersion(manifest string) (string, error) {
	var p struct{ Version string }
	data, err := os.ReadFile(manifest)
	if err != nil {
		return "", err
	}
	return "wrangler " + p.Version, json.Unmarshal(data, &p)
}

// launch starts a program; stop asks it to end and waits.
func launch(ctx context.Context, env []string, name string, args ...string) (stop func(), stderr *bytes.Buffer, err error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = env
	stderr = &bytes.Buffer{}
	cmd.Stderr = stderr
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	return func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	}, stderr, nil
}

// configure writes the configuration: the probes are copied beside it, since
// it embeds files by relative path.
func configure(file, dir string, list []area, ports []int) error {
	for _, name := range append([]string{strings.TrimSuffix(library, ".js"), strings.TrimSuffix(outbound, ".js")}, names(list)...) {
		data, err := os.ReadFile(filepath.Join(dir, name+".js"))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(filepath.Dir(file), name+".js"), data, 0o644); err != nil {
			return err
		}
	}
	var services, sockets, workers strings.Builder
	for i, a := range list {
		name := a.name
		fmt.Fprintf(&services, "(name = %q, worker = .w%d), ", name, i)
		fmt.Fprintf(&sockets, "(name = %q, address = \"127.0.0.1:%d\", http = (), service = %q), ", name, ports[i], name)
		code := fmt.Sprintf("modules = [(name = %q, esModule = embed %q), (name = %q, esModule = embed %q)]", name+".js", name+".js", library, library)
		if name == script {
			code = fmt.Sprintf("serviceWorkerScript = embed %q", name+".js")
		}
		fmt.Fprintf(&workers, "const w%d :Workerd.Worker = (%s, compatibilityDate = %q, compatibilityFlags = %s, globalOutbound = \"outbound\");\n", i, code, date, capnpList(a.flags))
	}
	text := fmt.Sprintf(`using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [%s(name = "outbound", worker = .outbound)],
  sockets = [%s]);
const outbound :Workerd.Worker = (modules = [(name = "outbound.js", esModule = embed "outbound.js")], compatibilityDate = %q);
%s`, services.String(), sockets.String(), date, workers.String())
	return os.WriteFile(file, []byte(text), 0o644)
}

func capnpList(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = strconv.Quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
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
