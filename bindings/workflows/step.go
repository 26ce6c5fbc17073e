package workflows

import (
	"errors"
	"strconv"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
)

// doing is a step.do that is under way, or the rollback of one.
type doing struct {
	r      *run
	name   jsg.Value // as it was given
	count  int64
	key    string
	target string
	config stepConfig
	delay  jsg.Value // the function that computes delays, nil for none
	call   func(js *jsg.Scope, ctx jsg.Value) (jsg.Value, error)
	back   *rollback
	prefix string // of the names of log entries

	attempts int64
	result   *jsg.Resolver
	span     trace.Span
}

// do is step.do(name, config?, callback, options?).
func (r *run) do(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	d, err := r.readDo(js, a)
	if err != nil {
		return nil, r.refuse(js, err)
	}
	row, err := d.find()
	switch {
	case err == errOver:
		return js.NewPromise().Promise(), nil
	case err != nil:
		return nil, r.refuse(js, internalError("Storage failure for %s due to internal error.", d.target))
	case row != nil && row.state == stepDone:
		return d.replay(js, row)
	case row != nil && row.state == stepFailed:
		v, err := read(js, row.value)
		if err != nil {
			return nil, err
		}
		r.register(d, nil)
		return nil, jsg.Thrown(r.mark(js, v))
	}
	return d.begin(js, row), nil
}

// refuse is an error of the engine as user code gets it.
func (r *run) refuse(js *jsg.Scope, err error) error {
	var ours *Error
	if errors.As(err, &ours) {
		return jsg.Thrown(r.mark(js, js.ErrorValue(remote(ours))))
	}
	return err
}

// readDo checks the arguments and numbers the step.
func (r *run) readDo(js *jsg.Scope, a *jsg.Args) (*doing, error) {
	d := &doing{r: r, name: a.Value(0), prefix: "", span: trace.NewSpan()}
	name := d.name.String()
	config, callback, options := jsg.Undefined, a.Value(1), a.Value(2)
	if !jsg.IsFunction(callback) {
		config, callback, options = a.Value(1), a.Value(2), a.Value(3)
		if !jsg.IsFunction(callback) {
			return nil, fatal("Step \"%s\" requires a callback function", name)
		}
	}
	if err := d.readRollback(js, name, options); err != nil {
		return nil, err
	}
	if r.unwinding {
		return nil, fatal("Cannot execute steps during rollback phase")
	}
	limit := r.host.Limit
	if limit == 0 {
		limit = DefaultStepLimit
	}
	if r.steps++; r.steps > limit {
		return nil, fatal("The limit of %d steps has been reached. This limit can be changed in your worker configuration.", limit)
	}
	if jsg.IsNullish(d.name) {
		return nil, jsg.TypeErrorf("Cannot read properties of %s (reading 'length')", name)
	}
	if !validStepName(name, jsg.StringLength(js.String(name))) {
		return nil, fatal("Step name \"%s\" exceeds max length (%d chars) or invalid characters found", name, maxStepName)
	}
	var ok bool
	var err error
	if d.config, d.delay, ok, err = readConfig(js, config); err != nil {
		return nil, err
	} else if !ok {
		return nil, fatal("Step config for \"%s\" is in a invalid format. "+docs, name)
	}
	rpc.Quiet(callback)
	d.call = func(js *jsg.Scope, ctx jsg.Value) (jsg.Value, error) { return js.Call(callback, jsg.Undefined, ctx) }
	d.count = r.count("do", name)
	d.key, d.target = stepKey("do", name, d.count), name+"-"+strconv.FormatInt(d.count, 10)
	return d, nil
}

// stepKey is the key of a step on disk.
func stepKey(kind, name string, count int64) string {
	return kind + "\n" + name + "\n" + strconv.FormatInt(count, 10)
}

// find reads what the step came to, or how far it is, in a run before.
func (d *doing) find() (row *stepRow, err error) {
	err = d.r.locked(func() (err error) {
		row, err = d.r.w.step(d.r.in, d.key)
		return err
	})
	return row, err
}

// replay gives the result of a step that is done.
func (d *doing) replay(js *jsg.Scope, row *stepRow) (jsg.Value, error) {
	d.attempts = row.attempts
	v, err := d.read(js, row)
	if err == nil {
		d.r.register(d, v)
	}
	return v, err
}

func (d *doing) read(js *jsg.Scope, row *stepRow) (jsg.Value, error) {
	if row.stream > 0 {
		return d.r.replayStream(js, d.key, row.stream-1), nil
	}
	return read(js, row.value)
}

// begin attempts the step, or goes on with the attempts of a run before.
func (d *doing) begin(js *jsg.Scope, row *stepRow) jsg.Value {
	d.result = js.NewPromise()
	if row == nil {
		d.attempt(js)
		return d.result.Promise()
	}
	d.attempts = row.attempts
	d.keepConfig(row.config)
	d.r.register(d, nil)
	if wait := row.due - d.r.w.now(); row.due > 0 && wait > 0 {
		d.r.after(js, float64(wait), d.attempt)
	} else {
		d.attempt(js)
	}
	return d.result.Promise()
}

// settle resolves the step's promise with what is stored.
func (d *doing) settle(js *jsg.Scope, m clone.Message) {
	v, err := m.Read(js)
	if err != nil {
		d.result.Reject(js, err)
		return
	}
	d.r.register(d, v)
	d.result.Resolve(v)
}

// context is what the callback gets.
func (d *doing) context(js *jsg.Scope) jsg.Value {
	config, err := js.JSONParse(d.config.text())
	if err != nil {
		config = jsg.Undefined
	}
	return js.Record("step", js.Record("name", d.name, "count", d.count), "attempt", d.attempts, "config", config)
}
