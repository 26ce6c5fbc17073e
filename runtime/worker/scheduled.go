package worker

import (
	"context"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// scheduledController is the first argument of scheduled().
type scheduledController struct {
	cron    string
	at      time.Time
	noRetry bool
}

var (
	scheduledControllerClass = &jsg.Class[scheduledController]{Name: "ScheduledController"}
	scheduledEventClass      = &jsg.Class[scheduledEvent]{Name: "ScheduledEvent", Parent: extendableEventClass, Upcast: func(e *scheduledEvent) any { return &e.Event }}
)

// scheduledEvent is what a service-worker script gets instead.
type scheduledEvent struct {
	events.Event
	scheduledController
}

func init() {
	scheduledControllerClass.Members = scheduledMembers(func(c *scheduledController) *scheduledController { return c })
	scheduledEventClass.Members = scheduledMembers(func(e *scheduledEvent) *scheduledController { return &e.scheduledController })
}

func scheduledMembers[T any](of func(*T) *scheduledController) jsg.Members[T] {
	return jsg.Members[T]{
		jsg.Own("scheduledTime", func(t *T, js *jsg.Scope) jsg.Value { return js.Float(float64(of(t).at.UnixMilli())) }),
		jsg.Own("cron", func(t *T, js *jsg.Scope) jsg.Value { return js.String(of(t).cron) }),
		jsg.Method("noRetry", 0, func(t *T, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			of(t).noRetry = true
			return jsg.Undefined, nil
		}),
	}
}

// Scheduled gives a cron event to the worker and waits until its handler and
// waitUntil promises are done. The error is a *ScriptError if the code threw.
func (w *Worker) Scheduled(ctx context.Context, cron string, at time.Time) (noRetry bool, err error) {
	wait, err := w.BeginScheduled(ctx, cron, at)
	if err != nil {
		return false, err
	}
	return wait()
}

// BeginScheduled is Scheduled that does not wait: when it returns the event is
// under way, and wait gives its outcome.
func (w *Worker) BeginScheduled(ctx context.Context, cron string, at time.Time) (wait func() (noRetry bool, err error), err error) {
	span, start := trace.NewSpan(), w.opts.Clock.Now()
	controller := &scheduledController{cron: cron, at: at}
	done := make(chan error, 1)
	_, err = w.Event(ctx, iocontext.Info{}, span, func(js *jsg.Scope, c *iocontext.Context) {
		finish := func(err error) {
			if err != nil {
				err = w.scriptError(err)
				w.report(span, err)
			}
			c.OnEnd(func() {
				rec := trace.Record{Kind: trace.Event, Span: span, Worker: w.opts.Name, Time: start, Duration: w.opts.Clock.Now().Sub(start), Name: "scheduled", Target: cron}
				if err != nil {
					rec.Error = err.Error()
				}
				w.opts.Trace.Emit(rec)
				done <- err
			})
			c.Release()
		}
		if err := iocontext.Revoked(c.Context()); err != nil {
			finish(err)
			return
		}
		v, err := w.callScheduled(js, controller)
		if err != nil {
			finish(err)
			return
		}
		c.Await(js, v, func(js *jsg.Scope, _ jsg.Value, err error) { finish(err) })
	})
	if err != nil {
		return nil, err
	}
	return func() (bool, error) {
		failed, err := isolate.Await(ctx, w.iso, done)
		if err != nil {
			return false, err
		}
		return controller.noRetry, failed
	}, nil
}

func (w *Worker) callScheduled(js *jsg.Scope, controller *scheduledController) (jsg.Value, error) {
	if w.opts.ServiceWorker {
		e := &scheduledEvent{Event: *events.NewEvent("scheduled"), scheduledController: *controller}
		scheduledEventClass.Wrap(js, e)
		return jsg.Undefined, w.global.target.DispatchThrow(js, &e.Event)
	}
	return w.callHandler(js, "default", nil, "scheduled", scheduledControllerClass.Wrap(js, controller))
}
