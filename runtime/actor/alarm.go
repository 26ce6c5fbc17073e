package actor

import (
	"cmp"
	"slices"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// alarm is the pending alarm of an object, under Namespace.mu. The stored time
// is the truth and stays until alarm() succeeded: an alarm runs at least once.
type alarm struct {
	id      ID
	at      time.Time
	retries int
	timer   clock.Timer
	running bool
	due     bool // fired while there was no version to run it
}

func (a *alarm) stop() {
	if a.timer != nil {
		a.timer.Stop()
	}
}

// arm sets the alarm of an object as it is stored.
func (ns *Namespace) arm(id string, at int64) {
	name, _ := ns.opts.Store.Name(id) // without it ctx.id has no name
	ns.set(ID{Hex: id, Name: name, Named: name != ""}, at, true)
}

func (ns *Namespace) set(id ID, at int64, ok bool) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	ns.setLocked(id, at, ok)
}

func (ns *Namespace) setLocked(id ID, at int64, ok bool) {
	old := ns.alarms[id.Hex]
	switch {
	case ns.closed, old != nil && old.running:
		return // what is running looks again when it is done
	case old != nil && ok && old.at.UnixMilli() == at:
		return
	case old != nil:
		old.stop()
		delete(ns.alarms, id.Hex)
	}
	if ok {
		a := &alarm{id: id, at: time.UnixMilli(at)}
		ns.alarms[id.Hex] = a
		ns.wait(a, a.at.Sub(ns.opts.Clock.Now()))
	}
}

// wait fires a after d. The caller holds ns.mu.
func (ns *Namespace) wait(a *alarm, d time.Duration) {
	a.timer = ns.opts.Clock.AfterFunc(max(d, 0), func() { ns.fire(a) })
}

// fire gives the alarm to the object. Any goroutine.
func (ns *Namespace) fire(a *alarm) {
	ns.mu.Lock()
	if ns.closed || ns.alarms[a.id.Hex] != a || a.running {
		ns.mu.Unlock()
		return
	}
	a.running, a.due = true, false
	ns.mu.Unlock()
	if !ns.deliver(a.id, func(in *Instance, js *jsg.Scope) { in.runAlarm(js, a) }) {
		ns.mu.Lock()
		a.running, a.due = false, true
		ns.mu.Unlock()
	}
}

// stands reports whether a is still the alarm of its object, after a Rewind may
// have come between.
func (ns *Namespace) stands(a *alarm) bool {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	return ns.alarms[a.id.Hex] == a
}

// fireDue fires what could not run for want of a version.
func (ns *Namespace) fireDue() {
	ns.mu.Lock()
	var due []*alarm
	for _, a := range ns.alarms {
		if a.due {
			due = append(due, a)
		}
	}
	ns.mu.Unlock()
	for _, a := range due {
		ns.fire(a)
	}
}

// alarmState is what an instance knows of its alarm.
type alarmState struct {
	running bool
	touched bool // set or deleted while it runs
	dirty   bool // changed by what is not committed yet
}

// AlarmHidden reports that the stored alarm is the one now running, which
// getAlarm does not show.
func (in *Instance) AlarmHidden() bool { return in.alarm.running && !in.alarm.touched }

// AlarmChanged says that the stored alarm was set or deleted.
func (in *Instance) AlarmChanged() {
	in.alarm.touched, in.alarm.dirty = true, true
	if !in.storage.InTransaction() {
		in.rearm()
	}
}

// HasAlarmHandler reports whether the class can take alarms.
func (in *Instance) HasAlarmHandler(js *jsg.Scope) bool {
	if in.value == nil { // in the constructor: the prototype cannot be asked yet
		return true
	}
	_, ok, err := in.handler(js, "alarm")
	return ok && err == nil
}

// rearm brings the timer in line with what was committed.
func (in *Instance) rearm() {
	if !in.alarm.dirty {
		return
	}
	in.alarm.dirty = false
	at, ok, err := in.storage.GetAlarm()
	if err != nil {
		in.object.emit("storage failed", err)
		return
	}
	in.object.ns.set(in.ID(), at, ok)
}

