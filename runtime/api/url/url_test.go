package url

import (
	"testing"

	urlpattern "github.com/dunglas/go-urlpattern"

	"github.com/miniworker/miniworker/internal/testworker/jseval"
	"github.com/miniworker/miniworker/runtime/jsg"
)

func newRealm(t testing.TB) *jsg.Scope { return jseval.New(t, Globals()) }

func TestURL(t *testing.T) {
	jseval.Run(t, newRealm, []jseval.Case{
		{`new URL("foo")`, "TypeError: Invalid URL string."},
		{`new URL("foo", "bar")`, "TypeError: Invalid URL string."},
		{`new URL("foo", "")`, "TypeError: Invalid URL string."},
		{`new URL("http://[::1")`, "TypeError: Invalid URL string."},
		{`new URL()`, "TypeError: Failed to construct 'URL': constructor parameter 1 is not of type 'USVString'."},
		{`[URL.parse("foo"), URL.parse("a", "http://x/y/").href, URL.canParse("foo", "http://x"), URL.canParse("foo", "bar")]`, `[null,"http://x/y/a",true,false]`},
		{`URL.canParse()`, "TypeError: Failed to execute 'canParse' on 'URL': parameter 1 is not of type 'USVString'."},
		{`new URL("http://x/").href = "foo"; let u = new URL("http://x/"); u.href = "foo"`, "TypeError: Failed to set the 'href' property on 'URL': the provided value is not of type 'valid URL string'."},
		{`let u = new URL("http://x/"); u.port = "99999"; u.protocol = "foo"; u.host = ""; u.href`, "http://x/"},
		{`JSON.stringify(new URL("http://x/?a=b c#d"))`, `"http://x/?a=b%20c#d"`},
		{`let u = new URL("http://x/"); u.username = "a:b"; u.password = "@"; u.pathname = "a b"; u.hash = "x y"; u.href`, "http://a%3Ab:%40@x/a%20b#x%20y"},
		{`new URL("http://EXAMPLE.com:80/%7Efoo/../bar?x=y#z").href`, "http://example.com/bar?x=y#z"},
		{`new URL("http://münchen.de/ä?ö#ü").href`, "http://xn--mnchen-3ya.de/%C3%A4?%C3%B6#%C3%BC"},
		{`["data:text/plain,hi", "blob:http://x/y", "file:///C:/a/../b", "https://u:p@h:1/"].map(s => new URL(s).origin)`, `["null","http://x","null","https://h:1"]`},
		{`let u = new URL("https://us:pw@ex.com:8080/p/q?x=1#h"); [u.protocol, u.username, u.password, u.host, u.hostname, u.port, u.pathname, u.search, u.hash]`,
			`["https:","us","pw","ex.com:8080","ex.com","8080","/p/q","?x=1","#h"]`},
		{`let u = new URL("http://[::1]:80/?#"); [u.host, u.hostname, u.port, u.search, u.hash, u.href]`, `["[::1]","[::1]","","","","http://[::1]/?#"]`},
		{`let u = new URL("web+demo:/.//not-a-host/"); [u.host, u.pathname, u.href]`, `["","//not-a-host/","web+demo:/.//not-a-host/"]`},
		{`new URL("http://a/\ud800").href`, "http://a/%EF%BF%BD"},
		{`URL.createObjectURL({})`, "Error: URL.createObjectURL() is not implemented"},
		{`Object.getOwnPropertyNames(URL.prototype).sort().join()`, "constructor,hash,host,hostname,href,origin,password,pathname,port,protocol,search,searchParams,toJSON,toString,username"},
		{`new URL(new URL("http://x/y")).href`, "http://x/y"},
	})
}

