package worker

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/trace"
)

// batch is one of JSON messages with the ids m0, m1, …
func batch(bodies ...string) QueueBatch {
	b := QueueBatch{Queue: "q"}
	for i, body := range bodies {
		b.Messages = append(b.Messages, QueueMessage{ID: fmt.Sprint("m", i), Timestamp: time.UnixMilli(1000), Attempts: 1, ContentType: "json", Body: []byte(body)})
	}
	return b
}

// queueText is what became of a batch, in a line.
func queueText(r QueueResult, err error) string {
	var b strings.Builder
	delay := func(d *int64) string {
		if d == nil {
			return ""
		}
		return fmt.Sprint("+", *d)
	}
	if r.AckAll {
		b.WriteString("ackAll ")
	}
	if r.RetryAll {
		b.WriteString("retryAll" + delay(r.RetryDelay) + " ")
	}
	for _, id := range []string{"m0", "m1"} {
		if d, ok := r.Retry[id]; ok {
			b.WriteString("retry " + id + delay(d) + " ")
		}
		if r.Acked[id] {
			b.WriteString("ack " + id + " ")
		}
	}
	if err != nil {
		b.WriteString(err.Error())
	}
	return strings.TrimSpace(b.String())
}

// Each code ran on wrangler 4.164.
func TestQueueDecisions(t *testing.T) {
	for _, c := range []struct{ code, want, warning string }{
		{``, "", ""},
		{`b.messages[0].ack(); b.messages[1].retry();`, "ack m0 retry m1", ""},
		{`b.messages[0].retry({ delaySeconds: 5 }); b.retryAll({ delaySeconds: 7 });`, "retryAll+7 retry m0+5", ""},
		{`b.messages[0].ack(); b.messages[0].retry();`, "ack m0", "Received a call to retry() on message m0 after ack() was already called. Calling retry() on a message after calling ack() has no effect."},
		{`b.messages[0].retry(); b.messages[0].ack();`, "retry m0", "Received a call to ack() on message m0 after retry() was already called. Calling ack() on a message after calling retry() has no effect."},
		{`b.ackAll(); b.messages[0].retry();`, "ackAll", "Received a call to retry() on message m0 after ackAll() was already called. Calling retry() on a message after calling ackAll() has no effect."},
		{`b.retryAll(); b.messages[0].ack();`, "retryAll", "Received a call to ack() on message m0 after retryAll() was already called. Calling ack() on a message after calling retryAll() has no effect."},
		{`b.retryAll(); b.ackAll();`, "retryAll", "Received a call to ackAll() after retryAll() was already called. Calling ackAll() after calling retryAll() has no effect."},
		{`b.ackAll(); b.retryAll();`, "ackAll", "Received a call to retryAll() after ackAll() was already called. Calling retryAll() after calling ackAll() has no effect."},
		{`throw new Error("no");`, "Error: no", ""},
		{`ctx.waitUntil((async () => { await scheduler.wait(1); b.messages[0].retry(); })());`, "retry m0", ""},
		{`ctx.waitUntil(Promise.reject(new Error("later")));`, "Error: later", ""},
		{`b.messages[0].retry("x")`, "TypeError: Failed to execute 'retry' on 'QueueMessage': parameter 1 is not of type 'QueueRetryOptions'.", ""},
		{`return new Promise(() => {})`, "Error: ", ""},
		{`if (Object.keys(b) + "/" + Object.keys(b.messages[0]) !== "metadata,queue,messages/attempts,body,timestamp,id") throw 1`, "", ""},
		{`const m = b.messages[1]; if (JSON.stringify([b.queue, m.id, m.body, m.attempts, m.timestamp, b.metadata.metrics]) !== '["q","m1",{"a":2},1,"1970-01-01T00:00:01.000Z",{"backlogCount":0,"backlogBytes":0}]') throw new Error(JSON.stringify(m))`, "", ""},
	} {
		bus := &trace.Bus{}
		var mu sync.Mutex
		warning := ""
		defer bus.Subscribe(func(r trace.Record) {
			if mu.Lock(); r.Kind == trace.Log {
				warning = r.Name
			}
			mu.Unlock()
		})()
		w := load(t, `const exports = {default: { async queue(b, env, ctx) { `+c.code+` } }}`, options{trace: bus, off: "queue_consumer_no_wait_for_wait_until"})
		got := queueText(w.Queue(context.Background(), batch("1", `{"a":2}`)))
		if got != c.want && !(strings.HasSuffix(c.want, ": ") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s\ngave %q, want %q", c.code, got, c.want)
		}
		if mu.Lock(); warning != c.warning {
			t.Errorf("%s\nwarned %q, want %q", c.code, warning, c.warning)
		}
		mu.Unlock()
	}
}

func TestQueueBodies(t *testing.T) {
	w := load(t, `const exports = {default: { queue(b) { throw new Error(b.messages.map(m => Object.prototype.toString.call(m.body) + (m.body.byteLength ?? m.body)).join()) } }}`, options{})
	b := QueueBatch{Messages: []QueueMessage{{ContentType: "text", Body: []byte("hé")}, {ContentType: "bytes", Body: []byte{0, 1, 2}}, {ContentType: "json", Body: []byte(`5`)}}}
	if _, err := w.Queue(context.Background(), b); err == nil || err.Error() != "Error: [object String]hé,[object ArrayBuffer]3,[object Number]5" {
		t.Error(err)
	}
}

func TestQueueHandlers(t *testing.T) {
	for code, want := range map[string]string{
		`const exports = {default: {}}`: "Error: Handler does not export a queue() function.",
		`const {WorkerEntrypoint} = __mw.import("cloudflare:workers"); const exports = {default: class extends WorkerEntrypoint { queue(b) { b.messages[0].retry() } }}`: "retry m0",
		// The batch is over when somebody else's event decides about it.
		`let kept; const exports = {default: { queue(b) { if (kept) kept.messages[0].ack(); kept = b; } }}`: "",
	} {
		w := load(t, code, options{})
		if got := queueText(w.Queue(context.Background(), batch("1"))); got != want {
			t.Errorf("%s\ngave %q, want %q", code, got, want)
		}
		if got := queueText(w.Queue(context.Background(), batch("1"))); want == "" && !strings.Contains(got, "Cannot perform I/O on behalf of a different request.") {
			t.Errorf("late ack: %q", got)
		}
	}
	sw := load(t, `addEventListener("queue", e => { e.messages[0].retry({ delaySeconds: 3 }); e.retryAll(); })`, options{sw: true})
	if got := queueText(sw.Queue(context.Background(), batch("1"))); got != "retryAll retry m0+3" {
		t.Error(got)
	}
}

// A batch that crashes the isolate has failed; it must not come again for ever.
func TestQueueCrash(t *testing.T) {
	w := load(t, `const exports = {default: { queue(b) { function f() { f() } f() } }}`, options{})
	if _, err := w.Queue(context.Background(), batch("1")); err == nil {
		t.Error("no error")
	}
}
