package workflows

import (
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
)

// rollback takes a step back, should the instance fail later.
type rollback struct {
	d      *doing
	call   jsg.Value
	config stepConfig
	delay  jsg.Value
	output jsg.Value // of the step, nil before it has one
	known  bool
}

// readRollback reads the options of step.do.
func (d *doing) readRollback(js *jsg.Scope, name string, v jsg.Value) error {
	if jsg.IsUndefined(v) {
		return nil
	}
	o, ok := jsg.IsObject(v)
	if !ok || jsg.IsArray(v) || jsg.IsFunction(v) {
		return fatal("Rollback options for \"%s\" must be an object", name)
	}
	call, err := js.Get(o, "rollback")
	if err != nil {
		return err
	}
	if !jsg.IsFunction(call) {
		return fatal("Rollback for \"%s\" must be a function", name)
	}
	config, err := js.Get(o, "rollbackConfig")
	if err != nil {
		return err
	}
	b := &rollback{d: d}
	if b.config, b.delay, ok, err = readConfig(js, config); err != nil {
		return err
	} else if !ok {
		return fatal("Rollback config for \"%s\" is in a invalid format. "+docs, name)
	}
	if b.call, err = rpc.Dup(js, call); err != nil { // it outlives the call of step.do
		return err
	}
	rpc.Quiet(b.call)
	d.back = b
	return nil
}

// register notes how a step can be taken back, and its output once it has one.
func (r *run) register(d *doing, output jsg.Value) {
	b := d.back
	if b == nil {
		return
	}
	if output != nil {
		b.output = output
	}
	if !b.known {
		b.known = true
		r.rollbacks = append(r.rollbacks, b)
	}
}

// unwind takes the steps back, last first, until one of them cannot be; then calls
// done.
func (r *run) unwind(js *jsg.Scope, reason jsg.Value, done func(js *jsg.Scope)) {
	list := r.rollbacks
	r.rollbacks, r.unwinding = nil, true
	if len(list) == 0 {
		done(js)
		return
	}
	d := jsg.Describe(reason)
	log := func(event string, data []byte) error {
		return r.commit(func() error { return r.w.log(r.in, event, "", "", data) })
	}
	if log("rollback_started", entry("triggerError", shown(d.Name, d.Message), "totalSteps", len(list))) == errOver {
		return
	}
	completed := 0
	var next func(js *jsg.Scope)
	finish := func(js *jsg.Scope, event string) {
		if log(event, entry("totalSteps", len(list), "completedSteps", completed)) != errOver {
			done(js)
		}
	}
	next = func(js *jsg.Scope) {
		if completed == len(list) {
			finish(js, "rollback_completed")
			return
		}
		b := list[len(list)-1-completed]
		js.Then(b.run(js, reason), func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
			completed++
			next(js)
			return jsg.Undefined, nil
		}, func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
			finish(js, "rollback_errored")
			return jsg.Undefined, nil
		})
	}
	next(js)
}

// run takes the step back, as a step of its own.
func (b *rollback) run(js *jsg.Scope, reason jsg.Value) jsg.Value {
	of := b.d
	d := &doing{r: of.r, name: js.String(of.target), count: 1, key: "rollback\n" + of.key, target: of.target, config: b.config, delay: b.delay,
		prefix: "rollback_", span: of.span}
	d.call = func(js *jsg.Scope, _ jsg.Value) (jsg.Value, error) {
		output := b.output
		if output == nil {
			output = jsg.Undefined
		}
		p, err := js.Call(b.call, jsg.Undefined, js.Record("ctx", of.context(js), "error", reason, "output", output, "stepName", of.target))
		if err != nil {
			return nil, err
		}
		return js.Then(p, func(*jsg.Scope, jsg.Value) (jsg.Value, error) { return jsg.Undefined, nil }, nil), nil
	}
	row, err := d.find()
	switch {
	case err != nil:
		return js.Rejected(err)
	case row != nil && row.state != stepBegun:
		return js.Resolved(jsg.Undefined)
	}
	return d.begin(js, row)
}