func TestSearchParams(t *testing.T) {
	jseval.Run(t, newRealm, []jseval.Case{
		{`new URLSearchParams([["a"]])`, "TypeError: Invalid URL search params sequence."},
		{`new URLSearchParams([["a", "b", "c"]])`, "TypeError: Invalid URL search params sequence."},
		{`new URLSearchParams([1])`, "TypeError: Incorrect type: the provided value is not of type 'Sequence'."},
		{`[new URLSearchParams(5), new URLSearchParams(null), new URLSearchParams(undefined)].join()`, "5=,null=,"},
		{`String(new URLSearchParams("?a=b&c=%zz&d=+%20&&=&%E2%82A"))`, "a=b&c=%25zz&d=++&=&%EF%BF%BDA="},
		{`String(new URLSearchParams({a: 1, b: [1, 2]}))`, "a=1&b=1%2C2"},
		{`String(new URLSearchParams(new Map([["a", "b"]])))`, "a=b"},
		{`String(new URLSearchParams(new URLSearchParams("x=é")))`, "x=%C3%A9"},
		{`new URLSearchParams().append("x")`, "TypeError: Failed to execute 'append' on 'URLSearchParams': parameter 2 is not of type 'USVString'."},
		{`let p = new URLSearchParams("a=1&a=2"); [p.has("a", "2"), p.has("a", "3"), p.has("a", undefined), p.get("a"), p.get("b"), p.getAll("a"), p.size]`, `[true,false,true,"1",null,["1","2"],2]`},
		{`let p = new URLSearchParams("a=1&a=2&b=3"); p.delete("a", "2"); p.set("c", 1); p.set("b", "x"); String(p)`, "a=1&b=x&c=1"},
		{`let p = new URLSearchParams("a=1&b=2&a=3&c=4&a=5"); p.set("a", "9"); String(p)`, "a=9&b=2&c=4"},
		{`let p = new URLSearchParams("z=1&a=2&z=0&ﬃ&🌈"); p.sort(); String(p)`, "a=2&z=1&z=0&%F0%9F%8C%88=&%EF%AC%83="},
		{`let u = new URL("http://x/?a=1#h"); u.searchParams.append("b c", "d&"); u.href`, "http://x/?a=1&b+c=d%26#h"},
		{`let u = new URL("http://x/?a=1#h"); u.searchParams.delete("a"); u.href`, "http://x/#h"},
		{`let u = new URL("http://x/?a=1#h"), p = u.searchParams; u.search = "?z=9"; [p.get("z"), p === u.searchParams, String(p)]`, `["9",true,"z=9"]`},
		{`let u = new URL("http://x/?a=1#h"), p = u.searchParams; u.href = "http://y/?q=1"; String(p)`, "q=1"},
		{`let p = new URLSearchParams("a=1&b=2&c=3"), r = []; for (const [k] of p) { r.push(k); p.delete(k) } r`, `["a","c"]`},
		{`let r = []; new URLSearchParams("a=1&b=2").forEach((v, k) => r.push(k + v)); r`, `["a1","b2"]`},
		{`Object.fromEntries(new URLSearchParams("a=1&b=2"))`, `{"a":"1","b":"2"}`},
	})
}

func TestURLPattern(t *testing.T) {
	jseval.Run(t, newRealm, []jseval.Case{
		{`new URLPattern({pathname: "/:id"}).exec("http://x/5")`, `{"inputs":["http://x/5"],"protocol":{"input":"http","groups":{"0":"http"}},"username":{"input":"","groups":{"0":""}},"password":{"input":"","groups":{"0":""}},"hostname":{"input":"x","groups":{"0":"x"}},"port":{"input":"","groups":{"0":""}},"pathname":{"input":"/5","groups":{"id":"5"}},"search":{"input":"","groups":{"0":""}},"hash":{"input":"","groups":{"0":""}}}`},
		{`new URLPattern({pathname: "/a"}).exec({pathname: "/a"}).inputs`, `[{"pathname":"/a"}]`},
		{`new URLPattern({pathname: "/:a/*"}).exec({pathname: "/b/c"}).pathname`, `{"input":"/b/c","groups":{"0":"c","a":"b"}}`},
		{`new URLPattern({pathname: "/:z/:a"}).exec({pathname: "/b/c"}).pathname.groups`, `{"z":"b","a":"c"}`},
		{`let g = new URLPattern({pathname: "/x/:a?"}).exec({pathname: "/x"}).pathname.groups; [Object.keys(g), g.a === undefined]`, `[["a"],true]`},
		{`new URLPattern("/foo", "http://x").hostname`, "x"},
		{`new URLPattern({pathname: "/:a", baseURL: "http://h/x?y"}).hostname`, "h"},
		{`[new URLPattern().pathname, new URLPattern(null).pathname]`, `["*","*"]`},
		{`new URLPattern({pathname: "/Foo"}, {ignoreCase: true}).test("http://x/foo")`, "true"},
		{`[new URLPattern({pathname: "/(foo)"}).hasRegExpGroups, new URLPattern({pathname: "/foo"}).hasRegExpGroups]`, "[true,false]"},
		{`let p = new URLPattern({pathname: "/a"}); [p.exec("http://x/b"), p.exec("nope"), p.test(), p.test("/a", "http://x"), p.test(new URL("http://x/a"))]`, "[null,null,false,true,true]"},
		{`new URLPattern("foo")`, "TypeError: Failed to construct URLPattern"},
		{`new URLPattern({pathname: "/(foo"})`, "TypeError: Failed to construct URLPattern"},
		{`new URLPattern(5)`, "TypeError: Failed to construct URLPattern"},
		{`new URLPattern({pathname: "/:a"}).exec({pathname: "/b"}, "http://x")`, "TypeError: Failed to exec URLPattern"},
	})
}

