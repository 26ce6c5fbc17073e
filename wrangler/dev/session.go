// Package dev is a development session: it builds a project, serves it on one
// port, rebuilds what an edit touches, and shows what happens in terminal and
// browser. Storage and the port live as long as the session; workers are
// swapped under them, and a version that does not build leaves the one before.
//
// It deliberately does not restart anything by guesswork: a session that
// started keeps its port until it is stopped, whatever happens to the files.
// There is no inspector.
//
// Where the truth is: https://developers.cloudflare.com/workers/wrangler/commands/#dev
// for what can be asked of a session; how it answers is this package's own.
package dev

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miniworker/miniworker/bindings/r2/s3"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/heap"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/project"
)

// Options describe a session.
type Options struct {
	// Locations are the configuration files, in the order given.
	Locations []config.Location
	// Found says how Locations came about, for the banner; "" if they were named.
	Found string
	// Unwritten is set if the one location is a file that does not exist: the
	// command line describes the worker.
	Unwritten bool
	// Load is how each is read; Primary overrides it for the first.
	Load, Primary config.LoadOptions
	// Override changes the first configuration after it was read.
	Override func(c *config.Config)
	// IP and Port are where to listen: "localhost", an address, or "" for all;
	// port 0 picks a free one.
	IP   string
	Port int
	// PortFixed makes a taken port an error instead of a reason for another.
	PortFixed bool
	// PersistTo overrides where state is kept.
	PersistTo string
	// Host overrides which hostname plain localhost stands for.
	Host string
	// Edge is about TLS, the proxy and the network.
	Edge Edge
	// Memory is how many bytes all workers together may hold; 0 is
	// heap.DefaultLimit.
	Memory uint64
	// Sticky keeps the hibernatable sockets of Durable Objects when code changes.
	Sticky bool
	// TestScheduled answers /__scheduled as /cdn-cgi/local/scheduled.
	TestScheduled bool
	// Watch rebuilds on edits.
	Watch bool
	// LiveReload makes pages load anew when a new version serves.
	LiveReload bool
	// Out gets everything the session prints.
	Out   io.Writer
	Color bool
	// HideBanner leaves the banner out, but not the conflicts below it.
	HideBanner bool
	// ShortBanner leaves only the address of it.
	ShortBanner bool
	// Level is the least severe log level printed.
	Level Level
	// Notices are printed once at the start, as warnings.
	Notices []string
	// Keyboard is where keys are pressed; nil is none.
	Keyboard *Keyboard
	// Events gets a line of JSON per event; nil writes none.
	Events io.Writer
	Clock  clock.Clock
	// Ready is called once the port answers.
	Ready func(addr net.Addr)
	// Serving is Ready with the addresses of all there is.
	Serving func(Addresses)
}

// Session is a running session.
type Session struct {
	opts    Options
	out     *printer
	events  *events
	trace   *trace.Bus
	journal *trace.Journal // of lately
	server  *server.Server
	heap    *heap.Guard
	network *server.Network
	state   *state
	open    listeners
	watch   *watcher
	front   *server.Front
	hits    hits
	live    *live

	// project is what serves, building what is about to.
	project, building atomic.Pointer[project.Project]
	// stale are the workers whose last build failed while an older version runs.
	stale atomic.Pointer[[]string]

	// kept is what was wrong with a configuration that was not put in force.
	kept string

	mu      sync.Mutex
	results map[string]*project.Result // last build by worker
	built   map[string]time.Time       // when the running version's files were read
}

// journalSize is how many records of what happened are kept for who asks.
const journalSize = 5000

// ErrConfig is returned after the errors themselves were printed.
var ErrConfig = errors.New("the project has errors")

func newSession(o Options) *Session {
	if o.Clock == nil {
		o.Clock = clock.NewVirtual(clock.Real)
	}
	s := &Session{
		opts: o, out: newPrinter(o.Out, o.Color, o.Level), events: &events{w: o.Events, now: o.Clock.Now},
		trace: &trace.Bus{}, journal: trace.NewJournal(journalSize), network: server.NewNetwork(), results: map[string]*project.Result{}, built: map[string]time.Time{},
		live: newLive(o.Clock.Now()),
	}
	s.out.explain, s.out.mapStack, s.out.upgradeHint = s.explain, s.mapStack, s.upgradeHint
	s.server = server.New(server.Options{
		Clock: o.Clock, Trace: s.trace, Control: s.control(), NotFound: s.notFound, Failed: s.failed, Annotate: s.annotate, Script: s.pageScript,
		Origins: o.Edge.Origins, Network: s.network, Offline: o.Edge.Offline,
	})
	return s
}

