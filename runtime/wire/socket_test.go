package wire

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

type recorder struct {
	mu  sync.Mutex
	log []string
}

func (r *recorder) add(s string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.log = append(r.log, s)
}
func (r *recorder) SocketMessage(m Message)             { r.add(string(m.Data)) }
func (r *recorder) SocketClose(code int, reason string) { r.add(fmt.Sprint(code, " ", reason)) }

func TestSocketQueuesUntilAttachedAndKeepsOrder(t *testing.T) {
	a, b := NewSocketPair()
	a.Send(Message{Data: []byte("1")})
	a.Send(Message{Data: []byte("2")})
	if n := a.Buffered(); n != 2 {
		t.Fatalf("buffered %d bytes, want 2", n)
	}
	var r recorder
	b.Attach(&r)
	a.Send(Message{Data: []byte("3")})
	if !a.Close(1000, "bye") || a.Close(1000, "again") || a.Send(Message{}) {
		t.Fatal("a closed end must refuse further sends and closes")
	}
	if want := []string{"1", "2", "3", "1000 bye"}; !slices.Equal(r.log, want) {
		t.Fatalf("got %v, want %v", r.log, want)
	}
	if b.Closed() {
		t.Fatal("closing one end must not close the other")
	}
}

func TestSocketConcurrentSendersLoseNothing(t *testing.T) {
	a, b := NewSocketPair()
	var r recorder
	b.Attach(&r)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 100 {
				a.Send(Message{Data: fmt.Appendf(nil, "%d/%03d", i, j)})
			}
		})
	}
	wg.Wait()
	if len(r.log) != 800 {
		t.Fatalf("delivered %d messages, want 800", len(r.log))
	}
	last := map[byte]string{}
	for _, m := range r.log {
		if m <= last[m[0]] {
			t.Fatalf("%q came after %q", m, last[m[0]])
		}
		last[m[0]] = m
	}
}