// oddities are inputs near the edges of the fast path.
var oddities = []string{
	"http://a.com", "https://a.com/", "https://a.com:443/", "https://a.com:80/x", "http://a.com:080/", "http://a.com:/", "http://a.com:65536/",
	"http://a.com/a/../b", "http://a.com/.", "http://a.com/.well-known/x", "http://a.com/%2e%2E/b", "http://a.com/a\\b", "http://a.com/a b",
	"http://a.com?x", "http://a.com#x", "http://a.com/?'", "http://a.com/?a#b#c", "http://a.com/?a?b", "http://a.com/#`", "http://a.com/a^b|c",
	"http://1.2.3.4/", "http://1.2.3/", "http://0x7f.1/", "http://a.1/", "http://a.b1/", "http://localhost:8787/x?y=z#w", "http://xn--a/",
	"http://a_b.com/", "http://-a.com/", "http://a..b/", "http://a.com./", "http://A.com/", "http://u:p@a.com/", "http:/a.com/", " http://a.com/ ",
	"http://a.com/\n", "http://a.com/%zz", "http://a.com//x", "http://a.com/?%", "ftp://a.com", "http://", "http:///x", "http://a.com:8080", "http://a.com/ü",
}

func checkFastPath(t *testing.T, s string) {
	href, ok := canonical(s)
	if !ok {
		return
	}
	if u, err := parser.Parse(s); err != nil || u.Href(false) != href {
		t.Errorf("%q: fast path says %q, the parser %v, %v", s, href, u, err)
	}
}

func TestFastPathAgrees(t *testing.T) {
	for _, s := range oddities {
		checkFastPath(t, s)
	}
	for _, s := range []string{"https://example.com/a/b.html?x=1&y=%20#top", "http://localhost:8787/", "https://u:p@e.com/a/../b/%2E/c/.?x", "https://e.com?x#y"} {
		if _, ok := canonical(s); !ok {
			t.Errorf("%q should need no parser", s)
		}
	}
}

// checkFastResolve compares with the parser for a URL and a base.
func checkFastResolve(t *testing.T, s, base string) {
	href, ok := resolve(s, base)
	if !ok {
		return
	}
	b, err := parser.Parse(base)
	if err != nil {
		t.Fatalf("%q is no base: %v", base, err)
	}
	if u, err := b.Parse(s); err != nil || u.Href(false) != href {
		t.Errorf("%q against %q: fast path says %q, the parser %v, %v", s, base, href, u, err)
	}
}

