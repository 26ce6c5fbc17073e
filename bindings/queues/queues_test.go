package queues

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/crashtest"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// stored lists what is on disk: type, body, and how long until it is due.
func (q *Queue) stored(t *testing.T) (out []string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	must(t, q.use())
	must(t, q.db.Rows("SELECT type, body, (visible - sent) / 1000 FROM messages ORDER BY place", func(r *store.Stmt) bool {
		out = append(out, fmt.Sprintf("%s %s %d", r.Text(0), r.Text(1), r.Int64(2)))
		return true
	}))
	return out
}

func TestProducer(t *testing.T) {
	testworker.RunDir(t, "testdata", all.Install, func(js *jsg.Scope) {
		q := Open(t.TempDir(), "q", clock.Real, nil)
		t.Cleanup(func() { must(t, q.Close()) })
		sent := js.Func("sent", 0, func(js *jsg.Scope, _ jsg.Value, _ *jsg.Args) (jsg.Value, error) {
			out := []jsg.Value{}
			for _, s := range q.stored(t) {
				out = append(out, js.String(s))
			}
			return js.NewArray(out...), nil
		})
		js.Define(js.Global(), "env", js.Record("Q", producerClass.Wrap(js, &producer{name: "Q", queue: q}), "sent", sent))
	})
}

// bench is a queue with a consumer whose batches are written down, on a clock
// that stands still.
type bench struct {
	t      *testing.T
	clock  *clock.Fake
	queues map[string]*Queue
	log    []string
	// decide is what the consumer does with a batch.
	decide func(b worker.QueueBatch) (worker.QueueResult, error)
}

func newBench(t *testing.T) *bench {
	b := &bench{t: t, clock: clock.NewFake(time.UnixMilli(1_700_000_000_000)), queues: map[string]*Queue{}}
	b.decide = func(worker.QueueBatch) (worker.QueueResult, error) { return worker.QueueResult{}, nil }
	return b
}

func (b *bench) queue(name string) *Queue {
	if b.queues[name] == nil {
		q := Open(filepath.Join(b.t.TempDir(), name), name, b.clock, func(other string) (*Queue, error) { return b.queue(other), nil })
		b.queues[name] = q
		b.t.Cleanup(func() { must(b.t, q.Close()) })
	}
	return b.queues[name]
}

// consume gives a queue a consumer, defaults filled in.
func (b *bench) consume(q *Queue, c Consumer) {
	c.Trace = &trace.Bus{}
	c.BatchSize = max(c.BatchSize, 1)
	c.Concurrency = max(c.Concurrency, 1)
	c.Deliver = func(_ context.Context, batch worker.QueueBatch) (worker.QueueResult, error) {
		var text []string
		for _, m := range batch.Messages {
			text = append(text, fmt.Sprintf("%s#%d", m.Body, m.Attempts))
		}
		b.log = append(b.log, strings.Join(text, ","))
		return b.decide(batch)
	}
	q.Consume(&c)
}

func (b *bench) send(q *Queue, bodies ...string) {
	b.t.Helper()
	var list []Message
	for _, body := range bodies {
		list = append(list, Message{ContentType: "text", Body: []byte(body)})
	}
	_, err := q.Send(ctx, 0, list...)
	must(b.t, err)
	q.delivery.wg.Wait()
}

func (b *bench) advance(d time.Duration) {
	b.clock.Advance(d)
	for _, q := range b.queues {
		q.delivery.wg.Wait()
	}
}

func (b *bench) want(log string) {
	b.t.Helper()
	if got := strings.Join(b.log, " | "); got != log {
		b.t.Errorf("delivered %q, want %q", got, log)
	}
	b.log = nil
}

func TestBatches(t *testing.T) {
	b := newBench(t)
	q := b.queue("q")
	b.consume(q, Consumer{BatchSize: 3, Timeout: 2 * time.Second})
	b.send(q, "a")
	b.advance(time.Second)
	b.send(q, "b")
	b.want("")
	b.advance(999 * time.Millisecond)
	b.want("")
	b.advance(time.Millisecond)
	b.want("a#1,b#1")
	b.send(q, "c", "d", "e", "f")
	b.want("c#1,d#1,e#1")
	b.advance(2 * time.Second)
	b.want("f#1")
	if got := q.stored(t); len(got) != 0 {
		t.Error("left:", got)
	}
	if m, err := q.Metrics(); err != nil || m != (worker.QueueMetrics{}) {
		t.Error(m, err)
	}
}

func TestDelays(t *testing.T) {
	b := newBench(t)
	q := b.queue("q")
	b.consume(q, Consumer{})
	ten := int64(10)
	_, err := q.Send(ctx, 5, Message{ContentType: "text", Body: []byte("five")}, Message{ContentType: "text", Body: []byte("ten"), Delay: &ten})
	must(t, err)
	b.advance(4999 * time.Millisecond)
	b.want("")
	b.advance(time.Millisecond)
	b.want("five#1")
	b.advance(5 * time.Second)
	b.want("ten#1")
}

