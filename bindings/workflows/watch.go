package workflows

import (
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// watcher looks at an instance whenever it changes.
type watcher struct {
	// wake is called with w.mu held.
	wake func()
}

// follow gives the promise of what check finds, now or after a change of the
// instance. check is called with w.mu held and the database open; in is nil as long
// as there is no such instance.
func follow[T any](js *jsg.Scope, w *Workflow, id string, check func(in *Instance) (v T, found bool, err error), finish func(js *jsg.Scope, v T) (jsg.Value, error)) jsg.Value {
	c, err := iocontext.Require(js)
	if err != nil {
		return js.Rejected(err)
	}
	p, op := js.NewPromise(), c.Begin(js)
	f := &watcher{}
	f.wake = func() {
		var v T
		in, err := w.find(id)
		found := err != nil
		if err == nil {
			v, found, err = check(in)
		}
		if !found && err == nil {
			return
		}
		w.unwatch(id, f)
		op.Finish(func(js *jsg.Scope) {
			var out jsg.Value
			if err == nil {
				out, err = finish(js, v)
			} else {
				err = jsError(err)
			}
			if err != nil {
				p.Reject(js, err)
				return
			}
			p.Resolve(out)
		})
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.watching[id] == nil {
		w.watching[id] = map[*watcher]struct{}{}
	}
	w.watching[id][f] = struct{}{}
	f.wake()
	op.OnLost(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.unwatch(id, f)
	})
	return p.Promise()
}

// unwatch forgets a watcher. The caller holds w.mu.
func (w *Workflow) unwatch(id string, f *watcher) {
	delete(w.watching[id], f)
	if len(w.watching[id]) == 0 {
		delete(w.watching, id)
	}
}
