// Package project turns configurations and bundles into running workers: it is
// the one place where what the user wrote (wrangler/config, wrangler/bundle)
// becomes what the runtime runs. The dev session and the test runner drive it.
package project

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/assets"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/heap"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/rpc"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/bundle"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/routes"
)

// Options describe a project.
type Options struct {
	// Configs are the workers, in load order: the first claimant of a route
	// keeps it, and the first is what plain localhost reaches if the workers
	// share no hostname.
	Configs []*config.Config
	// State is the directory of everything persistent.
	State string
	Clock clock.Clock
	Trace *trace.Bus
	// Heap stops workers that allocate without end; nil lets them.
	Heap *heap.Guard
	// Host overrides which hostname plain localhost stands for.
	Host string
	// Network performs fetches that leave the project.
	Network wire.Fetcher
	// BuildOutput gets what custom build commands print.
	BuildOutput func(worker string, line []byte)
	// CommandEnded is told when a custom build command has run.
	CommandEnded func(worker string)
	// Extend changes what a worker is loaded with, for a test run.
	Extend func(m *Member, o *worker.Options)
	// Rejects has a fetch by a service binding reject with what the other worker
	// threw, as in tests and on the platform, not answer with status 500 as under
	// wrangler dev.
	Rejects bool
	// Sticky keeps the hibernatable sockets of Durable Objects over reloads.
	Sticky bool
	// Hold leaves it to the caller to call Publish, so that a project can be
	// prepared while another one serves.
	Hold bool
}

// Project is a set of workers that run together.
type Project struct {
	opts    Options
	session *bindings.Session
	server  *server.Server

	members []*Member
	table   *routing.Table
}

// Member is one worker of the project.
type Member struct {
	Config *config.Config
	Handle *worker.Handle
	// Layer is the worker's static assets, nil if it has none.
	Layer *assets.Layer

	build   builder
	flag    func(string) bool // compatibility flags
	service wire.Fetcher      // assets, then code
	// running is the bundle of the current version, durable its Durable Object
	// classes, env the names in its env.
	running atomic.Pointer[bundle.Bundle]
	durable atomic.Pointer[[]string]
	env     atomic.Pointer[[]string]
}

// New prepares a project. Nothing is bundled or loaded yet. The server is the
// one whose Graph the project keeps.
func New(o Options, srv *server.Server) (*Project, diag.List) {
	if o.Clock == nil {
		o.Clock = clock.Real
	}
	p := &Project{opts: o, server: srv}
	p.session = &bindings.Session{State: o.State, Clock: o.Clock, Trace: o.Trace, Worker: p.handle, Workers: p.versions, Crons: p.crons, Service: p.serviceBinding, WorkerNames: p.workerNames, Sticky: o.Sticky}
	var diags diag.List
	o.Configs = own(o.Configs, &diags)
	p.opts.Configs = o.Configs
	for _, c := range o.Configs {
		if other := p.member(c.Name); other != nil {
			diags.Add(diag.Diagnostic{
				Severity: diag.Error, Code: "duplicate_worker_name", Pos: c.NamePos,
				Message: fmt.Sprintf("The worker name %q is used twice in this project.", c.Name),
				Hint:    "give each worker a name of its own",
				Notes:   []diag.Note{{Pos: other.Config.NamePos, Message: "first used here"}},
			})
			continue
		}
		p.members = append(p.members, p.newMember(c, &diags))
	}
	p.table = routes.Table(o.Configs, routes.Account{})
	if !o.Hold {
		p.Publish()
	}
	return p, diags
}

func (p *Project) newMember(c *config.Config, diags *diag.List) *Member {
	m := &Member{Config: c, Handle: worker.NewHandle(c.Name)}
	var found diag.List
	m.flag, found = flags(c)
	*diags = append(*diags, found...)
	m.Layer, found = assets.LayerFor(c, p.session)
	*diags = append(*diags, found...)
	m.service = m.Handle
	if m.Layer != nil {
		m.service = assetsFirst(m)
	}
	return m
}

// assetsFirst is the asset router in front of a worker's code (rule R100).
func assetsFirst(m *Member) wire.Fetcher {
	return wire.FetcherFunc(func(ctx context.Context, req *wire.Request) (*wire.Response, error) {
		if m.Config.Main != "" && m.Layer.Decide(req).Worker {
			return m.Handle.Fetch(ctx, req)
		}
		return m.Layer.Fetch(ctx, req)
	})
}

// Members are the workers in load order.
func (p *Project) Members() []*Member { return p.members }

// Table is the project's routes.
func (p *Project) Table() *routing.Table { return p.table }

// Session is what the workers share.
func (p *Project) Session() *bindings.Session { return p.session }

func (p *Project) member(name string) *Member {
	if i := slices.IndexFunc(p.members, func(m *Member) bool { return m.Config.Name == name }); i >= 0 {
		return p.members[i]
	}
	return nil
}

// Member finds a worker by name, nil if there is none.
func (p *Project) Member(name string) *Member { return p.member(name) }

func (p *Project) handle(name string) *worker.Handle {
	if m := p.member(name); m != nil {
		return m.Handle
	}
	return nil
}

