package workflows

import "github.com/miniworker/miniworker/bindings/internal/store"

// How far a step is.
const (
	stepBegun  = iota // attempted, slept or waited
	stepDone          // value is what it came to
	stepFailed        // value is what it threw
)

// stepRow is a step on disk.
type stepRow struct {
	state    int64
	attempts int64
	due      int64 // when a sleep, a wait or the delay of a retry is over; 0 for none
	config   string
	value    []byte
	// stream is the attempt whose chunks are the value, plus one; 0 for none.
	stream int64
}

// step reads a step, nil if it was never begun. The caller holds w.mu.
func (w *Workflow) step(in *Instance, key string) (row *stepRow, err error) {
	_, err = w.db.Row("SELECT state, attempts, due, config, value, stream FROM steps WHERE instance = ? AND key = ?", func(r *store.Stmt) {
		row = &stepRow{r.Int64(0), r.Int64(1), r.Int64(2), r.Text(3), r.Blob(4), r.Int64(5)}
	}, in.seq, key)
	return row, err
}

func (w *Workflow) beginStep(in *Instance, key, config string, due int64) error {
	return w.db.Exec("INSERT INTO steps (instance, key, config, due) VALUES (?, ?, ?, ?)", in.seq, key, config, due)
}

// endStep notes what a step came to.
func (w *Workflow) endStep(in *Instance, key string, state int64, value []byte, stream int64) error {
	if value == nil {
		value = []byte{}
	}
	return w.db.Exec("UPDATE steps SET state = ?, value = ?, stream = ?, due = 0 WHERE instance = ? AND key = ?", state, value, stream, in.seq, key)
}

func (w *Workflow) setAttempts(in *Instance, key string, n, due int64) error {
	return w.db.Exec("UPDATE steps SET attempts = ?, due = ? WHERE instance = ? AND key = ?", n, due, in.seq, key)
}

// postpone moves everything an instance waits for.
func (w *Workflow) postpone(in *Instance, ms int64) error {
	return w.db.Exec("UPDATE steps SET due = due + ? WHERE instance = ? AND due > 0", ms, in.seq)
}

// event is an event that was sent to an instance.
type event struct {
	place   int64
	kind    string
	payload []byte
	time    int64
}

// nextEvent is the oldest event of a type that nobody waited for, nil if none.
func (w *Workflow) nextEvent(in *Instance, kind string) (e *event, err error) {
	_, err = w.db.Row("SELECT place, type, payload, time FROM events WHERE instance = ? AND type = ? ORDER BY place LIMIT 1", func(r *store.Stmt) {
		e = &event{r.Int64(0), r.Text(1), r.Blob(2), r.Int64(3)}
	}, in.seq, kind)
	return e, err
}
