package dev

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/project"
)

// Level is a log level, as --log-level names them.
type Level int

const (
	Debug Level = iota
	Info
	Log
	Warn
	Error
	None
)

var levelNames = []string{"debug", "info", "log", "warn", "error", "none"}

// ParseLevel reads a --log-level.
func ParseLevel(s string) (Level, error) {
	for i, n := range levelNames {
		if n == s {
			return Level(i), nil
		}
	}
	return 0, fmt.Errorf("unknown log level %q: use one of %s", s, strings.Join(levelNames, ", "))
}

// printer writes everything a session says, one record at a time.
type printer struct {
	mu    sync.Mutex
	w     io.Writer
	color bool
	level Level
	// pending are the sub-requests of requests not finished yet, by parent span.
	pending map[trace.Span][]trace.Record
}

func newPrinter(w io.Writer, color bool, level Level) *printer {
	return &printer{w: w, color: color, level: level, pending: map[trace.Span][]trace.Record{}}
}

// ANSI styles.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	blue   = "36"
)

func (p *printer) style(code, s string) string {
	if !p.color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p *printer) print(s string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	io.WriteString(p.w, s)
}

func (p *printer) errorf(format string, args ...any) {
	if p.level <= Error {
		p.print(p.style(red, "error") + " " + fmt.Sprintf(format, args...) + "\n")
	}
}

func (p *printer) diags(list diag.List) {
	dir, _ := os.Getwd()
	var b strings.Builder
	for _, d := range list {
		level, color := Info, dim
		switch d.Severity {
		case diag.Warning:
			level, color = Warn, yellow
		case diag.Error:
			level, color = Error, red
		}
		if level < p.level || d.Severity == diag.Info && p.level > Debug {
			continue
		}
		d.Pos.File = project.Display(dir, d.Pos.File)
		for i := range d.Notes {
			d.Notes[i].Pos.File = project.Display(dir, d.Notes[i].Pos.File)
		}
		text := d.Error()
		b.WriteString(strings.Replace(text, d.Severity.String()+":", p.style(color, d.Severity.String()+":"), 1))
		b.WriteByte('\n')
	}
	if b.Len() > 0 {
		p.print(b.String())
	}
}

// record prints one trace record.
func (p *printer) record(r trace.Record) {
	switch r.Kind {
	case trace.Request:
		p.request(r)
	case trace.Subrequest, trace.Binding:
		p.keep(r)
	case trace.Log:
		p.log(r)
	case trace.Exception:
		p.exception(r)
	case trace.Reload:
		p.reload(r)
	case trace.Object, trace.Socket, trace.Event:
		if p.level == Debug {
			p.print(p.style(dim, fmt.Sprintf("%s %s %s %s", r.Worker, r.Kind, r.Name, r.Target)) + "\n")
		}
	}
}

// maxPending bounds what is kept for requests that never finish.
const maxPending = 4096

func (p *printer) keep(r trace.Record) {
	if p.level > Log || r.Parent == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.pending) < maxPending {
		p.pending[r.Parent] = append(p.pending[r.Parent], r)
	}
}

func (p *printer) request(r trace.Record) {
	if p.level > Log {
		return
	}
	var b bytes.Buffer
	method, path, _ := strings.Cut(r.Name, " ")
	fmt.Fprintf(&b, "%s %s %s %s %s\n", p.style(bold, method), path, p.status(r), p.style(dim, took(r.Duration)), p.style(blue, r.Worker))
	p.mu.Lock()
	p.children(&b, r.Span, "  ")
	p.w.Write(b.Bytes())
	p.mu.Unlock()
}

// children writes what happened below a request, as a tree.
func (p *printer) children(b *bytes.Buffer, span trace.Span, indent string) {
	list := p.pending[span]
	delete(p.pending, span)
	for _, c := range list {
		if c.Kind == trace.Binding && p.level > Debug {
			continue
		}
		fmt.Fprintf(b, "%s%s %s %s %s\n", indent, p.style(dim, "└ "+c.Name), p.status(c), p.style(dim, took(c.Duration)), p.style(blue, c.Target))
		p.children(b, c.Span, indent+"  ")
	}
}

func (p *printer) status(r trace.Record) string {
	if r.Status == 0 {
		return p.style(red, cmp.Or(r.Error, "-"))
	}
	text := fmt.Sprint(r.Status)
	switch {
	case r.Status >= 500:
		return p.style(red, text)
	case r.Status >= 400:
		return p.style(yellow, text)
	}
	return p.style(green, text)
}

func took(d time.Duration) string {
	if d < time.Millisecond {
		return d.Round(10 * time.Microsecond).String()
	}
	return d.Round(100 * time.Microsecond).String()
}

var logLevels = map[string]Level{"debug": Debug, "info": Info, "log": Log, "warn": Warn, "error": Error}

func (p *printer) log(r trace.Record) {
	level := logLevels[r.Level]
	// A worker's own output is what the developer asked for: only levels above
	// its own hide it, and debug output shows at the default level.
	if p.level > Log && level < p.level || p.level == None {
		return
	}
	text := r.Name
	switch level {
	case Error:
		text = p.style(red, text)
	case Warn:
		text = p.style(yellow, text)
	}
	p.print(p.style(dim, "["+r.Worker+"]") + " " + text + "\n")
}

func (p *printer) exception(r trace.Record) {
	if p.level > Error {
		return
	}
	text := r.Error
	if r.Stack != "" {
		text = r.Stack
		if !strings.Contains(r.Stack, r.Error) {
			text = r.Error + "\n" + r.Stack
		}
	}
	p.print(p.style(red, "✘ ["+r.Worker+"] "+text) + "\n")
}

func (p *printer) reload(r trace.Record) {
	switch {
	case r.Error != "":
		if p.level <= Error {
			text := ""
			if r.Name == "failed to start" {
				text = ": " + r.Error
				if r.Stack != "" {
					text += "\n" + r.Stack
				}
			}
			p.print(p.style(red, "✘ "+r.Worker+" "+r.Name) + text + "\n")
		}
	case p.level <= Log:
		p.print(p.style(green, "✓ ") + r.Worker + " " + r.Name + " " + p.style(dim, took(r.Duration)) + "\n")
	}
}

func (p *printer) buildOutput(worker string, line []byte) {
	if p.level <= Log {
		p.print(p.style(dim, "["+worker+" build] ") + strings.TrimRight(string(line), "\n") + "\n")
	}
}

// httpLog takes what net/http reports; most of it is clients going away.
func (p *printer) httpLog() *log.Logger {
	return log.New(writerFunc(func(b []byte) (int, error) {
		if p.level == Debug {
			p.print(p.style(dim, "http: "+string(b)))
		}
		return len(b), nil
	}), "", 0)
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func stackOf(err error) string {
	var se *worker.ScriptError
	if errors.As(err, &se) {
		return se.Stack
	}
	return ""
}
