//go:build unix

// Package apptest tests the program as its users have it: the real binary is
// built, started on projects of this repository, and talked to over its port,
// by HTTP clients, WebSocket clients, a browser, signals and kill -9.
//
// It deliberately tests nothing that a test nearer to the code can tell; what
// is here needs the whole. Where the truth is: testdata/apps/*/transcript.json,
// recorded from wrangler, and the README of each example.
//
// MINIWORKER_BINARY names a binary to test instead of building one.
package apptest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	// A test result is not reused when the program has changed.
	_ "github.com/miniworker/miniworker/wrangler/cli"
)

// root is the repository.
var root, _ = filepath.Abs(filepath.Join("..", ".."))

// binary is the program under test; raced tells whether it watches for races.
var (
	binary string
	raced  bool
)

const binaryVariable = "MINIWORKER_BINARY"

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "apptest")
	if err == nil {
		err = build(dir)
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, "apptest:", err)
	} else if code = m.Run(); code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, "apptest:", err)
			code = 1
		}
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// build compiles the program, under the race detector where there is a C
// compiler for it.
func build(dir string) error {
	if os.Getenv(binaryVariable) != "" {
		return nil
	}
	binary = filepath.Join(dir, "miniworker")
	args := []string{"build", "-o", binary}
	if raced = canRace(); raced {
		args = append(args, "-race")
	}
	cmd := exec.Command("go", append(args, "./cmd/miniworker")...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return errors.Join(fmt.Errorf("go %s: %w", strings.Join(args, " "), err), errors.New(string(out)))
	}
	return nil
}

func canRace() bool {
	out, err := exec.Command("go", "env", "CGO_ENABLED", "CC").Output()
	lines := strings.Fields(string(out))
	if err != nil || len(lines) < 2 || lines[0] != "1" {
		return false
	}
	_, err = exec.LookPath(lines[1])
	return err == nil
}
