package routing

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
)

// HostKind is the shape of a pattern's host.
type HostKind uint8

const (
	// HostExact is one host.
	HostExact HostKind = iota
	// HostSubdomains is *.example.com: every subdomain, not the apex.
	HostSubdomains
	// HostSuffix is *example.com: every host that ends in that text.
	HostSuffix
	// HostAny is a lone *.
	HostAny
)

// Scheme bits: a pattern without a scheme accepts both.
const (
	schemeHTTP uint8 = 1 << iota
	schemeHTTPS
	schemeBoth = schemeHTTP | schemeHTTPS
)

// Pattern is a parsed route pattern.
type Pattern struct {
	// Text is the pattern as written.
	Text string
	// Scheme is "http", "https" or empty for both.
	Scheme string
	Kind   HostKind
	// Host is in ASCII lower case, without the leading "*" or "*.".
	Host string
	// Path is WHATWG-serialised, without the trailing "*".
	Path string
	// PathWildcard reports a trailing "*".
	PathWildcard bool
	// BareHost reports that no path was written, which means "/".
	BareHost bool

	schemes     uint8
	hostScore   int
	pathScore   int
	length      int    // of Text in UTF-16 units, as the reference compares
	suffix      string // text a host must end in, "" for HostExact and HostAny
	hostUnicode bool
	hostUpper   bool
}

// Score is the specificity of the pattern (R31).
func (p *Pattern) Score() int { return p.hostScore*26 + p.pathScore }

// Compare orders patterns as they are tried: negative when p is tried before
// q. Equal score goes to the longer text (R34); what is left is unknown in
// production and is ordered by text, so that declaration order never matters.
func (p *Pattern) Compare(q *Pattern) int {
	return cmp.Or(
		cmp.Compare(q.Score(), p.Score()),
		cmp.Compare(q.length, p.length),
		cmp.Compare(p.Text, q.Text),
	)
}

// Canonical is the pattern with everything that does not matter removed: two
// patterns with one canonical form match the same URLs.
func (p *Pattern) Canonical() string {
	var b strings.Builder
	if p.Scheme != "" {
		b.WriteString(p.Scheme)
		b.WriteString("://")
	}
	b.WriteString(p.canonicalHost())
	b.WriteString(p.Path)
	if p.PathWildcard {
		b.WriteByte('*')
	}
	return b.String()
}

func (p *Pattern) canonicalHost() string {
	switch p.Kind {
	case HostSubdomains:
		return "*." + p.Host
	case HostSuffix:
		return "*" + p.Host
	case HostAny:
		return "*"
	}
	return p.Host
}

// Match reports whether the pattern takes a URL given in normal form: scheme
// "http" or "https", ASCII lower-case host, serialised path with query.
func (p *Pattern) Match(scheme, host, pathAndQuery string) bool {
	return p.schemes&schemeBit(scheme) != 0 && p.matchHost(host) && p.matchPath(pathAndQuery)
}

func (p *Pattern) matchHost(host string) bool {
	switch p.Kind {
	case HostExact:
		return host == p.Host
	case HostAny:
		return true
	}
	return strings.HasSuffix(host, p.suffix)
}

func (p *Pattern) matchPath(path string) bool {
	if p.PathWildcard {
		return strings.HasPrefix(path, p.Path)
	}
	return path == p.Path
}

func schemeBit(scheme string) uint8 {
	switch scheme {
	case "https", "wss":
		return schemeHTTPS
	case "http", "ws":
		return schemeHTTP
	}
	return 0
}

