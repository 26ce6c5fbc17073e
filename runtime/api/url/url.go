package url

import (
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// URL is the JavaScript class over a Parsed, which its setters replace.
type URL struct {
	parsed *Parsed
	params *SearchParams // made on first use, then kept in step
}

// Class is the global URL.
var Class = &jsg.Class[URL]{Name: "URL"}

// The members refer to the class themselves, which an initialiser may not.
func init() {
	Class.New = func(js *jsg.Scope, a *jsg.Args) (*URL, error) {
		p, err := parseArgs(a)
		if a.Err() != nil {
			return nil, a.Err()
		}
		if err != nil {
			return nil, jsg.TypeErrorf("%v", err)
		}
		return &URL{parsed: p}, nil
	}
	Class.Members = jsg.Members[URL]{
		part("origin", (*Parsed).Origin, nil),
		jsg.Accessor("href", func(u *URL, js *jsg.Scope) (jsg.Value, error) { return js.String(u.parsed.href), nil }, (*URL).setHref),
		part("protocol", (*Parsed).Protocol, (*whatwg.Url).SetProtocol),
		part("username", (*Parsed).Username, (*whatwg.Url).SetUsername),
		part("password", (*Parsed).Password, (*whatwg.Url).SetPassword),
		part("host", (*Parsed).Host, (*whatwg.Url).SetHost),
		part("hostname", (*Parsed).Hostname, (*whatwg.Url).SetHostname),
		part("port", (*Parsed).Port, (*whatwg.Url).SetPort),
		part("pathname", (*Parsed).Pathname, (*whatwg.Url).SetPathname),
		part("search", (*Parsed).Search, (*whatwg.Url).SetSearch),
		part("hash", (*Parsed).Hash, (*whatwg.Url).SetHash),
		jsg.Getter("searchParams", (*URL).searchParams),
		jsg.Method("toJSON", 0, (*URL).toString),
		jsg.Method("toString", 0, (*URL).toString),
		jsg.Static[URL]("canParse", 0, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			_, err := parseArgs(a)
			return js.Bool(err == nil), a.Err()
		}),
		jsg.Static[URL]("parse", 0, parse),
		unsupported("createObjectURL"),
		unsupported("revokeObjectURL"),
	}
}

// Href is the URL an instance stands for now.
func (u *URL) Href() string { return u.parsed.href }

func parseArgs(a *jsg.Args) (*Parsed, error) {
	s := required(a, 0, "USVString")
	base := a.OptString(1, "")
	if a.Err() != nil {
		return nil, a.Err()
	}
	if base == "" && a.Has(1) {
		return nil, ErrInvalid
	}
	return Parse(s, base)
}

// required is argument i as a string, which must be there.
func required(a *jsg.Args, i int, kind string) string {
	if i >= a.Len() {
		a.Mismatch(i, kind)
	}
	return a.String(i)
}

func parse(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	p, err := parseArgs(a)
	if a.Err() != nil || err != nil {
		return jsg.Null, a.Err()
	}
	return Class.Wrap(js, &URL{parsed: p}), nil
}

func unsupported(name string) jsg.Member[URL] {
	return jsg.Static[URL](name, 0, func(*jsg.Scope, *jsg.Args) (jsg.Value, error) {
		return nil, jsg.Errorf("URL.%s() is not implemented", name)
	})
}

// part is an accessor over one part; without set it is read-only.
func part(name string, get func(*Parsed) string, set func(*whatwg.Url, string)) jsg.Member[URL] {
	read := func(u *URL, js *jsg.Scope) (jsg.Value, error) { return js.String(get(u.parsed)), nil }
	if set == nil {
		return jsg.Getter(name, read)
	}
	return jsg.Accessor(name, read, func(u *URL, js *jsg.Scope, v jsg.Value) error {
		s := v.String()
		u.replace(u.parsed.set(func(w *whatwg.Url) { set(w, s) }))
		return nil
	})
}

func (u *URL) setHref(js *jsg.Scope, v jsg.Value) error {
	p, err := Parse(v.String(), "")
	if err != nil {
		return jsg.TypeErrorf("Failed to set the 'href' property on 'URL': the provided value is not of type 'valid URL string'.")
	}
	u.replace(p)
	return nil
}

// replace changes what the URL is and, where the query differs, its params.
func (u *URL) replace(p *Parsed) {
	old := u.parsed
	u.parsed = p
	if u.params != nil && old.Query() != p.Query() {
		u.params.list = parseForm(p.Query())
	}
}

func (u *URL) searchParams(js *jsg.Scope) (jsg.Value, error) {
	if u.params == nil {
		u.params = &SearchParams{url: u, list: parseForm(u.parsed.Query())}
	}
	return SearchParamsClass.Wrap(js, u.params), nil
}

func (u *URL) toString(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	return js.String(u.parsed.href), nil
}

// Globals are the classes of this package.
func Globals() []jsg.AnyClass { return []jsg.AnyClass{Class, SearchParamsClass, PatternClass} }

// isASCII reports whether s holds only ASCII.
func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}
