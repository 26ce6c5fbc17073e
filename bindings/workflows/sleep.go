package workflows

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// sleep is step.sleep(name, duration).
func (r *run) sleep(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	name, v := a.Value(0).String(), a.Value(1)
	ms := math.NaN()
	if jsg.IsNumber(v) || jsg.IsString(v) {
		ms = milliseconds(js, v)
	}
	if math.IsNaN(ms) {
		return nil, jsg.TypeErrorf("step.sleep(%q): %s is no duration. Give milliseconds, or words like \"30 seconds\".", name, js.Detail(v))
	}
	what := name + "\n" + number(ms)
	return r.rest(js, stepKey("sleep", what, r.count("sleep", what)), name, func() float64 { return ms })
}

// sleepUntil is step.sleepUntil(name, time). A sleep that is over is not begun
// again, whatever the time.
func (r *run) sleepUntil(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	name, v := a.Value(0).String(), a.Value(1)
	until := math.NaN()
	if t, ok := jsg.DateOf(v); ok {
		until = float64(t.UnixMilli())
	} else if jsg.IsNumber(v) {
		until = v.ToFloat()
	}
	if math.IsNaN(until) {
		return nil, jsg.TypeErrorf("step.sleepUntil(%q): %s is no time. Give a Date, or milliseconds since 1970.", name, js.Detail(v))
	}
	return r.rest(js, stepKey("until", name, r.count("until", name)), name, func() float64 { return until - float64(r.w.now()) })
}

// rest sleeps, or goes on sleeping, unless that is over.
func (r *run) rest(js *jsg.Scope, key, name string, duration func() float64) (jsg.Value, error) {
	if r.unwinding {
		return nil, r.refuse(js, fatal("Cannot execute steps during rollback phase"))
	}
	n := r.count("rest", name)
	target := name + "-" + strconv.FormatInt(n, 10)
	var ms float64
	done := false
	err := r.commit(func() error {
		row, err := r.w.step(r.in, key)
		switch {
		case err != nil:
			return err
		case row != nil && row.state == stepDone:
			done = true
			return nil
		}
		off, err := r.sleepsOff(name, n)
		switch {
		case err != nil:
			return err
		case row != nil:
			ms = float64(row.due - r.w.now())
		default:
			full := duration()
			if ms = full; ms < 0 && strings.HasPrefix(key, "until") {
				return errPast
			}
			if off {
				ms = 0
			}
			return errors.Join(r.w.beginStep(r.in, key, "", r.w.now()+iocontext.Delay(ms).Milliseconds()),
				r.w.log(r.in, "sleep_started", key, target, entry("durationMs", full)))
		}
		if off {
			ms = 0
		}
		return nil
	})
	switch {
	case err == errOver:
		return js.NewPromise().Promise(), nil
	case errors.Is(err, errPast):
		return nil, r.refuse(js, errPast)
	case err != nil:
		return nil, r.refuse(js, internalError("Storage failure for %s due to internal error.", target))
	case done:
		return jsg.Undefined, nil
	}
	p := js.NewPromise()
	r.after(js, ms, func(js *jsg.Scope) {
		r.unlessPausing(js, func(js *jsg.Scope) {
			err := r.commit(func() error {
				return errors.Join(r.w.endStep(r.in, key, stepDone, nil, 0), r.w.log(r.in, "sleep_completed", key, target, nil))
			})
			if err == nil {
				p.Resolve(jsg.Undefined)
			} else if err != errOver {
				p.Reject(js, r.refuse(js, internalError("Storage failure for %s due to internal error.", target)))
			}
		})
	})
	return p.Promise(), nil
}

var errPast = &Error{Message: "You can't sleep until a time in the past, time-traveler"}

// waiter is a step that waits for an event.
type waiter struct {
	key, target, kind string
	due               int64
	result            *jsg.Resolver
	timer             *iocontext.Op
	over              bool
}

// defaultWait is how long a step waits for an event.
const defaultWait = 24 * 3_600_000 // ms