// Parse reads a route pattern. The list holds what is wrong with it; a pattern
// whose list has errors must not be used.
func Parse(text string) (Pattern, diag.List) {
	var l diag.List
	fail := func(code, hint, format string, args ...any) (Pattern, diag.List) {
		l.Add(diag.Diagnostic{Severity: diag.Error, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint})
		return Pattern{Text: text}, l
	}
	p := Pattern{Text: text, schemes: schemeBoth, length: utf16Len(text)}
	rest := stripURLSpace(text)
	if scheme, after, ok := cutScheme(rest); ok {
		p.Scheme, rest = scheme, after
		if p.schemes = schemeBit(scheme); p.schemes == 0 || scheme == "ws" || scheme == "wss" {
			return fail("route_scheme", "write http://, https:// or no scheme for both",
				"Route %q has the scheme %q; only http and https can be routed.", text, scheme)
		}
	}
	host, path := splitAuthority(rest)
	if strings.ContainsRune(path, '?') {
		return fail("route_query_string", fmt.Sprintf("drop the query: %s", suggestNoQuery(rest)),
			"Route %q contains a query string. This is not allowed.", text)
	}
	switch {
	case strings.ContainsRune(path, '#'):
		return fail("route_invalid", "drop everything from # on; fragments are never sent", "Route %q contains a fragment.", text)
	case strings.ContainsRune(host, '@'):
		return fail("route_invalid", "drop the part before @", "Route %q contains a user name.", text)
	case hasPort(host):
		return fail("route_port", "drop the port; the port of a request takes no part in routing",
			"Route %q contains a port. Whether production accepts one is unknown, so miniworker does not.", text)
	}
	if path == "" && len(host) > 2 && strings.HasSuffix(host, "*") && !strings.HasSuffix(host, ".*") {
		host, path = host[:len(host)-1], "/*"
		l.Add(diag.Diagnostic{Severity: diag.Warning, Code: "route_host_trailing_wildcard",
			Message: fmt.Sprintf("Route %q has a * right after the host; how production reads it is not documented. It is read as %s/*.", text, host),
			Hint:    fmt.Sprintf("write %s/*", host)})
	}
	if path == "" {
		p.BareHost, path = true, "/"
	}
	if err := p.setHost(host); err != "" {
		return fail(err, "a * may only begin the host: *.example.com or *example.com", "Route %q: %s", text, hostProblem(err, text))
	}
	if path, p.PathWildcard = strings.CutSuffix(path, "*"); strings.ContainsRune(path, '*') {
		return fail("route_infix_wildcard", "a * may only end the path: "+host+path[:strings.IndexByte(path, '*')+1],
			"Route %q contains an infix wildcard. This is not allowed.", text)
	}
	p.Path = normalPath(path)
	p.pathScore = strings.Count(p.Path, "/") + 1
	if p.PathWildcard && strings.HasSuffix(p.Path, "/") {
		p.pathScore -= 2
	}
	return p, l
}

// setHost fills the host fields; it returns a diagnostic code on failure.
func (p *Pattern) setHost(host string) string {
	rest := host
	switch {
	case host == "*":
		p.Kind, p.hostScore = HostAny, -1
		return ""
	case strings.HasPrefix(host, "*."):
		p.Kind, rest = HostSubdomains, host[2:]
	case strings.HasPrefix(host, "*"):
		p.Kind, rest = HostSuffix, host[1:]
	}
	if strings.ContainsRune(rest, '*') {
		return "route_infix_wildcard"
	}
	ascii, ok := asciiHost(rest)
	switch {
	case !ok:
		return "route_invalid"
	case strings.ContainsRune(ascii, '*'): // an encoded one
		return "route_infix_wildcard"
	}
	p.Host = ascii
	p.hostUnicode = !isASCII(rest)
	p.hostUpper = rest != strings.ToLower(rest)
	p.hostScore = strings.Count(ascii, ".") + 1
	switch p.Kind {
	case HostSubdomains:
		p.hostScore-- // one label more, minus two
		p.suffix = "." + ascii
	case HostSuffix:
		p.suffix = ascii
	}
	return ""
}

func hostProblem(code, text string) string {
	if code == "route_infix_wildcard" {
		return "contains an infix wildcard. This is not allowed."
	}
	return "is not a host, with or without a path."
}

// cutScheme splits "scheme://rest"; the scheme is returned in lower case.
func cutScheme(s string) (scheme, rest string, ok bool) {
	i := strings.Index(s, "://")
	if i <= 0 {
		return "", s, false
	}
	for _, c := range []byte(s[:i]) {
		if !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '-' || c == '.') {
			return "", s, false
		}
	}
	return strings.ToLower(s[:i]), s[i+3:], true
}

func splitAuthority(s string) (host, tail string) {
	if i := strings.IndexAny(s, `/\?#`); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

func hasPort(host string) bool {
	return strings.LastIndexByte(host, ':') > strings.LastIndexByte(host, ']')
}

func suggestNoQuery(s string) string {
	return s[:strings.IndexByte(s, '?')]
}

// utf16Len is the length JavaScript would report for s.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}
