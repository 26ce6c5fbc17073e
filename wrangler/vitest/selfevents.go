package vitest

import (
	"context"
	"errors"
	"time"

	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
)

// selfEvents are the events beside requests that SELF can give to the main
// worker, as a service binding with extra handlers does.
func (h *host) selfEvents(js *jsg.Scope, self *jsg.Object) {
	js.DefineHidden(self, "scheduled", js.Func("scheduled", 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		return h.scheduled(js, a)
	}))
	js.DefineHidden(self, "queue", js.Func("queue", 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
		return h.queue(js, a)
	}))
}

// outcome is how an event ended: what its handler threw is told by the log.
func outcome(err error) (string, error) {
	var se *worker.ScriptError
	switch {
	case err == nil:
		return "ok", nil
	case errors.As(err, &se):
		return "exception", nil
	}
	return "", err
}

// scheduled takes {scheduledTime, cron}.
func (h *host) scheduled(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	cron, at := "", h.stash.clock.Now()
	if a.Has(0) {
		d := a.Dict(0)
		if v := d.Value("cron"); !jsg.IsNullish(v) {
			cron = v.String()
		}
		if v := d.Value("scheduledTime"); !jsg.IsNullish(v) {
			at = time.UnixMilli(int64(v.ToFloat()))
		}
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	type result struct {
		outcome string
		noRetry bool
	}
	return iocontext.Go(js, func(ctx context.Context) (result, error) {
		noRetry, err := h.worker.Scheduled(ctx, cron, at)
		how, err := outcome(err)
		return result{how, noRetry}, err
	}, func(js *jsg.Scope, r result) (jsg.Value, error) {
		return js.Record("outcome", r.outcome, "noRetry", r.noRetry), nil
	}), nil
}

// queue takes the name of the queue and messages {id, timestamp, attempts, body}.
func (h *host) queue(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	batch := worker.QueueBatch{Queue: a.String(0)}
	if !jsg.IsArray(a.Value(1)) {
		a.Mismatch(1, "Array")
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	err := js.Iterate(a.Value(1), func(v jsg.Value) (bool, error) {
		m, err := queueMessage(js, v)
		batch.Messages = append(batch.Messages, m)
		return err == nil, err
	})
	if err != nil {
		return nil, err
	}
	type result struct {
		worker.QueueResult
		outcome string
	}
	return iocontext.Go(js, func(ctx context.Context) (result, error) {
		r, err := h.worker.Queue(ctx, batch)
		how, err := outcome(err)
		return result{r, how}, err
	}, func(js *jsg.Scope, r result) (jsg.Value, error) {
		var retry, acked []jsg.Value
		for _, m := range batch.Messages { // in their order
			if delay, ok := r.Retry[m.ID]; ok {
				retry = append(retry, delayed(js, delay, "msgId", m.ID))
			}
			if r.Acked[m.ID] {
				acked = append(acked, js.String(m.ID))
			}
		}
		return js.Record("outcome", r.outcome, "ackAll", r.AckAll, "retryBatch", delayed(js, r.RetryDelay, "retry", r.RetryAll),
			"retryMessages", js.NewArray(retry...), "explicitAcks", js.NewArray(acked...)), nil
	}), nil
}

// delayed is a record with a delay in seconds, if there is one.
func delayed(js *jsg.Scope, delay *int64, pairs ...any) *jsg.Object {
	o := js.Record(pairs...)
	if delay != nil {
		js.Define(o, "delaySeconds", js.Int(*delay))
	}
	return o
}

func queueMessage(js *jsg.Scope, v jsg.Value) (m worker.QueueMessage, err error) {
	o, ok := jsg.IsObject(v)
	if !ok {
		return m, jsg.TypeErrorf("Failed to execute 'queue' on 'Fetcher': a message is not of type 'ServiceBindingQueueMessage'.")
	}
	get := func(name string) (v jsg.Value) {
		if err == nil {
			v, err = js.Get(o, name)
		}
		return v
	}
	id, at, attempts, body := get("id"), get("timestamp"), get("attempts"), get("body")
	if err != nil {
		return m, err
	}
	sent, ok := jsg.DateOf(at)
	switch {
	case ok:
	case jsg.IsNumber(at):
		sent = time.UnixMilli(int64(at.ToFloat()))
	default:
		return m, jsg.TypeErrorf("Incorrect type for the 'timestamp' field on 'ServiceBindingQueueMessage': the provided value is not of type 'date'.")
	}
	if !jsg.IsNumber(attempts) {
		return m, jsg.TypeErrorf("Incorrect type for the 'attempts' field on 'ServiceBindingQueueMessage': the provided value is not of type 'number'.")
	}
	text, err := clone.Write(js, body, clone.Options{})
	if err != nil {
		return m, err
	}
	return worker.QueueMessage{ID: id.String(), Timestamp: sent, Attempts: int(attempts.ToFloat()), ContentType: "v8", Body: text.Data}, nil
}
