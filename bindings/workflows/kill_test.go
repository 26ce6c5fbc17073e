package workflows

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/trace"
)

// childDir tells the test binary that it is the process to be killed.
const childDir = "MINIWORKER_WORKFLOWS_CHILD"

// steps is how many the instance takes in all, ahead how many of them the child
// runs before it hears of the first: on a busy machine it must not come to the
// end before it is killed.
const steps, ahead = 250, 8

// TestKilledChild is not a test of its own: as the child of TestKilled it goes on
// with an instance and tells of each step that runs.
func TestKilledChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		return
	}
	p := newProject(t, dir)
	ran := 0
	p.trace.Subscribe(func(r trace.Record) {
		if r.Kind != trace.Log {
			return
		}
		fmt.Println("ran", r.Name)
		if ran++; ran > ahead {
			os.Stdin.Read(make([]byte, 1))
		}
	})
	p.load(fmt.Sprintf(`class Flow extends WorkflowEntrypoint { async run(event, step) {
		let sum = 0;
		for (let n = 1; n <= %d; n++) sum += await step.do("s" + n, { retries: { limit: 100, delay: 0 } }, async () => { console.log(n); return n; });
		return sum;
	} }`, steps))
	if _, err := p.flow().Get("i"); err != nil {
		p.get("/create/i")
	}
	p.done("i", strconv.Itoa(steps*(steps+1)/2))
	fmt.Println("done", string(p.describe("i").Output()))
}

// TestKilled kills a process again and again while an instance runs in it: steps
// that are done are never run again, and none is left out.
func TestKilled(t *testing.T) {
	dir, last, kills := t.TempDir(), 0, 0
	for done := ""; done == ""; {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledChild$", "-test.v")
		cmd.Env = append(os.Environ(), childDir+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		seen, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ran := 0
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if text, ok := strings.CutPrefix(lines.Text(), "done "); ok {
				done = text
			}
			text, ok := strings.CutPrefix(lines.Text(), "ran ")
			if !ok {
				continue
			}
			n, err := strconv.Atoi(text)
			// The step that the process was killed in may come again.
			if err != nil || n != last+1 && (ran > 0 || n != last) {
				t.Errorf("round %d: %q after %d", kills, text, last)
			}
			last = n
			if ran++; ran == 3+kills%9 && kills < 12 {
				kills++
				cmd.Process.Kill()
			}
			seen.Write([]byte{0}) // it may be gone
		}
		cmd.Wait() // it may have been killed
		if ran == 0 && done == "" {
			t.Fatalf("round %d: nothing ran", kills)
		}
		if done != "" && done != strconv.Itoa(steps*(steps+1)/2) {
			t.Error(done)
		}
	}
	if kills < 12 || last != steps {
		t.Errorf("%d kills, %d steps", kills, last)
	}
}
