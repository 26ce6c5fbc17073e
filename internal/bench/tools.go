//go:build linux

package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/internal/oracle"
)

// tool is something that runs an app.
type tool struct {
	name    string
	version string
	runs    func(a *app) bool
	// command starts a on 127.0.0.1:port with its state in dir.
	command func(a *app, port int, dir string) (*exec.Cmd, error)
	// reloads is set if an edit is picked up.
	reloads bool
}

const controlArg = "serve-control"

// serveControl is the control target.
func serveControl(port string) error {
	text := []byte("Hello World!")
	return http.ListenAndServe("127.0.0.1:"+port, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = []string{"text/plain;charset=UTF-8"}
		w.Write(text)
	}))
}

// tools are those that are installed and asked for, miniworker first.
func tools(o options) []*tool {
	list := []*tool{o.miniworker(), o.control()}
	if o.peers != "" {
		list = append(list, o.wrangler(), o.miniflare(), o.workerd())
	}
	var out []*tool
	for _, t := range list {
		if t != nil && (o.tools == nil || o.tools[t.name]) {
			out = append(out, t)
		}
	}
	return out
}

func every(*app) bool { return true }

func (o options) level() string {
	if o.logs {
		return "log"
	}
	return "warn"
}

func (o options) miniworker() *tool {
	return &tool{name: "miniworker", version: "this tree", runs: every, reloads: true,
		command: func(a *app, port int, dir string) (*exec.Cmd, error) {
			args := []string{"dev", "--ip", "127.0.0.1", "--port", strconv.Itoa(port), "--persist-to", dir, "--log-level", o.level()}
			for _, c := range a.configs {
				args = append(args, "-c", filepath.Join(a.dir, c, "wrangler.jsonc"))
			}
			cmd := exec.Command(o.binary, args...)
			if o.profiles != "" {
				cmd.Env = append(os.Environ(), "MINIWORKER_PROFILE="+filepath.Join(o.profiles, a.name+strconv.Itoa(port)))
			}
			return cmd, nil
		}}
}

func (o options) control() *tool {
	self, err := os.Executable()
	if err != nil {
		return nil
	}
	return &tool{name: "control", version: "net/http, fixed text", runs: func(a *app) bool { return a.name == "hello" },
		command: func(a *app, port int, dir string) (*exec.Cmd, error) {
			return exec.Command(self, controlArg, strconv.Itoa(port)), nil
		}}
}

// peer is the version of an installed package, "" if it is not.
func (o options) peer(pkg string) string {
	v, err := oracle.Install(o.peers).Version(pkg)
	if err != nil {
		return ""
	}
	return v
}

// peerCommand runs a script where the peers are installed.
func (o options) peerCommand(script string, args ...string) *exec.Cmd {
	cmd := oracle.Install(o.peers).Node(script, args...)
	cmd.Dir = o.peers
	return cmd
}

func (o options) wrangler() *tool {
	v := o.peer("wrangler")
	if v == "" {
		return nil
	}
	return &tool{name: "wrangler", version: v, runs: every, reloads: true,
		command: func(a *app, port int, dir string) (*exec.Cmd, error) {
			args := []string{"dev",
				"--ip", "127.0.0.1", "--port", strconv.Itoa(port), "--inspector-port", "0", "--persist-to", dir, "--log-level", o.level(), "--show-interactive-dev-session=false"}
			for _, c := range a.configs {
				args = append(args, "-c", filepath.Join(a.dir, c, "wrangler.jsonc"))
			}
			return o.peerCommand(filepath.Join(o.peers, "node_modules", "wrangler", "bin", "wrangler.js"), args...), nil
		}}
}

func (o options) esbuild() string {
	return filepath.Join(o.peers, "node_modules", "esbuild", "bin", "esbuild")
}

func (o options) miniflare() *tool {
	v := o.peer("miniflare")
	if v == "" {
		return nil
	}
	return &tool{name: "miniflare", version: v, runs: every,
		command: func(a *app, port int, dir string) (*exec.Cmd, error) {
			script := filepath.Join(filepath.Dir(a.dir), "peers", "miniflare.mjs")
			cmd := o.peerCommand(script, strconv.Itoa(port), a.dir, dir, o.esbuild())
			cmd.Env = append(cmd.Env, "BENCH_APP="+a.name)
			return cmd, nil
		}}
}

func (o options) workerd() *tool {
	v := o.peer("workerd")
	if v == "" {
		return nil
	}
	return &tool{name: "workerd", version: v, runs: func(a *app) bool { return len(a.configs) == 1 && a.configs[0] == "." },
		command: func(a *app, port int, dir string) (*exec.Cmd, error) {
			script := filepath.Join(a.dir, a.edit)
			if a.name == "hono" {
				script = filepath.Join(dir, "bundle.js")
				if out, err := exec.Command(o.esbuild(), filepath.Join(a.dir, "index.js"), "--bundle", "--format=esm", "--outfile="+script).CombinedOutput(); err != nil {
					return nil, fmt.Errorf("bundling: %w: %s", err, out)
				}
			}
			source, err := os.ReadFile(script)
			if err != nil {
				return nil, err
			}
			if err := os.WriteFile(filepath.Join(dir, "worker.js"), source, 0o644); err != nil {
				return nil, err
			}
			config := filepath.Join(dir, "config.capnp")
			worker := oracle.Worker{Name: "main", Modules: []string{"worker.js"}, Date: "2026-01-01", Port: port}
			if err := oracle.WriteConfig(config, []oracle.Worker{worker}); err != nil {
				return nil, err
			}
			binary, err := oracle.Install(o.peers).Workerd()
			if err != nil {
				return nil, err
			}
			return exec.Command(binary, "serve", config), nil
		}}
}

// firstLine is for error messages.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
