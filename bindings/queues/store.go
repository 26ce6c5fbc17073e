package queues

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"github.com/miniworker/miniworker/bindings/internal/op"
	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/runtime/worker"
)

// Message is a message to send.
type Message struct {
	// ContentType is "json", "text", "bytes" or "v8".
	ContentType string
	Body        []byte
	// Delay is how long it stays invisible, nil for what the request says.
	Delay *int64
}

// Limits of Queues.
const (
	MaxMessageSize = 128_000 // bytes
	MaxBatchCount  = 100     // messages of one sendBatch
	MaxBatchSize   = 288_000 // bytes of one sendBatch
	MaxDelay       = 86_400  // seconds
)

// Queue is one queue: its messages, and its consumer if there is one. It is safe
// for concurrent use; there must be only one for a directory.
type Queue struct {
	name  string
	path  string
	clock clock.Clock
	// other finds the dead letter queue.
	other func(name string) (*Queue, error)
	// line keeps the calls of producers in order.
	line op.Line

	mu     sync.Mutex
	db     *store.DB // opened by the first use
	closed bool

	total, bytes int64              // all messages
	leased       map[int64]*waiting // being consumed, by place
	delivery     delivery
}

// waiting is a message on disk.
type waiting struct {
	place       int64
	id          string
	sent        int64 // ms since 1970
	attempts    int   // deliveries that failed
	contentType string
	body        []byte
}

// Times are in milliseconds since 1970. place is the order of arrival.
const layout = `
CREATE TABLE messages (
	place INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE,
	sent INTEGER NOT NULL,
	visible INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	type TEXT NOT NULL,
	body BLOB NOT NULL
);
CREATE INDEX visible ON messages (visible, place);
`

// Open returns the queue kept in dir. Nothing is read or written until it is
// used. other finds other queues by name.
func Open(dir, name string, clk clock.Clock, other func(name string) (*Queue, error)) *Queue {
	q := &Queue{name: name, path: filepath.Join(dir, "queue.sqlite"), clock: clk, other: other, leased: map[int64]*waiting{}}
	q.delivery.init()
	return q
}

// Name is the queue's name.
func (q *Queue) Name() string { return q.name }

// use opens the database. The caller holds q.mu.
func (q *Queue) use() error {
	switch {
	case q.closed:
		return errors.New("queues: the queue is closed")
	case q.db != nil:
		return nil
	}
	db, err := store.Open(q.path, store.Options{Exclusive: true})
	if err != nil {
		return err
	}
	err = db.Migrate("layout", layout)
	if err == nil {
		_, err = db.Row("SELECT count(*), ifnull(sum(length(body)), 0) FROM messages", func(r *store.Stmt) { q.total, q.bytes = r.Int64(0), r.Int64(1) })
	}
	if err != nil {
		return errors.Join(err, db.Close())
	}
	q.db = db
	return nil
}

func (q *Queue) now() int64 { return q.clock.Now().UnixMilli() }

