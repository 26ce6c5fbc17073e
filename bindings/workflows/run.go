package workflows

import (
	"context"
	"errors"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
	"github.com/miniworker/miniworker/runtime/worker"
)

// run is one execution of an instance's run(), from the beginning or over what it
// did before. It is an event of the worker.
type run struct {
	w       *Workflow
	in      *Instance
	version *worker.Worker
	host    Host
	span    trace.Span
	began   time.Time

	// Guarded by w.mu. Once it is over, nothing that its code does counts.
	over    bool
	active  int  // attempts of steps that are under way
	pausing bool // when they have ended

	// On the isolate's goroutine.
	io        *iocontext.Context
	counts    map[string]int64 // of steps, by kind and name
	steps     int
	held      []func(js *jsg.Scope) // what waits for a pause that may be taken back
	waiters   []*waiter
	rollbacks []*rollback // in the order their steps began
	unwinding bool
}

func newRun(w *Workflow, in *Instance, v *worker.Worker, h Host) *run {
	copied := *in
	return &run{w: w, in: &copied, version: v, host: h, span: trace.NewSpan(), began: w.clock.Now(), counts: map[string]int64{}}
}

// begin posts the event. The caller holds w.mu.
func (r *run) begin() bool {
	return r.version.Workflow(context.Background(), r.host.Class, r.span, r.execute) == nil
}

// errOver is what a run gets that does not count any more.
var errOver = errors.New("the run is over")

// commit runs f in a transaction unless the run is over.
func (r *run) commit(f func() error) error {
	return r.locked(func() error { return r.w.db.Tx(f) })
}

func (r *run) locked(f func() error) error {
	r.w.mu.Lock()
	defer r.w.mu.Unlock()
	if r.over {
		return errOver
	}
	if err := r.w.use(); err != nil {
		return err
	}
	err := f()
	r.w.changed(r.in.ID)
	return err
}

// post runs f as a turn of the run. Safe from any goroutine.
func (r *run) post(f func(js *jsg.Scope)) {
	r.version.Isolate().Post(nil, func(js *jsg.Scope) {
		if r.io != nil && r.io.Context().Err() == nil {
			js.WithFrame(r.frame(r.span), func() { f(js) })
		}
	})
}

func (r *run) frame(span trace.Span) *iocontext.Frame { return &iocontext.Frame{IO: r.io, Span: span} }

var errStopped = jsg.Errorf("The Workflow instance was stopped.")

// abandon ends the event of a run that is over.
func (r *run) abandon() {
	r.version.Isolate().Post(nil, func(js *jsg.Scope) {
		if r.io != nil {
			r.io.Revoke(js, errStopped)
		}
	})
}

// execute is the run's first turn.
func (r *run) execute(js *jsg.Scope, c *iocontext.Context, instance *jsg.Object, err error) {
	r.io = c
	if r.commit(func() error { return r.w.setStatus(r.in, Running) }) != nil {
		c.Release()
		return
	}
	r.w.emit(r.in, string(Running))
	var p jsg.Value
	if err == nil {
		p, err = r.call(js, instance)
	}
	if err != nil {
		r.finish(js, nil, err)
		return
	}
	c.Await(js, p, r.finish)
}

// call calls run() as another worker would.
func (r *run) call(js *jsg.Scope, instance *jsg.Object) (jsg.Value, error) {
	f := js.Func("run", 2, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		method, err := js.Get(instance, "run")
		if err != nil {
			return nil, err
		}
		if !jsg.IsFunction(method) {
			return nil, jsg.TypeErrorf("The RPC receiver does not implement the method %q.", "run")
		}
		return js.Call(method, instance, a.Rest(0)...)
	})
	stub, err := js.Construct(rpc.Exports()["RpcStub"].Constructor(js), f)
	if err != nil {
		return nil, err
	}
	rpc.Quiet(stub)
	step, err := rpc.NewStub(js,
		rpc.Method{Name: "do", Func: r.do}, rpc.Method{Name: "sleep", Func: r.sleep},
		rpc.Method{Name: "sleepUntil", Func: r.sleepUntil}, rpc.Method{Name: "waitForEvent", Func: r.waitForEvent})
	if err != nil {
		return nil, err
	}
	payload, err := read(js, r.in.params)
	if err != nil {
		return nil, err
	}
	event := js.Record("timestamp", js.Date(r.in.Created), "payload", payload, "instanceId", r.in.ID, "workflowName", r.w.name)
	return js.Call(stub, jsg.Undefined, event, step)
}

