package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// progress shows how far long work is, in one line of a terminal that is
// rewritten in place. Where there is no terminal it shows nothing.
type progress struct {
	w     io.Writer // nil for none
	start time.Time
	last  time.Time
	shown bool
}

// Work that is over before progressDelay shows no progress; from then on the line
// is rewritten every progressPeriod.
const (
	progressDelay  = 500 * time.Millisecond
	progressPeriod = 100 * time.Millisecond
)

func newProgress(w io.Writer) *progress {
	p := &progress{start: time.Now()}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.w = w
	}
	return p
}

// say replaces the line.
func (p *progress) say(format string, args ...any) {
	now := time.Now()
	if p.w == nil || now.Sub(p.start) < progressDelay || now.Sub(p.last) < progressPeriod {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.w, "\r\x1b[K"+format, args...)
}

// of tells how many bytes of a total are done.
func (p *progress) of(what string, done, total int64) {
	if total > 0 {
		p.say("%s %d %% (%s of %s)", what, done*100/total, size(done), size(total))
	}
}

// done removes the line.
func (p *progress) done() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// size is a number of bytes to read.
func size(n int64) string {
	const unit = 1000
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	f, units := float64(n), "kMGT"
	for f /= unit; f >= unit && len(units) > 1; f /= unit {
		units = units[1:]
	}
	return fmt.Sprintf("%.1f %cB", f, units[0])
}