// Send keeps messages and reports what waited before. They are all kept or none.
// delay is for those that have none of their own.
func (q *Queue) Send(_ context.Context, delay int64, messages ...Message) (worker.QueueMetrics, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := check(messages, delay); err != nil {
		return worker.QueueMetrics{}, err
	}
	if err := q.use(); err != nil {
		return worker.QueueMetrics{}, err
	}
	before, err := q.metrics()
	if err != nil {
		return before, err
	}
	now := q.now()
	list := make([]*waiting, len(messages))
	for i, m := range messages {
		list[i] = &waiting{id: store.RandomID(), sent: now, contentType: m.ContentType, body: m.Body}
	}
	err = q.db.Tx(func() error {
		for i, m := range messages {
			after := delay
			if m.Delay != nil {
				after = *m.Delay
			}
			if err := q.insert(list[i], now+1000*after); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		q.account(1, list...)
		q.schedule()
	}
	return before, err
}

// receive keeps messages that another queue gave up, with their ids and times.
// One that is here already came before a crash kept it from being removed there.
func (q *Queue) receive(messages []*waiting) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.use(); err != nil {
		return err
	}
	var kept []*waiting
	err := q.db.Tx(func() error {
		for _, m := range messages {
			known, err := q.db.Row("SELECT 1 FROM messages WHERE id = ?", func(*store.Stmt) {}, m.id)
			if err != nil {
				return err
			}
			if known {
				continue
			}
			fresh := *m
			fresh.attempts = 0
			if err := q.insert(&fresh, q.now()); err != nil {
				return err
			}
			kept = append(kept, &fresh)
		}
		return nil
	})
	if err == nil {
		q.account(1, kept...)
		q.schedule()
	}
	return err
}

func (q *Queue) insert(m *waiting, visible int64) error {
	body := m.body
	if body == nil {
		body = []byte{}
	}
	return q.db.Exec("INSERT INTO messages (id, sent, visible, attempts, type, body) VALUES (?, ?, ?, ?, ?, ?)",
		m.id, m.sent, visible, m.attempts, m.contentType, body)
}

// account adds messages to the totals, or with -1 takes them off.
func (q *Queue) account(sign int64, messages ...*waiting) {
	for _, m := range messages {
		q.total += sign
		q.bytes += sign * int64(len(m.body))
	}
}

func check(messages []Message, delay int64) error {
	size := 0
	if err := checkDelay(delay); err != nil {
		return err
	}
	if len(messages) > MaxBatchCount {
		return refusal("batch message count of %d exceeds limit of %d", len(messages), MaxBatchCount)
	}
	for _, m := range messages {
		if len(m.Body) > MaxMessageSize {
			return refusal("message length of %d bytes exceeds limit of %d", len(m.Body), MaxMessageSize)
		}
		if m.Delay != nil {
			if err := checkDelay(*m.Delay); err != nil {
				return err
			}
		}
		size += len(m.Body)
	}
	if size > MaxBatchSize {
		return refusal("batch size of %d bytes exceeds limit of %d", size, MaxBatchSize)
	}
	return nil
}

func checkDelay(seconds int64) error {
	if seconds < 0 || seconds > MaxDelay {
		return refusal("message delay %d is invalid: it must be from 0 to %d seconds", seconds, MaxDelay)
	}
	return nil
}

// Metrics is what waits: everything but what is being consumed.
func (q *Queue) Metrics() (worker.QueueMetrics, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.use(); err != nil {
		return worker.QueueMetrics{}, err
	}
	return q.metrics()
}

func (q *Queue) metrics() (m worker.QueueMetrics, err error) {
	m.Count, m.Bytes = q.total, q.bytes
	for _, l := range q.leased {
		m.Count--
		m.Bytes -= int64(len(l.body))
	}
	if m.Count > 0 {
		err = q.db.Rows("SELECT place, sent FROM messages ORDER BY place", func(r *store.Stmt) bool {
			_, busy := q.leased[r.Int64(0)]
			if !busy {
				m.Oldest = time.UnixMilli(r.Int64(1))
			}
			return busy
		})
	}
	return m, err
}

// ready reads up to limit messages that are due and not being consumed.
func (q *Queue) ready(limit int) (out []*waiting, err error) {
	err = q.db.Rows("SELECT place, id, sent, attempts, type, body FROM messages WHERE visible <= ? ORDER BY visible, place LIMIT ?", func(r *store.Stmt) bool {
		if place := r.Int64(0); q.leased[place] == nil && len(out) < limit {
			out = append(out, &waiting{place, r.Text(1), r.Int64(2), int(r.Int64(3)), r.Text(4), r.Blob(5)})
		}
		return true
	}, q.now(), limit+len(q.leased))
	return out, err
}

// next is when the next message becomes due that is not yet.
func (q *Queue) next() (at int64, ok bool, err error) {
	_, err = q.db.Row("SELECT min(visible) FROM messages WHERE visible > ?", func(r *store.Stmt) {
		at, ok = r.Int64(0), !r.IsNull(0)
	}, q.now())
	return at, ok, err
}

// settle ends the consumption of a batch: done messages go, the others come back
// after their delay in ms.
func (q *Queue) settle(done []*waiting, again map[*waiting]int64) error {
	now := q.now()
	err := q.db.Tx(func() error {
		for _, m := range done {
			if err := q.db.Exec("DELETE FROM messages WHERE place = ?", m.place); err != nil {
				return err
			}
		}
		for m, delay := range again {
			if err := q.db.Exec("UPDATE messages SET attempts = attempts + 1, visible = ? WHERE place = ?", now+delay, m.place); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		q.account(-1, done...)
	}
	return err
}
