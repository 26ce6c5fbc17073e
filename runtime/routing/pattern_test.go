package routing

import (
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/diag"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text, canonical string
		score           int
	}{
		{"*/*", "*/*", -26},
		{"*.example.com/*", "*.example.com/*", 26},
		{"*.example.com/a", "*.example.com/a", 28},
		{"example.com/*", "example.com/*", 52},
		{"example.com/images/*", "example.com/images/*", 53},
		{"example.com", "example.com/", 54},
		{"example.com/", "example.com/", 54},
		{"example.com/images*", "example.com/images*", 54},
		{"example.com/status", "example.com/status", 54},
		{"a.example.com/*", "a.example.com/*", 78},
		{"*example.com/*", "*example.com/*", 52},
		{"HTTPS://API.Example.com/Path*", "https://api.example.com/Path*", 3*26 + 2},
		{"*.glöd.se/*", "*.xn--gld-tna.se/*", 26},
		{"*glöd.se/ö*", "*xn--gld-tna.se/%C3%B6*", 54},
		{"http://example.com/a/../b/*", "http://example.com/b/*", 53},
		{`example.com\a`, "example.com/a", 54},
		{"  example.com/*\n", "example.com/*", 52},
		{"*", "*/", -24},
		{"example.com/*%2A*", "", 0},
	} {
		p, l := Parse(c.text)
		if c.canonical == "" {
			if !l.HasErrors() {
				t.Errorf("%q was accepted as %q", c.text, p.Canonical())
			}
			continue
		}
		if len(l) > 0 {
			t.Errorf("%q: %v", c.text, l)
			continue
		}
		if p.Canonical() != c.canonical || p.Score() != c.score || p.Text != c.text {
			t.Errorf("%q: %q score %d, want %q score %d", c.text, p.Canonical(), p.Score(), c.canonical, c.score)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, code := range map[string]string{
		"example.com/*.jpg":           "route_infix_wildcard",
		"stage-*.example.com/*":       "route_infix_wildcard",
		"example.com/**":              "route_infix_wildcard",
		"**.example.com/*":            "route_infix_wildcard",
		"*.*.example.com/*":           "route_infix_wildcard",
		"%2Aexample.com/*":            "route_infix_wildcard",
		"example.com*/a":              "route_infix_wildcard",
		"example.com/?foo=*":          "route_query_string",
		"example.com/a?b":             "route_query_string",
		"example.com:8080/*":          "route_port",
		"http://example.com:80/*":     "route_port",
		"[::1]:8787/*":                "route_port",
		"ftp://example.com/*":         "route_scheme",
		"wss://example.com/*":         "route_scheme",
		"":                            "route_invalid",
		"/path":                       "route_invalid",
		"https:///path":               "route_invalid",
		"*./x":                        "route_invalid",
		"user@example.com/*":          "route_invalid",
		"example.com/#top":            "route_invalid",
		"exa mple.com/*":              "route_invalid",
		"example.com/\x00*\x00*":      "route_infix_wildcard",
		strings.Repeat("a.", 3) + "*": "route_infix_wildcard",
	} {
		_, l := Parse(text)
		if len(l) != 1 || l[0].Severity != diag.Error || l[0].Code != code || l[0].Message == "" {
			t.Errorf("%q: %v, want %s", text, l, code)
		}
	}
}

func TestHostFollowedByStarIsReadAsPath(t *testing.T) {
	for text, canonical := range map[string]string{
		"example.com*":           "example.com/*",
		"*.example.com*":         "*.example.com/*",
		"https://*example.com*":  "https://*example.com/*",
		"https://example.co.uk*": "https://example.co.uk/*",
	} {
		p, l := Parse(text)
		if len(l) != 1 || l[0].Code != "route_host_trailing_wildcard" || l.HasErrors() || p.Canonical() != canonical {
			t.Errorf("%q: %q %v", text, p.Canonical(), l)
		}
	}
}

func TestPatternMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, scheme, host, path string
		want                        bool
	}{
		{"example.com", "https", "example.com", "/", true},
		{"example.com", "https", "example.com", "/a", false},
		{"example.com", "https", "example.com", "/?a", false},
		{"example.com/a*", "http", "example.com", "/ab?c", true},
		{"example.com/a/*", "http", "example.com", "/a", false},
		{"https://example.com/*", "http", "example.com", "/", false},
		{"*.example.com/*", "https", "example.com", "/", false},
		{"*.example.com/*", "https", "notexample.com", "/", false},
		{"*example.com/*", "https", "notexample.com", "/", true},
		{"*/x", "https", "anything.test", "/x", true},
		{"example.com/%61", "https", "example.com", "/a", false},
	} {
		p, _ := Parse(c.pattern)
		if got := p.Match(c.scheme, c.host, c.path); got != c.want {
			t.Errorf("%s against %s://%s%s: %v", c.pattern, c.scheme, c.host, c.path, got)
		}
	}
}

