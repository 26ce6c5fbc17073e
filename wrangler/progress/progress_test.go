package progress_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/wrangler/progress"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// screen is a terminal of one line: what would be seen in it, one entry each time
// that changed.
type screen struct {
	line string
	seen []string
}

func (s *screen) Write(p []byte) (int, error) {
	text := string(p)
	if rest, ok := strings.CutPrefix(text, "\r\x1b[K"); ok {
		s.line, text = "", rest
	}
	s.line += text
	s.seen = append(s.seen, s.line)
	return len(p), nil
}

func line(width int) (*screen, *clock.Fake, *progress.Line) {
	s, c := &screen{}, clock.NewFake(time.Unix(0, 0))
	return s, c, progress.On(s, c, func() int { return width })
}

func (s *screen) want(t *testing.T, want ...string) {
	t.Helper()
	if got := strings.Join(s.seen, "|"); got != strings.Join(want, "|") {
		t.Errorf("the terminal showed %q, want %q", s.seen, want)
	}
	s.seen = nil
}

func TestLine(t *testing.T) {
	t.Parallel()
	s, c, l := line(0)
	l.Bytes("storing", 1, 10) // too early
	c.Advance(progress.Delay - 1)
	l.Bytes("storing", 2, 10)
	s.want(t)
	c.Advance(1)
	l.Bytes("storing", 5_000_000, 20_000_000)
	l.Bytes("storing", 6_000_000, 20_000_000) // too soon after it
	s.want(t, "storing 25 % (5.0 MB of 20.0 MB), 2s left")
	c.Advance(progress.Period)
	l.Count("copying", 30, 30)
	s.want(t, "copying 30 of 30")
	l.Clear()
	l.Clear()
	s.want(t, "")
	l.Bytes("reading", 1500, -1)
	s.want(t, "reading 1.5 kB")
	l.Close()
	c.Advance(time.Hour)
	l.Say("too late")
	s.want(t, "")
}

func TestShortWorkShowsNothing(t *testing.T) {
	t.Parallel()
	s, c, l := line(80)
	for range 4 {
		c.Advance(100 * time.Millisecond)
		l.Say("working")
	}
	l.Close()
	s.want(t)
}

func TestLongLinesAreCut(t *testing.T) {
	t.Parallel()
	s, c, l := line(10)
	c.Advance(time.Second)
	l.Say("äöü4567890123")
	s.want(t, "äöü45678…")
}

func TestReader(t *testing.T) {
	t.Parallel()
	s, c, l := line(0)
	c.Advance(time.Second)
	r := l.Reader(strings.NewReader("0123456789"), "reading", 40)
	if text, err := io.ReadAll(r); err != nil || string(text) != "0123456789" || r.Done() != 10 {
		t.Errorf("%q, %v, %d", text, err, r.Done())
	}
	s.want(t, "reading 25 % (10 B of 40 B), 3s left")
}

func TestNoTerminal(t *testing.T) {
	t.Parallel()
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, w := range []io.Writer{f, &screen{}} {
		c := clock.NewFake(time.Unix(0, 0))
		l := progress.New(w, c)
		c.Advance(time.Hour)
		l.Bytes("storing", 1, 2)
		l.Close()
	}
	if st, err := f.Stat(); err != nil || st.Size() != 0 {
		t.Errorf("%d bytes were written, %v", st.Size(), err)
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 123_456: "123.5 kB", 5_000_000_000: "5.0 GB", 7_000_000_000_000_000: "7000.0 TB"} {
		if got := progress.Size(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
