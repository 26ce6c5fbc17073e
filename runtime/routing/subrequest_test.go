package routing

import "testing"

func TestSubrequest(t *testing.T) {
	table := NewTable(World{
		Zones: []string{"example.com", "other.test"}, WorkersDevSubdomain: "acme",
		Workers: []Worker{
			{Name: "api", Routes: []Route{{Pattern: "api.example.com", CustomDomain: true}}},
			{Name: "auth", Routes: []Route{{Pattern: "api.example.com/auth*"}, {Pattern: "www.example.com/*"}}},
			{Name: "far", Routes: []Route{{Pattern: "other.test/*"}, {Pattern: "app.other.test", CustomDomain: true}}},
			{Name: "dev", WorkersDev: true},
		},
	})
	for _, c := range []struct {
		name    string
		s       Subrequest
		outcome Outcome
		worker  string
		rule    string
		code    int
		warns   bool
	}{
		{"chain to the custom domain", Subrequest{Worker: "auth", Zone: "example.com", Via: ViaRoute, Host: "api.example.com", TargetHost: "api.example.com", PathAndQuery: "/auth"}, RunWorker, "api", "R72", 0, false},
		{"custom domain of the zone", Subrequest{Worker: "auth", Zone: "example.com", Via: ViaRoute, Host: "www.example.com", TargetHost: "api.example.com:443", PathAndQuery: "/auth"}, RunWorker, "api", "R71", 0, false},
		{"routes do not apply in the zone", Subrequest{Worker: "api", Zone: "example.com", Via: ViaCustomDomain, Host: "api.example.com", TargetHost: "WWW.example.com", PathAndQuery: "/"}, Origin, "", "R70", 0, false},
		{"own custom domain", Subrequest{Worker: "api", Zone: "example.com", Via: ViaCustomDomain, Host: "api.example.com", TargetHost: "api.example.com", PathAndQuery: "/x"}, RunWorker, "api", "R76", 0, true},
		{"other zone by route", Subrequest{Worker: "api", Zone: "example.com", TargetHost: "other.test", PathAndQuery: "/"}, RunWorker, "far", "R73", 0, false},
		{"other zone by custom domain", Subrequest{Worker: "api", Zone: "example.com", TargetHost: "app.other.test", PathAndQuery: "/"}, RunWorker, "far", "R73", 0, false},
		{"other zone without a Worker", Subrequest{Worker: "api", Zone: "example.com", TargetHost: "x.other.test", PathAndQuery: "/"}, Origin, "", "R73", 0, false},
		{"workers.dev refused", Subrequest{Worker: "api", Zone: "example.com", TargetHost: "dev.acme.workers.dev", PathAndQuery: "/"}, PlatformError, "", "R74", 1042, false},
		{"workers.dev refused to itself", Subrequest{Worker: "dev", Zone: "acme.workers.dev", TargetHost: "dev.acme.workers.dev", PathAndQuery: "/"}, PlatformError, "", "R74", 1042, false},
		{"somebody else's workers.dev", Subrequest{Worker: "api", Zone: "example.com", TargetHost: "dev.other.workers.dev", PathAndQuery: "/"}, None, "", "R53", 0, false},
		{"the network", Subrequest{Worker: "api", Zone: "example.com", TargetHost: "localhost:3000", PathAndQuery: "/"}, None, "", "R3", 0, false},
		{"strictly public in the zone", Subrequest{Worker: "api", Zone: "example.com", StrictlyPublic: true, TargetHost: "api.example.com", PathAndQuery: "/auth"}, RunWorker, "auth", "R75", 0, false},
		{"strictly public to workers.dev", Subrequest{Worker: "api", Zone: "example.com", StrictlyPublic: true, TargetHost: "dev.acme.workers.dev", PathAndQuery: "/"}, RunWorker, "dev", "R75", 0, false},
		{"strictly public to the network", Subrequest{Worker: "api", Zone: "example.com", StrictlyPublic: true, TargetHost: "elsewhere.test", PathAndQuery: "/"}, None, "", "R3", 0, false},
		{"cron counts as the first zone", Subrequest{Worker: "auth", TargetHost: "www.example.com", PathAndQuery: "/"}, Origin, "", "R70", 0, true},
		{"platform path", Subrequest{Worker: "auth", Zone: "example.com", TargetHost: "api.example.com", PathAndQuery: "/cdn-cgi/image/x"}, Origin, "", "R6", 0, false},
		{"one hop left", Subrequest{Worker: "api", Zone: "example.com", Hops: 15, TargetHost: "other.test", PathAndQuery: "/"}, RunWorker, "far", "R73", 0, false},
		{"no hop left", Subrequest{Worker: "api", Zone: "example.com", Hops: 16, TargetHost: "other.test", PathAndQuery: "/"}, PlatformError, "", "R90", 1019, false},
		{"the network costs no hop", Subrequest{Worker: "api", Zone: "example.com", Hops: 16, TargetHost: "elsewhere.test", PathAndQuery: "/"}, None, "", "R3", 0, false},
	} {
		c.s.Scheme = "https"
		d := table.Subrequest(c.s)
		if d.Outcome != c.outcome || d.Worker != c.worker || d.Rule != c.rule || d.ErrorCode != c.code || (d.Warning != "") != c.warns {
			t.Errorf("%s: %+v", c.name, d)
		}
		if c.code == 1042 && (d.Status != 404 || d.Body != "error code: 1042") {
			t.Errorf("%s: status %d, body %q", c.name, d.Status, d.Body)
		}
	}
}

