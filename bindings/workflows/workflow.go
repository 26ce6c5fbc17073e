package workflows

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/miniworker/miniworker/bindings/internal/op"
	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/worker"
)

// DefaultStepLimit is how many steps an instance may begin.
const DefaultStepLimit = 10_000

// Workflow is one Workflow: its instances, and what runs them. It is safe for
// concurrent use; there must be only one for a directory.
type Workflow struct {
	name  string
	path  string
	clock clock.Clock
	bus   *trace.Bus
	// line keeps the calls of bindings in order.
	line op.Line
	host atomic.Pointer[Host]

	mu     sync.Mutex
	db     *store.DB // opened by the first use
	closed bool
	runs   map[string]*run
	// watching are told of every change of an instance's log.
	watching map[string]map[*watcher]struct{}
	session  *introspection
}

// Host says who runs the instances.
type Host struct {
	Worker *worker.Handle
	Script string // the worker's name
	Class  string
	Limit  int // of steps, 0 for the default
}

// Open returns the Workflow kept in dir. Nothing is read or written until it is
// used.
func Open(dir, name string, clk clock.Clock, bus *trace.Bus) *Workflow {
	return &Workflow{name: name, path: filepath.Join(dir, databaseName), clock: clk, bus: bus,
		runs: map[string]*run{}, watching: map[string]map[*watcher]struct{}{}}
}

// Name is the Workflow's name.
func (w *Workflow) Name() string { return w.name }

// Host is who runs the instances; its Class is "" as long as nobody does.
func (w *Workflow) Host() Host {
	if h := w.host.Load(); h != nil {
		return *h
	}
	return Host{}
}

// SetHost says who runs the instances.
func (w *Workflow) SetHost(h Host) { w.host.Store(&h) }

// exists reports whether there may be anything on disk.
func (w *Workflow) exists() bool {
	if w.db != nil {
		return true
	}
	_, err := os.Stat(w.path)
	return err == nil
}

// swap runs the unfinished instances in a version of the worker, anew if they ran
// in another. A Workflow that was never used is not touched.
func (w *Workflow) swap(v *worker.Worker) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || !w.exists() {
		return
	}
	if err := w.resumeAll(v); err != nil {
		w.report("error", fmt.Sprintf("workflow %s: %v", w.name, err))
	}
}

// resumeAll runs what is unfinished and does not run in v. The caller holds w.mu.
func (w *Workflow) resumeAll(v *worker.Worker) error {
	if err := w.use(); err != nil {
		return err
	}
	list, err := w.unfinished()
	for _, in := range list {
		if r := w.runs[in.ID]; r == nil || r.version != v {
			w.stop(in.ID)
			if in.Status == Pausing { // nothing of it runs any more
				err = errors.Join(err, w.db.Tx(func() error { return w.pauseNow(in) }))
				continue
			}
			w.start(in)
		}
	}
	return err
}

// start runs an instance in the current version; without one that is for the next
// to do. The caller holds w.mu.
func (w *Workflow) start(in *Instance) {
	h := w.Host()
	if h.Worker == nil {
		return
	}
	v := h.Worker.Current()
	if v == nil {
		return
	}
	r := newRun(w, in, v, h)
	w.runs[in.ID] = r
	if !r.begin() {
		delete(w.runs, in.ID)
	}
}

// stop ends the run of an instance, whose code does not go on. The caller holds
// w.mu.
func (w *Workflow) stop(id string) {
	if r := w.runs[id]; r != nil {
		delete(w.runs, id)
		r.over = true
		r.abandon()
	}
}

func (w *Workflow) report(level, text string) {
	w.bus.Emit(trace.Record{Kind: trace.Log, Level: level, Worker: w.Host().Script, Time: w.clock.Now(), Name: text})
}

// emit reports what became of an instance.
func (w *Workflow) emit(in *Instance, what string) {
	if !w.bus.Active() {
		return
	}
	w.bus.Emit(trace.Record{Kind: trace.Object, Worker: w.Host().Script, Time: w.clock.Now(), Name: what, Target: w.name, Attrs: map[string]string{"id": in.ID}})
}

// changed wakes those who follow an instance. The caller holds w.mu.
func (w *Workflow) changed(id string) {
	for f := range w.watching[id] {
		f.wake()
	}
}

// Close ends what runs and closes the database.
func (w *Workflow) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for id := range w.runs {
		w.stop(id)
	}
	if w.db == nil {
		return nil
	}
	db := w.db
	w.db = nil
	return db.Close()
}