// finish ends the run with what run() came to.
func (r *run) finish(js *jsg.Scope, v jsg.Value, err error) {
	defer r.io.Release()
	if r.isOver() {
		return
	}
	var output clone.Message
	var text string
	if err == nil {
		output, err = clone.Write(js, v, clone.Options{})
		err = stubError(err)
	}
	if err == nil {
		text, err = toJSON(js, "result", v)
	}
	if err != nil {
		r.fail(js, err)
		return
	}
	err = r.commit(func() error {
		return errors.Join(
			r.w.db.Exec("UPDATE instances SET output = ? WHERE seq = ?", output.Data, r.in.seq),
			r.w.log(r.in, "workflow_completed", "", "", []byte(text)),
			r.w.setStatus(r.in, Complete))
	})
	r.end(err, nil)
}

// fail takes back what can be, and ends the run with an error.
func (r *run) fail(js *jsg.Scope, err error) {
	v := received(js, thrown(js, err))
	r.io.Hold()
	r.unwind(js, v, func(js *jsg.Scope) {
		defer r.io.Release()
		d := jsg.Describe(v)
		text, err := toJSON(js, "error", js.Record("message", d.Message, "name", d.Name))
		if isNonRetryable(d) {
			text, err = toJSON(js, "error", js.Record("name", errGaveUp.Name, "message", errGaveUp.Message))
		}
		if err != nil {
			text = `{"error":{"name":"Error","message":"the reason cannot be shown"}}`
		}
		r.end(r.fatal([]byte(text)), errors.New(d.Message))
	})
}

// fatal has the instance fail with an error.
func (r *run) fatal(data []byte) error {
	return r.commit(func() error {
		return errors.Join(r.w.log(r.in, "workflow_errored", "", "", data), r.w.setStatus(r.in, Errored))
	})
}

// end lets go of the run. err is why the end could not be noted, failure why the
// instance failed.
func (r *run) end(err, failure error) {
	w := r.w
	w.mu.Lock()
	if w.runs[r.in.ID] == r {
		delete(w.runs, r.in.ID)
	}
	was := r.over
	r.over = true
	w.mu.Unlock()
	switch {
	case was:
		return
	case err != nil:
		w.report("error", "workflow "+w.name+": "+err.Error())
		return
	}
	w.emit(r.in, string(r.in.Status))
	if w.bus.Active() {
		rec := trace.Record{Kind: trace.Event, Span: r.span, Worker: r.host.Script, Time: r.began, Duration: w.clock.Now().Sub(r.began),
			Name: "workflow", Target: w.name + " " + r.in.ID, Attrs: map[string]string{"id": r.in.ID, "status": string(r.in.Status)}}
		if failure != nil {
			rec.Error = failure.Error()
		}
		w.bus.Emit(rec)
	}
}

// quit ends the run at once: its code does not go on.
func (r *run) quit(js *jsg.Scope, err, failure error) {
	r.end(err, failure)
	r.io.Revoke(js, errStopped)
}

func (r *run) isOver() bool {
	r.w.mu.Lock()
	defer r.w.mu.Unlock()
	return r.over
}

// count numbers the steps of a kind and name.
func (r *run) count(kind, name string) int64 {
	key := kind + "\n" + name
	r.counts[key]++
	return r.counts[key]
}

// unlessPausing runs f, or when it is clear that there will be no pause. If there
// is, f is not run.
func (r *run) unlessPausing(js *jsg.Scope, f func(js *jsg.Scope)) {
	r.w.mu.Lock()
	wait := r.pausing && !r.over
	r.w.mu.Unlock()
	if wait {
		r.held = append(r.held, f)
		return
	}
	f(js)
}

// admit runs what was held.
func (r *run) admit(js *jsg.Scope) {
	held := r.held
	r.held = nil
	for _, f := range held {
		r.unlessPausing(js, f)
	}
}

// release notes that an attempt has ended, and pauses the instance if that was
// what it waited for: then the run is over. The caller is in a transaction.
func (r *run) release() (paused bool, err error) {
	r.active--
	if !r.pausing || r.active > 0 {
		return false, nil
	}
	if err := r.w.pauseNow(r.in); err != nil {
		return false, err
	}
	return true, nil
}
