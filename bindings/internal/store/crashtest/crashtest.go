// Package crashtest checks that acknowledged writes survive kill -9. The test
// binary runs itself as a child that prints a line after each write it was
// told is done; the parent kills it at a random moment and looks at what is on
// the disk.
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
	"strconv"
	"testing"
	"time"
)

const (
	childEnv = "MINIWORKER_CRASHTEST_DIR"
	roundEnv = "MINIWORKER_CRASHTEST_ROUND"
	// CyclesEnv raises the number of kills per test.
	CyclesEnv = "MINIWORKER_CRASHTEST_CYCLES"
)

// Child runs work and exits if this process is a child; call it first in
// TestMain. work writes below dir until it is killed and calls ack after each
// acknowledged write; round counts the children from 0.
func Child(work func(dir string, round int, ack func(string)) error) {
	dir := os.Getenv(childEnv)
	if dir == "" {
		return
	}
	round, err := strconv.Atoi(os.Getenv(roundEnv))
	if err == nil {
		err = work(dir, round, func(line string) {
			// One write call per line: a line is there whole or not at all.
			if _, err := os.Stdout.WriteString(line + "\n"); err != nil {
				os.Exit(3)
			}
		})
	}
	fmt.Fprintln(os.Stderr, "crashtest child ended:", err)
	os.Exit(2)
}

// Run starts and kills children, calling check after each with the lines that
// child acknowledged.
func Run(t *testing.T, cycles int, check func(dir string, round int, acked []string)) {
	t.Helper()
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

func cycle(t *testing.T, dir string, round int) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
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
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if acked = append(acked, lines.Text()); killer == nil {
			killer = time.AfterFunc(rand.N(60*time.Millisecond), func() { _ = cmd.Process.Kill() })
		}
	}
	err = cmd.Wait()
	if killer == nil || cmd.ProcessState.ExitCode() == 2 {
		t.Fatalf("child ended by itself: %v", err)
	}
	killer.Stop()
	return acked
}