// waitForEvent is step.waitForEvent(name, {type, timeout}).
func (r *run) waitForEvent(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	name := a.Value(0).String()
	if r.unwinding {
		return nil, r.refuse(js, fatal("Cannot execute steps during rollback phase"))
	}
	options, ok := jsg.IsObject(a.Value(1))
	if !ok {
		return nil, jsg.TypeErrorf("step.waitForEvent(%q) needs an object with the event's \"type\".", name)
	}
	kind, err := js.Get(options, "type")
	if err != nil {
		return nil, err
	}
	timeout, err := js.Get(options, "timeout")
	if err != nil {
		return nil, err
	}
	ms := float64(defaultWait)
	if timeout.ToBoolean() {
		ms = milliseconds(js, timeout)
	}
	if math.IsNaN(ms) {
		return nil, jsg.TypeErrorf("step.waitForEvent(%q): %s is no duration. Give milliseconds, or words like \"30 seconds\".", name, js.Detail(timeout))
	}
	count := r.count("wait", name)
	wt := &waiter{key: stepKey("wait", name, count), target: name + "-" + strconv.FormatInt(count, 10), kind: kind.String()}
	row, forced, err := r.beginWait(wt, name, count, ms)
	switch {
	case err == errOver:
		return js.NewPromise().Promise(), nil
	case err != nil:
		return nil, r.refuse(js, internalError("Storage failure for %s due to internal error.", wt.target))
	case row != nil && row.state != stepBegun:
		v, err := read(js, row.value)
		if err == nil && row.state == stepFailed {
			err = jsg.Thrown(r.mark(js, v))
		}
		return v, err
	}
	wt.result = js.NewPromise()
	if forced {
		r.waitOver(js, wt, ms)
		return wt.result.Promise(), nil
	}
	r.waiters = append(r.waiters, wt)
	wt.timer = r.after(js, float64(wt.due-r.w.now()), func(js *jsg.Scope) {
		r.unlessPausing(js, func(js *jsg.Scope) { r.waitOver(js, wt, ms) })
	})
	r.deliver(js, wt.kind)
	return wt.result.Promise(), nil
}

// beginWait notes that a step waits, unless it did so before.
func (r *run) beginWait(wt *waiter, name string, count int64, ms float64) (row *stepRow, forced bool, err error) {
	err = r.commit(func() error {
		if row, err = r.w.step(r.in, wt.key); err != nil {
			return err
		}
		if forced, err = r.w.mocked(r.in.ID, mockEventTimeout+stepTarget(name, count)); err != nil {
			return err
		}
		if row != nil {
			wt.due = row.due
			return nil
		}
		wt.due = r.w.now() + iocontext.Delay(ms).Milliseconds()
		return errors.Join(r.w.beginStep(r.in, wt.key, "", wt.due),
			r.w.log(r.in, "wait_started", wt.key, wt.target, entry("event", wt.kind)))
	})
	return row, forced, err
}

// deliver gives the events of a type that are there to the steps that wait for
// them, first come first served.
func (r *run) deliver(js *jsg.Scope, kind string) {
	r.unlessPausing(js, func(js *jsg.Scope) {
		for _, wt := range r.waiters {
			if wt.kind == kind && !wt.over && !r.give(js, wt) {
				return
			}
		}
	})
}

// give gives a step the next event of its type; false if there is none.
func (r *run) give(js *jsg.Scope, wt *waiter) bool {
	var e *event
	err := r.locked(func() (err error) {
		e, err = r.w.nextEvent(r.in, wt.kind)
		return err
	})
	if err == nil && e == nil {
		return false
	}
	var v jsg.Value
	if err == nil {
		v, err = r.accept(js, wt, e)
	}
	if err == errOver {
		return false
	}
	wt.end()
	if err != nil {
		wt.result.Reject(js, r.refuse(js, internalError("Storage failure for %s due to internal error.", wt.target)))
		return false
	}
	wt.result.Resolve(v)
	return true
}

// accept notes that an event is what a step waited for.
func (r *run) accept(js *jsg.Scope, wt *waiter, e *event) (jsg.Value, error) {
	payload, err := read(js, e.payload)
	if err != nil {
		return nil, err
	}
	text, err := toJSON(js, "payload", payload)
	if err != nil {
		return nil, err
	}
	v := js.Record("payload", payload, "type", e.kind, "timestamp", js.Date(time.UnixMilli(e.time)))
	m, err := clone.Write(js, v, clone.Options{})
	if err != nil {
		return nil, err
	}
	return v, r.commit(func() error {
		return errors.Join(r.w.db.Exec("DELETE FROM events WHERE place = ?", e.place),
			r.w.endStep(r.in, wt.key, stepDone, m.Data, 0),
			r.w.log(r.in, "wait_completed", wt.key, wt.target, []byte(text)))
	})
}

func (wt *waiter) end() {
	wt.over = true
	if wt.timer != nil {
		wt.timer.Drop()
	}
}

// waitOver has a step fail that waited in vain.
func (r *run) waitOver(js *jsg.Scope, wt *waiter, ms float64) {
	if wt.over {
		return
	}
	wt.end()
	e := timedOut(ms)
	v := r.mark(js, js.ErrorValue(remote(e)))
	m, err := clone.Write(js, v, clone.Options{NoStack: true})
	if err == nil {
		err = r.commit(func() error {
			return errors.Join(r.w.endStep(r.in, wt.key, stepFailed, m.Data, 0),
				r.w.log(r.in, "wait_timed_out", wt.key, wt.target, entry("name", e.Name, "message", e.Message)))
		})
	}
	if err != errOver {
		wt.result.RejectValue(v)
	}
}
