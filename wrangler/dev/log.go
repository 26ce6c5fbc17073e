package dev

import (
	"io"
	"log"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/wrangler/project"
)

// printer writes everything a session says, one record at a time. It is safe
// for concurrent use.
type printer struct {
	out   *sink
	color bool
	level Level
	tree  *tree
	dir   string // what file names are shown relative to
	// explain adds to errors what is known about them; nil adds nothing.
	explain func(worker, message, stack string) failure
	// mapStack rewrites stack traces in console output.
	mapStack func(worker, text string) string
	// upgradeHint says why an upgrade request may have been refused.
	upgradeHint func(r trace.Record, below []node) string
	repeats     repeats
	origins     origins
}

func newPrinter(w io.Writer, color bool, level Level) *printer {
	dir, _ := os.Getwd()
	return &printer{
		out: newSink(w), color: color, level: level, tree: newTree(), dir: dir,
		explain: func(worker, message, stack string) failure {
			return failure{Worker: worker, Message: message, Stack: stack}
		},
		mapStack:    func(_, text string) string { return text },
		upgradeHint: func(trace.Record, []node) string { return "" },
	}
}

func (p *printer) close() { p.out.close() }

// style appends s in a style.
func (p *printer) style(b []byte, code, s string) []byte {
	if !p.color || s == "" {
		return append(b, s...)
	}
	b = append(append(append(b, "\x1b["...), code...), 'm')
	b = append(b, s...)
	return append(b, "\x1b[0m"...)
}

func (p *printer) styled(code, s string) string { return string(p.style(nil, code, s)) }

func (p *printer) print(s string) { p.out.write([]byte(s), false) }

// say prints a line of the session itself at a level.
func (p *printer) say(level Level, text string) {
	if level < p.level {
		return
	}
	switch level {
	case Error:
		text = p.styled(red, "error:") + " " + text
	case Warn:
		text = p.styled(yellow, "warning:") + " " + text
	case Debug:
		text = p.styled(dim, text)
	}
	p.print(text + "\n")
}

// diags prints findings, those of severity info only when asked for.
func (p *printer) diags(list diag.List) {
	var b strings.Builder
	for _, d := range list {
		level, color := Debug, dim
		switch d.Severity {
		case diag.Warning:
			level, color = Warn, yellow
		case diag.Error:
			level, color = Error, red
		}
		if level < p.level {
			continue
		}
		var excerpt string
		if d.Severity == diag.Error {
			if e := project.ReadExcerpt(d.Pos.File, d.Pos.Line, d.Pos.Col); e != nil {
				excerpt = "\n" + indent(e.Text(), "  ")
			}
		}
		d = p.displayed(d)
		label := d.Severity.String() + ":"
		b.WriteString(strings.Replace(d.Error(), label, p.styled(color, label), 1))
		b.WriteString(strings.TrimRight(excerpt, "\n"))
		b.WriteByte('\n')
	}
	if b.Len() > 0 {
		p.print(b.String())
	}
}

// displayed shortens the file names of a finding.
func (p *printer) displayed(d diag.Diagnostic) diag.Diagnostic {
	d.Pos.File = project.Display(p.dir, d.Pos.File)
	notes := make([]diag.Note, len(d.Notes))
	for i, n := range d.Notes {
		n.Pos.File = project.Display(p.dir, n.Pos.File)
		notes[i] = n
	}
	d.Notes = notes
	return d
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+by) + "\n"
}

// record prints one trace record.
func (p *printer) record(r trace.Record) {
	switch r.Kind {
	case trace.Request:
		if p.level <= Log {
			p.request(r)
		}
	case trace.Subrequest:
		p.child(r, Log)
	case trace.Binding:
		p.child(r, Debug)
	case trace.Log:
		p.log(r)
	case trace.Exception:
		p.exception(r)
	case trace.Event:
		if p.level == Debug || p.level <= Log && !strings.HasPrefix(r.Name, "message") {
			p.event(r)
		}
	case trace.Object, trace.Socket:
		if p.level == Debug {
			p.print(p.styled(dim, strings.Join([]string{r.Worker, string(r.Kind), r.Name, r.Target}, " ")) + "\n")
		}
	}
}

var lines = sync.Pool{New: func() any { b := make([]byte, 0, 256); return &b }}

// line builds a droppable line in a reused buffer.
func (p *printer) line(build func(b []byte) []byte) {
	buf := lines.Get().(*[]byte)
	*buf = build((*buf)[:0])
	p.out.write(*buf, true)
	lines.Put(buf)
}

