package actor

import (
	"errors"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// How an instance ends other than by going idle: it breaks, or it is replaced.

// Fail breaks the instance from its own code: everything in flight ends in err,
// sockets break, what is not committed is undone, and the next event constructs
// anew. Later calls on the stubs that led here get err too.
func (in *Instance) Fail(js *jsg.Scope, err error) {
	in.fail(with(Portable(js, err), "durableObjectReset"))
}

// Abort is ctx.abort().
func (in *Instance) Abort(reason string) error {
	e := with(abortError(reason), "durableObjectReset")
	in.fail(e)
	return e
}

// Broken reports whether the instance has failed or was replaced.
func (in *Instance) Broken() bool { return in.failure.Load() != nil }

// fail is called on the isolate's goroutine, possibly from within code of the
// object; the rest is done in a turn of its own.
func (in *Instance) fail(err *jsg.Error) {
	if !in.failure.CompareAndSwap(nil, err) {
		return
	}
	o := in.object
	o.mu.Lock()
	in.dying = true
	o.mu.Unlock()
	in.gate.Break()
	if !in.iso.Post(nil, in.finish) {
		go in.watch()
	}
}

// end is fail from any other goroutine. in.dying is set already.
func (in *Instance) end(err *jsg.Error) {
	in.iso.Post(nil, func(js *jsg.Scope) { in.fail(err) })
	stuck := in.object.ns.opts.Clock.AfterFunc(stuckLimit, func() {
		in.iso.Interrupt("The code did not return when its Durable Object was to be replaced.")
	})
	go func() {
		in.watch()
		stuck.Stop()
	}()
}

// watch ends an instance whose isolate was stopped before it could do so.
func (in *Instance) watch() {
	select {
	case <-in.gone:
	case <-in.iso.Done():
		in.over.Do(func() {
			err := in.failure.Load()
			if err == nil {
				err = errUpdated
				in.failure.Store(err)
			}
			in.object.ns.retryRunning(in.object.hex)
			for _, c := range in.children.Members() {
				_ = c.Close() // nothing of theirs is running
			}
			in.release(err)
		})
	}
}

// finish ends a broken instance.
func (in *Instance) finish(js *jsg.Scope) {
	js.ClearInterrupt() // it may have come after the code it was for
	in.over.Do(func() {
		err := in.failure.Load()
		for _, ev := range in.events.Members() {
			js.WithFrame(ev.frame, func() { ev.finish(js, nil, err) })
		}
		in.endChildren(js, err)
		// Streams and calls that are under way end with the object.
		for _, io := range in.requests.Members() {
			io.Break(marked(err))
		}
		in.io.Break(marked(err))
		in.release(err)
	})
}

// release gives back what the instance holds and lets the next one start.
func (in *Instance) release(err *jsg.Error) {
	if in.storage != nil {
		in.storage.Coalesce(nil)
		if e := errors.Join(in.storage.Rollback(), in.storage.Release()); e != nil {
			in.object.emit("storage failed", e)
		}
	}
	switch {
	case err == errUpdated:
		if in.object.ns.opts.Sticky {
			in.object.hibernateSockets()
		} else {
			in.object.closeSockets(1012, err.Message)
		}
		in.object.emit("reloaded", nil)
	case err == errRewound:
		in.object.closeSockets(1012, err.Message)
		in.object.emit("reset", nil)
	case err != nil:
		in.object.closeSockets(1006, "")
		in.object.emit("broken", err)
	}
	if err != nil {
		in.object.mu.Lock()
		for _, cancel := range in.waiting.Members() {
			(*cancel)(marked(err))
		}
		in.object.mu.Unlock()
	}
	in.object.mu.Lock()
	if in.check != nil {
		in.check.Stop()
	}
	in.object.mu.Unlock()
	in.object.ended(in)
	if parent := in.object.ns.opts.parent; parent != nil {
		parent.Unlease()
	}
	in.host.Release()
}
