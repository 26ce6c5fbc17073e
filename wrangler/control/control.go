// Package control is what tests and commands can ask of a running session over
// HTTP, below /cdn-cgi/local/: state, clock, trace, objects and alarms. The
// guard against other sites is the server's.
//
// Where the truth is: docs/testing.md.
package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/durable"
	"github.com/miniworker/miniworker/bindings/state"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/actor"
)

// Prefix is where the addresses begin.
const Prefix = "/cdn-cgi/local/"

// API answers for a session.
type API struct {
	// Session gives the session as it is now; nil while there is none.
	Session func() *bindings.Session
	// Journal has what happened lately; nil leaves the trace out.
	Journal *trace.Journal
}

// Mux is what addresses are added to: an *http.ServeMux, or one that notes them.
type Mux interface {
	HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request))
}

// Handle adds the addresses to a mux.
func (a *API) Handle(mux Mux) {
	for pattern, f := range map[string]func(s *bindings.Session, r *http.Request) (any, error){
		"GET clock":                       a.clock,
		"POST clock/freeze":               a.freeze,
		"POST clock/resume":               a.resume,
		"POST clock/reset":                a.resetClock,
		"POST clock/advance":              a.advance,
		"POST clock/set":                  a.set,
		"GET state":                       list,
		"POST state/reset":                reset,
		"GET state/diff":                  diff,
		"POST state/{name}":               snapshot,
		"DELETE state/{name}":             remove,
		"POST state/{name}/restore":       restore,
		"PUT state/{name}":                importState,
		"GET objects":                     objects,
		"GET alarms":                      alarms,
		"POST alarms/{namespace}/{id}":    runAlarm,
		"DELETE objects/{namespace}/{id}": evict,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+Prefix+path, a.answer(f))
	}
	mux.HandleFunc("GET "+Prefix+"state/{name}", a.export)
	if a.Journal != nil {
		mux.HandleFunc("GET "+Prefix+"trace", a.trace)
	}
}

