package workflows

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// What a test can have an instance do, before it is made or after. Each is a row
// of mocks; what is about a step goes on with its name and number.
const (
	mockResult       = "result:"
	mockStream       = "stream:"
	mockError        = "error:"
	mockTimeout      = "timeout:"
	mockNext         = "next:" // the attempt that the next error or timeout is for
	mockEventTimeout = "event timeout:"
	mockSleep        = "sleep:"
	mockRetry        = "retry:"
	mockEvent        = "event:" // for an instance that is not there yet
	mockAll          = "*"
)

func stepTarget(name string, count int64) string { return name + "-" + strconv.FormatInt(count, 10) }

// mocks is what a test wants of an attempt.
type mocks struct {
	result  []byte
	stream  []byte
	err     *jsg.Error
	timeout bool
}

// mock reads a mock, nil if there is none. The caller holds w.mu.
func (w *Workflow) mock(id, key string) (value []byte, err error) {
	_, err = w.db.Row("SELECT value FROM mocks WHERE id = ? AND key = ?", func(r *store.Stmt) { value = append([]byte{}, r.Blob(0)...) }, id, key)
	return value, err
}

func (w *Workflow) mocked(id, key string) (bool, error) {
	v, err := w.mock(id, key)
	return v != nil, err
}

// anyMock finds the first of some mocks.
func (w *Workflow) anyMock(id string, keys ...string) (value []byte, err error) {
	for _, key := range keys {
		if value, err = w.mock(id, key); err != nil || value != nil {
			return value, err
		}
	}
	return nil, nil
}

// setMock is called in a transaction.
func (w *Workflow) setMock(id, key string, value []byte) error {
	if value == nil {
		value = []byte{}
	}
	return w.db.Exec("INSERT INTO mocks (id, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", id, key, value)
}

// mocks are those for the attempt that has begun.
func (r *run) mocks(d *doing) (m mocks, err error) {
	if d.prefix != "" {
		return m, nil
	}
	id, attempt := r.in.ID, ":"+strconv.FormatInt(d.attempts, 10)
	err = r.locked(func() error {
		failure, err := r.w.anyMock(id, mockError+d.target, mockError+d.target+attempt)
		if err != nil {
			return err
		}
		if failure != nil {
			name, message, _ := strings.Cut(string(failure), "\n")
			m.err = &jsg.Error{Name: name, Message: message}
			return nil
		}
		late, err := r.w.anyMock(id, mockTimeout+d.target, mockTimeout+d.target+attempt)
		if err != nil {
			return err
		}
		if m.timeout = late != nil; m.timeout {
			return nil
		}
		if m.result, err = r.w.mock(id, mockResult+d.target); err != nil || m.result != nil {
			return err
		}
		m.stream, err = r.w.mock(id, mockStream+d.target)
		return err
	})
	return m, err
}

func (m mocks) replaces() bool { return m.result != nil || m.stream != nil }

// replaced ends an attempt with the result that a test gave.
func (at *attempt) replaced(js *jsg.Scope, m mocks) {
	if m.stream != nil {
		at.mockStream(js, m.stream)
		return
	}
	v, err := read(js, m.result)
	if err != nil {
		at.failed(js, thrown(js, err))
		return
	}
	at.succeeded(js, v)
}

// mockStream ends an attempt with a stream that a test gave.
func (at *attempt) mockStream(js *jsg.Scope, data []byte) {
	d := at.d
	at.decide()
	err := d.r.commit(func() error {
		return d.r.w.db.Exec("INSERT OR REPLACE INTO chunks (instance, key, attempt, place, data) VALUES (?, ?, 0, 0, ?)", d.r.in.seq, d.key, data)
	})
	if err != nil {
		d.lost(js, err)
		return
	}
	at.streamKept(js, 0, int64(len(data)))
}

// sleepsOff reports whether a test wants a sleep to be over at once. The caller
// holds w.mu.
func (r *run) sleepsOff(name string, count int64) (bool, error) {
	v, err := r.w.anyMock(r.in.ID, mockSleep+mockAll, mockSleep+stepTarget(name, count))
	return v != nil, err
}

// retriesAtOnce reports whether a test wants no delay before a retry.
func (r *run) retriesAtOnce(d *doing) (off bool, err error) {
	err = r.locked(func() error {
		v, err := r.w.anyMock(r.in.ID, mockRetry+mockAll, mockRetry+d.target)
		off = v != nil
		return err
	})
	return off, err
}

// mockable refuses a second mock of a step's result. what says what was tried.
func (w *Workflow) mockable(id, target, name, what string) error {
	v, err := w.anyMock(id, mockResult+target, mockStream+target)
	if err == nil && v != nil {
		err = &Error{Message: fmt.Sprintf("[WorkflowIntrospector] Trying to "+what, name)}
	}
	return err
}

// mockTimes sets a mock for the next attempts of a step, or with 0 for all.
func (w *Workflow) mockTimes(id, kind, target string, times int64, value []byte) error {
	if times <= 0 {
		return w.setMock(id, kind+target, value)
	}
	next := int64(1)
	if v, err := w.mock(id, mockNext+target); err != nil {
		return err
	} else if v != nil {
		next, _ = strconv.ParseInt(string(v), 10, 64)
	}
	for i := range times {
		if err := w.setMock(id, kind+target+":"+strconv.FormatInt(next+i, 10), value); err != nil {
			return err
		}
	}
	return w.setMock(id, mockNext+target, strconv.AppendInt(nil, next+times, 10))
}

// addMockEvent keeps an event for an instance that is still to be made.
func (w *Workflow) addMockEvent(id, kind string, payload []byte) error {
	var n int64
	if _, err := w.db.Row("SELECT count(*) FROM mocks WHERE id = ? AND key >= ? AND key < ?", func(r *store.Stmt) { n = r.Int64(0) }, id, mockEvent, mockEvent+"~"); err != nil {
		return err
	}
	return w.setMock(id, fmt.Sprintf("%s%08d:%s", mockEvent, n, kind), payload)
}

// mockedEvents sends a new instance the events a test had for it.
func (w *Workflow) mockedEvents(in *Instance) error {
	var kinds []string
	var payloads [][]byte
	err := w.db.Rows("SELECT key, value FROM mocks WHERE id = ? AND key >= ? AND key < ? ORDER BY key", func(r *store.Stmt) bool {
		_, kind, _ := strings.Cut(strings.TrimPrefix(r.Text(0), mockEvent), ":")
		kinds, payloads = append(kinds, kind), append(payloads, r.Blob(1))
		return true
	}, in.ID, mockEvent, mockEvent+"~")
	for i, kind := range kinds {
		err = errors.Join(err, w.addEvent(in, kind, payloads[i]))
	}
	return err
}
