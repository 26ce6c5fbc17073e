package dev

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/control"
	"github.com/miniworker/miniworker/wrangler/project"
	"github.com/miniworker/miniworker/wrangler/routes"
)

// endpoints are the addresses below /cdn-cgi/, where the server's guard against
// other sites is.
type endpoints struct {
	http.ServeMux
	patterns []string
}

// HandleFunc adds one, and notes it.
func (e *endpoints) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	e.patterns = append(e.patterns, pattern)
	e.ServeMux.HandleFunc(pattern, handler)
}

// control answers /cdn-cgi/.
func (s *Session) control() http.Handler {
	mux := s.endpoints()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = newName(r.URL.Path)
		if h := s.objects(r); h != nil {
			h.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// oldNames are what wrangler called addresses before, and still takes.
var oldNames = []struct{ old, now string }{
	{"/cdn-cgi/handler/", "/cdn-cgi/local/"}, {"/cdn-cgi/mf/scheduled", scheduledPath}, {"/cdn-cgi/explorer", "/cdn-cgi/local/explorer"},
}

func newName(path string) string {
	for _, n := range oldNames {
		if rest, ok := strings.CutPrefix(path, n.old); ok {
			return n.now + rest
		}
	}
	return path
}

func (s *Session) endpoints() *endpoints {
	mux := &endpoints{}
	mux.HandleFunc("GET /cdn-cgi/local/ready", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET "+routesPath, s.routesPage)
	mux.HandleFunc("GET "+coveragePath, s.coverage)
	mux.HandleFunc("GET "+livePath, s.liveSocket)
	mux.HandleFunc("GET "+scriptPath, s.liveScript)
	mux.HandleFunc("GET "+buildPath, s.buildPage)
	mux.HandleFunc(scheduledPath, s.scheduled)
	mux.HandleFunc(emailPath, s.email)
	s.queueRoutes(mux)
	(&control.API{Session: s.bindings, Journal: s.journal}).Handle(mux)
	mux.HandleFunc("/cdn-cgi/", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, &page{
			Status: http.StatusNotFound, Kind: "Not found", Tone: "warn", Title: "There is nothing at " + r.URL.Path,
			Lead: "Addresses below /cdn-cgi/ belong to the platform and never reach a worker. Here there are " + routesPath + ", " + coveragePath + " and /cdn-cgi/local/ready.",
			Help: routesPath,
		})
	})
	return mux
}

const routesPath = "/cdn-cgi/local/routes"

// routesView is what the pages about routes show.
type routesView struct {
	URL     string
	Answer  *answerView
	Drawing *drawing
	Rows    []routeRow
	Local   []localLink
}

type answerView struct {
	URL, Headline, Pattern, Reason, Assets string
	Place                                  link
	Warnings                               []string
	AlsoMatched                            []candidateView
	NearMisses                             []candidateView
}

type candidateView struct{ Pattern, Worker, Why, Fix string }

type routeRow struct {
	Pattern, Kind, Worker, Class string
	Place                        link
}

type localLink struct{ URL, What string }

// notFound is the page where no worker answers: what exists, and what nearly
// matched.
func (s *Session) notFound(w http.ResponseWriter, r *http.Request, target string, m routing.Match) {
	p := s.project.Load()
	if p == nil {
		http.Error(w, "miniworker is stopping", http.StatusServiceUnavailable)
		return
	}
	pg := &page{Status: http.StatusNotFound, Kind: "No worker answers", Tone: "warn", Title: "Nothing answers " + target, Request: r.Method + " http://" + r.Host + r.RequestURI, Help: routesPath + "?url=" + url.QueryEscape(target)}
	x, err := p.Table().Explain(target, routing.ExplainOptions{})
	if err != nil {
		pg.Lead = err.Error()
		s.render(w, r, pg)
		return
	}
	if m.Outcome == routing.Origin {
		pg.Title = "No worker is on " + target
	}
	ans := routes.Answer{Explanation: x}
	pg.Lead, pg.Routes = x.Reason, s.routesView(p, target, &ans)
	pg.Routes.Answer.Reason = "" // it is the lead
	pg.Data = map[string]any{"error": map[string]any{"kind": pg.Kind, "title": pg.Title, "explanation": ans, "exists": p.Table().Places()}}
	pg.Plain = nearText(x) + s.existsText(p)
	s.render(w, r, pg)
}

func nearText(x routing.Explanation) string {
	if len(x.NearMisses) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("Nearly matched:\n")
	for _, n := range x.NearMisses {
		name := n.Pattern
		if name == "" {
			name = n.Worker
		}
		fmt.Fprintf(&b, "  %s → %s: %s\n", name, n.Worker, n.Why)
		if n.Fix != "" {
			fmt.Fprintf(&b, "    hint: %s\n", n.Fix)
		}
	}
	b.WriteByte('\n')
	return b.String()
}

func (s *Session) existsText(p *project.Project) string {
	var b strings.Builder
	b.WriteString("What exists:\n")
	for _, row := range s.rows(p, nil) {
		fmt.Fprintf(&b, "  %s → %s (%s)\n", row.Pattern, row.Worker, row.Kind)
	}
	for _, l := range s.local(p) {
		fmt.Fprintf(&b, "  %s → %s\n", l.URL, l.What)
	}
	return b.String()
}

// routesPage explains one URL (?url=), or shows what exists.
func (s *Session) routesPage(w http.ResponseWriter, r *http.Request) {
	p := s.project.Load()
	if p == nil {
		http.Error(w, "miniworker is stopping", http.StatusServiceUnavailable)
		return
	}
	asked := strings.TrimSpace(r.URL.Query().Get("url"))
	pg := &page{Status: http.StatusOK, Kind: "Routes", Tone: "calm", Title: "Who answers what"}
	if asked == "" {
		pg.Routes, pg.Data, pg.Plain = s.routesView(p, "", nil), p.Table().Places(), s.existsText(p)
		s.render(w, r, pg)
		return
	}
	target, direct := s.deployed(p, asked)
	if direct != "" {
		pg.Title = "The worker " + direct + " answers " + asked
		pg.Lead = "NAME.localhost reaches the worker NAME whatever its routes are."
		pg.Routes = s.routesView(p, asked, nil)
		pg.Data = map[string]any{"url": asked, "outcome": "worker", "worker": direct, "rule": "R53", "reason": pg.Lead}
		s.render(w, r, pg)
		return
	}
	req := &wire.Request{Method: http.MethodGet, URL: target, Header: http.Header{}}
	ans, diags, err := routes.Explain(p.Table(), configsOf(p), req, routing.ExplainOptions{})
	if err != nil {
		pg.Status, pg.Tone, pg.Title, pg.Lead = http.StatusBadRequest, "warn", "That is not a URL", err.Error()
		pg.Routes = s.routesView(p, asked, nil)
		s.render(w, r, pg)
		return
	}
	for _, d := range diags {
		pg.Findings = append(pg.Findings, s.finding(d))
	}
	pg.Routes, pg.Data = s.routesView(p, asked, &ans), ans
	pg.Title = pg.Routes.Answer.Headline
	var text bytes.Buffer
	if routes.ExplainText(&text, ans, s.out.dir) == nil {
		pg.Plain = text.String()
	}
	s.render(w, r, pg)
}

// deployed is the deployed URL that a local one stands for, or the worker it
// addresses directly.
func (s *Session) deployed(p *project.Project, asked string) (target, direct string) {
	full := asked
	if !strings.Contains(full, "://") {
		full = "https://" + full
	}
	u, err := url.Parse(full)
	if err != nil {
		return asked, ""
	}
	host := strings.ToLower(u.Hostname())
	name, local := strings.CutSuffix(host, ".localhost")
	switch {
	case local && p.Member(name) != nil:
		return asked, name
	case local:
	case host == "localhost" || host == "127.0.0.1" || host == "::1":
		var worker string
		if name, worker = p.Default(); name == "" {
			return asked, worker
		}
	default:
		return asked, ""
	}
	u.Scheme, u.Host = "https", name
	return u.String(), ""
}

func configsOf(p *project.Project) []*config.Config {
	var out []*config.Config
	for _, m := range p.Members() {
		out = append(out, m.Config)
	}
	return out
}

func (s *Session) routesView(p *project.Project, asked string, ans *routes.Answer) *routesView {
	v := &routesView{URL: asked, Local: s.local(p)}
	if ans != nil {
		v.Answer = s.answerView(ans)
	}
	v.Rows = s.rows(p, ans)
	v.Drawing = draw(v.Rows, ans)
	return v
}

func (s *Session) answerView(a *routes.Answer) *answerView {
	v := &answerView{URL: a.URL, Pattern: a.Pattern, Reason: a.Reason, Warnings: a.Warnings, Place: s.link(a.Pos.File, a.Pos.Line, a.Pos.Col)}
	switch {
	case a.Outcome == routing.RunWorker && a.Assets != nil && !a.Assets.Code:
		v.Headline = "The assets of " + a.Worker + " answer"
	case a.Outcome == routing.RunWorker:
		v.Headline = "The worker " + a.Worker + " answers"
	case a.Outcome == routing.Origin:
		v.Headline = "No worker: the origin of " + a.Zone + " would answer"
	default:
		v.Headline = "Nobody answers"
	}
	if x := a.Assets; x != nil {
		v.Assets = strings.TrimSpace(strings.Join([]string{map[bool]string{true: "code", false: "assets"}[x.Code], x.Asset, x.Location, x.Detail}, " ")) + " (" + x.Rule + ")"
	}
	for _, c := range a.AlsoMatched {
		v.AlsoMatched = append(v.AlsoMatched, candidateView{c.Pattern, c.Worker, c.Why, ""})
	}
	for _, n := range a.NearMisses {
		v.NearMisses = append(v.NearMisses, candidateView{n.Pattern, n.Worker, n.Why, n.Fix})
	}
	return v
}

// rows lists everything in the order it is tried, and marks what took part in
// an answer.
func (s *Session) rows(p *project.Project, ans *routes.Answer) []routeRow {
	var out []routeRow
	for _, pl := range p.Table().Places() {
		row := routeRow{Pattern: pl.Pattern, Kind: strings.ReplaceAll(pl.Kind.String(), "_", " "), Worker: pl.Worker, Place: s.link(pl.Pos.File, pl.Pos.Line, pl.Pos.Col)}
		if pl.Worker == "" {
			row.Worker = "(no worker)"
		}
		row.Class = classOf(pl, ans)
		out = append(out, row)
	}
	return out
}

// classOf is the part a place has in an answer: win, lost, near or "".
func classOf(pl routing.Place, a *routes.Answer) string {
	if a == nil {
		return ""
	}
	if a.Outcome == routing.RunWorker && a.Worker == pl.Worker && (a.Pattern == pl.Pattern && a.Via == pl.Kind || a.Pattern == "" && a.Via == pl.Kind) {
		return "win"
	}
	for _, c := range a.AlsoMatched {
		if c.Pattern == pl.Pattern && c.Worker == pl.Worker {
			return "lost"
		}
	}
	for _, n := range a.NearMisses {
		if n.Pattern == pl.Pattern && n.Worker == pl.Worker && n.Via == pl.Kind {
			return "near"
		}
	}
	return ""
}

// local are the addresses on this machine.
func (s *Session) local(p *project.Project) []localLink {
	if len(s.open) == 0 {
		return nil
	}
	port := s.open.port()
	var out []localLink
	host, name := p.Default()
	what := "the worker " + name
	if host != "" {
		what = host
	}
	out = append(out, localLink{fmt.Sprintf("http://localhost:%d", port), what})
	seen := map[string]bool{}
	for _, m := range p.Members() {
		for _, r := range m.Config.Routes {
			h := hostOf(r.Pattern)
			if h == "" || strings.Contains(h, "*") || seen[h] {
				continue
			}
			seen[h] = true
			out = append(out, localLink{fmt.Sprintf("http://%s.localhost:%d", h, port), h})
		}
	}
	for _, m := range p.Members() {
		out = append(out, localLink{fmt.Sprintf("http://%s.localhost:%d", m.Config.Name, port), "the worker " + m.Config.Name + ", whatever its routes"})
	}
	return out
}

// hostOf is the host part of a pattern as written.
func hostOf(pattern string) string {
	if _, rest, ok := strings.Cut(pattern, "://"); ok {
		pattern = rest
	}
	host, _, _ := strings.Cut(pattern, "/")
	return strings.ToLower(host)
}