func retry(ids ...worker.QueueMessage) worker.QueueResult {
	r := worker.QueueResult{Retry: map[string]*int64{}}
	for _, m := range ids {
		r.Retry[m.ID] = nil
	}
	return r
}

func TestRetries(t *testing.T) {
	b := newBench(t)
	q := b.queue("q")
	b.consume(q, Consumer{BatchSize: 2, Retries: 2, Delay: 10})
	b.decide = func(batch worker.QueueBatch) (worker.QueueResult, error) { return retry(batch.Messages[0]), nil }
	b.send(q, "a", "b")
	b.advance(10 * time.Second)
	b.want("a#1,b#1 | a#2")
	five := int64(5)
	b.decide = func(worker.QueueBatch) (worker.QueueResult, error) {
		return worker.QueueResult{RetryAll: true, RetryDelay: &five}, nil
	}
	b.advance(10 * time.Second)
	b.want("a#3") // and is dropped: it has no dead letter queue
	b.advance(time.Hour)
	b.want("")
	b.decide = func(batch worker.QueueBatch) (worker.QueueResult, error) {
		r := worker.QueueResult{RetryAll: true, RetryDelay: &five, Retry: map[string]*int64{}}
		zero := int64(0)
		if batch.Messages[0].Attempts == 1 {
			r.Retry[batch.Messages[0].ID] = &zero // counts for this one
		}
		return r, nil
	}
	b.send(q, "c", "d")
	b.want("c#1,d#1 | c#2")
	b.advance(5 * time.Second)
	b.want("c#3,d#2")
}

// What a failed batch had acknowledged comes again, as with wrangler.
func TestFailureRedeliversAll(t *testing.T) {
	b := newBench(t)
	q := b.queue("q")
	b.consume(q, Consumer{BatchSize: 2, Retries: 1})
	b.decide = func(batch worker.QueueBatch) (worker.QueueResult, error) {
		if batch.Messages[0].Attempts == 1 {
			return worker.QueueResult{Acked: map[string]bool{batch.Messages[0].ID: true}}, errors.New("thrown")
		}
		return worker.QueueResult{}, nil
	}
	b.send(q, "a", "b")
	b.want("a#1,b#1 | a#2,b#2")
}

func TestDeadLetters(t *testing.T) {
	b := newBench(t)
	q, dead := b.queue("q"), b.queue("dead")
	b.consume(q, Consumer{Retries: 1, DeadLetter: "dead"})
	b.decide = func(batch worker.QueueBatch) (worker.QueueResult, error) { return retry(batch.Messages...), nil }
	b.send(q, "a")
	b.want("a#1 | a#2")
	if got := fmt.Sprint(q.stored(t), dead.stored(t)); got != "[] [text a 0]" {
		t.Error(got)
	}
	b.decide = func(worker.QueueBatch) (worker.QueueResult, error) { return worker.QueueResult{}, nil }
	b.consume(dead, Consumer{})
	dead.Wake()
	dead.delivery.wg.Wait()
	b.want("a#1")
}

func TestConcurrency(t *testing.T) {
	q := Open(t.TempDir(), "q", clock.Real, nil)
	defer func() { must(t, q.Close()) }()
	began, end := make(chan string), make(chan struct{})
	q.Consume(&Consumer{BatchSize: 1, Concurrency: 2, Deliver: func(_ context.Context, b worker.QueueBatch) (worker.QueueResult, error) {
		began <- string(b.Messages[0].Body)
		<-end
		return worker.QueueResult{}, nil
	}})
	_, err := q.Send(ctx, 0, Message{Body: []byte("a")}, Message{Body: []byte("b")}, Message{Body: []byte("c")})
	must(t, err)
	if first := []string{<-began, <-began}; first[0]+first[1] != "ab" && first[0]+first[1] != "ba" {
		t.Error(first)
	}
	if m, err := q.Metrics(); err != nil || m.Count != 1 {
		t.Error(m, err)
	}
	end <- struct{}{}
	if got := <-began; got != "c" {
		t.Error(got)
	}
	close(end)
	q.delivery.wg.Wait()
}

// A batch that no version of the worker took is offered again, and does not
// count as an attempt; so is one that the session's end cut short.
func TestUndelivered(t *testing.T) {
	b := newBench(t)
	q := b.queue("q")
	b.consume(q, Consumer{})
	b.decide = func(worker.QueueBatch) (worker.QueueResult, error) { return worker.QueueResult{}, isolate.ErrDisposed }
	b.send(q, "a")
	b.want("a#1")
	q.Wake() // what a new version does
	q.delivery.wg.Wait()
	b.want("a#1")
	dir := filepath.Dir(q.path)
	closed := make(chan error, 1)
	q.Consume(&Consumer{BatchSize: 1, Concurrency: 1, Deliver: func(ctx context.Context, _ worker.QueueBatch) (worker.QueueResult, error) {
		go func() { closed <- q.Close() }()
		<-ctx.Done()
		return worker.QueueResult{}, nil
	}})
	q.Wake()
	must(t, <-closed)
	again := Open(dir, "q", b.clock, nil)
	b.queues["q"] = again
	defer func() { must(t, again.Close()) }()
	b.consume(again, Consumer{})
	b.decide = func(worker.QueueBatch) (worker.QueueResult, error) { return worker.QueueResult{}, nil }
	again.Wake()
	again.delivery.wg.Wait()
	b.want("a#1")
}

