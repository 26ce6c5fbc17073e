package worker

import (
	"context"
	"fmt"
	"maps"
	"sync/atomic"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// QueueMessage is a message for a consumer.
type QueueMessage struct {
	ID        string
	Timestamp time.Time
	// Attempts counts deliveries, this one included.
	Attempts int
	// ContentType is "json", "text", "bytes" or "v8"; Body is in that form, "v8"
	// as package clone writes it.
	ContentType string
	Body        []byte
}

// QueueMetrics is what waits in a queue.
type QueueMetrics struct {
	Count, Bytes int64
	// Oldest is when the oldest message was sent, zero if there is none.
	Oldest time.Time
}

// QueueBatch is what queue() gets.
type QueueBatch struct {
	Queue    string
	Messages []QueueMessage
	Backlog  QueueMetrics
}

// QueueResult is what a consumer decided. Messages that are neither retried nor
// acknowledged count as acknowledged if the handler did not fail.
type QueueResult struct {
	RetryAll, AckAll bool
	// RetryDelay is in seconds, for RetryAll; nil if the consumer named none.
	RetryDelay *int64
	// Retry are the messages to deliver again, by id, with a delay or nil.
	Retry map[string]*int64
	Acked map[string]bool
}

// queueLimit is how long a batch may take.
const queueLimit = 15 * time.Minute

// Queue gives a batch to the worker and waits until its handler and waitUntil
// promises are done. The error is a *ScriptError if the code threw or crashed the
// isolate, and isolate.ErrDisposed if another version has to take the batch.
func (w *Worker) Queue(ctx context.Context, batch QueueBatch) (QueueResult, error) {
	span, start := trace.NewSpan(), w.opts.Clock.Now()
	q := &queueController{batch: batch, w: w, result: QueueResult{Retry: map[string]*int64{}, Acked: map[string]bool{}}}
	done := make(chan queueOutcome, 1)
	var begun atomic.Bool
	_, err := w.Event(ctx, iocontext.Info{}, span, func(js *jsg.Scope, c *iocontext.Context) {
		begun.Store(true)
		q.io = c
		finish := func(err error) {
			if err != nil {
				err = w.scriptError(err)
				w.report(span, err)
			}
			answer := func() {
				if err == nil && c.Failed() != nil {
					err = w.scriptError(c.Failed())
				}
				done <- queueOutcome{q.result.clone(), err}
			}
			if js.Flag("queue_consumer_no_wait_for_wait_until") {
				answer()
			} else {
				c.OnEnd(answer)
			}
			c.Release()
		}
		v, err := w.callQueue(js, q)
		if err != nil {
			finish(err)
			return
		}
		c.Await(js, v, func(js *jsg.Scope, _ jsg.Value, err error) { finish(err) })
	})
	if err != nil {
		return QueueResult{}, err
	}
	limited, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	hung := &ScriptError{Worker: w.opts.Name, Name: "Error", Message: "The queue handler took longer than 15 minutes.", Hung: true}
	defer w.opts.Clock.AfterFunc(queueLimit, func() { cancel(hung) }).Stop()
	out, err := isolate.Await(limited, w.iso, done)
	switch cause := w.iso.Cause(); {
	case err == nil:
	case err == error(hung):
		out.err = hung
	case ctx.Err() == nil && cause != nil && begun.Load():
		out.err = w.scriptError(cause)
	default:
		return QueueResult{}, err
	}
	n := len(batch.Messages)
	rec := trace.Record{Kind: trace.Event, Span: span, Worker: w.opts.Name, Time: start, Duration: w.opts.Clock.Now().Sub(start),
		Name: "queue", Target: fmt.Sprintf("%s %d/%d", batch.Queue, n-out.failed(n), n)}
	if out.err != nil {
		rec.Error = out.err.Error()
	}
	w.opts.Trace.Emit(rec)
	return out.QueueResult, out.err
}

// queueOutcome is what became of a batch.
type queueOutcome struct {
	QueueResult
	err error
}

// failed counts the messages of a batch of n that are not acknowledged.
func (o *queueOutcome) failed(n int) int {
	if o.err != nil || o.RetryAll {
		return n
	}
	return len(o.Retry)
}

// clone is a copy that code running on cannot change.
func (r QueueResult) clone() QueueResult {
	r.Retry, r.Acked = maps.Clone(r.Retry), maps.Clone(r.Acked)
	return r
}

func (w *Worker) callQueue(js *jsg.Scope, q *queueController) (jsg.Value, error) {
	if w.opts.ServiceWorker {
		return q.dispatch(js)
	}
	arg := queueControllerClass.Wrap(js, q)
	if err := q.define(js, arg); err != nil {
		return nil, err
	}
	return w.callHandler(js, "default", nil, "queue", arg)
}
