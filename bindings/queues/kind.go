package queues

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is queue producers and consumers. Workers that name the same queue share
// it.
var Kind = bindings.Kind{Name: folder, Bind: bind}

// folder holds the queues, in the state directory.
const folder = "queues"

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, p := range cfg.Queues.Producers {
		if !checkName(b, p.Queue, p.Pos) {
			continue
		}
		q, err := SharedQueue(b.Session, p.Queue)
		if err != nil {
			return err
		}
		b.Env(p.Binding, func(js *jsg.Scope) (jsg.Value, error) {
			return producerClass.Wrap(js, &producer{name: p.Binding, queue: q, delay: seconds(p.DeliveryDelay)}), nil
		})
	}
	for _, c := range cfg.Queues.Consumers {
		if err := bindConsumer(b, c); err != nil {
			return err
		}
	}
	return nil
}

func checkName(b *bindings.Builder, name string, pos diag.Position) bool {
	ok := bindings.IsFolderName(name)
	if !ok {
		b.Report(diag.Diagnostic{
			Severity: diag.Error, Code: "queue_name", Pos: pos,
			Message: fmt.Sprintf("The queue name %q cannot be used as the name of a folder.", name),
			Hint:    "use lower-case letters, digits and hyphens, as Queues does",
		})
	}
	return ok
}

func bindConsumer(b *bindings.Builder, c config.QueueConsumer) error {
	switch {
	case !checkName(b, c.Queue, c.Pos), c.DeadLetterQueue != "" && !checkName(b, c.DeadLetterQueue, c.Pos):
		return nil
	case c.Type == "http_pull":
		b.Report(diag.Diagnostic{
			Severity: diag.Warning, Code: "queue_pull_consumer", Pos: c.Pos,
			Message: fmt.Sprintf("Pull consumers are not simulated: the messages of %s stay where they are.", c.Queue),
			Hint:    "make a worker the consumer, or read the messages with the queue's own API",
		})
		return nil
	}
	if !checkLimits(b, c) {
		return nil
	}
	q, err := SharedQueue(b.Session, c.Queue)
	if err != nil {
		return err
	}
	handle := b.Worker(b.Name)
	if old := q.Consumer(); old != nil && old.Worker != b.Name {
		b.Report(diag.Diagnostic{
			Severity: diag.Error, Code: "queue_consumer_twice", Pos: c.Pos,
			Message: fmt.Sprintf("The queue %s has a consumer already: the worker %s.", c.Queue, old.Worker),
			Hint:    "a queue has one consumer; remove one of the entries",
		})
		return nil
	} else if old == nil && handle != nil {
		// From the second version on, the hook is there.
		defer handle.OnSwap(func(*worker.Worker) { q.Wake() })
	}
	q.Consume(&Consumer{
		Worker: b.Name, Trace: b.Trace, DeadLetter: c.DeadLetterQueue, Delay: seconds(c.RetryDelay),
		BatchSize: orDefault(c.MaxBatchSize, defaultBatchSize), Retries: orDefault(c.MaxRetries, defaultRetries),
		Concurrency: orDefault(c.MaxConcurrency, defaultConcurrency), Timeout: time.Duration(orDefault(c.MaxBatchTimeout, defaultTimeout.Seconds()) * float64(time.Second)),
		Deliver: func(ctx context.Context, batch worker.QueueBatch) (worker.QueueResult, error) {
			if handle == nil || handle.Current() == nil {
				return worker.QueueResult{}, isolate.ErrDisposed
			}
			return handle.Current().Queue(ctx, batch)
		},
	})
	return nil
}

// checkLimits holds a consumer to the limits of Queues.
func checkLimits(b *bindings.Builder, c config.QueueConsumer) bool {
	ok := true
	check := func(key string, set bool, value, low, high float64) {
		if set && (value < low || value > high) {
			ok = false
			b.Report(diag.Diagnostic{
				Severity: diag.Error, Code: "queue_consumer_limit", Pos: c.Pos,
				Message: fmt.Sprintf("%q of the consumer of %s is %v, but must be from %v to %v.", key, c.Queue, value, low, high),
			})
		}
	}
	whole := func(key string, n *int, low, high float64) { check(key, n != nil, float64(orDefault(n, 0)), low, high) }
	part := func(key string, f *float64, high float64) { check(key, f != nil, orDefault(f, 0), 0, high) }
	whole("max_batch_size", c.MaxBatchSize, 1, 100)
	whole("max_retries", c.MaxRetries, 0, 100)
	whole("max_concurrency", c.MaxConcurrency, 1, 250)
	part("max_batch_timeout", c.MaxBatchTimeout, 60)
	part("retry_delay", c.RetryDelay, MaxDelay)
	return ok
}

func seconds(f *float64) int64 { return int64(orDefault(f, 0)) }

func orDefault[T any](v *T, def T) T {
	if v == nil {
		return def
	}
	return *v
}

// registry lists the queues of a session.
type registry struct {
	mu   sync.Mutex
	list []*Queue
}

func (r *registry) add(q *Queue) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, q)
}

func (r *registry) all() []*Queue {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.list)
}

func shared(s *bindings.Session) (*registry, error) {
	return bindings.Shared(s, "queues", func() (*registry, error) { return &registry{}, nil })
}

// SharedQueue is the session's queue of that name.
func SharedQueue(s *bindings.Session, name string) (*Queue, error) {
	if !bindings.IsFolderName(name) {
		return nil, fmt.Errorf("%q is not the name of a queue", name)
	}
	list, err := shared(s)
	if err != nil {
		return nil, err
	}
	return bindings.Shared(s, "queues/"+name, func() (*Queue, error) {
		q := Open(filepath.Join(s.State, folder, name), name, s.Clock, func(other string) (*Queue, error) { return SharedQueue(s, other) })
		list.add(q)
		return q, nil
	})
}

// All are the session's queues, by name.
func All(s *bindings.Session) []*Queue {
	list, err := shared(s)
	if err != nil {
		return nil
	}
	out := list.all()
	slices.SortFunc(out, func(a, b *Queue) int { return cmp.Compare(a.name, b.name) })
	return out
}
