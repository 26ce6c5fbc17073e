package workflows

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
)

// attempt is one call of a step's callback.
type attempt struct {
	d     *doing
	over  bool // it is decided
	timer *iocontext.Op
	stop  func() // ends the reading of a stream
	rec   trace.Record
}

// after runs f after so many milliseconds.
func (r *run) after(js *jsg.Scope, ms float64, f func(js *jsg.Scope)) *iocontext.Op {
	return r.io.AfterFunc(js, iocontext.Delay(ms), f)
}

// attempt calls the callback, now or when it is clear that there is no pause.
func (d *doing) attempt(js *jsg.Scope) {
	d.r.unlessPausing(js, func(js *jsg.Scope) {
		if err := d.note(); err != nil {
			d.lost(js, err)
			return
		}
		at := &attempt{d: d, rec: trace.Record{Kind: trace.Event, Span: d.span, Parent: d.r.span, Worker: d.r.host.Script, Time: d.r.w.clock.Now(),
			Name: "step", Target: d.target, Attrs: map[string]string{"id": d.r.in.ID, "workflow": d.r.w.name, "attempt": number(float64(d.attempts))}}}
		js.WithFrame(d.r.frame(d.span), func() { at.run(js) })
	})
}

// note writes down that an attempt begins.
func (d *doing) note() error {
	r := d.r
	return r.commit(func() error {
		first := d.attempts == 0
		if first {
			config := d.config.text()
			err := errors.Join(r.w.beginStep(r.in, d.key, config, 0),
				r.w.log(r.in, d.prefix+"step_started", d.key, d.target, []byte(`{"config":`+config+`}`)))
			if err != nil {
				return err
			}
		}
		if err := errors.Join(r.w.setAttempts(r.in, d.key, d.attempts+1, 0),
			r.w.log(r.in, d.prefix+"attempt_started", d.key, d.target, entry("attempt", d.attempts+1))); err != nil {
			return err
		}
		d.attempts++
		r.active++
		return nil
	})
}

// lost ends a step whose state cannot be kept. The error of a run that is over is
// for nobody.
func (d *doing) lost(js *jsg.Scope, err error) {
	if err != errOver {
		d.r.w.report("error", "workflow "+d.r.w.name+": "+err.Error())
		d.result.Reject(js, d.r.refuse(js, internalError("Storage failure for %s due to internal error.", d.target)))
	}
}

// entry makes the data of a log entry.
func entry(pairs ...any) []byte {
	fields := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		fields[pairs[i].(string)] = pairs[i+1]
	}
	data, _ := json.Marshal(fields)
	return data
}

func (at *attempt) run(js *jsg.Scope) {
	d := at.d
	d.r.register(d, nil)
	m, err := d.r.mocks(d)
	switch {
	case err != nil:
		d.lost(js, err)
		return
	case m.err != nil:
		at.failed(js, js.ErrorValue(m.err))
		return
	case m.timeout:
		at.failed(js, timeoutValue(js, 0))
		return
	case m.replaces():
		at.replaced(js, m)
		return
	}
	ms := duration(js, d.config.Timeout)
	at.timer = d.r.after(js, ms, func(js *jsg.Scope) { at.failed(js, timeoutValue(js, ms)) })
	p, err := d.call(js, d.context(js))
	if err != nil {
		at.failed(js, thrown(js, err))
		return
	}
	js.Then(p, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
		at.succeeded(js, v)
		return jsg.Undefined, nil
	}, func(js *jsg.Scope, reason jsg.Value) (jsg.Value, error) {
		at.failed(js, reason)
		return jsg.Undefined, nil
	})
}

func timeoutValue(js *jsg.Scope, ms float64) jsg.Value { return js.ErrorValue(remote(timedOut(ms))) }

// decide ends the attempt for its result; false if it has one already.
func (at *attempt) decide() bool {
	if at.over {
		return false
	}
	at.over = true
	if at.timer != nil {
		at.timer.Drop()
	}
	if at.stop != nil {
		at.stop()
	}
	return true
}