func (a *API) answer(f func(s *bindings.Session, r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s := a.Session()
		if s == nil {
			refuse(w, http.StatusServiceUnavailable, errors.New("the session is starting or stopping"))
			return
		}
		v, err := f(s, r)
		if err != nil {
			refuse(w, statusOf(err), err)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		_ = e.Encode(v) // the client may be gone
	}
}

// badRequest is an error of the caller.
type badRequest struct{ error }

func statusOf(err error) int {
	if errors.Is(err, state.ErrNoSnapshot) {
		return http.StatusNotFound
	}
	if _, ok := errors.AsType[badRequest](err); ok {
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// Failure is what is answered instead when something is refused.
type Failure struct {
	Error string `json:"error"`
}

func refuse(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(Failure{err.Error()}) // the client may be gone
}

// Clock is how the clock stands.
type Clock struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
	// OffsetMillis is how far it is ahead of the machine's.
	OffsetMillis int64 `json:"offset_ms"`
	Timers       int   `json:"timers"`
}

func (a *API) clock(s *bindings.Session, _ *http.Request) (any, error) {
	c, err := s.VirtualClock()
	if err != nil {
		return nil, err
	}
	return Clock{c.Now(), c.Frozen(), c.Offset().Milliseconds(), c.Pending()}, nil
}

// moved does something with the clock and tells how it stands then.
func (a *API) moved(s *bindings.Session, r *http.Request, f func(c *clock.Virtual) error) (any, error) {
	c, err := s.VirtualClock()
	if err == nil {
		err = f(c)
	}
	if err != nil {
		return nil, err
	}
	return a.clock(s, r)
}

func (a *API) freeze(s *bindings.Session, r *http.Request) (any, error) {
	return a.moved(s, r, func(c *clock.Virtual) error { c.Freeze(); return nil })
}

func (a *API) resume(s *bindings.Session, r *http.Request) (any, error) {
	return a.moved(s, r, func(c *clock.Virtual) error { c.Resume(); return nil })
}

func (a *API) resetClock(s *bindings.Session, r *http.Request) (any, error) {
	return a.moved(s, r, func(c *clock.Virtual) error { c.Reset(); return nil })
}

func (a *API) advance(s *bindings.Session, r *http.Request) (any, error) {
	d, err := clock.ParseDuration(r.URL.Query().Get("by"))
	if err != nil {
		return nil, badRequest{err}
	}
	return a.moved(s, r, func(*clock.Virtual) error { return s.Advance(r.Context(), d) })
}

func (a *API) set(s *bindings.Session, r *http.Request) (any, error) {
	t, err := ParseTime(r.URL.Query().Get("to"))
	if err != nil {
		return nil, badRequest{err}
	}
	return a.moved(s, r, func(*clock.Virtual) error { return s.SetTime(r.Context(), t) })
}

// ParseTime reads a time as RFC 3339, a date, or milliseconds since 1970.
func ParseTime(s string) (time.Time, error) {
	if ms, err := strconv.ParseInt(s, 10, 64); err == nil {
		return time.UnixMilli(ms), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time: write 2026-03-01T12:00:00Z, 2026-03-01, or milliseconds since 1970", s)
}

// Snapshot describes a snapshot.
type Snapshot struct {
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	Files   int       `json:"files"`
	Bytes   int64     `json:"bytes"`
	Copied  int64     `json:"copied"`
}

func describe(s *state.Snapshot) Snapshot {
	return Snapshot{s.Name, s.Created, len(s.Files), s.Bytes, s.Copied}
}

func list(s *bindings.Session, _ *http.Request) (any, error) {
	all, err := s.Snapshots()
	out := make([]Snapshot, len(all))
	for i, x := range all {
		out[i] = describe(x)
	}
	return out, err
}

func snapshot(s *bindings.Session, r *http.Request) (any, error) {
	x, err := s.Snapshot(r.Context(), r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return describe(x), nil
}

func restore(s *bindings.Session, r *http.Request) (any, error) {
	return s.Restore(r.Context(), r.PathValue("name"), bindings.RestoreOptions{})
}

func reset(s *bindings.Session, r *http.Request) (any, error) {
	return s.Reset(r.Context(), bindings.RestoreOptions{})
}

func remove(s *bindings.Session, r *http.Request) (any, error) {
	return struct{}{}, s.RemoveSnapshot(r.PathValue("name"))
}

func importState(s *bindings.Session, r *http.Request) (any, error) {
	x, err := s.Import(r.PathValue("name"), r.Body)
	if err != nil {
		return nil, badRequest{err}
	}
	return describe(x), nil
}

// diff compares ?from= with ?to=, the state as it is now where one is not given.
func diff(s *bindings.Session, r *http.Request) (any, error) {
	q := r.URL.Query()
	list, err := s.Diff(r.Context(), q.Get("from"), q.Get("to"))
	if list == nil {
		list = []state.Difference{}
	}
	return list, err
}

// export answers with an archive; the name "@now" is the state as it is.
func (a *API) export(w http.ResponseWriter, r *http.Request) {
	s, name := a.Session(), r.PathValue("name")
	if s == nil {
		refuse(w, http.StatusServiceUnavailable, errors.New("the session is starting or stopping"))
		return
	}
	if name == Now {
		name = ""
	}
	began := false
	err := s.Export(r.Context(), name, writerFunc(func(p []byte) (int, error) {
		if !began {
			began = true
			w.Header().Set("Content-Type", "application/gzip")
		}
		return w.Write(p)
	}))
	switch {
	case err != nil && !began:
		refuse(w, statusOf(err), err)
	case err != nil:
		panic(http.ErrAbortHandler) // so that the client sees that it is not whole
	}
}

// Now stands for the state as it is, in the place of the name of a snapshot.
const Now = "@now"

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// Object is a Durable Object that has stored something or is running.
type Object struct {
	Namespace string `json:"namespace"` // WORKER-CLASS
	ID        string `json:"id"`
	Name      string `json:"name,omitempty"`
	Running   bool   `json:"running"`
}

func objects(s *bindings.Session, _ *http.Request) (any, error) {
	out := []Object{}
	err := durable.Each(s, func(key string, ns *actor.Namespace, store *durable.Namespace) error {
		known := map[string]*Object{}
		stored, err := store.Objects()
		if err != nil {
			return err
		}
		for _, o := range stored {
			known[o.ID] = &Object{Namespace: key, ID: o.ID, Name: o.Name}
		}
		for _, id := range ns.Running() {
			if known[id.Hex] == nil {
				known[id.Hex] = &Object{Namespace: key, ID: id.Hex, Name: id.Name}
			}
			known[id.Hex].Running = true
		}
		for _, id := range slices.Sorted(maps.Keys(known)) {
			out = append(out, *known[id])
		}
		return nil
	})
	return out, err
}

// Alarm is a pending alarm.
type Alarm struct {
	Namespace string    `json:"namespace"`
	ID        string    `json:"id"`
	Name      string    `json:"name,omitempty"`
	At        time.Time `json:"at"`
}

func alarms(s *bindings.Session, _ *http.Request) (any, error) {
	out := []Alarm{}
	err := durable.Each(s, func(key string, ns *actor.Namespace, _ *durable.Namespace) error {
		for _, a := range ns.Alarms() {
			out = append(out, Alarm{key, a.ID.Hex, a.ID.Name, a.At.UTC()})
		}
		return nil
	})
	return out, err
}

// withObject finds the object of a path, by id or name.
func withObject(s *bindings.Session, r *http.Request, f func(ns *actor.Namespace, id actor.ID) bool, otherwise string) (any, error) {
	want, id := r.PathValue("namespace"), r.PathValue("id")
	found, done := false, false
	err := durable.Each(s, func(key string, ns *actor.Namespace, _ *durable.Namespace) error {
		if key != want {
			return nil
		}
		found = true
		object, err := ns.Parse(id)
		if err != nil {
			object = ns.FromName(id)
		}
		done = f(ns, object)
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, badRequest{fmt.Errorf("there is no Durable Object namespace %q; GET %sobjects lists them", want, Prefix)}
	case !done:
		return nil, badRequest{fmt.Errorf("the object %s %s", id, otherwise)}
	}
	return struct{}{}, s.Settle(r.Context())
}

func runAlarm(s *bindings.Session, r *http.Request) (any, error) {
	return withObject(s, r, (*actor.Namespace).RunAlarm, "has no alarm")
}

func evict(s *bindings.Session, r *http.Request) (any, error) {
	return withObject(s, r, (*actor.Namespace).Evict, "is not running, or busy")
}

// trace answers with the records of lately, ?span= with those a request caused;
// for clients that take event streams it goes on with what comes.
func (a *API) trace(w http.ResponseWriter, r *http.Request) {
	span, _ := strconv.ParseUint(r.URL.Query().Get("span"), 10, 64)
	records := func() trace.Records {
		all := a.Journal.All()
		if span != 0 {
			return all.Under(span)
		}
		return all
	}
	switch {
	case r.Header.Get("Accept") == "text/event-stream":
		a.stream(r.Context(), w)
	case r.URL.Query().Get("format") == "otlp":
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = records().WriteOTLP(w) // the client may be gone
	case r.URL.Query().Get("format") == "text":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, records().String())
	default:
		a.answer(func(*bindings.Session, *http.Request) (any, error) { return records(), nil })(w, r)
	}
}

func (a *API) stream(ctx context.Context, w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	flush := http.NewResponseController(w).Flush
	next := make(chan trace.Record, 1000)
	defer a.Journal.Follow(next)()
	if flush() != nil {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case rec := <-next:
			text, err := json.Marshal(rec)
			if err != nil {
				continue
			}
			if _, err := fmt.Fprintf(w, "data: %s\n\n", text); err != nil {
				return
			}
			if len(next) == 0 && flush() != nil {
				return
			}
		}
	}
}
