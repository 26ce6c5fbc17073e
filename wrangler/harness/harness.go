// Package harness runs a project of workers inside a Go test: the routes,
// bindings and storage of its wrangler configuration, in this process, without a
// port.
//
//	h := harness.Start(t, harness.Config{Configs: []string{"web/wrangler.jsonc", "api/wrangler.jsonc"}})
//	resp := h.Get("https://example.com/api/notes")
//
// Each harness has storage of its own in a temporary directory, so tests may run
// in parallel. Time is the machine's until Clock holds it. Everything that
// happens is in Trace.
//
// It deliberately does not reach the network, unless Config.Network says how,
// and it does not watch files.
//
// Workers live in UTC, and the engine takes the zone of the process: importing
// the package sets time.Local to time.UTC.
//
// Where the truth is: docs/testing.md.
package harness

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/project"
)

// Config says what to run. The zero value runs the configuration found in the
// directory of the test or above.
type Config struct {
	// Configs are configuration files, or directories that hold one, in load
	// order.
	Configs []string
	// Env names an environment of the configurations.
	Env string
	// Vars override variables of all workers.
	Vars map[string]string
	// State is a directory to begin with, of a session or made by an export; it
	// is copied. "" is empty storage.
	State string
	// Now is when the clock begins, and stands still; zero is the machine's time,
	// running.
	Now time.Time
	// Network answers what workers fetch from outside the project. nil refuses.
	Network http.RoundTripper
	// Quiet keeps what workers log, and exceptions nobody caught, out of the
	// test's log.
	Quiet bool
}

// Harness is a running project.
type Harness struct {
	// Clock is the time of everything in the project.
	Clock *Clock

	t       testing.TB
	project *project.Project
	server  *server.Server
	client  *http.Client
	journal *trace.Journal
}

// Start runs a project until the test is over. What keeps it from running ends
// the test.
func Start(t testing.TB, c Config) *Harness {
	t.Helper()
	h, err := start(t, c)
	if err != nil {
		t.Fatalf("harness: %v", err)
	}
	return h
}

func start(t testing.TB, c Config) (*Harness, error) {
	configs, err := load(c)
	if err != nil {
		return nil, err
	}
	dir := t.TempDir()
	if c.State != "" {
		if err := copyState(c.State, dir); err != nil {
			return nil, err
		}
	}
	clk := clock.NewVirtual(clock.Real)
	if !c.Now.IsZero() {
		clk.Freeze()
		if err := clk.Set(t.Context(), c.Now, func(context.Context) error { return nil }); err != nil {
			return nil, err
		}
	}
	h := &Harness{t: t, journal: trace.NewJournal(0)}
	bus := &trace.Bus{}
	bus.SubscribeDetail(h.journal.Add)
	h.server = server.New(server.Options{Clock: clk, Trace: bus, NotFound: notFound, Failed: failed})
	p, diags := project.New(project.Options{
		Configs: configs, State: dir, Clock: clk, Trace: bus, Network: network{c.Network}, Hold: true,
	}, h.server)
	h.project = p
	t.Cleanup(h.close)
	if diags.HasErrors() {
		return nil, diags
	}
	h.Clock = &Clock{h, clk}
	if !c.Quiet {
		bus.Subscribe(h.log)
	}
	for _, m := range p.Members() {
		if r := p.Build(t.Context(), m); r.Failed() {
			return nil, fmt.Errorf("the worker %s does not build: %w", m.Config.Name, &project.BuildError{Result: r})
		}
	}
	p.Publish()
	h.client = h.newClient()
	return h, nil
}

func load(c Config) ([]*config.Config, error) {
	var locations []config.Location
	if len(c.Configs) == 0 {
		c.Configs = []string{"."}
	}
	for _, path := range c.Configs {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		l := config.Location{Path: path, UserPath: path}
		if info.IsDir() {
			if l, err = config.Find(path); err != nil {
				return nil, err
			}
		}
		if l.Path, err = filepath.Abs(l.Path); err != nil {
			return nil, err
		}
		locations = append(locations, l)
	}
	var configs []*config.Config
	for _, l := range locations {
		// Only what the files say: the environment must not decide about a test.
		found, diags := l.Load(config.LoadOptions{Env: c.Env, Vars: c.Vars, Environ: func(string) (string, bool) { return "", false }})
		if diags.HasErrors() {
			return nil, diags
		}
		configs = append(configs, found)
	}
	return configs, nil
}

