package workflows

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"time"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Status is what an instance is doing, as its status() says.
type Status string

// The statuses.
const (
	Queued     Status = "queued"
	Running    Status = "running"
	Paused     Status = "paused"
	Errored    Status = "errored"
	Terminated Status = "terminated"
	Complete   Status = "complete"
	Pausing    Status = "waitingForPause"
	Waiting    Status = "waiting"
)

// Statuses are all of them.
var Statuses = []Status{Queued, Running, Paused, Errored, Terminated, Complete, Pausing, Waiting}

// Final reports whether nothing more happens to an instance by itself.
func (s Status) Final() bool { return s == Errored || s == Terminated || s == Complete }

// Instance is what is known of an instance.
type Instance struct {
	ID      string
	Status  Status
	Created time.Time
	// Started and Ended are zero before that.
	Started, Ended time.Time

	seq    int64
	params []byte // a clone.Message
}

// Entry is one thing that happened to an instance. Events have the names that
// subscriptions know them by.
type Entry struct {
	ID     int64
	Time   time.Time
	Event  string
	Key    string // of the step, "" if it is about the instance
	Target string // the step's name and number
	Data   json.RawMessage
}

// Times are in milliseconds since 1970. Values are what package clone writes.
const layout = `
CREATE TABLE instances (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE,
	status TEXT NOT NULL,
	created INTEGER NOT NULL,
	started INTEGER NOT NULL DEFAULT 0,
	ended INTEGER NOT NULL DEFAULT 0,
	paused INTEGER NOT NULL DEFAULT 0,
	params BLOB NOT NULL,
	output BLOB
);
CREATE INDEX status ON instances (status);
CREATE TABLE steps (
	instance INTEGER NOT NULL,
	key TEXT NOT NULL,
	state INTEGER NOT NULL DEFAULT 0,
	attempts INTEGER NOT NULL DEFAULT 0,
	due INTEGER NOT NULL DEFAULT 0,
	config TEXT NOT NULL DEFAULT '',
	value BLOB,
	stream INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (instance, key)
) WITHOUT ROWID;
CREATE TABLE chunks (
	instance INTEGER NOT NULL,
	key TEXT NOT NULL,
	attempt INTEGER NOT NULL,
	place INTEGER NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (instance, key, attempt, place)
);
CREATE TABLE log (
	instance INTEGER NOT NULL,
	id INTEGER NOT NULL,
	time INTEGER NOT NULL,
	event TEXT NOT NULL,
	key TEXT NOT NULL,
	target TEXT NOT NULL,
	data TEXT NOT NULL,
	PRIMARY KEY (instance, id)
) WITHOUT ROWID;
CREATE TABLE events (
	place INTEGER PRIMARY KEY AUTOINCREMENT,
	instance INTEGER NOT NULL,
	type TEXT NOT NULL,
	payload BLOB NOT NULL,
	time INTEGER NOT NULL
);
CREATE INDEX waiting ON events (instance, type, place);
CREATE TABLE mocks (
	id TEXT NOT NULL,
	key TEXT NOT NULL,
	value BLOB NOT NULL,
	PRIMARY KEY (id, key)
) WITHOUT ROWID;
`

var errClosed = errors.New("workflows: the workflow is closed")

// databaseName is the file in a Workflow's folder.
const databaseName = "workflow.sqlite"

// use opens the database. The caller holds w.mu.
func (w *Workflow) use() error {
	switch {
	case w.closed:
		return errClosed
	case w.db != nil:
		return nil
	}
	db, err := store.Open(w.path, store.Options{Exclusive: true})
	if err != nil {
		return err
	}
	if err := db.Migrate("layout", layout); err != nil {
		return errors.Join(err, db.Close())
	}
	w.db = db
	return nil
}

func (w *Workflow) dir() string { return filepath.Dir(w.path) }

func (w *Workflow) now() int64 { return w.clock.Now().UnixMilli() }

const instanceColumns = "seq, id, status, created, started, ended, params"

func scanInstance(r *store.Stmt) *Instance {
	at := func(i int) time.Time {
		if ms := r.Int64(i); ms != 0 {
			return time.UnixMilli(ms)
		}
		return time.Time{}
	}
	return &Instance{seq: r.Int64(0), ID: r.Text(1), Status: Status(r.Text(2)), Created: at(3), Started: at(4), Ended: at(5), params: r.Blob(6)}
}

