package dev

import (
	"strings"
	"sync"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
)

var logLevels = map[string]Level{"debug": Debug, "info": Info, "log": Log, "warn": Warn, "error": Error}

// log prints console output.
func (p *printer) log(r trace.Record) {
	level := logLevels[r.Level]
	// A worker's own output is what the developer asked for: debug output shows
	// at the default level, and only a stricter level hides what is below it.
	if p.level == None || p.level > Log && level < p.level {
		return
	}
	text := p.mapStack(r.Worker, r.Name)
	var hints []string
	if level == Error && strings.Contains(text, "\n    at ") && p.repeats.first("log "+r.Worker+text, r.Time) {
		hints = p.explain(r.Worker, firstLine(text), text).Hints
	}
	switch level {
	case Error:
		text = p.styled(red, text)
	case Warn:
		text = p.styled(yellow, text)
	}
	out := p.styled(dim, "["+r.Worker+"]") + " " + text + "\n" + p.hintLines(hints)
	p.out.write([]byte(out), true)
}

func (p *printer) hintLines(hints []string) string {
	var b strings.Builder
	for _, h := range hints {
		b.WriteString("  " + p.styled(yellow, "hint:") + " " + strings.ReplaceAll(h, "\n", "\n        ") + "\n")
	}
	return b.String()
}

// exception prints an uncaught error: what was thrown, the source around the
// place, where it came from. The same error again within a moment is one line.
// An error that came from another worker has no place of its own; it is shown
// where it was thrown.
func (p *printer) exception(r trace.Record) {
	located := strings.Contains(r.Stack, "\n")
	if located {
		p.origins.add(r)
	}
	if p.level > Error || !located && p.origins.lately(r) {
		return
	}
	head := p.styled(red, "✘ ["+r.Worker+"] "+r.Error) + "\n"
	if !p.repeats.first("exception "+r.Worker+r.Error+r.Stack, r.Time) {
		p.out.write([]byte(head), true)
		return
	}
	f := p.explain(r.Worker, r.Error, r.Stack)
	p.print(head + p.failureText(f))
}

// failureText is the part of a failure below its headline.
func (p *printer) failureText(f failure) string {
	var b strings.Builder
	if f.Excerpt != nil {
		b.WriteString(indent(f.Excerpt.Text(), "  "))
		if f.Changed {
			b.WriteString("  " + p.styled(dim, "(the file changed since this version was built; the lines may have moved)") + "\n")
		}
	}
	for _, fr := range f.Frames {
		b.WriteString(p.styled(dim, "    at "+fr.label()) + "\n")
	}
	if len(f.Frames) == 0 {
		if _, rest, ok := strings.Cut(f.Stack, "\n"); ok {
			b.WriteString(p.styled(dim, rest) + "\n")
		}
	}
	if f.Causes != "" {
		b.WriteString(p.styled(dim, "  "+strings.ReplaceAll(f.Causes, "\n", "\n  ")) + "\n")
	}
	b.WriteString(p.hintLines(f.Hints))
	return b.String()
}

// repeats tells the first of many equal messages from the others.
type repeats struct {
	mu   sync.Mutex
	seen map[string]time.Time
}

const (
	repeatWindow = 2 * time.Second
	maxRepeats   = 256
)

// first reports whether key was not seen in the moment before now.
func (r *repeats) first(key string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	last, ok := r.seen[key]
	if ok && now.Sub(last) < repeatWindow {
		return false
	}
	if r.seen == nil || len(r.seen) >= maxRepeats {
		r.seen = map[string]time.Time{}
	}
	r.seen[key] = now
	return true
}

// reload prints how a build went.
func (p *printer) reload(r trace.Record, f *failure) {
	switch {
	case r.Error != "":
		if p.level <= Error {
			text := p.styled(red, "✘ "+r.Worker+" "+r.Name)
			if f != nil {
				text += ": " + r.Error
				// A rejection that nobody handled was shown as such already.
				if p.repeats.first("exception "+r.Worker+r.Error+r.Stack, r.Time) {
					text += "\n" + strings.TrimRight(p.failureText(*f), "\n")
				}
			}
			p.print(text + "\n")
		}
	case p.level <= Log:
		p.print(p.styled(green, "✓ ") + r.Worker + " " + r.Name + " " + p.styled(dim, took(r.Duration)) + "\n")
	}
}
