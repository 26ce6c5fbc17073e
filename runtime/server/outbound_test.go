package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
)

// project is a server with workers that answer with their name and what they
// were sent; a worker asked for /fetch?URL fetches that URL.
type project struct {
	*Server
	network []string // URLs that left
	seen    []*wire.Request
	notes   []string
	mu      sync.Mutex
	public  map[string]bool
}

func newProject(t *testing.T, o Options, world routing.World, public ...string) *project {
	t.Helper()
	p := &project{public: map[string]bool{}}
	bus := &trace.Bus{}
	cancel := bus.Subscribe(func(r trace.Record) {
		if r.Kind == trace.Log {
			p.mu.Lock()
			p.notes = append(p.notes, r.Name)
			p.mu.Unlock()
		}
	})
	t.Cleanup(cancel)
	o.Trace = bus
	o.NotFound = func(w http.ResponseWriter, r *http.Request, url string, m routing.Match) {
		http.Error(w, "nobody: "+url+" "+m.Rule, http.StatusNotFound)
	}
	o.Failed = func(w http.ResponseWriter, r *http.Request, worker string, err error) {
		http.Error(w, worker+": "+err.Error(), http.StatusInternalServerError)
	}
	p.Server = New(o)
	for _, name := range public {
		p.public[name] = true
	}
	g := &Graph{Table: routing.NewTable(world), Workers: map[string]wire.Fetcher{}}
	for _, w := range world.Workers {
		g.Workers[w.Name] = p.worker(w.Name)
		for _, r := range w.Routes {
			host, _, _ := strings.Cut(r.Pattern, "/")
			g.Hosts = append(g.Hosts, host)
			if g.DefaultHost == "" && !strings.Contains(host, "*") {
				g.DefaultHost = host
			}
		}
	}
	if g.DefaultHost == "" {
		g.DefaultWorker = world.Workers[0].Name
	}
	p.SetGraph(g)
	return p
}

func (p *project) worker(name string) wire.Fetcher {
	out := &Outbound{Server: p.Server, Worker: name, Public: p.public[name], Network: wire.FetcherFunc(func(ctx context.Context, req *wire.Request) (*wire.Response, error) {
		p.mu.Lock()
		p.network = append(p.network, req.URL)
		p.mu.Unlock()
		return &wire.Response{Status: 200, Body: wire.NewBytesBody([]byte("network"))}, nil
	})}
	return wire.FetcherFunc(func(ctx context.Context, req *wire.Request) (*wire.Response, error) {
		p.mu.Lock()
		p.seen = append(p.seen, req)
		p.mu.Unlock()
		u, err := url.Parse(req.URL)
		if err != nil {
			return nil, err
		}
		to := req.URL // fetch(request)
		switch u.Path {
		case "/throw":
			return nil, errors.New("thrown")
		case "/fetch":
			to, _ = url.QueryUnescape(u.RawQuery)
		case "/pass":
			if name == "domain" {
				to = ""
			}
		default:
			to = ""
		}
		if to == "" {
			return &wire.Response{Status: 200, Body: wire.NewBytesBody([]byte(name + " " + req.URL))}, nil
		}
		return out.Fetch(ctx, &wire.Request{Method: "GET", URL: to, Header: req.Header.Clone(), Zone: req.Zone, Hops: req.Hops, Entry: req.Entry})
	})
}

func (p *project) get(t *testing.T, target string, header ...string) (int, string) {
	t.Helper()
	r := httptest.NewRequest("GET", target, nil)
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		} else {
			r.Header.Set(header[i], header[i+1])
		}
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Code, strings.TrimSpace(w.Body.String())
}

func chain() routing.World {
	return routing.World{WorkersDevSubdomain: "", Workers: []routing.Worker{
		{Name: "route", Routes: []routing.Route{{Pattern: "app.example.com/*"}}},
		{Name: "domain", Routes: []routing.Route{{Pattern: "app.example.com", CustomDomain: true}}},
		{Name: "other", Routes: []routing.Route{{Pattern: "other.net/*"}, {Pattern: "bare.example.com/*"}}},
		{Name: "dev", WorkersDev: true},
	}}
}

