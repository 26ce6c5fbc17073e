package actor

import (
	"github.com/miniworker/miniworker/runtime/actor/gate"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Exclusive runs body as a critical section: other events of the object wait
// until the promise it returns settles. body starts in a later turn. ended is
// told the outcome and gives what the returned promise becomes.
func (in *Instance) Exclusive(js *jsg.Scope, body func(js *jsg.Scope) (jsg.Value, error), ended func(js *jsg.Scope, v jsg.Value, err error) (jsg.Value, error)) jsg.Value {
	frame := *iocontext.CurrentFrame(js)
	frame.IO = in.io
	p := js.NewPromise()
	op := in.io.Begin(js)
	in.gate.Enter(frame.Section, func(s *gate.Section) {
		frame.Section = s
		over := false
		finish := func(js *jsg.Scope, v jsg.Value, err error) {
			if over {
				return
			}
			over = true
			op.Drop()
			v, err = ended(js, v, err)
			in.CommitNow() // what was written inside is kept whatever the code after it does
			s.End()
			if err != nil {
				p.Reject(js, err)
				return
			}
			p.Resolve(v)
		}
		limit := in.iso.AfterFunc(sectionLimit, nil, func(js *jsg.Scope) {
			if !over && in.failure.Load() == nil {
				over = true
				isolate.ReportUncaught(js, sectionTimeout())
				in.Fail(js, sectionTimeout())
			}
		})
		js.WithFrame(&frame, func() {
			v, err := body(js)
			if err != nil {
				limit.Stop()
				finish(js, nil, err)
				return
			}
			js.Then(v, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
				limit.Stop()
				finish(js, v, nil)
				return jsg.Undefined, nil
			}, func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
				limit.Stop()
				finish(js, nil, jsg.Thrown(reason))
				return jsg.Undefined, nil
			})
		})
	})
	return p.Promise()
}

// BlockConcurrency is ctx.blockConcurrencyWhile: a section whose failure breaks
// the object.
func (in *Instance) BlockConcurrency(js *jsg.Scope, body func(js *jsg.Scope) (jsg.Value, error)) jsg.Value {
	p := in.Exclusive(js, body, func(js *jsg.Scope, v jsg.Value, err error) (jsg.Value, error) {
		if err != nil {
			in.Fail(js, err)
		}
		return v, err
	})
	return p
}
