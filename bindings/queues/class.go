package queues

import (
	"bytes"
	"context"
	"math"

	"github.com/miniworker/miniworker/bindings/internal/op"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
)

// producer is env.NAME.
type producer struct {
	name  string
	queue *Queue
	delay int64 // "delivery_delay", in seconds
}

var producerClass = &jsg.Class[producer]{Name: "WorkerQueue"}

func init() {
	producerClass.Members = jsg.Members[producer]{
		jsg.Async("metrics", 0, (*producer).metrics),
		jsg.Async("send", 0, (*producer).send),
		jsg.Async("sendBatch", 0, (*producer).sendBatch),
	}
}

func (p *producer) call(method string) op.Call {
	return op.Call{Binding: p.name, Method: method, Line: &p.queue.line, Error: jsError}
}

func (p *producer) metrics(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
	return op.Run(js, p.call("metrics"), func(context.Context) (worker.QueueMetrics, error) {
		return p.queue.Metrics()
	}, func(js *jsg.Scope, m worker.QueueMetrics) (jsg.Value, error) { return m.Wrap(js), nil }), nil
}

func (p *producer) send(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if a.Len() == 0 {
		a.Mismatch(0, "Value")
		return nil, a.Err()
	}
	d := options(a, "SendOptions")
	if err := a.Err(); err != nil {
		return nil, err
	}
	m, err := message(js, a.Value(0), d)
	if err != nil {
		return nil, err
	}
	return p.run(js, "send", p.delay, []Message{m}), nil
}

func (p *producer) sendBatch(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	list, ok := jsg.IsObject(a.Value(0))
	if !ok {
		a.Mismatch(0, "Sequence")
	}
	d := options(a, "SendBatchOptions")
	if err := a.Err(); err != nil {
		return nil, err
	}
	delay := p.delay
	if n, err := delaySeconds(d); err != nil {
		return nil, err
	} else if n != nil {
		delay = *n
	}
	var messages []Message
	err := js.Iterate(list, func(v jsg.Value) (bool, error) {
		o, ok := jsg.IsObject(v)
		if !ok {
			return false, jsg.TypeErrorf("Incorrect type: the provided value is not of type 'MessageSendRequest'.")
		}
		item := a.DictOf(o)
		m, err := message(js, item.Value("body"), item)
		messages = append(messages, m)
		return err == nil, err
	})
	if err == nil && len(messages) == 0 {
		err = jsg.TypeErrorf("sendBatch() requires at least one message")
	}
	if err != nil {
		return nil, err
	}
	return p.run(js, "sendBatch", delay, messages), nil
}

func (p *producer) run(js *jsg.Scope, method string, delay int64, messages []Message) jsg.Value {
	return op.Run(js, p.call(method), func(ctx context.Context) (worker.QueueMetrics, error) {
		return p.queue.Send(ctx, delay, messages...)
	}, func(js *jsg.Scope, m worker.QueueMetrics) (jsg.Value, error) {
		return js.Record("metadata", js.Record("metrics", m.Wrap(js))), nil
	})
}

// options is the second argument; undefined and null are none.
func options(a *jsg.Args, kind string) *jsg.Dict {
	v := a.Value(1)
	if _, ok := jsg.IsObject(v); !ok && !jsg.IsNullish(v) {
		a.Mismatch(1, kind)
	}
	return a.DictOf(v)
}

// delaySeconds is an optional 32-bit integer; what is no number is 0.
func delaySeconds(d *jsg.Dict) (*int64, error) {
	v := d.Value("delaySeconds")
	if jsg.IsUndefined(v) {
		return nil, nil
	}
	f := v.ToFloat()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		f = 0
	}
	n := int64(max(min(f, math.MaxInt32), math.MinInt32))
	return &n, nil
}

// message makes a message of a body and the options beside it.
func message(js *jsg.Scope, v jsg.Value, d *jsg.Dict) (m Message, err error) {
	if jsg.IsUndefined(v) {
		return m, jsg.TypeErrorf("Message body cannot be undefined")
	}
	if m.Delay, err = delaySeconds(d); err != nil {
		return m, err
	}
	m.ContentType = "v8"
	if js.Flag("queues_json_messages") {
		m.ContentType = "json"
	}
	if t := d.Value("contentType"); !jsg.IsUndefined(t) {
		m.ContentType = t.String()
	}
	m.Body, err = encode(js, v, m.ContentType)
	return m, err
}

func encode(js *jsg.Scope, v jsg.Value, contentType string) ([]byte, error) {
	switch contentType {
	case "json":
		text, ok, err := js.JSONStringify(v)
		if err == nil && !ok {
			err = jsError(refusal("message body of type %s cannot be JSON", jsg.TypeOf(v)))
		}
		return []byte(text), err
	case "text":
		if !jsg.IsString(v) {
			return nil, jsg.TypeErrorf("Content Type \"text\" requires a value of type string, but received: %s", jsg.TypeOf(v))
		}
		return []byte(v.String()), nil
	case "bytes":
		view, ok := jsg.ViewOf(v)
		if !ok {
			return nil, jsg.TypeErrorf("Content Type \"bytes\" requires a value of type ArrayBufferView, but received: %s", jsg.TypeOf(v))
		}
		return bytes.Clone(view.Bytes()), nil
	case "v8":
		m, err := clone.Write(js, v, clone.Options{})
		return m.Data, err
	}
	return nil, jsg.TypeErrorf("Unsupported queue message content type: %s", contentType)
}
