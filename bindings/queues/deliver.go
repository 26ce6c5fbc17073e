package queues

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/worker"
)

// Consumer is who consumes a queue, and how.
type Consumer struct {
	Worker      string
	BatchSize   int
	Timeout     time.Duration // to wait for a batch to fill up
	Retries     int           // deliveries after the first
	Delay       int64         // seconds before a retry that names none
	DeadLetter  string        // queue for what ran out of retries, "" to drop it
	Concurrency int           // batches at a time

	// Deliver gives a batch to the worker. isolate.ErrDisposed says that it never
	// got it.
	Deliver func(ctx context.Context, b worker.QueueBatch) (worker.QueueResult, error)
	Trace   *trace.Bus
}

// The defaults are those of wrangler's simulator.
const (
	defaultBatchSize   = 5
	defaultTimeout     = time.Second
	defaultRetries     = 2
	defaultConcurrency = 1
)

// undeliveredPause is how long to wait before a batch is offered again that no
// worker could take.
const undeliveredPause = time.Second

// delivery is the part of a Queue that waits and delivers; its fields are guarded
// by the queue's lock.
type delivery struct {
	consumer *Consumer
	// since is when the batch that fills up got its first message, zero if none
	// does; timer looks again when it has waited long enough.
	since   time.Time
	timer   clock.Timer
	running int
	// restores counts how often the messages were exchanged.
	restores int

	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func (d *delivery) init() { d.ctx, d.cancel = context.WithCancel(context.Background()) }

// Consume makes c the queue's consumer; nil leaves it without one.
func (q *Queue) Consume(c *Consumer) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.delivery.consumer = c
}

// Consumer is the queue's consumer, nil if there is none.
func (q *Queue) Consumer() *Consumer {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.delivery.consumer
}

// Wake looks for something to deliver, after the consumer has become able to
// take it. A queue that was never used is not touched.
func (q *Queue) Wake() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.db == nil {
		if _, err := os.Stat(q.path); err != nil {
			return
		}
	}
	q.schedule()
}

// Flush delivers what is due without waiting for a batch to fill up, with
// everything also what is delayed.
func (q *Queue) Flush(everything bool) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.use(); err != nil {
		return err
	}
	if everything {
		if err := q.db.Exec("UPDATE messages SET visible = ? WHERE visible > ?", q.now(), q.now()); err != nil {
			return err
		}
	}
	q.delivery.since = time.Unix(0, 0)
	q.schedule()
	return nil
}

// schedule starts the batches that are due and sets the timer for the next one.
// The caller holds q.mu.
func (q *Queue) schedule() {
	d := &q.delivery
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	c := d.consumer
	if c == nil || d.ctx.Err() != nil {
		return
	}
	if err := q.use(); err != nil {
		q.failed(c, err)
		return
	}
	for d.running < c.Concurrency {
		batch, err := q.ready(c.BatchSize)
		if err != nil {
			q.failed(c, err)
			return
		}
		wait, due := q.due(len(batch))
		if !due {
			q.wake(wait)
			return
		}
		d.since = time.Time{}
		q.start(c, batch)
	}
}

// due reports whether a batch that has n messages now is to be delivered, or how
// long to wait, negative for until something happens.
func (q *Queue) due(n int) (wait time.Duration, due bool) {
	d, now := &q.delivery, q.clock.Now()
	wait = -1
	if at, ok, err := q.next(); err == nil && ok {
		wait = time.UnixMilli(at).Sub(now)
	}
	if n == 0 {
		d.since = time.Time{}
		return wait, false
	}
	if d.since.IsZero() {
		d.since = now
	}
	left := d.consumer.Timeout - now.Sub(d.since)
	if n >= d.consumer.BatchSize || left <= 0 {
		return 0, true
	}
	if wait < 0 || left < wait {
		wait = left
	}
	return wait, false
}

// wake calls schedule again after a while.
func (q *Queue) wake(after time.Duration) {
	if after < 0 {
		return
	}
	q.delivery.timer = q.clock.AfterFunc(after, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.schedule()
	})
}

// failed reports trouble with the disk, and tries again later.
func (q *Queue) failed(c *Consumer, err error) {
	q.report(c, "error", fmt.Sprintf("queue %s: %v", q.name, err))
	q.wake(time.Minute)
}

