// Package trace carries what happens: each request, sub-request, binding call,
// object, socket message, log line and reload is reported once, as an Event.
// Terminal log, dashboard and tests are all readers of the same events.
package trace

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Kind says what an event is about.
type Kind string

const (
	// Request is an HTTP request from outside, reported when it is answered.
	Request Kind = "request"
	// Subrequest is a fetch by a worker: to the network, a custom domain, a
	// service binding, an object stub or assets.
	Subrequest Kind = "subrequest"
	// Binding is a call on a storage binding (R2, KV, …).
	Binding Kind = "binding"
	// Storage is a call of a Durable Object on its own storage.
	Storage Kind = "storage"
	// Event is a non-HTTP event given to a worker: alarm, scheduled, queue,
	// WebSocket message.
	Event Kind = "event"
	// Object is the life of a Durable Object: started, hibernated, evicted; or of an
	// instance of a Workflow: queued, running, paused, complete.
	Object Kind = "object"
	// Socket is a WebSocket opened or closed.
	Socket Kind = "socket"
	// Log is a console call.
	Log Kind = "log"
	// Exception is an uncaught error.
	Exception Kind = "exception"
	// Reload is a new version of a worker, or a failed build.
	Reload Kind = "reload"
)

// Kinds are all there are.
var Kinds = []Kind{Request, Subrequest, Binding, Storage, Event, Object, Socket, Log, Exception, Reload}

// Span names one event; children name it as Parent. Zero is none.
type Span = uint64

// Record is one event. Fields that do not apply are zero.
type Record struct {
	Span     Span          `json:"span"`
	Parent   Span          `json:"parent,omitempty"`
	Kind     Kind          `json:"kind"`
	Worker   string        `json:"worker,omitempty"`
	Time     time.Time     `json:"time"` // start
	Duration time.Duration `json:"duration,omitempty"`
	// Name is what was done: "GET /path", "STORE.put", "alarm".
	Name   string `json:"name,omitempty"`
	Target string `json:"target,omitempty"` // who answered: worker, binding, host
	Status int    `json:"status,omitempty"` // HTTP status
	Error  string `json:"error,omitempty"`
	Level  string `json:"level,omitempty"` // of a log: debug, log, info, warn, error
	// Stack is the mapped stack of an exception, as text.
	Stack string            `json:"stack,omitempty"`
	Attrs map[string]string `json:"attrs,omitempty"`

	// order is when it began among the others of a Journal.
	order uint64
}

var spans atomic.Uint64

// NewSpan returns a span name not used before in this process.
func NewSpan() Span { return spans.Add(1) }

// Bus hands records to its subscribers, in the order of Emit per goroutine.
// The zero value is ready; a nil *Bus drops everything.
type Bus struct {
	mu     sync.Mutex
	subs   atomic.Pointer[[]*subscription]
	detail atomic.Bool
}

type subscription struct {
	f      func(Record)
	detail bool
}

// Active reports whether anybody listens, so that costly records can be
// skipped.
func (b *Bus) Active() bool {
	if b == nil {
		return false
	}
	s := b.subs.Load()
	return s != nil && len(*s) > 0
}

// Detailed reports whether anybody listens to records of kind Storage. There
// are so many of them, each of so little work, that a session of dev does not.
func (b *Bus) Detailed() bool { return b != nil && b.detail.Load() }

// Emit reports r. Subscribers are called on the caller's goroutine and must be
// quick and safe for concurrent use.
func (b *Bus) Emit(r Record) {
	if b == nil {
		return
	}
	if s := b.subs.Load(); s != nil {
		for _, sub := range *s {
			if sub.detail || r.Kind != Storage {
				sub.f(r)
			}
		}
	}
}

// Subscribe adds f until cancel is called. It gets all but those of kind Storage.
func (b *Bus) Subscribe(f func(Record)) (cancel func()) { return b.subscribe(&subscription{f: f}) }

// SubscribeDetail is Subscribe with those of kind Storage.
func (b *Bus) SubscribeDetail(f func(Record)) (cancel func()) {
	return b.subscribe(&subscription{f: f, detail: true})
}

func (b *Bus) subscribe(sub *subscription) (cancel func()) {
	b.update(func(list []*subscription) []*subscription { return append(list, sub) })
	return func() {
		b.update(func(list []*subscription) []*subscription {
			out := list[:0]
			for _, s := range list {
				if s != sub {
					out = append(out, s)
				}
			}
			return out
		})
	}
}

// update replaces the list; readers keep the one they have.
func (b *Bus) update(change func([]*subscription) []*subscription) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []*subscription
	if old := b.subs.Load(); old != nil {
		list = append(list, *old...)
	}
	list = change(list)
	b.detail.Store(slices.ContainsFunc(list, func(s *subscription) bool { return s.detail }))
	b.subs.Store(&list)
}

type spanKey struct{}

// WithSpan has the request of that context be a span known before.
func WithSpan(ctx context.Context, s Span) context.Context {
	return context.WithValue(ctx, spanKey{}, s)
}

// SpanOf is the span that WithSpan set, else a new one.
func SpanOf(ctx context.Context) Span {
	if s, ok := ctx.Value(spanKey{}).(Span); ok {
		return s
	}
	return NewSpan()
}