// TestFastPathOfPieces puts URLs together of pieces that matter, in all orders.
func TestFastPathOfPieces(t *testing.T) {
	pieces := []string{"", "a", ".", "..", "/", "//", "?", "#", "%2e", "%2E", "%41", "@", ":", ";", "'", "^", "\\", " ", "e.com", "1.2", "c:", "\u00e9", "\t", "|", "http://", "https:", ":80", "~"}
	bases := []string{"https://e.com", "http://u:p@e.com:8080/a/b/c?x#y", "https://e.com/a//b/../?/../#/..", "http://e.com/."}
	resolved := 0
	for _, a := range pieces {
		for _, b := range pieces {
			for _, c := range pieces {
				checkFastPath(t, "https://"+a+b+c)
				checkFastPath(t, "http://e.com"+a+b+c)
				checkFastPath(t, "https://e.com/a/"+a+b+c)
				checkFastPath(t, "http://e.com/x/"+a+"/"+b+"/"+c)
				for _, base := range bases {
					checkFastResolve(t, a+b+c, base)
					if _, ok := resolve(a+"/"+b+c, base); ok {
						resolved++
					}
					checkFastResolve(t, a+"/"+b+c, base)
				}
			}
		}
	}
	if resolved < 10000 {
		t.Errorf("only %d need no parser", resolved)
	}
}

func FuzzResolve(f *testing.F) {
	for _, s := range oddities {
		f.Add(s, "https://u:p@e.com:8080/a/b/../c?x#y")
	}
	f.Fuzz(checkFastResolve)
}

func FuzzParse(f *testing.F) {
	for _, s := range oddities {
		f.Add(s)
	}
	f.Add("blob:https://a/b")
	f.Add("a:/.//p")
	f.Fuzz(func(t *testing.T, s string) {
		checkFastPath(t, s)
		p, err := Parse(s, "")
		if err != nil {
			return
		}
		u, err := parser.Parse(s)
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		got := [...]string{p.Protocol(), p.Username(), p.Password(), p.Host(), p.Hostname(), p.Port(), p.Pathname(), p.Search(), p.Hash()}
		want := [...]string{u.Protocol(), u.Username(), u.Password(), u.Host(), u.Hostname(), u.Port(), u.Pathname(), u.Search(), u.Hash()}
		if got != want {
			t.Errorf("%q (%s): got %q, want %q", s, p.Href(), got, want)
		}
	})
}

func TestResolve(t *testing.T) {
	tests := []struct{ s, base, want string }{
		{"/x?y", "http://a.com/b/c?d#e", "http://a.com/x?y"},
		{"/x", "http://u:p@a.com/b", "http://u:p@a.com/x"},
		{"//h/x", "https://a.com/b", "https://h/x"},
		{"../x", "https://a.com/b/c/d", "https://a.com/b/x"},
		{"?q", "https://a.com/b/c", "https://a.com/b/c?q"},
		{"/a/../b", "https://a.com", "https://a.com/b"},
		{"mailto:x", "https://a.com", "mailto:x"},
	}
	for _, tt := range tests {
		if p, err := Parse(tt.s, tt.base); err != nil || p.Href() != tt.want {
			t.Errorf("Parse(%q, %q) = %v, %v; want %s", tt.s, tt.base, p, err, tt.want)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Parse("https://example.com/path/to/thing?x=1&y=2", "")
	}
}

func BenchmarkNewURL(b *testing.B) {
	js := newRealm(b)
	f, err := js.Run(jsg.MustCompile("b", `(n) => { for (let i = 0; i < n; i++) new URL("https://example.com/path?x=1").pathname }`))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	if _, err := js.Call(f, jsg.Undefined, js.Int(int64(b.N))); err != nil {
		b.Fatal(err)
	}
}

// FuzzPattern finds patterns that break the parser or the match.
func FuzzPattern(f *testing.F) {
	for _, pattern := range []string{"https://e.com/:a(\\d+)/*", "/:a?/:b+", "{/a}*", "*://*.e.com:*/?q=:q#:h", "/(", "/{a:b", "/:\u00e9"} {
		f.Add(pattern, "https://www.e.com/1/x?q=2#z")
	}
	f.Fuzz(func(t *testing.T, pattern, url string) {
		for _, ignoreCase := range []bool{false, true} {
			p, err := urlpattern.New(pattern, "https://e.com/", &urlpattern.Options{IgnoreCase: ignoreCase})
			if err != nil {
				continue
			}
			if r := p.Exec(url, "https://e.com/"); (r != nil) != p.Test(url, "https://e.com/") {
				t.Errorf("%q and %q: exec and test disagree", pattern, url)
			}
		}
	})
}
