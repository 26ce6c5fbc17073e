package jsg

import (
	"slices"
	"weak"

	"github.com/dop251/goja"
)

// rejections are the promises that were rejected and that nobody handles.
type rejections struct {
	unhandled func(js *Scope, reason, promise Value)
	handled   func(js *Scope, promise Value)

	// waiting are those of the turn now running, told those that unhandled was
	// told of, and late those of them that have a handler by now.
	waiting, late []rejection
	told          []toldRejection
}

type rejection struct {
	promise *goja.Promise
	frame   any
}

// toldRejection does not keep its promise: what is forgotten gets no handler.
type toldRejection struct {
	promise weak.Pointer[goja.Promise]
	frame   any
}

// rejectionJob is one report, to be made in a turn of its own.
type rejectionJob struct {
	frame any
	tell  func()
}

func (js *Scope) trackRejection(p *goja.Promise, op goja.PromiseRejectionOperation) {
	r := &js.rejections
	if op == goja.PromiseRejectionReject {
		r.waiting = append(r.waiting, rejection{p, js.frame})
		return
	}
	if i := slices.IndexFunc(r.waiting, func(w rejection) bool { return w.promise == p }); i >= 0 {
		r.waiting = slices.Delete(r.waiting, i, i+1)
		return
	}
	if i := slices.IndexFunc(r.told, func(t toldRejection) bool { return t.promise.Value() == p }); i >= 0 {
		r.late = append(r.late, rejection{p, r.told[i].frame})
		r.told = slices.Delete(r.told, i, i+1)
	}
}

// next takes the next report off the lists.
func (r *rejections) next(js *Scope) (job rejectionJob, ok bool) {
	switch {
	case len(r.late) > 0:
		p := r.late[0]
		r.late = slices.Delete(r.late, 0, 1)
		return rejectionJob{p.frame, func() {
			if r.handled != nil {
				r.handled(js, js.rt.ToValue(p.promise))
			}
		}}, true
	case len(r.waiting) > 0:
		p := r.waiting[0]
		r.waiting = slices.Delete(r.waiting, 0, 1)
		r.told = slices.DeleteFunc(r.told, func(t toldRejection) bool { return t.promise.Value() == nil })
		r.told = append(r.told, toldRejection{weak.Make(p.promise), p.frame})
		return rejectionJob{p.frame, func() {
			if r.unhandled != nil {
				r.unhandled(js, p.promise.Result(), js.rt.ToValue(p.promise))
			}
		}}, true
	}
	return rejectionJob{}, false
}
