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
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/internal/oracle"
)

// askOracle asks the real thing installed under dir: workerd for the modules,
// wrangler dev for what has a configuration.
func askOracle(ctx context.Context, from oracle.Install, dir string, list []area) (map[string]*recording, error) {
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

func version(ctx context.Context, binary string) (string, error) {
	out, err := exec.CommandContext(ctx, binary, "--version").Output()
	return strings.TrimSpace(string(out)), err
}

// askWorkerd runs the areas in one workerd, each as a worker with a port.
func askWorkerd(ctx context.Context, from oracle.Install, dir string, list []area, into map[string]*recording) error {
	binary, err := from.Workerd()
	if err != nil {
		return err
	}
	v, err := version(ctx, binary)
	if err != nil {
		return err
	}
	ports, err := oracle.FreePorts(len(list))
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
	stop, stderr, err := launch(exec.CommandContext(ctx, binary, "serve", file))
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
func askWrangler(ctx context.Context, from oracle.Install, a area) (*recording, error) {
	script, err := from.File("wrangler/bin/wrangler.js")
	if err != nil {
		return nil, err
	}
	v, err := from.Version("wrangler")
	if err != nil {
		return nil, err
	}
	asOf, err := a.date()
	if err != nil {
		return nil, err
	}
	ports, err := oracle.FreePorts(2)
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	args := []string{"dev", "--ip", "127.0.0.1", "--port", strconv.Itoa(ports[0]), "--inspector-port", strconv.Itoa(ports[1]), "--persist-to", tmp, "--log-level", "error"}
	for _, c := range a.configs {
		args = append(args, "-c", c)
	}
	stop, stderr, err := launch(from.Node(script, args...))
	if err != nil {
		return nil, err
	}
	defer stop()
	got, err := askPort(ctx, a.name, ports[0])
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, stderr)
	}
	return &recording{Oracle: "wrangler " + v, Date: asOf, Answers: got}, nil
}

// launch starts a program; stop asks it to end and waits.
func launch(cmd *exec.Cmd) (stop func(), stderr *bytes.Buffer, err error) {
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

// configure writes the configuration: the probes are copied beside it, since it
// embeds files by relative path.
func configure(file, dir string, list []area, ports []int) error {
	var workers []oracle.Worker
	for i, a := range list {
		w := oracle.Worker{Name: a.name, Date: date, Flags: a.flags, Port: ports[i], Outbound: "outbound"}
		if a.name == script {
			w.Script = a.name + ".js"
		} else {
			w.Modules = append([]string{a.name + ".js"}, a.libraries...)
		}
		workers = append(workers, w)
	}
	workers = append(workers, oracle.Worker{Name: "outbound", Modules: []string{outbound}, Date: date})
	for _, w := range workers {
		for _, name := range append([]string{w.Script}, w.Modules...) {
			if name == "" {
				continue
			}
			if err := copyFile(filepath.Join(filepath.Dir(file), name), filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	return oracle.WriteConfig(file, workers)
}

func copyFile(to, from string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}

// askPort asks one worker, waiting for it to listen.
func askPort(ctx context.Context, area string, port int) (answers, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
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
