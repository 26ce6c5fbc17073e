package vitest

import (
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/wrangler/project"
)

// Run is everything a run came to.
type Run struct {
	Root     string
	Files    []*File
	Started  time.Time
	Duration time.Duration
	// Build is the time spent bundling, of all files together.
	Build time.Duration
	Seed  int64
	// Shuffled says that Seed chose the order.
	Shuffled bool
	// Snapshots counts what became of snapshots.
	Snapshots Snapshots
	// Bailed is set if the run was cut short.
	Bailed bool
	// Uncovered is set if a threshold of coverage was missed.
	Uncovered bool
}

// Failed reports whether the run as a whole failed.
func (r *Run) Failed() bool {
	if r.Uncovered {
		return true
	}
	for _, f := range r.Files {
		if f.Failed() {
			return true
		}
	}
	return false
}

// Snapshots counts snapshots by what became of them.
type Snapshots struct {
	Added, Matched, Unmatched, Updated, Removed, Unchecked int
	FilesAdded, FilesRemoved                               int
}

// File is a test file.
type File struct {
	// Path is absolute; Name is relative to the root, with slashes.
	Path, Name string
	Tasks      []*Task
	// Errors are those of the file itself: it did not build, or threw.
	Errors []Error
	// Unhandled are errors that nobody caught while it ran.
	Unhandled []Error
	// Notes are not errors: work a test left behind, for one.
	Notes    []string
	Duration time.Duration
	// Member maps places in its stacks.
	member *project.Member
	byID   map[string]*Task
	// inputs are the files its bundle was made of.
	inputs []string
}

// Failed reports whether anything in the file failed.
func (f *File) Failed() bool {
	if len(f.Errors) > 0 || len(f.Unhandled) > 0 {
		return true
	}
	for t := range f.All() {
		if t.State == Fail {
			return true
		}
	}
	return false
}

// All walks suites and tests, parents first.
func (f *File) All() func(yield func(*Task) bool) {
	return func(yield func(*Task) bool) { walk(f.Tasks, yield) }
}

// Tests walks the tests.
func (f *File) Tests() func(yield func(*Task) bool) {
	return func(yield func(*Task) bool) {
		walk(f.Tasks, func(t *Task) bool { return t.Suite || yield(t) })
	}
}

func walk(list []*Task, yield func(*Task) bool) bool {
	for _, t := range list {
		if !yield(t) || !walk(t.Tasks, yield) {
			return false
		}
	}
	return true
}

// State is what became of a test or suite.
type State string

// The states, named as Vitest's.
const (
	Pass State = "pass"
	Fail State = "fail"
	Skip State = "skip"
	Todo State = "todo"
	// Pending is a test that has not ended, or never ran because the run stopped.
	Pending State = "pending"
)

// Task is a test or a suite.
type Task struct {
	ID, Name string
	Suite    bool
	State    State
	Errors   []Error
	Note     string
	Duration time.Duration
	// Retries and Repeats count attempts beyond the first.
	Retries, Repeats int
	Tasks            []*Task
	Parent           *Task
	// Logs are what consoles said while it ran.
	Logs []Log
	// Trace is the file with what it caused, if it failed and that was kept.
	Trace string
	// span is what its function ran under, if others ran beside it.
	span trace.Span
	// since is when it said that what was before is to be forgotten.
	since trace.Span
}

// FullName joins the names of the suites around a test with its own.
func (t *Task) FullName(sep string) string {
	names := []string{t.Name}
	for p := t.Parent; p != nil; p = p.Parent {
		names = append([]string{p.Name}, names...)
	}
	return strings.Join(names, sep)
}

// Failures are the errors of a test or suite that failed. One that passed at a
// later attempt has errors too.
func (t *Task) Failures() []Error {
	if t.State != Fail {
		return nil
	}
	return t.Errors
}

// Error is why something failed.
type Error struct {
	Name, Message string
	// Stack is mapped to the sources; Frames are its places.
	Stack  string
	Frames []project.Frame
	// Diff compares expected and received, in Vitest's colours.
	Diff             string
	Expected, Actual string
	Cause            *Error
}

// Title is name and message.
func (e *Error) Title() string {
	if e.Name == "" {
		return e.Message
	}
	return e.Name + ": " + e.Message
}

var ansi = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("\x1b\\[[0-9;]*m") })

// plain is text without colours.
func plain(text string) string {
	if !strings.Contains(text, "\x1b") {
		return text
	}
	return ansi().ReplaceAllString(text, "")
}