func (in *Instance) runAlarm(js *jsg.Scope, a *alarm) {
	ns := in.object.ns
	if !ns.stands(a) {
		in.unlease()
		return
	}
	span, started := trace.NewSpan(), ns.opts.Clock.Now()
	in.alarm = alarmState{running: true}
	ev := in.begin(js, iocontext.Info{}, span, func(js *jsg.Scope, _ jsg.Value, err error) {
		if ns.opts.Trace.Active() {
			ns.event(in.object, "alarm", span, started, err)
		}
		in.alarmDone(js, a, err)
		in.unlease()
	})
	ev.run(js, func(js *jsg.Scope) (jsg.Value, error) {
		f, ok, err := in.handler(js, "alarm")
		if err != nil {
			return nil, err
		}
		if !ok {
			isolate.ReportUncaught(js, jsg.Errorf("Attempted to run a scheduled alarm without a handler, did you remember to export an alarm() function?"))
			return jsg.Undefined, nil
		}
		return js.Call(f, in.value, ns.opts.Surface.AlarmInfo(js, a.at, a.retries))
	})
}

// alarmDone deletes the alarm that ran, or has it tried again.
func (in *Instance) alarmDone(js *jsg.Scope, a *alarm, err error) {
	touched := in.alarm.touched
	in.alarm.running = false
	failure := in.failure.Load()
	if err != nil && !replaced(failure) {
		isolate.ReportUncaught(js, err)
	}
	switch {
	case replaced(failure):
		in.object.ns.again(a, 0, false)
	case err != nil && !touched && a.retries < maxAlarmRetries:
		in.object.ns.again(a, firstAlarmRetry<<a.retries, true)
	case failure != nil:
		in.object.ns.discard(a)
	default:
		if !touched {
			if s, err := in.Storage(); err == nil {
				if err := s.DeleteAlarm(); err != nil {
					in.object.emit("storage failed", err)
				}
			}
		}
		in.whenDurable(js, func(_ *jsg.Scope, err error) {
			if err != nil { // not deleted: it counts as not having run
				in.object.ns.again(a, firstAlarmRetry, false)
				return
			}
			in.settled(a)
		})
	}
}

// settled puts what is stored after an alarm ran in its place. It counts as
// running until then, so that whoever waits for Idle finds the next one set.
func (in *Instance) settled(a *alarm) {
	var at int64
	var ok bool
	if in.storage != nil && in.failure.Load() == nil {
		var err error
		if at, ok, err = in.storage.GetAlarm(); err != nil {
			in.object.emit("storage failed", err)
		}
	}
	ns := in.object.ns
	ns.mu.Lock()
	defer ns.mu.Unlock()
	delete(ns.alarms, a.id.Hex)
	ns.setLocked(a.id, at, ok)
}

// again tries a once more after d.
func (ns *Namespace) again(a *alarm, d time.Duration, counts bool) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	a.running = false
	if counts {
		a.retries++
	}
	if !ns.closed {
		ns.wait(a, d)
	}
}

// retryRunning has an alarm tried again whose isolate was stopped under it.
func (ns *Namespace) retryRunning(id string) {
	ns.mu.Lock()
	a := ns.alarms[id]
	ns.mu.Unlock()
	if a != nil && a.running {
		ns.again(a, 0, false)
	}
}

// discard gives a up: it failed too often and broke the object each time.
func (ns *Namespace) discard(a *alarm) {
	ns.mu.Lock()
	delete(ns.alarms, a.id.Hex)
	ns.mu.Unlock()
	ns.deliver(a.id, func(in *Instance, js *jsg.Scope) {
		defer in.unlease()
		if s, err := in.Storage(); err == nil {
			_ = s.DeleteAlarm()
		}
	})
}

// Idle reports whether no alarm is running.
func (ns *Namespace) Idle() bool {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	for _, a := range ns.alarms {
		if a.running {
			return false
		}
	}
	return true
}

// PendingAlarm is an alarm that is set.
type PendingAlarm struct {
	ID ID
	At time.Time
}

// Alarms lists the pending alarms, earliest first.
func (ns *Namespace) Alarms() []PendingAlarm {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	out := make([]PendingAlarm, 0, len(ns.alarms))
	for _, a := range ns.alarms {
		out = append(out, PendingAlarm{a.id, a.at})
	}
	slices.SortFunc(out, func(a, b PendingAlarm) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID.Hex, b.ID.Hex))
	})
	return out
}

// RunAlarm runs an object's pending alarm now, as tests want it; false if there
// is none.
func (ns *Namespace) RunAlarm(id ID) bool {
	ns.mu.Lock()
	a := ns.alarms[id.Hex]
	if a != nil {
		a.stop()
	}
	ns.mu.Unlock()
	if a == nil {
		return false
	}
	ns.fire(a)
	return true
}