// start delivers a batch on a goroutine of its own.
func (q *Queue) start(c *Consumer, batch []*waiting) {
	b := worker.QueueBatch{Queue: q.name, Messages: make([]worker.QueueMessage, len(batch))}
	for i, m := range batch {
		q.leased[m.place] = m
		b.Messages[i] = worker.QueueMessage{ID: m.id, Timestamp: time.UnixMilli(m.sent), Attempts: m.attempts + 1, ContentType: m.contentType, Body: m.body}
	}
	b.Backlog, _ = q.metrics() // a courtesy
	q.delivery.running++
	restores := q.delivery.restores
	q.delivery.wg.Go(func() {
		result, err := c.Deliver(q.delivery.ctx, b)
		if !q.gone(restores) {
			q.finish(c, batch, result, err)
		}
	})
}

// gone ends a batch that is of another state than the queue's by now: nothing
// comes of it.
func (q *Queue) gone(restores int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.delivery.restores == restores {
		return false
	}
	q.delivery.running--
	q.schedule()
	return true
}

// finish does with a batch what its consumer decided.
func (q *Queue) finish(c *Consumer, batch []*waiting, r worker.QueueResult, err error) {
	undelivered := errors.Is(err, isolate.ErrDisposed) || q.delivery.ctx.Err() != nil
	var done, dead []*waiting
	again := map[*waiting]int64{}
	if !undelivered {
		done, dead, again = decide(c, batch, r, err)
		q.bury(c, dead, again)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range batch {
		delete(q.leased, m.place)
	}
	q.delivery.running--
	switch {
	case q.delivery.ctx.Err() != nil:
		return
	case undelivered: // until another version of the worker is there
		q.wake(undeliveredPause)
		return
	}
	for _, m := range dead {
		if _, kept := again[m]; !kept {
			done = append(done, m)
		}
	}
	if err := q.settle(done, again); err != nil {
		// The messages are as before, and come again.
		q.failed(c, err)
		return
	}
	q.schedule()
}

// decide sorts a batch into what is done, what ran out of attempts, and what is
// delivered again after a delay in milliseconds.
func decide(c *Consumer, batch []*waiting, r worker.QueueResult, err error) (done, dead []*waiting, again map[*waiting]int64) {
	again = map[*waiting]int64{}
	for _, m := range batch {
		delay, retry := r.Retry[m.id]
		switch {
		case !retry && !r.RetryAll && err == nil:
			done = append(done, m)
		case m.attempts >= c.Retries:
			dead = append(dead, m)
		default:
			if delay == nil {
				delay = r.RetryDelay
			}
			if delay == nil {
				delay = &c.Delay
			}
			again[m] = max(*delay, 0) * 1000
		}
	}
	return done, dead, again
}

// bury moves messages to the dead letter queue. What cannot be moved stays, to be
// tried again.
func (q *Queue) bury(c *Consumer, dead []*waiting, again map[*waiting]int64) {
	if len(dead) == 0 {
		return
	}
	what := fmt.Sprintf("queue %s: %s failed %d times", q.name, plural(len(dead), "message"), c.Retries+1)
	if c.DeadLetter == "" {
		q.report(c, "warn", what+"; dropped, because the consumer has no \"dead_letter_queue\"")
		return
	}
	letters, err := q.other(c.DeadLetter)
	if err == nil {
		err = letters.receive(dead)
	}
	if err != nil {
		q.report(c, "error", fmt.Sprintf("%s and cannot be moved to %s: %v", what, c.DeadLetter, err))
		for _, m := range dead {
			again[m] = time.Minute.Milliseconds()
		}
		return
	}
	q.report(c, "warn", what+"; moved to the dead letter queue "+c.DeadLetter)
}

func (q *Queue) report(c *Consumer, level, text string) {
	c.Trace.Emit(trace.Record{Kind: trace.Log, Level: level, Worker: c.Worker, Time: q.clock.Now(), Name: text})
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Close ends deliveries and closes the queue. What was being consumed stays.
func (q *Queue) Close() error {
	q.mu.Lock()
	q.delivery.cancel() // nothing is started from here on
	q.mu.Unlock()
	q.delivery.wg.Wait()
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	if q.delivery.timer != nil {
		q.delivery.timer.Stop()
	}
	if q.db == nil {
		return nil
	}
	db := q.db
	q.db = nil
	return db.Close()
}