func TestSubrequests(t *testing.T) {
	fetch := func(u string) string { return "http://app.example.com/fetch?" + url.QueryEscape(u) }
	for _, c := range []struct {
		name, target string
		public       bool
		status       int
		body         string
		network      []string
	}{
		{"R72: a routed worker passes its request on to the custom domain", "http://app.example.com/pass", false, 200, "domain http://app.example.com/pass", nil},
		{"R72 under localhost", "http://localhost:8787/pass", false, 200, "domain http://localhost:8787/pass", nil},
		{"R72 under HOST.localhost", "http://app.example.com.localhost:8787/pass", false, 200, "domain http://app.example.com.localhost:8787/pass", nil},
		{"R71: another host of the zone", fetch("https://app.example.com/x"), false, 200, "domain https://app.example.com/x", nil},
		{"R70: routes of the own zone are not applied", fetch("https://bare.example.com/x"), false, 200, "network", []string{"https://bare.example.com/x"}},
		{"R73: another zone by its front door", fetch("https://other.net/x"), false, 200, "other https://other.net/x", nil},
		{"R74: workers.dev of the same account", fetch("https://dev.acme.workers.dev/"), false, 404, "error code: 1042", nil},
		{"R74 under localhost", fetch("http://dev.localhost:8787/"), false, 404, "error code: 1042", nil},
		{"R75: workers.dev with the flag", fetch("https://dev.acme.workers.dev/"), true, 200, "dev https://dev.acme.workers.dev/", nil},
		{"R75 breaks R72: the request returns until R90", "http://app.example.com/pass", true, 500, "error code: 1019", nil},
		{"outside", fetch("https://example.org/x"), false, 200, "network", []string{"https://example.org/x"}},
		{"what this server adds itself", fetch("http://localhost:8787/cdn-cgi/local/r2/s3/photos/x"), false, 200, "network", []string{"http://localhost:8787/cdn-cgi/local/r2/s3/photos/x"}},
		{"another local server", fetch("http://localhost:9999/x"), false, 200, "network", []string{"http://localhost:9999/x"}},
		{"an exception behind a fetch", fetch("https://other.net/throw"), false, 500, "error code: 1101", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var public []string
			if c.public {
				public = []string{"route"}
			}
			p := newProject(t, Options{}, chain(), public...)
			p.SetPort(8787)
			status, body := p.get(t, c.target)
			if status != c.status || body != c.body || !slices.Equal(p.network, c.network) {
				t.Errorf("%d %q, network %q; want %d %q, network %q", status, body, p.network, c.status, c.body, c.network)
			}
		})
	}
}