// succeeded keeps what the callback came to.
func (at *attempt) succeeded(js *jsg.Scope, v jsg.Value) {
	d := at.d
	if s, ok := streams.From(v); ok && !at.over {
		at.keepStream(js, s)
		return
	}
	if !at.decide() {
		return
	}
	m, err := clone.Write(js, v, clone.Options{})
	if err != nil {
		at.unkept(js, err)
		return
	}
	d.r.w.checkSize("the result of the step "+d.target, len(m.Data))
	text := `{"result":"[REDACTED]"}`
	if d.config.Sensitive == "" {
		if text, err = toJSON(js, "result", v); err != nil {
			at.ended(js, thrown(js, err))
			return
		}
	}
	at.complete(js, m.Data, 0, []byte(text), func(js *jsg.Scope) { d.settle(js, m) })
}

// complete notes that the step is done; then is called if the run goes on.
func (at *attempt) complete(js *jsg.Scope, value []byte, stream int64, data []byte, then func(js *jsg.Scope)) {
	d := at.d
	at.leave(js, func() error {
		return errors.Join(d.r.w.endStep(d.r.in, d.key, stepDone, value, stream),
			d.r.w.log(d.r.in, d.prefix+"attempt_completed", d.key, d.target, entry("attempt", d.attempts)),
			d.r.w.log(d.r.in, d.prefix+"step_completed", d.key, d.target, data))
	}, then)
	at.report("")
}

// leave notes how an attempt ended, pauses if that was what the instance waited
// for, or goes on.
func (at *attempt) leave(js *jsg.Scope, note func() error, then func(js *jsg.Scope)) {
	r, paused := at.d.r, false
	err := r.commit(func() (err error) {
		if err = note(); err == nil {
			paused, err = r.release()
		}
		return err
	})
	switch {
	case err != nil:
		at.d.lost(js, err)
	case paused:
		r.quit(js, nil, nil)
	default:
		then(js)
	}
}

// unkept ends the whole instance: what a step came to cannot be written down.
func (at *attempt) unkept(js *jsg.Scope, err error) {
	d := at.d
	value := fatal("Value returned from step \"%s\" is not serialisable", d.name)
	final := fatal("The execution of the Workflow instance was terminated, as the step \"%s\" returned a value which is not serialisable", d.name)
	at.giveUp(js, value, final)
}

// giveUp ends the attempt, the step and the instance.
func (at *attempt) giveUp(js *jsg.Scope, why, final *Error) {
	d := at.d
	at.report(why.Message)
	err := d.r.commit(func() error {
		return errors.Join(d.r.w.log(d.r.in, d.prefix+"attempt_errored", d.key, d.target, entry("attempt", d.attempts, "error", shown(why.Name, why.Message))),
			d.r.w.log(d.r.in, d.prefix+"step_errored", d.key, d.target, nil),
			d.r.w.log(d.r.in, "workflow_errored", "", "", entry("error", shown(final.Name, final.Message))),
			d.r.w.setStatus(d.r.in, Errored))
	})
	if err == errOver {
		return
	}
	d.r.quit(js, err, final)
}

// shown is an error in the log.
func shown(name, message string) any {
	return struct {
		Name    string `json:"name"`
		Message string `json:"message"`
	}{name, message}
}

func (at *attempt) report(failure string) {
	r := at.d.r
	if !r.w.bus.Active() {
		return
	}
	at.rec.Duration = r.w.clock.Now().Sub(at.rec.Time)
	at.rec.Error = failure
	r.w.bus.Emit(at.rec)
}

// failed takes what the callback threw, or that it took too long.
func (at *attempt) failed(js *jsg.Scope, reason jsg.Value) {
	if at.decide() {
		at.ended(js, reason)
	}
}

// ended has the step fail, or tries it again.
func (at *attempt) ended(js *jsg.Scope, reason jsg.Value) {
	d := at.d
	reason = received(js, reason)
	info := jsg.Describe(reason)
	at.report(info.Message)
	switch {
	case isNonRetryable(info):
		e := fatal("Step threw a NonRetryableError with message \"%s\"", info.Message)
		at.stepFailed(js, entry("attempt", d.attempts, "error", shown(e.Name, e.Message)), reason)
		return
	case float64(d.attempts) > d.config.Retries.Limit:
		at.stepFailed(js, entry("attempt", d.attempts, "error", described(info)), reason)
		return
	case d.delay != nil:
		at.askDelay(js, info, reason)
		return
	}
	at.again(js, info, d.config.retryDelay(duration(js, d.config.Retries.Delay), d.attempts))
}

