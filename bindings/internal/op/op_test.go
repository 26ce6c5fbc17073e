package op

import (
	"context"
	"errors"
	"testing"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// event runs f as an event and gives what the promise it returns settles to.
func event(t *testing.T, bus *trace.Bus, gate iocontext.Gate, f func(js *jsg.Scope) jsg.Value) (value string, err error) {
	t.Helper()
	iso := isolate.New(isolate.Options{Name: "w", Trace: bus, Install: []func(*jsg.Scope){iocontext.Install}})
	defer func() { iso.Dispose(); <-iso.Done() }()
	c := iocontext.New(iso, context.Background(), iocontext.Info{})
	c.Gate = gate
	done := make(chan struct{})
	c.Post(&iocontext.Frame{IO: c}, func(js *jsg.Scope) {
		p := f(js)
		if state, _ := jsg.Settled(p); state != jsg.Pending {
			t.Error("the promise settled in the turn of the call")
		}
		c.Await(js, p, func(js *jsg.Scope, v jsg.Value, failed error) {
			if err = failed; err == nil {
				value = v.String()
			}
			close(done)
		})
	})
	<-done
	return value, err
}

func answer(js *jsg.Scope, v string) (jsg.Value, error) { return js.String(v), nil }

func TestResults(t *testing.T) {
	for _, quick := range []bool{true, false} {
		k := Call{Binding: "B", Method: "m", Quick: quick, Error: func(err error) error { return jsg.TypeErrorf("seen: %v", err) }}
		got, err := event(t, nil, nil, func(js *jsg.Scope) jsg.Value {
			return Run(js, k, func(context.Context) (string, error) { return "done", nil }, answer)
		})
		if got != "done" || err != nil {
			t.Error(got, err)
		}
		_, err = event(t, nil, nil, func(js *jsg.Scope) jsg.Value {
			return Run(js, k, func(context.Context) (string, error) { return "", errors.New("no") }, answer)
		})
		if err == nil || err.Error() != "TypeError: seen: no" {
			t.Error(err)
		}
	}
}

// closedGate opens on demand.
type closedGate struct{ waiting chan func() }

func (g *closedGate) Admit(_ any, turn func()) { turn() }
func (g *closedGate) Output(send func())       { g.waiting <- send }

func TestCallsOfObjectsWaitForTheirOutput(t *testing.T) {
	g := &closedGate{make(chan func(), 1)}
	worked := make(chan struct{})
	got, err := event(t, nil, g, func(js *jsg.Scope) jsg.Value {
		p := Run(js, Call{Quick: true}, func(context.Context) (string, error) { close(worked); return "done", nil }, answer)
		select {
		case <-worked:
			t.Error("the work was done before the gate opened")
		default:
		}
		(<-g.waiting)()
		return p
	})
	if got != "done" || err != nil {
		t.Error(got, err)
	}
}

func TestNoCallsOutsideOfEvents(t *testing.T) {
	iso := isolate.New(isolate.Options{Install: []func(*jsg.Scope){iocontext.Install}})
	defer func() { iso.Dispose(); <-iso.Done() }()
	if err := iso.Do(func(js *jsg.Scope) {
		p := Run(js, Call{}, func(context.Context) (string, error) { t.Error("worked"); return "", nil }, answer)
		state, reason := jsg.Settled(p)
		if state != jsg.RejectedState {
			t.Error("not rejected:", reason)
		}
		js.MarkHandled(p)
	}); err != nil {
		t.Error(err)
	}
}

func TestTrace(t *testing.T) {
	var bus trace.Bus
	var records []trace.Record
	bus.Subscribe(func(r trace.Record) { records = append(records, r) })
	k := Call{Binding: "B", Method: "get", Key: "key", Quick: true, Error: func(err error) error { return err }}
	_, err := event(t, &bus, nil, func(js *jsg.Scope) jsg.Value {
		return Run(js, k, func(context.Context) (string, error) { return "", jsg.Errorf("no") }, answer)
	})
	if err == nil || len(records) != 1 || records[0].Name != "B.get key" || records[0].Error != "Error: no" || records[0].Kind != trace.Binding {
		t.Error(err, records)
	}
}