func TestSubrequestHeaders(t *testing.T) {
	p := newProject(t, Options{}, chain())
	p.get(t, "http://app.example.com/fetch?"+url.QueryEscape("https://app.example.com/x"))
	p.get(t, "http://app.example.com/fetch?"+url.QueryEscape("https://other.net/x"))
	same, other := p.seen[1], p.seen[3]
	for _, c := range []struct{ name, got, want string }{
		{"CF-Worker", same.Header.Get("Cf-Worker"), "example.com"},
		{"CF-EW-Via", same.Header.Get("Cf-Ew-Via"), "15"},
		{"CF-Connecting-IP in the same zone", same.Header.Get("Cf-Connecting-Ip"), "192.0.2.1"},
		{"Host", same.Header.Get("Host"), "app.example.com"},
		{"CF-Worker, other zone", other.Header.Get("Cf-Worker"), "example.com"},
		{"CF-Connecting-IP in another zone", other.Header.Get("Cf-Connecting-Ip"), "2a06:98c0:3600::103"},
		{"Host, other zone", other.Header.Get("Host"), "other.net"},
		{"zone", other.Zone, "other.net"},
		{"entered by", other.Entry.Worker + " " + other.Entry.Via + " " + other.Entry.Host, "other route other.net"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

// The count goes on when a request leaves this server and comes back (R90).
func TestHopsThroughTheNetwork(t *testing.T) {
	p := newProject(t, Options{}, chain())
	status, body := p.get(t, "http://app.example.com/pass", "CF-EW-Via", "0")
	if status != 500 || body != "error code: 1019" {
		t.Errorf("%d %q", status, body)
	}
	for _, v := range []string{"", "x", "-1", "17", "99999999999999999999"} {
		if n := hopsMade(http.Header{"Cf-Ew-Via": {v}}); n != 0 {
			t.Errorf("CF-EW-Via %q counts as %d hops", v, n)
		}
	}
}

func TestNotesAreSaidOnce(t *testing.T) {
	p := newProject(t, Options{}, chain())
	for range 3 {
		p.get(t, "http://app.example.com/fetch?"+url.QueryEscape("https://bare.example.com/x"))
	}
	if len(p.notes) != 1 || !strings.Contains(p.notes[0], "--origin bare.example.com=http://localhost:PORT") || !strings.Contains(p.notes[0], "R70") {
		t.Errorf("notes: %q", p.notes)
	}
}

func TestOffline(t *testing.T) {
	p := newProject(t, Options{Offline: true}, chain())
	status, body := p.get(t, "http://app.example.com/fetch?"+url.QueryEscape("https://example.org/x"))
	if status != 500 || !strings.Contains(body, "--offline") || !strings.Contains(body, "--origin example.org=") || len(p.network) > 0 {
		t.Errorf("%d %q, network %q", status, body, p.network)
	}
	if status, body = p.get(t, "http://app.example.com/fetch?"+url.QueryEscape("http://127.0.0.1:9/x")); body != "network" {
		t.Errorf("a server of this machine: %d %q", status, body)
	}
}

func TestOrigins(t *testing.T) {
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "origin "+r.Host+r.URL.RequestURI()+" ip="+r.Header.Get("CF-Connecting-IP")+" worker="+r.Header.Get("CF-Worker"))
	}))
	defer origin.Close()
	o := Options{Origins: Origins{}, Network: NewNetwork(), Offline: true}
	defer o.Network.Close()
	for _, text := range []string{"bare.example.com=" + origin.URL, "*.example.org=" + strings.TrimPrefix(origin.URL, "http://"), "example.com=http://127.0.0.1:1"} {
		if err := o.Origins.Add(text); err != nil {
			t.Fatal(err)
		}
	}
	world := chain()
	world.Workers[2].Routes = world.Workers[2].Routes[:1]
	p := newProject(t, o, world)
	for _, c := range []struct {
		target string
		status int
		body   string
	}{
		{"http://app.example.com/fetch?" + url.QueryEscape("https://bare.example.com/x?y=1"), 200, "origin bare.example.com/x?y=1 ip=192.0.2.1 worker=example.com"},
		{"http://app.example.com/fetch?" + url.QueryEscape("https://a.b.example.org/x"), 200, "origin a.b.example.org/x ip=192.0.2.1 worker=example.com"},
		{"http://bare.example.com/page?q", 200, "origin bare.example.com/page?q ip=192.0.2.1 worker="},
		{"http://bare.example.com.localhost:8787/page", 200, "origin bare.example.com/page ip=192.0.2.1 worker="},
		{"http://none.example.com/", 404, "nobody: https://none.example.com/ R5"},
	} {
		if status, body := p.get(t, c.target); status != c.status || body != c.body {
			t.Errorf("%s: %d %q, want %d %q", c.target, status, body, c.status, c.body)
		}
	}
	if status, body := p.get(t, "http://example.com/"); status != 502 || !strings.Contains(body, "origin http://127.0.0.1:1 mapped for example.com") {
		t.Errorf("a dead origin: %d %q", status, body)
	}
}