// Run runs a session until ctx ends, which is no error. After ErrConfig
// everything there is to say was printed.
func Run(ctx context.Context, o Options) error {
	s := newSession(o)
	defer s.out.close()
	defer s.network.Close()
	s.heap = heap.NewGuard(o.Memory)
	defer s.heap.Close()
	defer s.trace.Subscribe(s.out.record)()
	defer s.trace.Subscribe(s.journal.Add)()
	s.events.emit(event{Type: "session"})
	err := s.run(ctx)
	s.events.emit(event{Type: "stop", Error: errorText(err)})
	return err
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func (s *Session) run(ctx context.Context) error {
	defer s.close()
	if err := s.openFront(); err != nil {
		return err
	}
	w, err := s.watcher()
	if err != nil {
		return err
	}
	defer w.close()
	s.watch = w
	if err := s.start(ctx, w); err != nil || ctx.Err() != nil {
		return err
	}
	l, err := s.listen()
	if err != nil {
		return err
	}
	defer l.close()
	s.open = l
	s.state.describe(s.url(l))
	return s.serve(ctx, w)
}

// start loads the configuration, builds every worker and publishes them.
func (s *Session) start(ctx context.Context, w *watcher) error {
	for _, n := range s.opts.Notices {
		s.out.say(Warn, n)
	}
	configs, diags := s.load()
	s.out.diags(diags)
	if diags.HasErrors() || len(configs) == 0 {
		return ErrConfig
	}
	if err := s.probe(); err != nil {
		return err
	}
	st, err := openState(s.opts.PersistTo, configs[0])
	if err != nil {
		return err
	}
	s.state = st
	s.loadHits()
	p, err := s.prepare(configs)
	if err != nil {
		return err
	}
	s.project.Store(p)
	s.notices(p)
	var results []*project.Result
	w.learn(p, func() { results = s.build(ctx, p, p.Members(), true) })
	fatal := false
	for _, r := range results {
		fatal = fatal || slices.ContainsFunc(r.Diags, func(d diag.Diagnostic) bool {
			return d.Severity == diag.Error && d.Code == project.ClassMissing
		})
	}
	if fatal && ctx.Err() == nil {
		return ErrConfig
	}
	p.Publish()
	return nil
}

// load reads all configuration files.
func (s *Session) load() ([]*config.Config, diag.List) {
	var configs []*config.Config
	var all diag.List
	for i, loc := range s.opts.Locations {
		opts := s.opts.Load
		if i == 0 {
			opts = s.opts.Primary
		}
		c, diags := s.loadOne(loc, opts)
		all = append(all, diags...)
		if c == nil {
			continue
		}
		if i == 0 && s.opts.Override != nil {
			s.opts.Override(c)
		}
		configs = append(configs, c)
	}
	return configs, all
}

func (s *Session) loadOne(loc config.Location, opts config.LoadOptions) (*config.Config, diag.List) {
	if !s.opts.Unwritten {
		return loc.Load(opts)
	}
	f, diags := config.Parse(loc.Path, []byte("{}"))
	if f == nil {
		return nil, diags
	}
	c, diags := f.Resolve(opts)
	for i := range diags {
		if d := &diags[i]; d.Pos.File == loc.Path {
			d.Pos = diag.Position{} // there is no such file to look into
		}
	}
	return c, diags
}

// prepare makes the project of configs. It does not serve yet.
func (s *Session) prepare(configs []*config.Config) (*project.Project, error) {
	p, diags := project.New(project.Options{
		Configs: configs, State: s.state.dir, Clock: s.opts.Clock, Trace: s.trace, Heap: s.heap, Host: s.opts.Host, Network: s.network,
		BuildOutput: s.out.buildOutput, CommandEnded: s.watch.commandEnded, Hold: true, Sticky: s.opts.Sticky,
	}, s.server)
	s.out.diags(diags)
	if diags.HasErrors() {
		p.Close()
		return nil, ErrConfig
	}
	return p, nil
}

// serve accepts connections and watches files until ctx ends.
func (s *Session) serve(ctx context.Context, w *watcher) error {
	srv := &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: time.Minute, ErrorLog: s.out.httpLog(), TLSConfig: s.front.TLSConfig(),
		BaseContext: func(net.Listener) context.Context { return context.Background() },
	}
	p := s.current()
	s.banner(p, s.open)
	failed := make(chan error, 1)
	var wg sync.WaitGroup
	defer wg.Wait()
	front := s.admit(s.open)
	wg.Go(func() { failed <- srv.Serve(front) })
	watching, stop := context.WithCancel(ctx)
	defer stop()
	if s.opts.Watch {
		w.refresh()
		wg.Go(func() { w.run(watching) })
	}
	wg.Go(func() { s.keepHits(watching) })
	s.announce(p)
	// What building left behind is garbage now; give it back.
	wg.Go(debug.FreeOSMemory)
	s.sayKeys()
	err := s.untilEnd(ctx, w, failed)
	stop()
	s.shutdown(srv)
	return err
}

