package vitest

import (
	"context"
	"maps"
	"os"
	"sync/atomic"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/project"
	"github.com/miniworker/miniworker/wrangler/vitest/coverage"
)

// copy is one copy of the project.
type projectCopy struct {
	project *project.Project
	main    *project.Member
	dir     string
	span    trace.Span
	server  *server.Server
	// journal has what happened since the test began.
	journal *trace.Journal
	mock    fetchMock
	host    *host
	stop    func()
	// closed is set when what its workers still say is of no interest.
	closed atomic.Bool
}

// traceLimit is how many records of a test are kept, the newest.
const traceLimit = 50_000

func (r *fileRun) copy(ctx context.Context) (*projectCopy, error) {
	bus := &trace.Bus{}
	clk := clock.NewVirtual(clock.Real)
	srv := server.New(server.Options{Clock: clk, Trace: bus, Network: r.s.network})
	c := &projectCopy{dir: r.s.dir(), span: trace.NewSpan(), server: srv, journal: trace.NewJournal(traceLimit)}
	r.journal = c.journal
	c.host = &host{run: r, copy: c, stash: &stash{clock: clk}, mock: &c.mock, tests: map[string]*running{}, leftover: map[string][]string{}}
	p, diags := project.New(project.Options{
		Configs: r.s.configs, State: c.dir, Clock: clk, Trace: bus, Heap: r.s.heap, Network: r.s.network, Hold: true, Rejects: true,
		Extend: func(m *project.Member, o *worker.Options) { r.extend(c, m, o) },
	}, srv)
	if diags.HasErrors() {
		p.Close()
		return nil, diags
	}
	c.host.stash.session = p.Session()
	c.project, c.main = p, p.Member(r.s.main(r.file.Path).Config.Name)
	r.file.member = c.main
	c.stop = bus.Subscribe(func(rec trace.Record) { r.record(c, rec) })
	bus.SubscribeDetail(c.journal.Add)
	c.main.Use(r.compiled)
	for _, m := range p.Members() {
		if other := r.s.compiled[m.Config.Name]; other != nil && m != c.main {
			m.Use(other)
		}
		if m.Config.Main == "" && m != c.main {
			continue
		}
		if result := p.BuildCompiled(ctx, m); result.Failed() {
			c.close()
			return nil, &project.BuildError{Result: result}
		}
	}
	p.Publish()
	return c, nil
}

// closeLimit is how long a copy may take to close; code inside a builtin that
// nothing can interrupt is left behind.
const closeLimit = 5 * time.Second

func (c *projectCopy) close() {
	c.closed.Store(true)
	if c.stop != nil {
		c.stop()
	}
	closed := make(chan struct{})
	go func() { c.project.Close(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(closeLimit):
	}
	os.RemoveAll(c.dir)
}

// extend adds what tests need to the workers of a copy.
func (r *fileRun) extend(c *projectCopy, m *project.Member, o *worker.Options) {
	if f := r.s.opts.functions; f != nil && m == c.main {
		if f.outbound {
			o.Outbound = f.call("")
		}
		for _, name := range f.services {
			o.Env = append(o.Env, worker.EnvEntry{Name: name, Make: f.service(name)})
		}
	}
	o.Outbound = c.mock.before(o.Outbound)
	o.Modules = map[string]func(js *jsg.Scope) (*jsg.Object, error){}
	if s := r.script(m, m == c.main); s != nil {
		o.Modules[coverage.Module] = s.Import
	}
	if m != c.main {
		return
	}
	maps.Copy(o.Modules, map[string]func(js *jsg.Scope) (*jsg.Object, error){
		"vitest":          func(js *jsg.Scope) (*jsg.Object, error) { return c.host.vitest(js) },
		"cloudflare:test": func(js *jsg.Scope) (*jsg.Object, error) { return c.host.cloudflareTest(js) },
		"miniworker:test": func(js *jsg.Scope) (*jsg.Object, error) { return c.host.miniworkerTest(js) },
	})
	o.Once = true // another copy of the project goes on
	o.Late = r.late && m.Config.Main != ""
	o.Uncaught = func(_ trace.Span, err error) {
		if !c.closed.Load() {
			r.unhandled(err)
		}
	}
}