func (p *printer) request(r trace.Record) {
	below := p.tree.take(r.Span, clip(r.Name))
	p.line(func(b []byte) []byte {
		method, path, _ := strings.Cut(clip(r.Name), " ")
		b = append(p.style(b, bold, method), ' ')
		b = append(append(b, printable(path)...), ' ')
		b = p.outcome(b, r, r.Worker)
		b = p.children(b, below, "  ")
		if r.Attrs["upgrade"] != "" && r.Status != 101 {
			if hint := p.upgradeHint(r, below); hint != "" {
				b = append(p.style(append(b, "  "...), yellow, "hint:"), ' ')
				b = append(append(b, strings.ReplaceAll(hint, "\n", "\n        ")...), '\n')
			}
		}
		return b
	})
}

// outcome ends a line: status, time, who answered, and an error if there was one.
func (p *printer) outcome(b []byte, r trace.Record, who string) []byte {
	b = append(p.status(b, r), ' ')
	b = append(p.style(b, dim, took(r.Duration)), ' ')
	if who == "" {
		who = "(no worker)"
	}
	b = p.style(b, blue, who)
	if r.Error != "" && r.Status != 0 && r.Status < 500 {
		b = append(b, ' ')
		b = p.style(b, yellow, printable(firstLine(r.Error)))
	}
	return append(b, '\n')
}

// children writes what happened below a request, as a tree.
func (p *printer) children(b []byte, list []node, indent string) []byte {
	for i, c := range list {
		branch, next := "├ ", "│ "
		if i == len(list)-1 {
			branch, next = "└ ", "  "
		}
		b = append(b, indent...)
		b = p.style(b, dim, branch+printable(clip(c.Name)))
		b = p.outcome(append(b, ' '), c.Record, target(c.Record))
		b = p.children(b, c.below, indent+next)
	}
	return b
}

func target(r trace.Record) string {
	if r.Target == "" {
		return "network"
	}
	return r.Target
}

func (p *printer) child(r trace.Record, level Level) {
	if p.level > level || r.Parent == 0 {
		return
	}
	late, label := p.tree.add(r)
	if !late {
		return
	}
	p.line(func(b []byte) []byte {
		b = p.style(b, dim, "  … after "+printable(label)+": "+printable(clip(r.Name)))
		return p.outcome(append(b, ' '), r, target(r))
	})
}

func (p *printer) event(r trace.Record) {
	below := p.tree.take(r.Span, clip(r.Name))
	p.line(func(b []byte) []byte {
		b = append(p.style(b, bold, printable(clip(r.Name))), ' ')
		if r.Target != "" {
			b = append(append(b, printable(r.Target)...), ' ')
		}
		if r.Error != "" {
			b = append(p.style(b, red, printable(firstLine(r.Error))), ' ')
		}
		b = append(p.style(b, dim, took(r.Duration)), ' ')
		b = append(p.style(b, blue, r.Worker), '\n')
		return p.children(b, below, "  ")
	})
}

func (p *printer) status(b []byte, r trace.Record) []byte {
	if r.Status == 0 {
		if r.Error == "" { // a call, which has no status
			return p.style(b, green, "ok")
		}
		return p.style(b, red, printable(firstLine(r.Error)))
	}
	code := green
	switch {
	case r.Status >= 500:
		code = red
	case r.Status >= 400:
		code = yellow
	}
	return p.style(b, code, strconv.Itoa(r.Status))
}

func took(d time.Duration) string {
	if d < time.Millisecond {
		return d.Round(10 * time.Microsecond).String()
	}
	return d.Round(100 * time.Microsecond).String()
}

// maxName bounds what is shown of a URL.
const maxName = 300

func clip(s string) string {
	if len(s) <= maxName {
		return s
	}
	return strings.ToValidUTF8(s[:maxName], "") + "…"
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// printable keeps control characters of clients away from the terminal.
func printable(s string) string {
	clean := func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }
	if strings.IndexFunc(s, clean) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if clean(r) {
			return '·'
		}
		return r
	}, s)
}

// httpLog takes what net/http reports; most of it is clients going away.
func (p *printer) httpLog() *log.Logger {
	return log.New(writerFunc(func(b []byte) (int, error) {
		p.say(Debug, "http: "+strings.TrimRight(string(b), "\n"))
		return len(b), nil
	}), "", 0)
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func (p *printer) buildOutput(worker string, text []byte) {
	if p.level <= Log {
		prefix := p.styled(dim, "["+worker+" build]") + " "
		p.print(indent(string(text), prefix))
	}
}

// reloaded prints that something was read anew.
func (p *printer) reloaded(what string, d time.Duration) {
	if p.level <= Log {
		p.print(p.styled(green, "✓ ") + what + " " + p.styled(dim, took(d)) + "\n")
	}
}
