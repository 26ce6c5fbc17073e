// Package progress shows how far long work of the command line is: on a terminal
// as one line that is rewritten in place, elsewhere not at all. What a command
// has to say in the end it prints itself, after Close.
//
// It deliberately has no timers: the line changes when the work says so.
package progress

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/miniworker/miniworker/internal/clock"
)

// Work that is over before Delay shows no progress; from then on the line is
// rewritten every Period at most.
const (
	Delay  = 500 * time.Millisecond
	Period = 100 * time.Millisecond
)

// clearLine puts the cursor at the beginning of an empty line.
const clearLine = "\r\x1b[K"

// Line is the line of one command. It may be used by several goroutines.
type Line struct {
	clock clock.Clock
	w     io.Writer // nil where there is no terminal
	width func() int
	start time.Time

	mu     sync.Mutex
	last   time.Time
	shown  bool
	closed bool
}

// New is a line on w, if that is a terminal.
func New(w io.Writer, c clock.Clock) *Line {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &Line{clock: c}
	}
	return On(w, c, func() int {
		width, _, err := term.GetSize(int(f.Fd()))
		if err != nil {
			return 0
		}
		return width
	})
}

// On is a line on the terminal behind w; width tells how many characters fit in
// it, 0 if nobody knows.
func On(w io.Writer, c clock.Clock, width func() int) *Line {
	return &Line{clock: c, w: w, width: width, start: c.Now()}
}

// Say replaces the line.
func (l *Line) Say(format string, args ...any) {
	if l.w == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	if l.closed || now.Sub(l.start) < Delay || l.shown && now.Sub(l.last) < Period {
		return
	}
	l.last, l.shown = now, true
	text := []rune(fmt.Sprintf(format, args...))
	if width := l.width(); width > 1 && len(text) >= width { // a line that wraps could not be cleared
		text = append(text[:width-2], '…')
	}
	fmt.Fprint(l.w, clearLine+string(text))
}

// Bytes says how many bytes of a total are done, and how long the rest takes if
// it goes on like this. A negative total is not known.
func (l *Line) Bytes(what string, done, total int64) {
	if total <= 0 {
		l.Say("%s %s", what, Size(done))
		return
	}
	l.Say("%s %d %% (%s of %s)%s", what, done*100/total, Size(done), Size(total), l.left(done, total))
}

// Count says how many things of a total are done.
func (l *Line) Count(what string, done, total int) {
	l.Say("%s %d of %d%s", what, done, total, l.left(int64(done), int64(total)))
}

func (l *Line) left(done, total int64) string {
	if l.w == nil || done <= 0 || done >= total {
		return ""
	}
	left := float64(l.clock.Now().Sub(l.start)) / float64(done) * float64(total-done)
	return fmt.Sprintf(", %s left", max(time.Second, time.Duration(left).Round(time.Second)))
}

// Clear removes the line, for something to be printed in its place.
func (l *Line) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shown {
		fmt.Fprint(l.w, clearLine)
		l.shown = false
	}
}

// Close removes the line for good.
func (l *Line) Close() {
	l.Clear()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
}

// Reader reads r and says how much of total was read; a negative one is not
// known.
func (l *Line) Reader(r io.Reader, what string, total int64) *Reader {
	return &Reader{r: r, line: l, what: what, total: total}
}

// Reader is what Line.Reader gives.
type Reader struct {
	r           io.Reader
	line        *Line
	what        string
	done, total int64
}

// Read implements io.Reader.
func (r *Reader) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	r.done += int64(n)
	r.line.Bytes(r.what, r.done, r.total)
	return n, err
}

// Done is how much was read.
func (r *Reader) Done() int64 { return r.done }

// Size is a number of bytes to read.
func Size(n int64) string {
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
