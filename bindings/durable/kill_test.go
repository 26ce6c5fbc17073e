package durable

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// childDir tells the test binary that it is the process to be killed.
const childDir = "MINIWORKER_DURABLE_CHILD"

// facetCounter counts in a facet, and beside it in the object.
const facetCounter = `
class Log extends DurableObject {
	async count() { const n = ((await this.ctx.storage.get("n")) ?? 0) + 1; await this.ctx.storage.put("n", n); return n; }
}
class Counter extends DurableObject {
	async fetch() {
		await this.ctx.storage.put("own", (await this.ctx.storage.get("own") ?? 0) + 1);
		return new Response(String(await this.ctx.facets.get("log", () => ({ class: this.ctx.exports.Log })).count()));
	}
}` + counterWorker

// TestKilledChild is not a test of its own: as the child of TestKilled it
// counts up and says each number once it was answered.
func TestKilledChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		return
	}
	p := newProject(t, dir)
	if strings.HasSuffix(dir, "facet") {
		p.load("w", facetCounter, "Counter", "Log")
	} else {
		p.load("w", counter, "Counter")
	}
	for {
		fmt.Printf("answered %s\n", p.get("/a"))
	}
}

// TestKilled kills a process in the middle of its writes, several times over
// the same storage: what was answered is there, and nothing is counted twice.
func TestKilled(t *testing.T) {
	for _, name := range []string{"object", "facet"} {
		t.Run(name, func(t *testing.T) { killed(t, filepath.Join(t.TempDir(), name)) })
	}
}

func killed(t *testing.T, dir string) {
	last := 0
	for round := range 3 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledChild$", "-test.v")
		cmd.Env = append(os.Environ(), childDir+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		answers := 0
		for lines := bufio.NewScanner(out); lines.Scan(); {
			text, ok := strings.CutPrefix(lines.Text(), "answered ")
			if !ok {
				continue
			}
			n, err := strconv.Atoi(text)
			// One that was committed and not answered may lie between two rounds.
			if err != nil || n != last+1 && (answers > 0 || n != last+2) {
				t.Errorf("round %d: %q after %d", round, text, last)
			}
			last = n
			if answers++; answers == 200 {
				cmd.Process.Kill()
			}
		}
		cmd.Wait() // it was killed
		if answers < 200 {
			t.Fatalf("round %d: only %d answers", round, answers)
		}
	}
}