// find reads an instance, nil if there is none. The caller holds w.mu.
func (w *Workflow) find(id string) (in *Instance, err error) {
	if err := w.use(); err != nil {
		return nil, err
	}
	_, err = w.db.Row("SELECT "+instanceColumns+" FROM instances WHERE id = ?", func(r *store.Stmt) { in = scanInstance(r) }, id)
	return in, err
}

// insert makes an instance. The caller is in a transaction.
func (w *Workflow) insert(id string, params []byte) (*Instance, error) {
	if params == nil {
		params = []byte{}
	}
	now := w.now()
	if err := w.db.Exec("INSERT INTO instances (id, status, created, params) VALUES (?, ?, ?, ?)", id, string(Queued), now, params); err != nil {
		return nil, err
	}
	in := &Instance{ID: id, Status: Queued, Created: time.UnixMilli(now), seq: w.db.LastInsertID(), params: params}
	return in, errors.Join(w.begun(in), w.introspect(id), w.mockedEvents(in))
}

// begun logs that an instance is to run from its beginning.
func (w *Workflow) begun(in *Instance) error {
	return errors.Join(w.log(in, "workflow_queued", "", "", nil), w.log(in, "workflow_started", "", "", nil))
}

// log appends to what happened to an instance. data is JSON, nil for {}.
func (w *Workflow) log(in *Instance, event, key, target string, data []byte) error {
	if data == nil {
		data = []byte("{}")
	}
	return w.db.Exec(`INSERT INTO log (instance, id, time, event, key, target, data)
		SELECT ?, ifnull(max(id), 0) + 1, ?, ?, ?, ?, ? FROM log WHERE instance = ?`, in.seq, w.now(), event, key, target, string(data), in.seq)
}

// statusEvents are logged when an instance changes to a status.
var statusEvents = map[Status]string{Queued: "workflow_queued", Running: "workflow_running", Paused: "workflow_paused", Pausing: "workflow_waiting_for_pause",
	Waiting: "workflow_waiting", Terminated: "workflow_terminated"}

// setStatus changes what an instance is doing. The caller is in a transaction.
func (w *Workflow) setStatus(in *Instance, s Status) error {
	if in.Status == s {
		return nil
	}
	in.Status = s
	var err error
	switch now := w.now(); {
	case s == Running && in.Started.IsZero():
		in.Started = time.UnixMilli(now)
		err = w.db.Exec("UPDATE instances SET status = ?, started = ? WHERE seq = ?", string(s), now, in.seq)
	case s.Final():
		in.Ended = time.UnixMilli(now)
		err = w.db.Exec("UPDATE instances SET status = ?, ended = ? WHERE seq = ?", string(s), now, in.seq)
	default:
		err = w.db.Exec("UPDATE instances SET status = ? WHERE seq = ?", string(s), in.seq)
	}
	if event := statusEvents[s]; event != "" && err == nil {
		err = w.log(in, event, "", "", nil)
	}
	return err
}

// entries reads the log of an instance after an entry.
func (w *Workflow) entries(in *Instance, after int64) (out []Entry, err error) {
	err = w.db.Rows("SELECT id, time, event, key, target, data FROM log WHERE instance = ? AND id > ? ORDER BY id", func(r *store.Stmt) bool {
		out = append(out, Entry{r.Int64(0), time.UnixMilli(r.Int64(1)), r.Text(2), r.Text(3), r.Text(4), json.RawMessage(r.Text(5))})
		return true
	}, in.seq, after)
	return out, err
}

// unfinished are the instances that somebody has to run.
func (w *Workflow) unfinished() (out []*Instance, err error) {
	err = w.db.Rows("SELECT "+instanceColumns+" FROM instances WHERE status IN (?, ?, ?, ?) ORDER BY seq", func(r *store.Stmt) bool {
		out = append(out, scanInstance(r))
		return true
	}, string(Queued), string(Running), string(Waiting), string(Pausing))
	return out, err
}

// wipe forgets what steps an instance did.
func (w *Workflow) wipe(in *Instance) error {
	for _, table := range []string{"steps", "log", "events", "chunks"} {
		if err := w.db.Exec("DELETE FROM "+table+" WHERE instance = ?", in.seq); err != nil {
			return err
		}
	}
	return nil
}