func TestFlush(t *testing.T) {
	b := newBench(t)
	q := b.queue("q")
	b.consume(q, Consumer{BatchSize: 10, Timeout: time.Minute})
	_, err := q.Send(ctx, 100, Message{Body: []byte("later")})
	must(t, err)
	b.send(q, "a")
	must(t, q.Flush(false))
	q.delivery.wg.Wait()
	b.want("a#1")
	must(t, q.Flush(true))
	q.delivery.wg.Wait()
	b.want("later#1")
}

func TestKind(t *testing.T) {
	handle := worker.NewHandle("w")
	s := &bindings.Session{State: t.TempDir(), Clock: clock.Real, Worker: func(string) *worker.Handle { return handle }}
	defer func() { must(t, s.Close()) }()
	n, f := 500, 90.0
	at := func(line int) diag.Position { return diag.Position{Line: line} }
	b := bindings.NewBuilder(s, "w")
	must(t, Kind.Bind(&config.Config{Name: "w", Queues: config.Queues{
		Producers: []config.QueueProducer{{Binding: "Q", Queue: "q"}, {Binding: "X", Queue: "../x", Pos: at(1)}},
		Consumers: []config.QueueConsumer{
			{Queue: "q", Type: "worker"}, {Queue: "p", Type: "http_pull", Pos: at(2)},
			{Queue: "big", Type: "worker", MaxBatchSize: &n, MaxBatchTimeout: &f, Pos: at(3)},
			{Queue: "d", Type: "worker", DeadLetterQueue: "..", Pos: at(4)},
		},
	}}, b))
	other := bindings.NewBuilder(s, "other")
	must(t, Kind.Bind(&config.Config{Name: "other", Queues: config.Queues{Consumers: []config.QueueConsumer{{Queue: "q", Type: "worker", Pos: at(5)}}}}, other))
	env, diags := b.Result()
	_, more := other.Result()
	var lines []int
	for _, d := range append(diags, more...) {
		lines = append(lines, d.Pos.Line)
	}
	if len(env) != 1 || fmt.Sprint(lines) != "[1 2 3 3 4 5]" {
		t.Fatal(env, lines)
	}
	q, err := SharedQueue(s, "q")
	must(t, err)
	c := q.Consumer()
	if c.Worker != "w" || c.BatchSize != 5 || c.Timeout != time.Second || c.Retries != 2 || c.Concurrency != 1 {
		t.Errorf("%+v", c)
	}
	if list := All(s); len(list) != 1 || list[0] != q {
		t.Error(list)
	}
}

// sendUntilKilled sends and consumes; it says what was sent ("s") after and what is
// consumed ("c") before it is acknowledged.
func sendUntilKilled(dir string, round int, ack func(string)) error {
	q := Open(dir, "q", clock.Real, nil)
	q.Consume(&Consumer{BatchSize: 3, Concurrency: 1, Deliver: func(_ context.Context, b worker.QueueBatch) (worker.QueueResult, error) {
		for _, m := range b.Messages {
			ack("c" + string(m.Body))
		}
		return worker.QueueResult{}, nil
	}})
	for n := 0; ; n++ {
		body := fmt.Sprintf("%d.%d", round, n)
		if _, err := q.Send(ctx, 0, Message{ContentType: "text", Body: []byte(body)}); err != nil {
			return err
		}
		ack("s" + body)
	}
}

// Every message that was sent is consumed or still there.
func TestKillLosesNoMessage(t *testing.T) {
	open := map[string]bool{}
	crashtest.Run(t, 50, sendUntilKilled, func(dir string, _ int, acked []string) {
		seen := map[string]bool{}
		for _, line := range acked {
			if line[0] == 's' {
				open[line[1:]] = true
			} else {
				seen[line[1:]] = true
			}
		}
		q := Open(dir, "q", clock.Real, nil)
		for _, s := range q.stored(t) {
			seen[strings.Fields(s)[1]] = true
		}
		must(t, q.Close())
		for m := range open {
			if !seen[m] {
				t.Errorf("%s is lost", m)
			}
		}
		for m := range open { // keep only what is still waiting
			delete(open, m)
		}
		q = Open(dir, "q", clock.Real, nil)
		for _, s := range q.stored(t) {
			open[strings.Fields(s)[1]] = true
		}
		must(t, q.Close())
	})
}
