// Package dev is a development session: it builds a project, serves it on one
// port, rebuilds what an edit touches, and shows what happens. Storage and the
// port live as long as the session; workers are swapped under them.
package dev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/project"
)

// Options describe a session.
type Options struct {
	// Locations are the configuration files, in the order given.
	Locations []config.Location
	// Load is how each is read; Primary overrides it for the first.
	Load, Primary config.LoadOptions
	// IP and Port are where to listen; port 0 picks a free one.
	IP   string
	Port int
	// PortFixed makes a taken port an error instead of a reason for another.
	PortFixed bool
	// PersistTo overrides where state is kept.
	PersistTo string
	// Host overrides which hostname plain localhost stands for.
	Host string
	// Watch rebuilds on edits.
	Watch bool
	// Out gets everything the session prints.
	Out   io.Writer
	Color bool
	// Level is the least severe log level printed.
	Level Level
	Clock clock.Clock
	// Ready is called once the port answers.
	Ready func(addr net.Addr)
}

// Session is a running session.
type Session struct {
	opts    Options
	out     *printer
	trace   *trace.Bus
	server  *server.Server
	network *server.Network
	http    *http.Server
	addr    net.Addr

	mu      sync.Mutex
	project *project.Project
	results map[string]*project.Result // last build by worker
}

// ErrConfig is returned after configuration errors were printed.
var ErrConfig = errors.New("the configuration has errors")

// Run runs a session until ctx ends.
func Run(ctx context.Context, o Options) error {
	if o.Clock == nil {
		o.Clock = clock.Real
	}
	s := &Session{opts: o, out: newPrinter(o.Out, o.Color, o.Level), trace: &trace.Bus{}, network: server.NewNetwork(), results: map[string]*project.Result{}}
	defer s.network.Close()
	s.server = server.New(server.Options{Clock: o.Clock, Trace: s.trace, Control: s.control(), NotFound: s.notFound, Failed: s.failed})
	cancel := s.trace.Subscribe(s.out.record)
	defer cancel()

	listener, err := s.listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	s.addr = listener.Addr()
	if err := s.start(ctx); err != nil {
		return err
	}
	defer s.close()
	return s.serve(ctx, listener)
}

// listen reserves the port; nothing is accepted before the workers can answer.
func (s *Session) listen() (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(s.opts.IP, strconv.Itoa(s.opts.Port)))
	if err == nil || !errors.Is(err, syscall.EADDRINUSE) {
		return l, err
	}
	if s.opts.PortFixed {
		return nil, fmt.Errorf("port %d on %s is in use by another program: stop it, or choose another with --port", s.opts.Port, s.opts.IP)
	}
	return net.Listen("tcp", net.JoinHostPort(s.opts.IP, "0"))
}

// start loads the configuration, builds every worker and publishes them.
func (s *Session) start(ctx context.Context) error {
	configs, diags := s.load()
	s.out.diags(diags)
	if diags.HasErrors() {
		return ErrConfig
	}
	p, err := s.open(configs)
	if err != nil {
		return err
	}
	s.build(ctx, p, p.Members())
	s.banner(p)
	// What building left behind is garbage now; give it back.
	go debug.FreeOSMemory()
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
		c, diags := loc.Load(opts)
		all = append(all, diags...)
		if c != nil {
			configs = append(configs, c)
		}
	}
	return configs, all
}

// open makes the project of configs the session's.
func (s *Session) open(configs []*config.Config) (*project.Project, error) {
	state, err := s.stateDir(configs[0])
	if err != nil {
		return nil, err
	}
	p, diags := project.New(project.Options{
		Configs: configs, State: state, Clock: s.opts.Clock, Trace: s.trace, Host: s.opts.Host, Network: s.network,
		BuildOutput: s.out.buildOutput,
	}, s.server)
	s.out.diags(diags)
	if diags.HasErrors() {
		p.Close()
		return nil, ErrConfig
	}
	s.mu.Lock()
	s.project = p
	s.mu.Unlock()
	return p, nil
}

// stateDir is where the session keeps state: .miniworker/state beside the first
// configuration, or --persist-to.
func (s *Session) stateDir(first *config.Config) (string, error) {
	dir := s.opts.PersistTo
	if dir == "" {
		dir = filepath.Join(first.UserDir, ".miniworker", "state")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("state directory: %w (choose another with --persist-to)", err)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return "", fmt.Errorf("state directory %s is not writable: %w (choose another with --persist-to)", dir, err)
	}
	probe.Close()
	return dir, os.Remove(probe.Name())
}

// build builds workers side by side and reports each.
func (s *Session) build(ctx context.Context, p *project.Project, members []*project.Member) {
	var wg sync.WaitGroup
	for _, m := range members {
		wg.Go(func() {
			r := p.Build(ctx, m)
			s.mu.Lock()
			s.results[m.Config.Name] = r
			s.mu.Unlock()
			s.reportBuild(p, r)
		})
	}
	wg.Wait()
}

// reportBuild is the one record of a build.
func (s *Session) reportBuild(p *project.Project, r *project.Result) {
	s.out.diags(r.Diags)
	rec := trace.Record{Kind: trace.Reload, Worker: r.Worker, Time: s.opts.Clock.Now(), Duration: r.Duration, Name: "built"}
	switch {
	case r.Err != nil:
		rec.Name, rec.Error = "failed to start", r.Err.Error()
		rec.Stack = stackOf(r.Err)
	case r.Failed():
		rec.Name, rec.Error = "failed to build", r.Diags.Error()
	case r.Same:
		rec.Name = "unchanged"
	}
	s.trace.Emit(rec)
}

// serve accepts connections and watches files until ctx ends.
func (s *Session) serve(ctx context.Context, l net.Listener) error {
	s.http = &http.Server{
		Handler: s.server, ReadHeaderTimeout: time.Minute, ErrorLog: s.out.httpLog(),
		BaseContext: func(net.Listener) context.Context { return context.Background() },
	}
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(l) }()
	if s.opts.Ready != nil {
		s.opts.Ready(l.Addr())
	}
	if s.opts.Watch {
		w, err := newWatcher(s)
		if err != nil {
			return err
		}
		defer w.close()
		go w.run(ctx)
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), stopGrace)
	defer cancel()
	if err := s.http.Shutdown(grace); err != nil {
		s.http.Close()
	}
	return nil
}

// stopGrace is how long requests in flight may take when the session stops.
const stopGrace = 300 * time.Millisecond

func (s *Session) close() {
	s.mu.Lock()
	p := s.project
	s.project = nil
	s.mu.Unlock()
	if p == nil {
		return
	}
	if err := p.Close(); err != nil {
		s.out.errorf("closing state: %v", err)
	}
}

// Project is the project as it is now.
func (s *Session) current() *project.Project {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.project
}
