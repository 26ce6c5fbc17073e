package assets

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/diag"
)

func findings(diags diag.List) string {
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "%d %s: %s\n", d.Pos.Line, d.Severity, d.Message)
	}
	return b.String()
}

func TestRedirectFindings(t *testing.T) {
	long := strings.Repeat("x", 2000)
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format+"\n", i, i)
		}
		return b.String()
	}
	loop := "Infinite loop detected in this rule and has been ignored. This will cause a redirect to strip `.html` or `/index` and end up triggering this rule again. Please fix or remove this rule to silence this warning."
	for _, tt := range []struct {
		name, text, want string
		html             HTMLHandling
		static, dynamic  int
	}{
		{name: "comments and blanks", text: "# a\n\n  # b\n/a /b # c\r\n", static: 1},
		{name: "tokens", text: "/a\n/a /b 301 x\n", want: "1 warning: Expected exactly 2 or 3 whitespace-separated tokens. Got 1.\n2 warning: Expected exactly 2 or 3 whitespace-separated tokens. Got 4.\n"},
		{name: "host", text: "https://a.example/x /b\n", want: "1 warning: Only relative URLs are allowed. Skipping absolute URL https://a.example/x.\n"},
		{name: "destination", text: "/a b\n/c http://x/\n", want: strings.Repeat("%d warning: URLs should either be relative (e.g. begin with a forward-slash), or use HTTPS (e.g. begin with \"https://\").\n", 2)},
		{name: "status", text: "/a /b 404\n/c /d x\n/e /f 308\n", static: 1, want: "1 warning: Valid status codes are 200, 301, 302 (default), 303, 307, or 308. Got 404.\n2 warning: Valid status codes are 200, 301, 302 (default), 303, 307, or 308. Got x.\n"},
		{name: "proxy", text: "/a https://x.example/ 200\n", want: "1 warning: Proxy (200) redirects can only point to relative paths. Got https://x.example/\n"},
		{name: "duplicate", text: "/a /b\n/a /c\n/x/* /y\n/x/* /z\n", static: 1, dynamic: 1, want: "2 warning: Ignoring duplicate rule for path /a.\n4 warning: Ignoring duplicate rule for path /x/*.\n"},
		{name: "loops", text: "/* /index.html 200\n/ /index\n/x/ /x/index.html\n/y /index.html\n/* https://x.example/index.html\n", static: 1, dynamic: 1, want: "1 warning: " + loop + "\n2 warning: " + loop + "\n3 warning: " + loop + "\n"},
		{name: "no html, no loop", text: "/ /index.html\n/* /index.html\n", html: HTMLNone, static: 1, want: "2 warning: " + loop + "\n"},
		{name: "late static", text: "/x/* /y\n/a /b\n", dynamic: 2, want: "2 info: The redirect rule /a → 302 /b could be made more performant by bringing it above any lines with splats or placeholders.\n"},
		{name: "two splats", text: "/x/*/y/* /y\n", want: "1 warning: This rule can never match: only one splat (*) is allowed in /x/*/y/*.\n"},
		{name: "long line", text: "/" + long + " /y\n", want: "1 warning: Ignoring line 1 as it exceeds the maximum allowed length of 2000.\n"},
		{name: "static limit", text: many(2001, "/a%d /b%d") + "/x/* /y\n", static: 2000, dynamic: 1, want: "2001 warning: Maximum number of static rules supported is 2000. Skipping line.\n"},
		{name: "dynamic limit", text: many(102, "/a%d/* /b%d") + "/x /y\n", dynamic: 100, want: "101 warning: Maximum number of dynamic rules supported is 100. Skipping remaining 4 lines of file.\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var diags diag.List
			rs := parseRedirects(tt.text, "_redirects", tt.html, &diags)
			want := tt.want
			if strings.HasPrefix(want, "%d") {
				want = fmt.Sprintf(want, 1, 2)
			}
			if got := findings(diags); got != want {
				t.Errorf("findings\n%swant\n%s", got, want)
			}
			if len(rs.static) != tt.static || len(rs.dynamic) != tt.dynamic {
				t.Errorf("%d static and %d dynamic rules, want %d and %d", len(rs.static), len(rs.dynamic), tt.static, tt.dynamic)
			}
		})
	}
}

