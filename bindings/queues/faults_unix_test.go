//go:build unix

package queues

import (
	"errors"
	"os"
	"testing"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/crashtest"
	"github.com/miniworker/miniworker/internal/trace"
)

func openQueue(t *testing.T, dir string, other func(name string) (*Queue, error)) *Queue {
	q := Open(dir, "q", clock.Real, other)
	t.Cleanup(func() { must(t, q.Close()) })
	return q
}

func text(body string) Message { return Message{ContentType: "text", Body: []byte(body)} }

func TestReadOnlyDirectory(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(dir+"/keep", nil, 0o644))
	crashtest.WithReadOnly(t, dir, func() {
		q := Open(dir+"/new", "q", clock.Real, nil)
		if _, err := q.Send(ctx, 0, text("a")); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("send: %v", err)
		}
		must(t, q.Close())
	})
	q := Open(dir+"/new", "q", clock.Real, nil)
	_, err := q.Send(ctx, 0, text("b"))
	must(t, err)
	must(t, q.Close())
	// What is there stays.
	q = openQueue(t, dir+"/new", nil)
	crashtest.WithReadOnly(t, dir+"/new", func() {
		if _, err := q.Send(ctx, 0, text("c")); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("send beside what is there: %v", err)
		}
	})
	if got := q.stored(t); len(got) != 1 || got[0] != "text b 0" {
		t.Error(got)
	}
}

// What send() gave an error for is not there, what it took is; and a message
// whose acknowledgement cannot be written comes again.
func TestFullDisk(t *testing.T) {
	q := openQueue(t, t.TempDir(), nil)
	_, err := q.Send(ctx, 0, text("before"))
	must(t, err)
	taken := 1
	crashtest.WithFullDisk(t, 64<<10, func() {
		var err error
		for i := 0; err == nil && i < 100; i++ {
			if _, err = q.Send(ctx, 0, Message{ContentType: "bytes", Body: make([]byte, 100_000)}); err == nil {
				taken++
			}
		}
		if !errors.Is(err, store.ErrFull) {
			t.Errorf("send: %v", err)
		}
	})
	if got := q.stored(t); len(got) != taken {
		t.Errorf("%d messages are there, %d were taken", len(got), taken)
	}
	batch, err := q.ready(1)
	must(t, err)
	crashtest.WithFullDisk(t, 1, func() {
		if err := q.settle(batch, nil); !errors.Is(err, store.ErrFull) {
			t.Errorf("acknowledging: %v", err)
		}
	})
	if got := q.stored(t); len(got) != taken || got[0] != "text before 0" {
		t.Errorf("%d messages are left of %d", len(got), taken)
	}
	must(t, q.settle(batch, nil))
	_, err = q.Send(ctx, 0, text("after"))
	must(t, err)
	if got := q.stored(t); len(got) != taken || got[taken-1] != "text after 0" {
		t.Error(len(got), taken)
	}
}

// A message that its dead letter queue cannot take stays where it is.
func TestDeadLettersOfAFullDisk(t *testing.T) {
	dir := t.TempDir()
	dead := Open(dir+"/dead", "dead", clock.Real, nil)
	t.Cleanup(func() { must(t, dead.Close()) })
	q := openQueue(t, dir+"/q", func(string) (*Queue, error) { return dead, nil })
	_, err := q.Send(ctx, 0, text("a"))
	must(t, err)
	batch, err := q.ready(1)
	must(t, err)
	c := &Consumer{DeadLetter: "dead", Trace: &trace.Bus{}}
	again := map[*waiting]int64{}
	crashtest.WithFullDisk(t, 1, func() { q.bury(c, batch, again) })
	if _, kept := again[batch[0]]; !kept {
		t.Error("the message is given up")
	}
	clear(again)
	q.bury(c, batch, again)
	if got := dead.stored(t); len(again) != 0 || len(got) != 1 {
		t.Error(again, got)
	}
}
