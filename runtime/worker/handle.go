package worker

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Handle is a worker across reloads: bindings and routes hold the handle, the
// dev session swaps what is behind it.
type Handle struct {
	name    string
	current atomic.Pointer[Worker]

	mu      sync.Mutex
	onSwap  []func(w *Worker)
	retired []*Worker // those that may still finish what they began
	down    error     // why there is no current worker
	closed  bool
}

// NewHandle returns a handle with no worker behind it yet.
func NewHandle(name string) *Handle { return &Handle{name: name} }

// Name is the worker's name.
func (h *Handle) Name() string { return h.name }

// Current is the version that gets new events, nil if none is loaded.
func (h *Handle) Current() *Worker { return h.current.Load() }

// Swap makes w the version for new events and retires the one before, which
// finishes what it has begun.
func (h *Handle) Swap(w *Worker) {
	crashed := func() { h.restart(w) }
	w.crashed.Store(&crashed)
	h.mu.Lock()
	if h.closed { // while a version was being loaded
		h.mu.Unlock()
		close(w.replaced)
		w.Kill()
		return
	}
	old := h.current.Swap(w)
	h.down = nil
	hooks := h.onSwap
	if old != nil {
		h.retired = append(h.retired, old)
	}
	h.mu.Unlock()
	for _, f := range hooks {
		f(w)
	}
	if old != nil {
		close(old.replaced)
		old.Retire()
		go h.forget(old)
	}
	if w.iso.Cause() != nil { // it crashed before anybody was told whom to tell
		h.restart(w)
	}
}

// forget lets go of a retired version when it has ended: the memory of a large
// one would be missed.
func (h *Handle) forget(old *Worker) {
	<-old.iso.Done()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.retired = slices.DeleteFunc(h.retired, func(w *Worker) bool { return w == old })
}

// Versions are the current version and those before it that may still run.
func (h *Handle) Versions() []*Worker {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := slices.Clone(h.retired)
	if w := h.current.Load(); w != nil {
		out = append(out, w)
	}
	return out
}

// restart loads the version that crashed anew. Both the crash and Swap, if it
// comes after, may call it.
func (h *Handle) restart(crashed *Worker) {
	if h.current.Load() == crashed {
		crashed.restart.Do(func() { h.loadAnew(crashed) })
	}
}

// loadAnew replaces the version that crashed, unless it is to run once.
func (h *Handle) loadAnew(crashed *Worker) {
	<-crashed.iso.Done()
	crashed.exports, crashed.env = nil, nil // its memory may be what there was not enough of
	next, err := (*Worker)(nil), crashed.iso.Cause()
	if !crashed.opts.Once {
		next, err = Load(crashed.opts)
	}
	if err != nil {
		h.SetDown(err)
		if h.current.CompareAndSwap(crashed, nil) {
			close(crashed.replaced)
		}
		return
	}
	if h.current.Load() != crashed { // reloaded meanwhile
		next.Kill()
		return
	}
	h.Swap(next)
}

// SetDown says why the worker cannot run, while none was ever loaded.
func (h *Handle) SetDown(err error) {
	h.mu.Lock()
	h.down = err
	h.mu.Unlock()
}

// OnSwap calls f with each version that becomes current, at once with the one
// that is.
func (h *Handle) OnSwap(f func(w *Worker)) {
	h.mu.Lock()
	h.onSwap = append(h.onSwap, f)
	w := h.current.Load()
	h.mu.Unlock()
	if w != nil {
		f(w)
	}
}

// Err is why there is no current version.
func (h *Handle) Err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.down != nil {
		return h.down
	}
	return errors.New("the worker " + h.name + " is not running")
}

// Fetch gives a request to the current version's default export.
func (h *Handle) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	return h.fetch(ctx, "default", nil, req)
}

func (h *Handle) fetch(ctx context.Context, entrypoint string, props Props, req *wire.Request) (resp *wire.Response, err error) {
	err = h.use(ctx, func(w *Worker) error {
		resp, err = w.FetchEntrypoint(ctx, entrypoint, props, req)
		return err
	})
	return resp, err
}

// use begins an event in the current version. If that goes away before the event
// began, the next one gets it.
func (h *Handle) use(ctx context.Context, begin func(w *Worker) error) error {
	for {
		w := h.current.Load()
		if w == nil {
			return h.Err()
		}
		if err := begin(w); !errors.Is(err, isolate.ErrDisposed) {
			return err
		}
		select {
		case <-w.replaced:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Close stops the current version after what is in flight.
func (h *Handle) Close() {
	h.mu.Lock()
	h.closed = true
	w := h.current.Swap(nil)
	h.mu.Unlock()
	if w != nil {
		close(w.replaced)
		w.Kill()
	}
}