// versions are all that may still run.
func (p *Project) versions() (out []*worker.Worker) {
	for _, m := range p.members {
		out = append(out, m.Handle.Versions()...)
	}
	return out
}

func (p *Project) workerNames() string {
	var names []string
	for _, m := range p.members {
		names = append(names, m.Config.Name)
	}
	return strings.Join(names, ", ")
}

// serviceBinding is what a binding to a worker calls (rules R82 and R83). The
// worker is looked up at the call, so configurations may come in any order.
func (p *Project) serviceBinding(name, entrypoint string, props []byte) wire.Fetcher {
	if !slices.ContainsFunc(p.opts.Configs, func(c *config.Config) bool { return c.Name == name }) {
		return nil
	}
	return &service{p: p, worker: name, router: entrypoint == "" && props == nil, entrypoint: cmp.Or(entrypoint, "default"), props: worker.JSONProps(props)}
}

// service is the target of a binding to a worker.
type service struct {
	p          *Project
	worker     string
	router     bool // requests go through the worker's assets first
	entrypoint string
	props      worker.Props
}

func (s *service) target() *worker.Entrypoint {
	return s.p.member(s.worker).Handle.Entrypoint(s.entrypoint, s.props)
}

// Fetch implements wire.Fetcher.
func (s *service) Fetch(ctx context.Context, req *wire.Request) (*wire.Response, error) {
	if err := worker.CountFetch(req); err != nil { // rule R84
		return nil, err
	}
	if s.router {
		return s.answer(s.p.member(s.worker).service.Fetch(ctx, req))
	}
	return s.answer(s.target().Fetch(ctx, req))
}

// Send implements rpc.Callee.
func (s *service) Send(op *rpc.Op) {
	if err := worker.CountCall(op); err != nil {
		op.Fail(err)
		return
	}
	s.target().Send(op)
}

// Connect implements wire.Connector.
func (s *service) Connect(ctx context.Context, conn *wire.Connection) error {
	if err := worker.CountConnection(conn); err != nil {
		return err
	}
	return s.target().Connect(ctx, conn)
}

// answer is what the caller gets: if the callee threw, that or a 500 response,
// which is wrangler's doing in the callee, if it has a handler.
func (s *service) answer(resp *wire.Response, err error) (*wire.Response, error) {
	var thrown *worker.ScriptError
	if !errors.As(err, &thrown) {
		return resp, err
	}
	if s.p.opts.Rejects || thrown.NoHandler {
		return nil, thrown.Remote()
	}
	text := []byte(thrown.Error())
	return &wire.Response{Status: 500, Header: map[string][]string{"Content-Type": {"text/plain;charset=UTF-8"}}, Body: wire.NewBytesBody(text)}, nil
}

// Publish gives the server the routes and workers of this project.
func (p *Project) Publish() {
	g := &server.Graph{Table: p.table, Workers: map[string]wire.Fetcher{}}
	for _, m := range p.members {
		g.Workers[m.Config.Name] = m.service
		for _, r := range m.Config.Routes {
			g.Hosts = append(g.Hosts, patternHost(r.Pattern))
		}
	}
	g.DefaultHost, g.DefaultWorker = p.Default()
	p.server.SetGraph(g)
}

// patternHost is the host part of a route as written.
func patternHost(pattern string) string {
	_, rest, found := strings.Cut(pattern, "://")
	if !found {
		rest = pattern
	}
	host, _, _ := strings.Cut(rest, "/")
	return strings.ToLower(host)
}

// Default is what plain localhost stands for: the one hostname that all workers
// with routes share, else the first hostname of the first config, else the
// first worker itself.
func (p *Project) Default() (host, workerName string) {
	if p.opts.Host != "" && p.hasRoutes(p.opts.Host) {
		return p.opts.Host, ""
	}
	if len(p.members) == 0 {
		return "", ""
	}
	var first string
	for _, m := range p.members {
		for _, r := range m.Config.Routes {
			h := patternHost(r.Pattern)
			if strings.Contains(h, "*") {
				continue
			}
			if first == "" {
				first = h
			}
			if m == p.members[0] {
				return h, ""
			}
		}
	}
	if p.shared(first) {
		return first, ""
	}
	return "", p.members[0].Config.Name
}

// hasRoutes reports whether a route of the project is for a host.
func (p *Project) hasRoutes(host string) bool {
	for _, m := range p.members {
		for _, r := range m.Config.Routes {
			h := patternHost(r.Pattern)
			if suffix, wild := strings.CutPrefix(h, "*"); h == host || wild && strings.HasSuffix(host, suffix) {
				return true
			}
		}
	}
	return false
}

// shared reports whether every route of the project is on host.
func (p *Project) shared(host string) bool {
	if host == "" {
		return false
	}
	for _, m := range p.members {
		for _, r := range m.Config.Routes {
			if patternHost(r.Pattern) != host {
				return false
			}
		}
	}
	return true
}

// Display shortens a path for messages: relative to dir where that is shorter.
func Display(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil && len(rel) < len(path) && !strings.HasPrefix(rel, "../../..") {
		return rel
	}
	return path
}

// Close stops all workers and closes what they shared.
func (p *Project) Close() error {
	for _, m := range p.members {
		m.Handle.Close()
		m.build.dispose()
	}
	return p.session.Close()
}
