package routes

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/bindings/assets"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Routing vectors say, for a small world, what happens to one request and
// which rule decided. Each runs through the real path: wrangler.jsonc files on
// disk, the configuration reader, the router, the asset layer.

// specVectors is the file of the routing specification, beside the module.
const specVectors = "../../../shared/spec/routing-vectors.json"

func TestRoutingVectors(t *testing.T) {
	own, err := filepath.Glob("testdata/routing/*.json")
	if err != nil || len(own) == 0 {
		t.Fatalf("no vectors in testdata/routing: %v", err)
	}
	files := own
	if _, err := os.Stat(specVectors); err == nil {
		files = append(files, specVectors)
	} else {
		fmt.Fprintf(os.Stderr, "NOT RUN: the vectors of the specification are not at %s\n", specVectors)
		t.Run("specification", func(t *testing.T) { t.Skip("its vectors are not at " + specVectors) })
	}
	for _, f := range filepath.SplitList(os.Getenv("MINIWORKER_ROUTING_VECTORS")) {
		if f != "" {
			files = append(files, f)
		}
	}
	for _, f := range files {
		runVectors(t, f, slices.Contains(own, f) || f == specVectors)
	}
}

func runVectors(t *testing.T, path string, known bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file vectorFile
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if len(file.Vectors) == 0 {
		t.Fatalf("%s: no vectors", path)
	}
	for _, raw := range file.Vectors {
		v := vector{known: known, World: vectorWorld{Zones: slices.Clone(file.Defaults.Zones), Subdomain: file.Defaults.Subdomain}}
		v.Request.Method = file.Defaults.Method
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Errorf("%s: %v in %s", path, err, raw)
			continue
		}
		t.Run(v.ID, func(t *testing.T) { runVector(t, &file, &v) })
	}
}

func runVector(t *testing.T, file *vectorFile, v *vector) {
	p := writeWorld(t, file, v)
	t.Logf("%s", v.Title)
	switch v.Kind {
	case "request":
		p.request(t, v)
	case "subrequest":
		p.subrequest(t, v)
	case "config":
		p.diagnostics(t, v)
	default:
		t.Fatalf("kind %q cannot be expressed", v.Kind)
	}
}

func (v *vector) wireRequest() *wire.Request {
	r := &wire.Request{Method: v.Request.Method, URL: v.Request.URL, Header: http.Header{}}
	for k, val := range v.Request.Headers {
		r.Header.Set(k, val)
	}
	return r
}