// untilEnd returns when the server failed, or the session was asked to end.
func (s *Session) untilEnd(ctx context.Context, w *watcher, failed <-chan error) error {
	for {
		select {
		case err := <-failed:
			return err
		case key := <-s.keys():
			if s.press(ctx, w, key) {
				return nil
			}
		case <-ctx.Done():
			return nil
		}
	}
}

func (s *Session) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s3.OnHost(r) {
			s.objects(r).ServeHTTP(w, r)
			return
		}
		if s.opts.TestScheduled && r.URL.Path == testScheduledPath {
			r.URL.Path = scheduledPath // where the guard against other sites is
		}
		s.server.ServeHTTP(w, r)
	})
}

// announce tells programs that the port answers.
func (s *Session) announce(p *project.Project) {
	var names []string
	for _, m := range p.Members() {
		names = append(names, m.Config.Name)
	}
	host, _, _ := net.SplitHostPort(s.open.addr().String())
	s.events.emit(event{Type: "ready", URL: s.url(s.open), IP: host, Port: s.open.port(), PID: pid(), Workers: names})
	if s.opts.Ready != nil {
		s.opts.Ready(s.open.addr())
	}
	if s.opts.Serving != nil {
		s.opts.Serving(s.addresses(p))
	}
}

// stopGrace is how long requests in flight may take when the session stops;
// with closing sockets and storage a stop stays below 300 ms.
const stopGrace = 150 * time.Millisecond

func (s *Session) shutdown(srv *http.Server) {
	grace, cancel := context.WithTimeout(context.Background(), stopGrace)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() { s.server.CloseSockets(closeGoingAway, "the dev session stopped") })
	if srv.Shutdown(grace) != nil {
		srv.Close()
	}
	wg.Wait()
}

// WebSocket close codes.
const (
	closeGoingAway = 1001
	closeRestart   = 1012
)

func (s *Session) close() {
	if p := s.project.Swap(nil); p != nil {
		s.closeProject(p)
	}
	if s.state != nil {
		s.saveHits()
		s.state.close()
	}
}

// current is the project as it is now, nil before and after.
func (s *Session) current() *project.Project {
	if p := s.building.Load(); p != nil {
		return p
	}
	return s.project.Load()
}

func (s *Session) mapStack(worker, text string) string {
	if p := s.current(); p != nil {
		if m := p.Member(worker); m != nil {
			return m.MapStack(text)
		}
	}
	return text
}

// closeLimit is how long storage may take to close. Code inside a builtin that
// nothing can interrupt keeps its objects from ending; what they acknowledged
// is on disk all the same.
const closeLimit = 3 * time.Second

func (s *Session) closeProject(p *project.Project) {
	closed := make(chan error, 1)
	go func() { closed <- p.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			s.out.say(Error, "closing state: "+err.Error())
		}
	case <-time.After(closeLimit):
		s.out.say(Error, "a worker does not stop: its code is stuck; nothing that was acknowledged is lost")
	}
}