func TestZonesAreInferred(t *testing.T) {
	w := World{Workers: []Worker{
		{Name: "a", Routes: []Route{{Pattern: "*.shop.example.co.uk/*"}, {Pattern: "localhost/*"}, {Pattern: "x.deep.example.org/*", ZoneName: "deep.example.org"}, {Pattern: "shop.customer.net/*", ZoneName: "saas.test"}}},
		{Name: "b", Routes: []Route{{Pattern: "example.co.uk/*"}, {Pattern: "y.deep.example.org", CustomDomain: true}, {Pattern: "www.example.org/*"}, {Pattern: "*/*", ZoneID: "z1"}, {Pattern: "b.saas.test/*", ZoneID: "z1"}}},
	}}
	table := NewTable(w)
	if p := table.Problems(); len(p) > 0 {
		t.Fatal(p)
	}
	for host, zone := range map[string]string{
		"x.shop.example.co.uk": "example.co.uk", "localhost": "localhost", "deep.example.org": "deep.example.org", "y.deep.example.org": "deep.example.org",
		"example.org": "example.org", "shop.customer.net": "saas.test", "customer.net": "", "saas.test": "saas.test", "a.acme.workers.dev": "acme.workers.dev",
	} {
		if got := table.ZoneOf(host); got != zone {
			t.Errorf("%s is in zone %q, want %q", host, got, zone)
		}
	}
	if m := table.Match("https", "shop.customer.net", "/x"); m.Pattern != "shop.customer.net/*" {
		t.Errorf("custom hostname: %+v", m)
	}
	if m := table.Match("https", "any.saas.test", "/x"); m.Pattern != "*/*" {
		t.Errorf("*/* with zone_id: %+v", m)
	}
	if z := table.FirstZone("b"); z != "example.co.uk" {
		t.Errorf("first zone of b is %q", z)
	}
}

func TestPlacesAreInTheOrderTried(t *testing.T) {
	off := false
	table := NewTable(World{WorkersDevSubdomain: "acme", Workers: []Worker{
		{Name: "a", WorkersDev: true, Routes: []Route{{Pattern: "example.com", CustomDomain: true, Enabled: &off}, {Pattern: "*.example.com/*"}, {Pattern: "www.example.com/*"}}},
	}, Negative: []Route{{Pattern: "www.example.com/x"}}})
	var got []string
	for _, p := range table.Places() {
		got = append(got, p.Pattern)
		if p.Enabled == (p.Kind == ViaCustomDomain) {
			t.Errorf("%+v", p)
		}
	}
	want := "www.example.com/x www.example.com/* *.example.com/* example.com a.acme.workers.dev"
	if s := join(got); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}

func join(l []string) string {
	out := ""
	for i, s := range l {
		if i > 0 {
			out += " "
		}
		out += s
	}
	return out
}

func TestPlatformPathsComeFirst(t *testing.T) {
	table := NewTable(World{WorkersDevSubdomain: "acme", Workers: []Worker{{Name: "a", WorkersDev: true, Routes: []Route{{Pattern: "example.com/*"}}}}})
	for _, host := range []string{"example.com", "a.acme.workers.dev"} {
		if m := table.Match("https", host, "/cdn-cgi/trace"); m.Outcome != Origin || m.Rule != "R6" {
			t.Errorf("%s: %+v", host, m)
		}
		if m := table.Match("https", host, "/cdn-cgi"); m.Outcome != RunWorker {
			t.Errorf("%s: %+v", host, m)
		}
	}
}