func TestHeaderFindings(t *testing.T) {
	var many strings.Builder
	for i := range 103 {
		fmt.Fprintf(&many, "/%d\n  A: b\n", i)
	}
	for _, tt := range []struct {
		name, text, want string
		rules            int
	}{
		{"plain", "# c\n/a\n  X-A: 1\n  ! X-B\n\nhttps://h.example/*\n  X-C: 2\r\n", "", 2},
		{"header first", "X-A: 1\n! X\nplain\n", "1 warning: Path should come before header (x-a: 1)\n2 warning: Expected a path beginning with at least one forward-slash\n3 warning: Expected a path beginning with at least one forward-slash\n", 0},
		{"empty blocks", "/a\n/b\n  X: y\n/c\n", "1 warning: No headers specified\n4 warning: No headers specified\n", 1},
		{"port and scheme", "https://h:80/\n  X: y\nhttp://h/\n  X: y\n", "1 warning: Specifying ports is not supported. Skipping absolute URL https://h:80/.\n2 warning: Path should come before header (x: y)\n3 warning: URLs should either be relative (e.g. begin with a forward-slash), or use HTTPS (e.g. begin with \"https://\").\n4 warning: Path should come before header (x: y)\n", 0},
		{"lines", "/a\n  plain\n  X Y: z\n  : v\n  N:\n  Good: yes\n", "2 warning: Expected a colon-separated header pair (e.g. name: value)\n3 warning: Header name cannot include spaces\n4 warning: No header name specified\n5 warning: No header value specified\n", 1},
		{"not http", "/a\n  X(: z\n  ! X Y\n  Good: yes\n", "2 warning: \"X(: z\" is not a valid header\n3 warning: \"X Y\" is not a valid header name\n", 1},
		{"same path again", "/a\n  X: 1\n/b\n  X: 2\n/a\n  Y: 3\n", "", 2},
		{"two splats", "/a/*/*\n  X: 1\n", "1 warning: This rule can never match: only one splat (*) is allowed in /a/*/*.\n", 0},
		{"limit, which counts closed blocks", many.String(), "203 warning: Maximum number of rules supported is 100. Skipping remaining 5 lines of file.\n", 101},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var diags diag.List
			rules := parseHeaders(tt.text, "_headers", &diags)
			diags.Sort()
			if got := findings(diags); got != tt.want {
				t.Errorf("findings\n%swant\n%s", got, tt.want)
			}
			if len(rules) != tt.rules {
				t.Errorf("%d rules, want %d", len(rules), tt.rules)
			}
		})
	}
}

func TestPatterns(t *testing.T) {
	for _, tt := range []struct{ rule, url, want string }{
		{"/a", "/a", "match"},
		{"/a", "/a/", "no"},
		{"/a.b", "/axb", "no"},
		{"/*", "/", "match splat="},
		{"/a/*", "/a/b/c", "match splat=b/c"},
		{"/a/*", "/a", "no"},
		{"/a*z", "/abcz", "match splat=bc"},
		{"/a/:x", "/a/b", "match x=b"},
		{"/a/:x", "/a/", "no"},
		{"/a/:x", "/a/b/c", "no"},
		{"/:x/*", "/a/b/c", "match x=a splat=b/c"},
		{"/:a-:b", "/1-2-3", "match a=1-2 b=3"},
		{"/:1", "/:1", "match"},
		{"https://h.example/*", "https://h.example:8787/x", "match splat=x"},
		{"https://h.example/*", "http://h.example/x", "match splat=x"},
		{"https://h.example/*", "https://other.example/x", "no"},
		{"https://:sub.example/:p", "https://a.example/x", "match sub=a p=x"},
		{"https://:sub.example/:p", "https://a.b.example/x", "no"},
		{"/:id/:idx", "/a/b", "error"},
		{"/:id/:id", "/a/b", "error"},
	} {
		got := "no"
		p, err := compile(tt.rule)
		u := splitURL(request("GET", tt.url).URL)
		if err != nil {
			got = "error"
		} else if caps, ok := p.match(&u); ok {
			got = "match"
			for _, c := range caps {
				got += " " + c.name + "=" + c.value
			}
		}
		if got != tt.want {
			t.Errorf("%s on %s: %s, want %s", tt.rule, tt.url, got, tt.want)
		}
	}
}

