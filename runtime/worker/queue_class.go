package worker

import (
	"fmt"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// queueController is the first argument of queue().
type queueController struct {
	w      *Worker
	io     *iocontext.Context
	batch  QueueBatch
	result QueueResult
}

// queueEvent is what a service-worker script gets instead.
type queueEvent struct {
	events.Event
	*queueController
}

// queueMessage is one of batch.messages.
type queueMessage struct {
	q  *queueController
	id string
}

var (
	queueControllerClass = &jsg.Class[queueController]{Name: "QueueController"}
	queueEventClass      = &jsg.Class[queueEvent]{Name: "QueueEvent", Parent: extendableEventClass, Upcast: func(e *queueEvent) any { return &e.Event }}
	queueMessageClass    = &jsg.Class[queueMessage]{Name: "QueueMessage"}
)

func init() {
	queueControllerClass.Members = queueMembers(func(q *queueController) *queueController { return q })
	queueEventClass.Members = queueMembers(func(e *queueEvent) *queueController { return e.queueController })
	queueMessageClass.Members = jsg.Members[queueMessage]{
		jsg.Method("retry", 0, (*queueMessage).retry),
		jsg.Method("ack", 0, (*queueMessage).ack),
	}
}

func queueMembers[T any](of func(*T) *queueController) jsg.Members[T] {
	return jsg.Members[T]{
		jsg.Method("retryAll", 0, func(t *T, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return of(t).retryAll(js, a) }),
		jsg.Method("ackAll", 0, func(t *T, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return of(t).ackAll(js) }),
	}
}

// dispatch gives the batch to the listeners of a service-worker script.
func (q *queueController) dispatch(js *jsg.Scope) (jsg.Value, error) {
	e := &queueEvent{Event: *events.NewEvent("queue"), queueController: q}
	if err := q.define(js, queueEventClass.Wrap(js, e)); err != nil {
		return nil, err
	}
	return jsg.Undefined, q.w.global.target.DispatchThrow(js, &e.Event)
}

// define gives the batch's object its own properties.
func (q *queueController) define(js *jsg.Scope, o *jsg.Object) error {
	messages := make([]jsg.Value, len(q.batch.Messages))
	for i := range q.batch.Messages {
		m := &q.batch.Messages[i]
		v, err := m.value(js)
		if err != nil {
			return err
		}
		mo := queueMessageClass.Wrap(js, &queueMessage{q, m.ID})
		js.DefineReadOnly(mo, "attempts", js.Int(int64(m.Attempts)))
		js.DefineReadOnly(mo, "body", v)
		js.DefineReadOnly(mo, "timestamp", js.Date(m.Timestamp))
		js.DefineReadOnly(mo, "id", js.String(m.ID))
		messages[i] = mo
	}
	js.DefineReadOnly(o, "metadata", js.Record("metrics", q.batch.Backlog.Wrap(js)))
	js.DefineReadOnly(o, "queue", js.String(q.batch.Queue))
	js.DefineReadOnly(o, "messages", js.NewArray(messages...))
	return nil
}

// value is the body in JavaScript.
func (m *QueueMessage) value(js *jsg.Scope) (jsg.Value, error) {
	switch m.ContentType {
	case "text":
		return js.String(body.DecodeUTF8(m.Body)), nil
	case "json":
		return js.JSONParse(body.DecodeUTF8(m.Body))
	case "bytes":
		return js.NewArrayBuffer(m.Body), nil
	}
	return clone.Message{Data: m.Body}.Read(js)
}

// Wrap is the metrics as applications see them.
func (m QueueMetrics) Wrap(js *jsg.Scope) *jsg.Object {
	o := js.Record("backlogCount", m.Count, "backlogBytes", m.Bytes)
	oldest := jsg.Undefined
	if m.Oldest != (time.Time{}) {
		oldest = js.Date(m.Oldest)
	}
	js.Define(o, "oldestMessageTimestamp", oldest)
	return o
}

// inEvent refuses to decide about a batch that is over.
func (q *queueController) inEvent(js *jsg.Scope) error {
	if iocontext.Current(js) != q.io {
		return jsg.Errorf("Cannot perform I/O on behalf of a different request. I/O objects (such as streams, request/response bodies, and others) created in the context of one request handler cannot be accessed from a different request's handler. This is a limitation of Cloudflare Workers which allows us to improve overall performance. (I/O type: QueueEventResult)")
	}
	return nil
}

// warn tells the developer of a call that has no effect.
func (q *queueController) warn(js *jsg.Scope, format string, args ...any) (jsg.Value, error) {
	q.w.opts.Trace.Emit(trace.Record{Kind: trace.Log, Level: "warn", Worker: q.w.opts.Name, Time: q.w.opts.Clock.Now(),
		Parent: iocontext.CurrentFrame(js).Span, Name: fmt.Sprintf(format, args...)})
	return jsg.Undefined, nil
}

// retryDelay reads { delaySeconds }.
func retryDelay(a *jsg.Args) (*int64, error) {
	v := a.Value(0)
	if _, ok := jsg.IsObject(v); !ok && !jsg.IsNullish(v) {
		a.Mismatch(0, "QueueRetryOptions")
	}
	d := a.DictOf(v)
	if !d.Has("delaySeconds") {
		return nil, a.Err()
	}
	n := d.Int("delaySeconds", 0)
	return &n, a.Err()
}

func (q *queueController) retryAll(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	delay, err := retryDelay(a)
	if err == nil {
		err = q.inEvent(js)
	}
	if err != nil {
		return nil, err
	}
	if q.result.AckAll {
		return q.warn(js, "Received a call to retryAll() after ackAll() was already called. Calling retryAll() after calling ackAll() has no effect.")
	}
	q.result.RetryAll, q.result.RetryDelay = true, delay
	return jsg.Undefined, nil
}

func (q *queueController) ackAll(js *jsg.Scope) (jsg.Value, error) {
	if err := q.inEvent(js); err != nil {
		return nil, err
	}
	if q.result.RetryAll {
		return q.warn(js, "Received a call to ackAll() after retryAll() was already called. Calling ackAll() after calling retryAll() has no effect.")
	}
	q.result.AckAll = true
	return jsg.Undefined, nil
}

const noEffect = "Received a call to %[1]s() on message %[2]s after %[3]s() was already called. Calling %[1]s() on a message after calling %[3]s() has no effect."

func (m *queueMessage) retry(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	delay, err := retryDelay(a)
	if err == nil {
		err = m.q.inEvent(js)
	}
	if err != nil {
		return nil, err
	}
	r := &m.q.result
	switch {
	case r.RetryAll:
	case r.AckAll:
		return m.q.warn(js, noEffect, "retry", m.id, "ackAll")
	case r.Acked[m.id]:
		return m.q.warn(js, noEffect, "retry", m.id, "ack")
	default:
		r.Retry[m.id] = delay
	}
	return jsg.Undefined, nil
}

func (m *queueMessage) ack(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if err := m.q.inEvent(js); err != nil {
		return nil, err
	}
	r := &m.q.result
	_, retried := r.Retry[m.id]
	switch {
	case r.AckAll:
	case r.RetryAll:
		return m.q.warn(js, noEffect, "ack", m.id, "retryAll")
	case retried:
		return m.q.warn(js, noEffect, "ack", m.id, "retry")
	default:
		r.Acked[m.id] = true
	}
	return jsg.Undefined, nil
}
