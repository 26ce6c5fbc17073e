package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/oracle"
)

// wranglerDir makes TestBesideWrangler ask the wrangler installed there and
// keep its answers.
var (
	wranglerDir       = flag.String("wrangler", "", "directory with wrangler in node_modules: record its answers to testdata/beside-wrangler/commands.txt")
	updateDifferences = flag.Bool("update", false, "list the differences anew; those without a reason fail until they get one")
)

// besideAnswer is what a command of commands.txt did.
type besideAnswer struct {
	Command string `json:"command"`
	Exit    int    `json:"exit"`
	// Output is what it wrote for programs to read.
	Output string `json:"output,omitempty"`
}

// besideDifference is an answer of ours that is another than wrangler's, on
// purpose.
type besideDifference struct {
	besideAnswer
	Reason string `json:"reason"`
}

// TestBesideWrangler gives the same command lines to miniworker as were given to
// wrangler: the exit codes are the same, and so is output made for programs.
func TestBesideWrangler(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("testdata", "beside-wrangler")
	lines := besideCommands(t, filepath.Join(dir, "commands.txt"))
	recorded := filepath.Join(dir, "recorded.json")
	if *wranglerDir != "" {
		writeJSONFile(t, recorded, askAll(t, dir, lines, wranglerCommand(t)))
	}
	var want []besideAnswer
	var differences []besideDifference
	readJSONFile(t, recorded, &want)
	readJSONFile(t, filepath.Join(dir, "differences.json"), &differences)
	accepted := map[string]besideDifference{}
	for _, d := range differences {
		accepted[d.Command] = d
	}
	got := askAll(t, dir, lines, func(ctx context.Context, args []string) *exec.Cmd {
		return exec.CommandContext(ctx, "miniworker", args...)
	})
	if *updateDifferences {
		differences = nil
		for i, g := range got {
			if g != want[i] {
				differences = append(differences, besideDifference{g, accepted[g.Command].Reason})
				accepted[g.Command] = differences[len(differences)-1]
			}
		}
		writeJSONFile(t, filepath.Join(dir, "differences.json"), differences)
	}
	if len(got) != len(want) {
		t.Fatalf("%d commands, %d recorded: record them with -wrangler DIR", len(got), len(want))
	}
	for i, g := range got {
		w := want[i]
		if w.Command != g.Command {
			t.Fatalf("%q is recorded where %q is: record with -wrangler DIR", w.Command, g.Command)
		}
		d, differs := accepted[g.Command]
		switch {
		case !differs && g != w:
			t.Errorf("%s\n  exit %d\n%s\nwrangler:\n  exit %d\n%s", g.Command, g.Exit, g.Output, w.Exit, w.Output)
		case differs && g == w:
			t.Errorf("%s: the difference has gone: remove it from differences.json", g.Command)
		case differs && g != d.besideAnswer:
			t.Errorf("%s\n  exit %d\n%s\naccepted:\n  exit %d\n%s", g.Command, g.Exit, g.Output, d.Exit, d.Output)
		}
		if differs && d.Reason == "" {
			t.Errorf("%s: a difference without a reason", g.Command)
		}
		delete(accepted, g.Command)
	}
	for command := range accepted {
		t.Errorf("%s: in differences.json, not in commands.txt", command)
	}
}

// besideCommands reads commands.txt, without comments.
func besideCommands(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	seen := map[string]int{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			if seen[line]++; seen[line] > 1 { // so that each has a name of its own
				line += fmt.Sprintf(" #%d", seen[line])
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// wranglerCommand runs the real one.
func wranglerCommand(t *testing.T) func(context.Context, []string) *exec.Cmd {
	t.Helper()
	in := oracle.Install(*wranglerDir)
	script, err := in.File("wrangler/bin/wrangler.js")
	if err != nil {
		t.Fatal(err)
	}
	return func(_ context.Context, args []string) *exec.Cmd { return in.Node(script, args...) }
}

// askAll runs every line in one copy of the project.
func askAll(t *testing.T, dir string, lines []string, command func(context.Context, []string) *exec.Cmd) []besideAnswer {
	t.Helper()
	work := t.TempDir()
	if err := os.CopyFS(work, os.DirFS(filepath.Join(dir, "project"))); err != nil {
		t.Fatal(err)
	}
	var answers []besideAnswer
	for _, line := range lines {
		a := besideAnswer{Command: line}
		text, compared := strings.CutPrefix(line, "= ")
		text, _, _ = strings.Cut(text, " #")
		args := besideArgs(text)
		if args[0] == "files" {
			for _, name := range args[1:] {
				data, err := os.ReadFile(filepath.Join(work, name))
				if err != nil {
					data = []byte("missing\n")
				}
				a.Output += besideStable(string(data), work)
			}
			answers = append(answers, a)
			continue
		}
		var out []byte
		a.Exit, out = besideRun(t, work, args, command)
		if compared {
			a.Output = besideStable(string(out), work)
		}
		answers = append(answers, a)
	}
	return answers
}

// besideRun runs one command.
func besideRun(t *testing.T, work string, args []string, command func(context.Context, []string) *exec.Cmd) (exit int, stdout []byte) {
	t.Helper()
	input := ""
	if last := args[len(args)-1]; last[:min(1, len(last))] == "<" {
		input, args = last[1:], args[:len(args)-1]
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := command(ctx, args)
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Dir, cmd.Env = work, append(cmd.Env, "CI=1", "CLOUDFLARE_API_TOKEN=", "XDG_CONFIG_HOME="+work, "HOME="+work)
	if input != "" {
		f, err := os.Open(filepath.Join(work, input))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		cmd.Stdin = f
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		exit = failed.ExitCode()
	} else if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	if exit < 0 {
		t.Errorf("%q did not end by itself: %s", args, errs.Bytes())
	}
	return exit, out
}

var (
	besideDuration = regexp.MustCompile(`"duration": [0-9.e-]+`)
	besideTime     = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`)
)

// besideStable leaves out what is another at each run, and empty lines around it.
func besideStable(text, work string) string {
	text = besideDuration.ReplaceAllString(text, `"duration": 0`)
	text = besideTime.ReplaceAllString(text, "TIME")
	return strings.Trim(strings.ReplaceAll(text, filepath.Base(work)+"/", "$WORK/"), "\n")
}

// besideArgs splits a line at its spaces, but not between quotes of either kind.
func besideArgs(line string) []string {
	var args []string
	var word strings.Builder
	quote, within := rune(0), false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, within = r, true
		case quote == 0 && r == ' ':
			if within {
				args = append(args, word.String())
				word.Reset()
			}
			within = false
		default:
			word.WriteRune(r)
			within = true
		}
	}
	if within {
		args = append(args, word.String())
	}
	return args
}

func readJSONFile(t *testing.T, path string, v any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func writeJSONFile(t *testing.T, path string, v any) {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