// described is a thrown value in the log: of a class of the service's own, whose
// name came in the text, by that.
func described(d jsg.ErrorInfo) any {
	if name, message, ok := strings.Cut(d.Message, ": "); ok && d.Name == "Error" && (name == "WorkflowTimeoutError" || name == "WorkflowInternalError") {
		return shown(name, message)
	}
	return shown(d.Name, d.Message)
}

// stepFailed gives the step up.
func (at *attempt) stepFailed(js *jsg.Scope, data []byte, reason jsg.Value) {
	d := at.d
	m, err := clone.Write(js, reason, clone.Options{NoStack: true})
	if err != nil {
		info := jsg.Describe(reason)
		m, _ = clone.Write(js, js.ErrorValue(&jsg.Error{Name: "Error", Message: info.Message}), clone.Options{NoStack: true})
	}
	at.leave(js, func() error {
		return errors.Join(d.r.w.endStep(d.r.in, d.key, stepFailed, m.Data, 0),
			d.r.w.log(d.r.in, d.prefix+"attempt_errored", d.key, d.target, data),
			d.r.w.log(d.r.in, d.prefix+"step_errored", d.key, d.target, nil))
	}, func(js *jsg.Scope) {
		d.r.register(d, nil)
		d.result.RejectValue(d.r.mark(js, reason))
	})
}

// again attempts the step after a delay.
func (at *attempt) again(js *jsg.Scope, info jsg.ErrorInfo, ms float64) {
	d := at.d
	wait := ms
	if off, err := d.r.retriesAtOnce(d); err == nil && off {
		wait = 0
	}
	at.leave(js, func() error {
		return errors.Join(d.r.w.setAttempts(d.r.in, d.key, d.attempts, d.r.w.now()+iocontext.Delay(wait).Milliseconds()),
			d.r.w.log(d.r.in, d.prefix+"attempt_errored", d.key, d.target, entry("attempt", d.attempts, "error", described(info), "retryDelayMs", ms)))
	}, func(js *jsg.Scope) { d.r.after(js, wait, d.attempt) })
}

// delayLimit is how long a function may compute a delay.
const delayLimit = 5000 // ms

// askDelay has the user's function say how long to wait.
func (at *attempt) askDelay(js *jsg.Scope, info jsg.ErrorInfo, reason jsg.Value) {
	d, done := at.d, false
	refuse := func(js *jsg.Scope, why string) {
		e := &Error{"NonRetryableDelayError", "The delay function for step \"" + d.target + "\" " + why}
		at.stepFailed(js, entry("attempt", d.attempts, "error", described(info)), js.ErrorValue(remote(e)))
	}
	timer := d.r.after(js, delayLimit, func(js *jsg.Scope) {
		done = true
		refuse(js, "did not return within 5 seconds")
	})
	settle := func(js *jsg.Scope, f func()) (jsg.Value, error) {
		if !done {
			done = true
			timer.Drop()
			f()
		}
		return jsg.Undefined, nil
	}
	threw := func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
		return settle(js, func() { refuse(js, "threw an error: "+jsg.Describe(received(js, v)).Message) })
	}
	rpc.Quiet(d.delay)
	p, err := js.Call(d.delay, jsg.Undefined, js.Record("ctx", d.context(js), "error", reason))
	if err != nil {
		_, _ = threw(js, thrown(js, err))
		return
	}
	js.Then(p, func(js *jsg.Scope, v jsg.Value) (jsg.Value, error) {
		return settle(js, func() {
			ms := milliseconds(js, v)
			if !(ms >= 0) || !finite(ms) || !jsg.IsNumber(v) && !jsg.IsString(v) {
				refuse(js, `returned an invalid delay value (expected a number of ms or a duration string like "30 seconds")`)
				return
			}
			at.again(js, info, d.config.retryDelay(ms, d.attempts))
		})
	}, threw)
}