func TestNormalForms(t *testing.T) {
	for in, want := range map[string]string{
		"/":                 "/",
		"":                  "/",
		"?q":                "/?q",
		"/?":                "/",
		"/a?":               "/a",
		"/a b":              "/a%20b",
		"/ö?ü":              "/%C3%B6?%C3%BC",
		"/a/./b/../c":       "/a/c",
		"/a/%2e%2e/c":       "/c",
		"/.well-known/x":    "/.well-known/x",
		"/..a/...":          "/..a/...",
		"//a//b":            "//a//b",
		"/%61%2F":           "/%61%2F",
		"/a#b":              "/a",
		"/x?a=%27'":         "/x?a=%27%27",
		"/x?next=/../../up": "/x?next=/../../up",
		`/a\b`:              "/a/b",
		"*":                 "/*",
	} {
		if got := normalPath(in); got != want {
			t.Errorf("path %q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"Example.COM:8787": "example.com",
		"GLÖD.se":          "xn--gld-tna.se",
		"[::1]:80":         "[::1]",
		"127.0.0.1:1":      "127.0.0.1",
		"my_host.test":     "my_host.test",
		"%zz":              "%zz",
		"":                 "",
	} {
		if got := normalHost(in); got != want {
			t.Errorf("host %q: %q, want %q", in, got, want)
		}
	}
}

// The quick look must never let through what a parse would change.
func FuzzNormalPath(f *testing.F) {
	for _, s := range []string{"/", "/a?b", "/a/../b", "/%2e/", "/a b", "/ö", "/a?'", "/^|", "//", "/.%2E/x", "/a/.", "/a?\\"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !isNormalPath(s) {
			return
		}
		u, err := parser.Parse("https://h" + s)
		if err != nil {
			t.Fatalf("%q does not parse: %v", s, err)
		}
		if got := u.Pathname() + u.Search(); got != s {
			t.Fatalf("%q was taken for normal, but becomes %q", s, got)
		}
	})
}

// Whatever is written, parsing must not panic, an accepted pattern must be
// stable under its canonical form, and it must match a URL made from itself.
func FuzzParse(f *testing.F) {
	for _, h := range hostForms {
		for _, p := range pathForms {
			f.Add(h + p)
		}
	}
	f.Add("https://*glöd.se/ä*")
	f.Add("example.com/a?b")
	f.Fuzz(func(t *testing.T, text string) {
		p, l := Parse(text)
		if l.HasErrors() {
			return
		}
		again, l2 := Parse(p.Canonical())
		if l2.HasErrors() || again.Canonical() != p.Canonical() || again.Score() != p.Score() {
			t.Fatalf("%q: canonical %q reads as %q: %v", text, p.Canonical(), again.Canonical(), l2)
		}
		host := p.Host
		switch p.Kind {
		case HostAny:
			host = "x.test"
		case HostSubdomains:
			host = "x." + host
		}
		scheme := p.Scheme
		if scheme == "" {
			scheme = "http"
		}
		if !p.Match(scheme, host, p.Path) {
			t.Fatalf("%q does not match its own URL %s://%s%s", text, scheme, host, p.Path)
		}
	})
}

// Index and scan must agree on any pair of patterns and any URL.
func FuzzIndexAgreesWithScan(f *testing.F) {
	f.Add("example.com/*", "*.example.com/a*", "www.example.com", "/ab")
	f.Add("*example.com/api/*", "https://example.com/api*", "example.com", "/api/x?y")
	f.Fuzz(func(t *testing.T, a, b, host, path string) {
		if a == b {
			return
		}
		w := World{Zones: []string{"example.com"}, Workers: []Worker{
			{Name: "a", Routes: []Route{{Pattern: a, ZoneName: "example.com"}}},
			{Name: "b", Routes: []Route{{Pattern: b, ZoneName: "example.com"}}},
		}}
		pa, la := Parse(a)
		pb, lb := Parse(b)
		if la.HasErrors() || lb.HasErrors() || under(pa.Host, workersDevZone) || under(pb.Host, workersDevZone) {
			return
		}
		if stripURLSpace(a) == stripURLSpace(b) {
			return
		}
		table := NewTable(w)
		host, path = normalHost(host), normalPath(path)
		if under(host, workersDevZone) || hasPlatformPath(path) {
			return
		}
		m := table.Match("https", host, path)
		o, worker, pattern := naive(w, table, "https", host, path)
		if m.Outcome != o || m.Worker != worker || m.Pattern != pattern {
			t.Fatalf("%q and %q at %s%s: index %v %q, scan %v %q", a, b, host, path, m.Outcome, m.Worker, o, worker)
		}
	})
}