func (p *project) request(t *testing.T, v *vector) {
	ans, diags, err := Explain(p.table, p.configs, v.wireRequest(), routing.ExplainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diags.HasErrors() {
		t.Fatalf("assets: %v", diags)
	}
	got := result{
		Outcome: ans.Outcome.String(), Worker: ans.Worker, Via: ans.Via.String(), Pattern: ans.Pattern,
		Rule: ans.Rule, NegatedBy: ans.NegatedBy, Reason: ans.Reason,
	}
	got.assets(ans.Assets)
	got.check(t, v)
	if v.Expect.AlsoMatched == nil {
		return
	}
	if len(ans.AlsoMatched) != len(v.Expect.AlsoMatched) {
		t.Errorf("also matched %+v, want %+v", ans.AlsoMatched, v.Expect.AlsoMatched)
		return
	}
	for i, w := range v.Expect.AlsoMatched {
		if g := ans.AlsoMatched[i]; g.Worker != w.Worker || g.Via.String() != w.Via || g.Pattern != w.Pattern {
			t.Errorf("loser %d is %+v, want %+v", i, g, w)
		}
	}
}

// result is what a vector's expectation is compared with.
type result struct {
	Outcome, Worker, Via, Pattern, Rule, NegatedBy, Reason string
	ErrorCode                                              int
	answer                                                 *AssetAnswer
}

func (r *result) assets(a *AssetAnswer) {
	if r.answer = a; a == nil {
		return
	}
	r.Rule = a.Rule
	if !a.Code {
		r.Outcome = "assets"
	}
}

func (r *result) check(t *testing.T, v *vector) {
	t.Helper()
	e := &v.Expect
	pattern := ""
	if e.Pattern != nil {
		pattern = *e.Pattern
	}
	if r.Outcome != e.Outcome || r.Worker != e.Worker || r.Via != e.Via || r.Pattern != pattern {
		t.Errorf("got %s by %q via %q %q, want %s by %q via %q %q", r.Outcome, r.Worker, r.Via, r.Pattern, e.Outcome, e.Worker, e.Via, pattern)
	}
	// Several rules may decide at once: for vectors from elsewhere any that
	// they are about will do.
	if r.Rule != e.Reason && e.Reason != "" && (v.known || !slices.Contains(v.Rules, r.Rule)) {
		t.Errorf("reason %s, want %s (%s)", r.Rule, e.Reason, r.Reason)
	}
	if r.NegatedBy != e.NegatedBy || r.ErrorCode != e.ErrorCode {
		t.Errorf("negated by %q, error %d, want %q, %d", r.NegatedBy, r.ErrorCode, e.NegatedBy, e.ErrorCode)
	}
	if e.Status == 0 && e.Asset == "" && e.Location == "" && len(e.Headers) == 0 {
		return
	}
	if r.answer == nil {
		t.Fatalf("the assets were not asked, want status %d", e.Status)
	}
	said := func(got, want string) bool { return want == "" || got == want }
	if a := r.answer; e.Status != 0 && a.Status != e.Status || !said(a.Asset, e.Asset) || !said(a.Location, e.Location) {
		t.Errorf("assets answer %d %q to %q, want %d %q to %q", a.Status, a.Asset, a.Location, e.Status, e.Asset, e.Location)
	}
	for name, want := range e.Headers {
		got, present := r.answer.Headers[http.CanonicalHeaderKey(name)]
		if want == nil && present || want != nil && strings.Join(got, ", ") != *want {
			t.Errorf("header %s: %q", name, got)
		}
	}
}

func (p *project) subrequest(t *testing.T, v *vector) {
	c := v.Caller
	caller := find(p.configs, c.Worker)
	if caller == nil {
		t.Fatalf("the caller %q does not exist", c.Worker)
	}
	var got result
	switch c.API {
	case "fetch":
		got = p.fetch(t, v, caller)
	case "service_binding":
		i := slices.IndexFunc(caller.Services, func(s config.ServiceBinding) bool { return s.Binding == c.Binding })
		if i < 0 {
			t.Fatalf("no service binding %q", c.Binding)
		}
		bound := caller.Services[i]
		got = result{Outcome: "worker", Worker: bound.Service, Via: "service_binding", Rule: "R80"}
		target := find(p.configs, got.Worker)
		if target == nil {
			t.Fatalf("no Worker %q", got.Worker)
		}
		if bound.Entrypoint != "" && bound.Entrypoint != "default" {
			got.Rule = "R83"
		} else if a := p.assetsOf(t, v, target, true); a != nil {
			if got.assets(a); !a.Code {
				got.Rule = "R82"
			}
		}
	case "assets_binding":
		if caller.Assets == nil || caller.Assets.Binding != c.Binding {
			t.Fatalf("no assets binding %q", c.Binding)
		}
		got = result{Worker: caller.Name, Via: "assets_binding"}
		got.assets(p.assetsOf(t, v, caller, false))
		got.Rule = "R114"
	default:
		t.Fatalf("caller api %q cannot be expressed", c.API)
	}
	got.check(t, v)
}

func (p *project) fetch(t *testing.T, v *vector, caller *config.Config) result {
	s := routing.Subrequest{Worker: caller.Name, StrictlyPublic: slices.Contains(caller.CompatibilityFlags, "global_fetch_strictly_public")}
	if v.Caller.EnteredBy != "" {
		scheme, host, path := splitURL(t, v.Caller.EnteredBy)
		m := p.table.Match(scheme, host, path)
		s.Zone, s.Via, s.Host = p.table.ZoneOf(host), m.Via, host
	}
	s.Scheme, s.TargetHost, s.PathAndQuery = splitURL(t, v.Request.URL)
	d := p.table.Subrequest(s)
	got := result{Outcome: d.Outcome.String(), Worker: d.Worker, Via: d.Via.String(), Pattern: d.Pattern,
		Rule: d.Rule, NegatedBy: d.NegatedBy, ErrorCode: d.ErrorCode}
	if target := find(p.configs, d.Worker); target != nil {
		if a := p.assetsOf(t, v, target, true); a != nil {
			rule := got.Rule
			got.assets(a)
			if a.Code {
				got.Rule = rule
			}
		}
	}
	return got
}

// assetsOf asks the asset layer of c, with its router or as a binding does.
func (p *project) assetsOf(t *testing.T, v *vector, c *config.Config, router bool) *AssetAnswer {
	t.Helper()
	cfg, ok := assets.ConfigOf(c)
	if !ok {
		return nil
	}
	layer, diags := assets.New(cfg)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	req := v.wireRequest()
	if router {
		return assetAnswer(layer, cfg, routing.Explanation{}, req)
	}
	o := layer.Resolve(req)
	return &AssetAnswer{Rule: o.Rule, Status: o.Status, Asset: o.Asset, Location: o.Location, Headers: answerHeaders(layer, req)}
}

func splitURL(t *testing.T, url string) (scheme, host, path string) {
	t.Helper()
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		t.Fatalf("%s is not a URL", url)
	}
	i := strings.IndexAny(rest, "/?")
	if i < 0 {
		return scheme, rest, "/"
	}
	return scheme, rest[:i], rest[i:]
}

func (p *project) diagnostics(t *testing.T, v *vector) {
	got := Findings(p.table, p.sources)
	used := make([]bool, len(got))
	for _, want := range v.Expect.Diagnostics {
		i := slices.IndexFunc(got, func(f routing.Finding) bool {
			ws, fs := slices.Sorted(slices.Values(want.Workers)), slices.Sorted(slices.Values(f.Workers))
			return f.Code == want.Code && (want.Severity == "" || f.Severity.String() == want.Severity) &&
				(want.Workers == nil || slices.Equal(ws, fs)) && (want.Subject == "" || f.Subject == want.Subject) &&
				(want.APICode == 0 || f.APICode == want.APICode) && (want.Message == "" || f.Message == want.Message) &&
				!slices.ContainsFunc(want.MessageContains, func(s string) bool { return !strings.Contains(f.Message, s) })
		})
		if i < 0 {
			t.Errorf("not reported: %+v\ngot %+v", want, got)
			continue
		}
		used[i] = true
	}
	for i, f := range got {
		if slices.Contains(v.Expect.Absent, f.Code) {
			t.Errorf("must be absent: %v", f.Diagnostic)
		}
		if v.Expect.NoOtherErrors && !used[i] && f.Severity.String() == "error" {
			t.Errorf("unexpected: %v", f.Diagnostic)
		}
	}
	for name, want := range v.Expect.Effective {
		c := find(p.configs, name)
		if c == nil {
			t.Fatalf("no Worker %q", name)
		}
		if want.WorkersDev != nil && c.WorkersDevEnabled() != *want.WorkersDev {
			t.Errorf("%s: workers_dev is %v", name, c.WorkersDevEnabled())
		}
		if want.PreviewURLs != nil && c.PreviewURLsEnabled() != *want.PreviewURLs {
			t.Errorf("%s: preview_urls is %v", name, c.PreviewURLsEnabled())
		}
	}
}
