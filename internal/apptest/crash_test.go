//go:build unix

package apptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// crashCycles is how often the program is killed, unless
// MINIWORKER_CRASHTEST_CYCLES says otherwise.
const crashCycles = 15

// TestCrash kills the program in the middle of writes, again and again. What
// was acknowledged must be there afterwards, what was not may be, and nothing
// may be there in part.
func TestCrash(t *testing.T) {
	t.Parallel()
	cycles := crashCycles
	if v := os.Getenv("MINIWORKER_CRASHTEST_CYCLES"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			t.Fatalf("MINIWORKER_CRASHTEST_CYCLES=%s", v)
		}
		cycles = n
	}
	state := t.TempDir()
	var list []writer
	for i := range 3 {
		list = append(list, &objectWriter{id: i}, &ledgerWriter{id: i})
	}
	for cycle := range cycles {
		p := start(t, app("crash"), state)
		for _, w := range list {
			w.verify(t, p)
		}
		if t.Failed() {
			t.Fatalf("after %d kills", cycle)
		}
		// Another moment each time: after a different number of writes.
		writeUntilKilled(t, p, list, int64(10+cycle*7%40))
	}
	p := start(t, app("crash"), state)
	total := 0
	for _, w := range list {
		w.verify(t, p)
		total += w.written()
	}
	if total < cycles*10 {
		t.Errorf("only %d writes in %d cycles", total, cycles)
	}
}

// writeUntilKilled has all writers write until so many writes are acknowledged,
// and kills the program while they go on.
func writeUntilKilled(t *testing.T, p *program, list []writer, writes int64) {
	t.Helper()
	var acknowledged atomic.Int64
	var once sync.Once
	enough := make(chan struct{})
	var wg sync.WaitGroup
	for _, w := range list {
		wg.Go(func() {
			for w.write(t, p) {
				if acknowledged.Add(1) >= writes {
					once.Do(func() { close(enough) })
				}
			}
			once.Do(func() { close(enough) }) // nothing works: do not wait for it
		})
	}
	<-enough
	p.kill()
	wg.Wait()
	if n := acknowledged.Load(); n < writes {
		t.Fatalf("writing stopped by itself after %d writes:\n%s", n, p.out)
	}
}

// writer writes ever higher versions of something.
type writer interface {
	// write writes the next version and reports whether it was acknowledged.
	write(t *testing.T, p *program) bool
	// verify checks what is there, and goes on from it.
	verify(t *testing.T, p *program)
	written() int
}

// put sends a version. An answer that is no acknowledgement fails the test; no
// answer is what a crash looks like.
func (p *program) put(t *testing.T, path string, version int, body []byte) bool {
	a, err := p.do(http.MethodPut, fmt.Sprintf("%s?version=%d", path, version), "", nil, bytes.NewReader(body))
	if err != nil {
		return false
	}
	if a.status != 200 || a.body != fmt.Sprint(version) {
		t.Errorf("PUT %s: %d %.300s", path, a.status, a.body)
		return false
	}
	return true
}

// objectWriter overwrites a few R2 objects in turn.
type objectWriter struct {
	id   int
	last int // acknowledged
	// trying is written and not acknowledged, 0 if nothing is.
	trying int
}

// slots is how many objects a writer has.
const slots = 4

func (w *objectWriter) written() int { return w.last }

func (w *objectWriter) path(version int) string {
	return fmt.Sprintf("/object/%d-%d", w.id, version%slots)
}

// body is the content of a version: from a few bytes to more than any buffer.
func (w *objectWriter) body(version int) []byte {
	line := fmt.Sprintf("writer %d, version %d\n", w.id, version)
	return []byte(strings.Repeat(line, 1+version*version*37%9000))
}

func (w *objectWriter) write(t *testing.T, p *program) bool {
	w.trying = w.last + 1
	if !p.put(t, w.path(w.trying), w.trying, w.body(w.trying)) {
		return false
	}
	w.last, w.trying = w.trying, 0
	return true
}

func (w *objectWriter) verify(t *testing.T, p *program) {
	t.Helper()
	for want := max(1, w.last-slots+1); want <= w.last; want++ {
		w.verifySlot(t, p, want)
	}
	if w.trying > 0 && w.trying <= slots {
		w.verifySlot(t, p, 0) // never acknowledged: there as a whole, or not
	}
	w.trying = 0
}

// verifySlot checks an object whose last acknowledged version is want.
func (w *objectWriter) verifySlot(t *testing.T, p *program, want int) {
	t.Helper()
	path := w.path(want)
	if want == 0 {
		path = w.path(w.trying)
	}
	a := p.get(t, path)
	version, _ := strconv.Atoi(a.header.Get("X-Version"))
	newer := w.trying > 0 && w.path(w.trying) == path && version == w.trying
	switch {
	case a.status != 200:
		t.Errorf("%s: %d %.300s", path, a.status, a.body)
	case version != want && !newer:
		t.Errorf("%s: version %d is there, %d was acknowledged, %d tried", path, version, want, w.trying)
	case version > 0 && a.body != string(w.body(version)):
		t.Errorf("%s: version %d is torn: %d bytes, %d were sent", path, version, len(a.body), len(w.body(version)))
	case version > 0 && a.header.Get("X-Listed") != fmt.Sprint(version):
		t.Errorf("%s: version %d, but the list shows %s", path, version, a.header.Get("X-Listed"))
	}
	if newer {
		w.last = w.trying
	}
}

// ledgerWriter writes to a Durable Object.
type ledgerWriter struct {
	id, last, trying int
}

func (w *ledgerWriter) written() int { return w.last }

func (w *ledgerWriter) path() string { return fmt.Sprintf("/ledger/%d", w.id) }

func (w *ledgerWriter) write(t *testing.T, p *program) bool {
	w.trying = w.last + 1
	if !p.put(t, w.path(), w.trying, fmt.Appendf(nil, "entry %d", w.trying)) {
		return false
	}
	w.last, w.trying = w.trying, 0
	return true
}

func (w *ledgerWriter) verify(t *testing.T, p *program) {
	t.Helper()
	a := p.get(t, w.path())
	var got struct{ Count, Last, Wrong, First, Second, Third int }
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != 200 {
		t.Fatalf("%s: %d %.300s", w.path(), a.status, a.body)
	}
	if got.Last != w.last && got.Last != w.trying {
		t.Errorf("%s: version %d is there, %d was acknowledged, %d tried", w.path(), got.Last, w.last, w.trying)
	}
	if got.Count != got.Last || got.Wrong != 0 {
		t.Errorf("%s: %+v: entries are missing or torn", w.path(), got)
	}
	// A write that was not awaited may be saved apart from those that follow an
	// await; only versions that were acknowledged have to be whole.
	if got.First < w.last || got.Second < w.last || got.Second != got.Third {
		t.Errorf("%s: %+v: a transaction came apart, or %d was lost", w.path(), got, w.last)
	}
	w.last, w.trying = got.Last, 0
}
