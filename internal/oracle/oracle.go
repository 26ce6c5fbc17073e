// Package oracle finds and configures Cloudflare's own programs, for the
// commands that compare miniworker with them: wrangler and workerd where npm has
// installed them, and the Node that runs them.
//
// It deliberately installs nothing.
package oracle

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Install is a directory whose node_modules holds the programs.
type Install string

// File is the first file below node_modules that matches one of the patterns.
func (in Install) File(patterns ...string) (string, error) {
	for _, pattern := range patterns {
		if found, _ := filepath.Glob(filepath.Join(string(in), "node_modules", filepath.FromSlash(pattern))); len(found) > 0 {
			return filepath.Abs(found[0])
		}
	}
	return "", fmt.Errorf("no %s in %s", strings.Join(patterns, " or "), filepath.Join(string(in), "node_modules"))
}

// Workerd is the program.
func (in Install) Workerd() (string, error) {
	return in.File("@cloudflare/workerd-*/bin/workerd", "workerd/bin/workerd")
}

// Version is that of an installed package.
func (in Install) Version(pkg string) (string, error) {
	file, err := in.File(pkg + "/package.json")
	if err != nil {
		return "", err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var p struct{ Version string }
	if err := json.Unmarshal(data, &p); err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	return p.Version, nil
}

// Node runs a script without its talking to anybody: on the Node installed beside
// it if there is one, since wrangler's needs decide which version, else the one
// in PATH.
func (in Install) Node(script string, args ...string) *exec.Cmd {
	node, err := in.File("node-*/bin/node")
	if err != nil {
		node = "node"
	}
	cmd := exec.Command(node, append([]string{script}, args...)...)
	cmd.Env = append(os.Environ(), "CI=1", "WRANGLER_SEND_METRICS=false", "WRANGLER_HIDE_BANNER=true", "CLOUDFLARE_CF_FETCH_ENABLED=false",
		"PATH="+filepath.Dir(node)+string(os.PathListSeparator)+os.Getenv("PATH"))
	return cmd
}

// FreePorts are ports nobody listens on now.
func FreePorts(n int) ([]int, error) {
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