func (h *Harness) close() {
	if err := h.project.Close(); err != nil {
		h.t.Errorf("harness: closing: %v", err)
	}
}

// log shows what the workers have to say with the test.
func (h *Harness) log(r trace.Record) {
	switch r.Kind {
	case trace.Log:
		h.t.Logf("[%s] %s: %s", r.Worker, r.Level, r.Name)
	case trace.Exception:
		h.t.Logf("[%s] uncaught: %s\n%s", r.Worker, r.Error, strings.TrimSpace(r.Stack))
	}
}

func notFound(w http.ResponseWriter, _ *http.Request, url string, _ routing.Match) {
	http.Error(w, "no worker of the project answers "+url, http.StatusNotFound)
}

func failed(w http.ResponseWriter, _ *http.Request, worker string, err error) {
	http.Error(w, worker+": "+err.Error(), http.StatusInternalServerError)
}

// Checkpoint is a state of all storage to go back to.
type Checkpoint struct{ c *bindings.Checkpoint }

// Snapshot notes the state of all storage; Restore goes back to it, as often as
// needed. It takes milliseconds, and no copy of what does not change.
func (h *Harness) Snapshot() *Checkpoint {
	h.t.Helper()
	c, err := h.project.Session().Checkpoint(h.t.Context())
	if err != nil {
		h.t.Fatalf("harness: snapshot: %v", err)
	}
	return &Checkpoint{c}
}

// Restore puts the storage back to a snapshot. What workers have under way fails,
// objects are constructed anew, alarms are those of the snapshot.
func (h *Harness) Restore(c *Checkpoint) {
	h.t.Helper()
	h.must(h.project.Session().Return(h.t.Context(), c.c, bindings.RestoreOptions{}))
}

// Reset empties the storage, as Restore to an empty one would.
func (h *Harness) Reset() {
	h.t.Helper()
	h.must(h.project.Session().Reset(h.t.Context(), bindings.RestoreOptions{}))
}

// Settle waits until the workers have nothing to do but to wait for time to pass
// or for something outside.
func (h *Harness) Settle() {
	h.t.Helper()
	h.must(nil, h.project.Session().Settle(h.t.Context()))
}

func (h *Harness) must(_ any, err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("harness: %v", err)
	}
}

// Clock is the time of a project: of Date, timers, alarms, expirations and
// queues.
type Clock struct {
	h *Harness
	c *clock.Virtual
}

// Now is what Date.now() gives.
func (c *Clock) Now() time.Time { return c.c.Now() }

// Freeze makes time stand still.
func (c *Clock) Freeze() { c.c.Freeze() }

// Resume lets time pass again, from where it stands.
func (c *Clock) Resume() { c.c.Resume() }

// Advance moves the time on: everything that falls due runs in order, and each
// step waits for what followed from the one before.
func (c *Clock) Advance(d time.Duration) {
	c.h.t.Helper()
	c.h.must(nil, c.h.project.Session().Advance(c.h.t.Context(), d))
}

// Set moves the time to t, also back. What lies between is due at once.
func (c *Clock) Set(t time.Time) {
	c.h.t.Helper()
	c.h.must(nil, c.h.project.Session().SetTime(c.h.t.Context(), t))
}

// Record is one thing that happened; Records are several, to ask about.
type (
	Record  = trace.Record
	Records = trace.Records
	// Filter says which records are meant, for Records.Filter.
	Filter = trace.Filter
)

// Kinds of records.
const (
	Request    = trace.Request
	Subrequest = trace.Subrequest
	Binding    = trace.Binding
	Storage    = trace.Storage
	Event      = trace.Event
	Object     = trace.Object
	Socket     = trace.Socket
	Log        = trace.Log
	Exception  = trace.Exception
)

// Trace is everything that happened so far.
func (h *Harness) Trace() Records { return h.journal.All() }

// TraceOf is what one request caused, down to the storage. The request's own
// record comes when its answer has been read.
func (h *Harness) TraceOf(resp *http.Response) Records { return h.journal.All().Under(spanOf(resp)) }
