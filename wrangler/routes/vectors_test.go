package routes

import (
	"encoding/json"
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

type vectorFile struct {
	Defaults struct {
		Zones     []string `json:"zones"`
		Subdomain string   `json:"workers_dev_subdomain"`
		Method    string   `json:"method"`
		Main      string   `json:"main"`
	} `json:"defaults"`
	Vectors []json.RawMessage `json:"vectors"`
}

type vector struct {
	ID, Title, Kind string
	World           vectorWorld
	Caller          *vectorCaller
	Request         struct {
		URL, Method string
		Headers     map[string]string
	}
	Expect vectorExpect
}

type vectorWorld struct {
	Zones           []string                     `json:"zones"`
	Subdomain       string                       `json:"workers_dev_subdomain"`
	CustomHostnames map[string]string            `json:"custom_hostnames"`
	Negative        []vectorRoute                `json:"routes_without_worker"`
	Workers         []map[string]json.RawMessage `json:"workers"`
}

type vectorRoute struct {
	Pattern  string `json:"pattern"`
	ZoneName string `json:"zone_name"`
	ZoneID   string `json:"zone_id"`
}

// UnmarshalJSON takes the string form too.
func (r *vectorRoute) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, &r.Pattern)
	}
	type plain vectorRoute
	return json.Unmarshal(b, (*plain)(r))
}

type vectorCaller struct {
	Worker, API, Binding string
	EnteredBy            string `json:"entered_by"`
}

type vectorExpect struct {
	Outcome, Worker, Via, Reason string
	Pattern                      *string
	AlsoMatched                  []struct{ Worker, Via, Pattern string } `json:"also_matched"`
	NegatedBy                    string                                  `json:"negated_by"`
	ErrorCode                    int                                     `json:"error_code"`
	Status                       int
	Location, Asset              string
	Headers                      map[string]*string
	Diagnostics                  []struct {
		Code, Severity, Subject string
		Workers                 []string
		APICode                 int `json:"api_code"`
		Message                 string
		MessageContains         []string `json:"message_contains"`
	}
	Absent        []string
	NoOtherErrors bool `json:"no_other_errors"`
	Effective     map[string]struct {
		WorkersDev  *bool `json:"workers_dev"`
		PreviewURLs *bool `json:"preview_urls"`
	}
}

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
		t.Logf("NOT RUN: the vectors of the specification are not at %s", specVectors)
	}
	for _, f := range filepath.SplitList(os.Getenv("MINIWORKER_ROUTING_VECTORS")) {
		if f != "" {
			files = append(files, f)
		}
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) { runVectors(t, f) })
	}
}

func runVectors(t *testing.T, path string) {
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
		v := vector{World: vectorWorld{Zones: slices.Clone(file.Defaults.Zones), Subdomain: file.Defaults.Subdomain}}
		v.Request.Method = file.Defaults.Method
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Errorf("%s: %v in %s", path, err, raw)
			continue
		}
		t.Run(v.ID, func(t *testing.T) { runVector(t, &file, &v) })
	}
}

// project is a vector's world, loaded.
type project struct {
	sources []Source
	configs []*config.Config
	table   *routing.Table
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

// writeWorld writes the Workers to disk and loads them.
func writeWorld(t *testing.T, file *vectorFile, v *vector) *project {
	t.Helper()
	p := &project{}
	root := t.TempDir()
	for i, w := range v.World.Workers {
		dir := filepath.Join(root, string(rune('a'+i)))
		src := writeWorker(t, file, w, dir)
		if src.Config == nil {
			t.Fatalf("the configuration cannot be read: %v", src.Diags)
		}
		p.sources = append(p.sources, src)
		p.configs = append(p.configs, src.Config)
	}
	a := Account{Zones: v.World.Zones, WorkersDevSubdomain: v.World.Subdomain, CustomHostnames: v.World.CustomHostnames}
	for _, r := range v.World.Negative {
		a.Negative = append(a.Negative, routing.Route{Pattern: r.Pattern, ZoneName: r.ZoneName, ZoneID: r.ZoneID})
	}
	p.table = Table(p.configs, a)
	return p
}

func writeWorker(t *testing.T, file *vectorFile, w map[string]json.RawMessage, dir string) Source {
	t.Helper()
	fields := map[string]json.RawMessage{}
	var extra struct {
		Files     []string `json:"asset_files"`
		Redirects *string  `json:"_redirects"`
		Headers   *string  `json:"_headers"`
		Env       string   `json:"select_env"`
	}
	whole, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(whole, &extra); err != nil {
		t.Fatal(err)
	}
	for k, val := range w {
		switch k {
		case "asset_files", "_redirects", "_headers", "select_env":
		default:
			fields[k] = val
		}
	}
	main := file.Defaults.Main
	if raw, ok := fields["main"]; ok {
		main = ""
		if err := json.Unmarshal(raw, &main); err != nil {
			t.Fatal(err)
		}
		delete(fields, "main")
	}
	if main != "" {
		fields["main"], _ = json.Marshal(main)
		write(t, filepath.Join(dir, main), "export default { fetch() { return new Response() } }\n")
	}
	if raw, ok := fields["assets"]; ok {
		var a struct{ Directory string }
		if err := json.Unmarshal(raw, &a); err != nil {
			t.Fatal(err)
		}
		public := filepath.Join(dir, a.Directory)
		if err := os.MkdirAll(public, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, f := range extra.Files {
			write(t, filepath.Join(public, f), "contents of "+f)
		}
		if extra.Redirects != nil {
			write(t, filepath.Join(public, "_redirects"), *extra.Redirects)
		}
		if extra.Headers != nil {
			write(t, filepath.Join(public, "_headers"), *extra.Headers)
		}
	}
	text, err := json.MarshalIndent(fields, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "wrangler.jsonc")
	write(t, path, string(text))
	c, diags := config.Load(path, config.LoadOptions{Env: extra.Env, NoVarFiles: true})
	return Source{Config: c, Diags: diags}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
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
	if r.Rule != e.Reason {
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
	if a := r.answer; a.Status != e.Status || a.Asset != e.Asset || a.Location != e.Location {
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
		got = result{Outcome: "worker", Worker: caller.Services[i].Service, Via: "service_binding", Rule: "R80"}
		target := find(p.configs, got.Worker)
		if target == nil {
			t.Fatalf("no Worker %q", got.Worker)
		}
		if a := p.assetsOf(t, v, target, true); a != nil {
			got.assets(a)
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
	cfg, ok := AssetConfig(c)
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
