// Package crashtest checks that acknowledged writes survive kill -9. The test
// binary runs the same test again as a child that prints a line after each write
// it was told is done; the parent kills it at a random moment and looks at what
// is on the disk.
//
// What it deliberately does not test: power loss. Where the truth is: the
// promises in package store.
package crashtest

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	childEnv = "MINIWORKER_CRASHTEST_DIR"
	roundEnv = "MINIWORKER_CRASHTEST_ROUND"
	// CyclesEnv changes the number of kills per test.
	CyclesEnv = "MINIWORKER_CRASHTEST_CYCLES"

	// ackPrefix tells acknowledgements from what the testing package prints.
	ackPrefix = "acknowledged "
)

// Work writes below dir until it is killed and calls ack after each
// acknowledged write; round counts the children from 0.
type Work func(dir string, round int, ack func(line string)) error

// Run starts and kills children that do work, calling check after each with the
// lines that child acknowledged. It comes first in its test, which may be a
// subtest.
func Run(t *testing.T, cycles int, work Work, check func(dir string, round int, acked []string)) {
	t.Helper()
	if dir := os.Getenv(childEnv); dir != "" {
		child(t, dir, work)
		return
	}
	if n, err := strconv.Atoi(os.Getenv(CyclesEnv)); err == nil {
		cycles = n
	}
	dir := t.TempDir()
	total := 0
	for round := range cycles {
		acked := cycle(t, dir, round)
		total += len(acked)
		check(dir, round, acked)
		if t.Failed() {
			return
		}
	}
	if total == 0 {
		t.Fatal("no child acknowledged anything")
	}
	t.Logf("%d writes acknowledged over %d kills", total, cycles)
}

func child(t *testing.T, dir string, work Work) {
	round, err := strconv.Atoi(os.Getenv(roundEnv))
	if err != nil {
		t.Fatal(err)
	}
	t.Fatal("the work ended:", work(dir, round, func(line string) {
		// One write call per line: a line is there whole or not at all.
		if _, err := os.Stdout.WriteString(ackPrefix + line + "\n"); err != nil {
			os.Exit(3)
		}
	}))
}

// pattern selects the running test alone.
func pattern(t *testing.T) string {
	parts := strings.Split(t.Name(), "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

func cycle(t *testing.T, dir string, round int) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run="+pattern(t), "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), childEnv+"="+dir, roundEnv+"="+strconv.Itoa(round))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// The kill comes some time after the first acknowledgement, so that slow
	// machines get somewhere too.
	var killer *time.Timer
	var acked []string
	var said strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line, ok := strings.CutPrefix(lines.Text(), ackPrefix)
		if !ok {
			fmt.Fprintln(&said, line)
			continue
		}
		if acked = append(acked, line); killer == nil {
			killer = time.AfterFunc(rand.N(60*time.Millisecond), func() { _ = cmd.Process.Kill() })
		}
	}
	err = cmd.Wait()
	// A test that ends says so, one that is killed cannot.
	if killer == nil || strings.Contains(said.String(), "--- FAIL") {
		t.Fatalf("the child ended by itself: %v\n%s", err, said.String())
	}
	killer.Stop()
	return acked
}
