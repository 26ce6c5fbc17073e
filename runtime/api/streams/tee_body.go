package streams

import (
	"io"
	"sync"

	"github.com/miniworker/miniworker/runtime/wire"
)

// teeBody splits a body in two. What the slower side has not read yet is kept
// in memory; bytes already in memory are shared.
func teeBody(b wire.Body) (wire.Body, wire.Body) {
	if m, ok := b.(*wire.BytesBody); ok {
		data := m.Bytes()
		return wire.NewBytesBody(data), wire.NewBytesBody(data)
	}
	t := &splitter{src: b}
	t.ready.L = &t.mu
	x, y := &splitBody{t: t, i: 0}, &splitBody{t: t, i: 1}
	return x, y
}

type splitter struct {
	src wire.Body

	mu      sync.Mutex
	ready   sync.Cond
	pending [2][]byte
	closed  [2]bool
	reading bool
	err     error
}

// splitBody is one side.
type splitBody struct {
	t *splitter
	i int
}

// Len implements wire.Body.
func (b *splitBody) Len() int64 { return b.t.src.Len() }

// Read implements io.Reader: one side at a time reads the source, for both.
func (b *splitBody) Read(p []byte) (int, error) {
	t := b.t
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		switch {
		case t.closed[b.i]:
			return 0, io.ErrClosedPipe
		case len(t.pending[b.i]) > 0:
			n := copy(p, t.pending[b.i])
			t.pending[b.i] = t.pending[b.i][n:]
			return n, nil
		case t.err != nil:
			return 0, t.err
		case t.reading:
			t.ready.Wait()
			continue
		}
		t.reading = true
		t.mu.Unlock()
		n, err := t.src.Read(p)
		t.mu.Lock()
		t.reading, t.err = false, err
		if other := 1 - b.i; n > 0 && !t.closed[other] {
			t.pending[other] = append(t.pending[other], p[:n]...)
		}
		t.ready.Broadcast()
		if n > 0 {
			return n, nil
		}
	}
}

// Close gives up one side; the source is closed with the second.
func (b *splitBody) Close() error {
	t := b.t
	t.mu.Lock()
	already := t.closed[b.i]
	t.closed[b.i] = true
	t.pending[b.i] = nil
	both := t.closed[1-b.i]
	t.ready.Broadcast()
	t.mu.Unlock()
	if already || !both {
		return nil
	}
	return t.src.Close()
}
