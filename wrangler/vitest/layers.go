package vitest

import (
	"context"
	"fmt"
	"slices"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// layerFunctions begin and end the layers of storage: one for each suite and each
// test, and one for all of a group of tests that run side by side.
func (h *host) layerFunctions(define definer) {
	define("push", func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) { return h.background(js, h.stash.push), nil })
	define("pop", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return h.layer(js, a.String(0), h.stash.pop), a.Err()
	})
	define("rewind", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return h.layer(js, a.String(0), h.stash.rewind), a.Err()
	})
	define("groupBegun", func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
		h.share(true)
		h.copy.journal.Clear()
		return h.background(js, h.stash.push), nil
	})
	define("groupEnded", func(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
		return h.restored(js, h.stash.pop, func(ended string) {
			h.share(false)
			if ended != "" {
				h.run.file.Notes = append(h.run.file.Notes, fmt.Sprintf("concurrent tests ended without waiting for %s; what was under way was cancelled", ended))
			}
		}), nil
	})
	define("suiteBegun", func(_ *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		h.entered(a.String(0))
		return jsg.Undefined, a.Err()
	})
	define("suiteEnded", func(_ *jsg.Scope, a *jsg.Args) (jsg.Value, error) { h.left(a.String(0)); return jsg.Undefined, a.Err() })
}

// share says whether tests share a layer from now on.
func (h *host) share(together bool) {
	h.together = together
	h.run.mu.Lock()
	h.run.together = together
	h.run.mu.Unlock()
}

// layer restores storage after a test or suite, and notes what that ended.
func (h *host) layer(js *jsg.Scope, id string, step func(context.Context) (string, error)) jsg.Value {
	return h.restored(js, step, func(ended string) {
		if t := h.run.file.byID[id]; t != nil && ended != "" {
			h.leftover[id] = append(h.leftover[id], ended)
		}
	})
}

// restored does what restores storage, and lets the tests that run go on.
func (h *host) restored(js *jsg.Scope, step func(context.Context) (string, error), note func(ended string)) jsg.Value {
	return iocontext.Go(js, step, func(js *jsg.Scope, ended string) (jsg.Value, error) {
		for _, t := range h.tests {
			t.io.Keep()
		}
		note(ended)
		return jsg.Undefined, nil
	})
}

// entered and left keep which suites run, outermost first.
func (h *host) entered(id string) {
	t := h.run.file.byID[id]
	h.run.mu.Lock()
	defer h.run.mu.Unlock()
	if t != nil {
		h.run.suites = append(h.run.suites, t)
	}
}

func (h *host) left(id string) {
	h.run.mu.Lock()
	defer h.run.mu.Unlock()
	h.run.suites = slices.DeleteFunc(h.run.suites, func(t *Task) bool { return t.ID == id })
}