func TestGlob(t *testing.T) {
	for _, tt := range []struct {
		glob, path string
		want       bool
	}{
		{"/a", "/a", true}, {"/a", "/ab", false}, {"/a", "/", false},
		{"/*", "/", true}, {"/*", "/a/b", true}, {"/a/*", "/a", false},
		{"/a*b*c", "/axxbxxc", true}, {"/a*b*c", "/acb", false}, {"/a*bc*c", "/abc", false},
		{"/*.js", "/x/y.js", true}, {"/*.js", "/x/y.jsx", false}, {"/**", "/x", true},
		{"/a*a", "/a", false}, {"/a.c", "/abc", false}, {"/A", "/a", false},
	} {
		if got := MatchGlob(tt.glob, tt.path); got != tt.want {
			t.Errorf("%s on %s: %v", tt.glob, tt.path, got)
		}
	}
}

func TestNavigationFlag(t *testing.T) {
	for _, tt := range []struct {
		date  string
		flags []string
		want  bool
	}{
		{"2025-03-31", nil, false}, {"2025-04-01", nil, true},
		{"2026-01-01", []string{"assets_navigation_has_no_effect"}, false},
		{"2024-01-01", []string{"assets_navigation_prefers_asset_serving"}, true},
	} {
		if got := NavigationPrefersAssets(tt.date, tt.flags); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}

func TestContentType(t *testing.T) {
	for name, want := range map[string]string{"/a.html": "text/html; charset=utf-8", "/a.JS": "text/javascript; charset=utf-8", "/a.png": "image/png",
		"/a.json": "application/json", "/noext": "", "/.html": "", "/d.js/x": "", "/a.tar.gz": "application/gzip", "/a.nosuchext": "", "/a.": "", "": ""} {
		if got := contentType(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func FuzzRedirects(f *testing.F) {
	f.Add("/a /b 301\n/x/* /y/:splat\n/:p/c /d/:p?x=:p#h 200\n", "/x/%2F/y?q=1")
	f.Add("/* //e/:splat\n", "/x//y")
	f.Add("/a:b*c:d https://:d.e/:b\n", "/axbc")
	f.Fuzz(func(t *testing.T, text, path string) {
		var diags diag.List
		rs := parseRedirects(text, "_redirects", AutoTrailingSlash, &diags)
		if len(rs.static) > maxStaticRedirects || len(rs.dynamic) > maxDynamicRedirects {
			t.Fatalf("%d static and %d dynamic rules", len(rs.static), len(rs.dynamic))
		}
		l := newLayer(t, Config{}, map[string]string{"a.html": "x"})
		s := *l.snap.Load()
		s.redirects = rs
		req := request("GET", "https://site.example.com/"+path)
		u := splitURL(req.URL)
		o := l.outcome(&s, req, &u, NotFoundNone)
		if o.Status == 0 || o.Location != "" && (o.Status < 301 || o.Status > 308) {
			t.Fatalf("%+v", o)
		}
	})
}

func FuzzHeaders(f *testing.F) {
	f.Add("/a\n  X: y\n! Z\n/*\n ! X\n X: :splat\n", "/a")
	f.Add("https://:h.example/:p\n  A: :h :p\n", "/b")
	f.Fuzz(func(t *testing.T, text, path string) {
		var diags diag.List
		rules := parseHeaders(text, "_headers", &diags)
		if len(rules) > maxHeaderRules+1 {
			t.Fatalf("%d rules", len(rules))
		}
		u := splitURL("https://a.example" + path)
		h := http.Header{"Etag": {"x"}}
		applyHeaders(rules, &u, h)
		for k, v := range h {
			if k != http.CanonicalHeaderKey(k) || len(v) == 0 {
				t.Fatalf("header %q: %q", k, v)
			}
		}
	})
}

func FuzzPath(f *testing.F) {
	for _, p := range []string{"/a%20b", "//x", "/%2f%2f", "/%", "/%zz", "/%ff", "/a/%C3%BC/[x]", "/%00"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		d := decodePath(p)
		if strings.Contains(d, "//") {
			t.Fatalf("%q decodes to %q", p, d)
		}
		e := encodePath(d)
		if back := decodePath(e); back != d && strings.ToValidUTF8(d, "") == d {
			t.Fatalf("%q became %q became %q", d, e, back)
		}
		if again := encodePath(decodePath(e)); again != e && strings.ToValidUTF8(d, "") == d {
			t.Fatalf("%q is not canonical: %q", e, again)
		}
	})
}
