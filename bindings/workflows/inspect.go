package workflows

import (
	"encoding/json"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Report is an instance with all that happened to it.
type Report struct {
	*Instance
	Log []Entry
}

// Describe reports on an instance.
func (w *Workflow) Describe(id string) (*Report, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	in, err := w.find(id)
	switch {
	case err != nil:
		return nil, err
	case in == nil:
		return nil, errNotFound
	}
	log, err := w.shownLog(in)
	return &Report{in, log}, err
}

// shownLog is the log with the beginning of what streams had.
func (w *Workflow) shownLog(in *Instance) ([]Entry, error) {
	log, err := w.entries(in, 0)
	if err != nil {
		return nil, err
	}
	for i, e := range log {
		if !strings.HasSuffix(e.Event, "step_completed") {
			continue
		}
		var data struct{ Stream, Attempt *int64 }
		if json.Unmarshal(e.Data, &data) != nil || data.Stream == nil || data.Attempt == nil {
			continue
		}
		text, err := w.preview(in, e.Key, *data.Attempt, *data.Stream)
		if err != nil {
			return nil, err
		}
		log[i].Data = entry("result", text)
	}
	return log, nil
}

// List gives instances, newest first, in pages; those of one status, or with "" of
// all. more is set if there are others.
func (w *Workflow) List(status Status, limit, offset int) (out []*Instance, more bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || !w.exists() {
		return nil, false, nil
	}
	if err := w.use(); err != nil {
		return nil, false, err
	}
	err = w.db.Rows("SELECT "+instanceColumns+" FROM instances WHERE ? = '' OR status = ? ORDER BY seq DESC LIMIT ? OFFSET ?", func(r *store.Stmt) bool {
		out = append(out, scanInstance(r))
		return true
	}, string(status), string(status), limit+1, offset)
	if len(out) > limit {
		out, more = out[:limit], true
	}
	return out, more, err
}

// Counts tells how many instances there are, by status.
func (w *Workflow) Counts() (map[Status]int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[Status]int64{}
	if w.closed || !w.exists() {
		return out, nil
	}
	if err := w.use(); err != nil {
		return nil, err
	}
	return out, w.db.Rows("SELECT status, count(*) FROM instances GROUP BY status", func(r *store.Stmt) bool {
		out[Status(r.Text(0))] = r.Int64(1)
		return true
	})
}

// stepName is the name in a step's target.
func stepName(target string) string {
	if i := strings.LastIndexByte(target, '-'); i >= 0 {
		return target[:i]
	}
	return target
}

// last is the newest data of an event, nil if it never happened.
func (r *Report) last(event string) json.RawMessage {
	for i := len(r.Log) - 1; i >= 0; i-- {
		if r.Log[i].Event == event {
			return r.Log[i].Data
		}
	}
	return nil
}

// Output is what run() returned, and Failure why the instance failed: JSON, nil for
// none.
func (r *Report) Output() json.RawMessage  { return member(r.last("workflow_completed"), "result") }
func (r *Report) Failure() json.RawMessage { return member(r.last("workflow_errored"), "error") }

func member(data json.RawMessage, name string) json.RawMessage {
	var fields map[string]json.RawMessage
	if data == nil || json.Unmarshal(data, &fields) != nil {
		return nil
	}
	return fields[name]
}

// wrap is what status() gives.
func (r *Report) wrap(js *jsg.Scope) (jsg.Value, error) {
	var failed error
	read := func(data json.RawMessage) jsg.Value {
		if data == nil {
			return jsg.Undefined
		}
		v, err := js.JSONParse(string(data))
		if err != nil {
			failed = err
			return jsg.Undefined
		}
		return v
	}
	var outputs []jsg.Value
	for _, e := range r.Log {
		switch e.Event {
		case "step_completed":
			outputs = append(outputs, read(member(e.Data, "result")))
		case "wait_completed":
			outputs = append(outputs, read(member(e.Data, "payload")))
		}
	}
	output := read(r.Output())
	if jsg.IsUndefined(output) {
		output = jsg.Null
	}
	return js.Record("status", string(r.Status), "__LOCAL_DEV_STEP_OUTPUTS", js.NewArray(outputs...), "output", output, "error", read(r.Failure())), failed
}
