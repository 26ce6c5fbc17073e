package project

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/internal/lazy"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/bundle"
)

// frame is one line of a stack trace: "at fn (file:1:2)", within a printed value
// with what goes on behind it.
var frame = lazy.Regexp(`^(\s*)at (async )?(?:(.*?) \()?` + regexp.QuoteMeta(scriptName) + `:(\d+):(\d+)\)?([\s,{}\])]*)$`)

// hostFrame is a line of a stack trace that is in no file.
var hostFrame = lazy.Regexp(`^\s*at .*\(<anonymous>\)$`)

// MapStack rewrites the stack traces in a text to the user's files, and leaves
// out frames of the runtime itself. Other lines stay as they are.
func MapStack(b *bundle.Bundle, text string) string {
	var out []string
	var callee *stackFrame // what the next frame called
	for line := range strings.SplitSeq(text, "\n") {
		m := frame().FindStringSubmatch(line)
		if m == nil {
			if !hostFrame().MatchString(line) {
				out = append(out, line)
			}
			callee = nil
			continue
		}
		l, _ := strconv.Atoi(m[4])
		c, _ := strconv.Atoi(m[5])
		pos, ok := b.Position(l, c)
		if !ok { // glue of the bundler
			if len(out) > 0 {
				out[len(out)-1] += m[6]
			}
			callee = nil
			continue
		}
		// The name the map has for a place is that of what is called there. It
		// knows no methods.
		if callee != nil && pos.Name != "" && !strings.ContainsAny(callee.name, " .") {
			callee.name = pos.Name
			out[callee.line] = callee.String()
		}
		callee = &stackFrame{line: len(out), indent: m[1], async: m[2], name: m[3], pos: pos, rest: m[6]}
		out = append(out, callee.String())
	}
	return strings.Join(out, "\n")
}

// stackFrame is a line of a stack trace in the user's files.
type stackFrame struct {
	line                      int
	indent, async, name, rest string
	pos                       bundle.Position
}

func (f *stackFrame) String() string {
	place := fmt.Sprintf("%s:%d:%d", f.pos.File, f.pos.Line, f.pos.Col)
	if f.name != "" {
		place = f.name + " (" + place + ")"
	}
	return f.indent + "at " + f.async + place + f.rest
}

// MapStack is the package's MapStack for what runs now.
func (m *Member) MapStack(text string) string {
	b := m.running.Load()
	if b == nil || !strings.Contains(text, scriptName+":") && !strings.Contains(text, "(<anonymous>)") {
		return text // the cheap test for most lines of a log: no stack trace
	}
	return MapStack(b, text)
}

// Frame is one line of a mapped stack trace.
type Frame struct {
	Func string
	// File is as shown, Path absolute.
	File, Path string
	Line, Col  int
}

var mapped = lazy.Regexp(`^\s*at (?:async )?(?:(.*) \()?([^()]+?):(\d+):(\d+)\)?[\s,{}\])]*$`)

// Frames reads the stack trace in a text that MapStack mapped.
func (m *Member) Frames(stack string) []Frame {
	var out []Frame
	for line := range strings.SplitSeq(stack, "\n") {
		if strings.HasPrefix(line, worker.CausedBy) {
			break
		}
		f := mapped().FindStringSubmatch(line)
		if f == nil {
			continue
		}
		fr := Frame{Func: f[1], File: f[2], Path: f[2]}
		fr.Line, _ = strconv.Atoi(f[3])
		fr.Col, _ = strconv.Atoi(f[4])
		if !filepath.IsAbs(fr.Path) {
			fr.Path = filepath.Join(m.Config.Dir, filepath.FromSlash(fr.Path))
		}
		out = append(out, fr)
	}
	return out
}

// Excerpt is a few lines of a source file around one of them.
type Excerpt struct {
	File string
	// First is the number of the first line, Line the one in question, and Col
	// a place in it, 0 for none.
	First, Line, Col int
	Lines            []string
}

// excerptAround is how many lines are shown on each side.
const excerptAround = 3

// maxExcerptFile keeps bundles and data that happen to be imported out of pages.
const maxExcerptFile = 4 << 20

// ReadExcerpt reads the lines around one, nil if there is no such line.
func ReadExcerpt(path string, line, col int) *Excerpt {
	st, err := os.Stat(path)
	if err != nil || st.Size() > maxExcerptFile || !st.Mode().IsRegular() || line < 1 {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil || bytes.IndexByte(text, 0) >= 0 {
		return nil
	}
	lines := strings.Split(string(text), "\n")
	if line > len(lines) {
		return nil
	}
	first, last := max(1, line-excerptAround), min(len(lines), line+excerptAround)
	e := &Excerpt{File: path, First: first, Line: line, Col: col}
	for _, l := range lines[first-1 : last] {
		l = strings.TrimSuffix(l, "\r")
		if len(l) > 400 {
			l = strings.ToValidUTF8(l[:400], "") + "…"
		}
		e.Lines = append(e.Lines, l)
	}
	return e
}

// Text writes the excerpt with line numbers and a caret below the place.
func (e *Excerpt) Text() string {
	var b strings.Builder
	width := len(strconv.Itoa(e.First + len(e.Lines) - 1))
	for i, l := range e.Lines {
		n := e.First + i
		mark := " "
		if n == e.Line {
			mark = ">"
		}
		fmt.Fprintf(&b, "%s %*d | %s\n", mark, width, n, l)
		if n == e.Line && e.Col > 0 {
			fmt.Fprintf(&b, "  %*s | %s^\n", width, "", caretIndent(l, e.Col))
		}
	}
	return b.String()
}

// caretIndent is blank text as wide as what stands before the column. Columns
// count UTF-16 units from engines and bytes from bundlers; the difference shows
// only after characters outside ASCII.
func caretIndent(line string, col int) string {
	var b strings.Builder
	n := 1
	for _, r := range line {
		if n >= col {
			break
		}
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteByte(' ')
		}
		n++
	}
	return b.String()
}

// DurableClasses are the names of the classes the running version exports that
// extend DurableObject, in export order.
func (m *Member) DurableClasses() []string {
	if l := m.durable.Load(); l != nil {
		return *l
	}
	return nil
}

// EnvNames are the names in the env of the version loaded last.
func (m *Member) EnvNames() []string {
	if l := m.env.Load(); l != nil {
		return *l
	}
	return nil
}

// durableClasses looks at the prototypes of a worker's exports.
func durableClasses(w *worker.Worker) []string {
	var out []string
	if w.ServiceWorker() {
		return nil
	}
	_ = w.Isolate().Do(func(js *jsg.Scope) {
		for _, name := range w.ExportNames() {
			v, ok, err := w.Export(js, name)
			if err != nil || !ok || name == "default" {
				continue
			}
			if o, isObject := jsg.IsObject(v); isObject && worker.IsObjectClass(js, o) {
				out = append(out, name)
			}
		}
	})
	slices.Sort(out)
	return out
}

// CaretIndent is blank text as wide as what stands before the place.
func (e *Excerpt) CaretIndent() string {
	if i := e.Line - e.First; e.Col > 0 && i >= 0 && i < len(e.Lines) {
		return caretIndent(e.Lines[i], e.Col)
	}
	return ""
}