func TestOriginSyntax(t *testing.T) {
	for _, text := range []string{"", "x", "=http://a", "a=", "a/b=http://c", "a:1=http://c", "*=http://c", "a=ftp://c", "a=http://c/path", "a=http://c?q", "a=http://%zz", "a*b=http://c"} {
		if err := (Origins{}).Add(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
	o := Origins{}
	if err := errors.Join(o.Add("A.example.com=localhost:3000"), o.Add("*.example.com=https://x")); err != nil {
		t.Fatal(err)
	}
	if err := o.Add("a.example.com=localhost:3001"); err == nil {
		t.Error("a second mapping was accepted")
	}
	for host, want := range map[string]string{"a.example.com": "http://localhost:3000", "b.c.example.com": "https://x", "example.com": "", "com": "", "": ""} {
		got := ""
		if u := o.find(host); u != nil {
			got = u.String()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

func TestCoverage(t *testing.T) {
	p := newProject(t, Options{}, chain())
	p.get(t, "http://app.example.com/pass")
	p.get(t, "http://app.example.com/x")
	p.get(t, "http://dev.localhost/")
	want := []Hits{
		{"", "workers_dev", "dev", "dev", 1, 0},
		{"example.com", "custom_domain", "app.example.com", "domain", 0, 1},
		{"example.com", "route", "app.example.com/*", "route", 2, 0},
	}
	if got := p.Hits(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	q := newProject(t, Options{}, chain())
	q.AddHits(append(want, Hits{Kind: "unheard", Pattern: "x", Requests: 1}))
	q.get(t, "http://app.example.com/x")
	want[2].Requests = 3
	if got := q.Hits(); !slices.Equal(got, want) {
		t.Errorf("after a restart: %+v", got)
	}
}

func TestWhoAnswered(t *testing.T) {
	p := newProject(t, Options{}, chain())
	for target, want := range map[string]string{
		"https://app.example.com/x":  "domain (R71)",
		"https://other.net/x":        "other (R73)",
		"https://other.net/throw":    "other (R73)",
		"https://dev.x.workers.dev/": "refused (R74)",
		"https://none.example.com/":  "network, for the origin of example.com (R70)",
		"https://example.org/":       "",
	} {
		out := &Outbound{Server: p.Server, Worker: "route", Network: wire.FetcherFunc(func(context.Context, *wire.Request) (*wire.Response, error) {
			return &wire.Response{Status: 200}, nil
		})}
		resp, err := out.Fetch(t.Context(), &wire.Request{Method: "GET", URL: target, Header: http.Header{}, Zone: "example.com"})
		if err != nil || resp.By != want {
			t.Errorf("%s: %v, %v; want %q", target, resp, err, want)
		}
	}
}

// Sockets reach mapped origins from outside and from workers.
func TestOriginSocket(t *testing.T) {
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		conn.Write(r.Context(), websocket.MessageText, []byte(r.Host+r.URL.Path))
		conn.Read(r.Context())
	}))
	defer origin.Close()
	o := Options{Origins: Origins{}, Network: NewNetwork(), Offline: true}
	defer o.Network.Close()
	if err := o.Origins.Add("ws.example.net=" + origin.URL); err != nil {
		t.Fatal(err)
	}
	p := newProject(t, o, chain())
	front := httptest.NewServer(p)
	defer front.Close()
	for name, u := range map[string]string{
		"from outside":  front.URL + "/room",
		"from a worker": front.URL + "/fetch?" + url.QueryEscape("https://ws.example.net/room"),
	} {
		host := "ws.example.net"
		if name == "from a worker" {
			host = "app.example.com"
		}
		conn, _, err := websocket.Dial(t.Context(), strings.Replace(u, "http", "ws", 1), &websocket.DialOptions{Host: host})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, data, err := conn.Read(t.Context()); err != nil || string(data) != "ws.example.net/room" {
			t.Errorf("%s: %q %v", name, data, err)
		}
		conn.Close(websocket.StatusNormalClosure, "")
	}
}
