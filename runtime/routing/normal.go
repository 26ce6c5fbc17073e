package routing

import (
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/publicsuffix"
)

// Both sides of a comparison are in WHATWG-serialised form (R21): hosts in
// ASCII lower case, paths percent-encoded but never decoded. What a browser
// sends is nearly always in that form already, so each function first looks
// and returns its argument untouched; only the rest pays for a parse.

var parser = whatwg.NewParser()

// normalHost returns host in comparable form and without its port. A host that
// cannot be parsed comes back as it is and will match nothing.
func normalHost(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && i > strings.LastIndexByte(host, ']') {
		host = host[:i]
	}
	for i := range len(host) {
		if c := host[i]; !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_') {
			if ascii, ok := asciiHost(host); ok {
				return ascii
			}
			return host
		}
	}
	return host
}

// asciiHost runs the WHATWG host parser.
func asciiHost(host string) (string, bool) {
	if host == "" || strings.ContainsAny(host, "/\\?#@") || strings.HasPrefix(host, ".") || hasPort(host) {
		return "", false
	}
	u, err := parser.Parse("https://" + host + "/")
	if err != nil || u.Hostname() == "" {
		return "", false
	}
	return u.Hostname(), true
}

// normalPath returns path plus query in serialised form. An empty query counts
// as none, and a fragment is dropped.
func normalPath(path string) string {
	if isNormalPath(path) {
		return path
	}
	if path == "" || path[0] != '/' && path[0] != '\\' {
		path = "/" + path
	}
	u, err := parser.Parse("https://h" + path)
	if err != nil {
		return path
	}
	return u.Pathname() + u.Search()
}

// isNormalPath reports whether serialising path would give path. It may say no
// for a path that is fine, never yes for one that is not.
func isNormalPath(path string) bool {
	if path == "" || path[0] != '/' || path[len(path)-1] == '?' {
		return false
	}
	query := false
	for i := range len(path) {
		switch c := path[i]; {
		case c <= ' ' || c >= 0x7f:
			return false
		case c == '"' || c == '#' || c == '<' || c == '>':
			return false
		case query:
			if c == '\'' {
				return false
			}
		case c == '?':
			query = true
		case c == '`' || c == '{' || c == '}' || c == '\\' || c == '^':
			return false
		case c == '/' && maybeDotSegment(path[i+1:]):
			return false
		}
	}
	return true
}

// maybeDotSegment reports whether s begins with something that could be a
// "." or ".." segment in any spelling.
func maybeDotSegment(s string) bool {
	if strings.HasPrefix(s, "%2") {
		return true
	}
	if !strings.HasPrefix(s, ".") {
		return false
	}
	return len(s) == 1 || s[1] == '.' || s[1] == '/' || s[1] == '?' || s[1] == '%'
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// stripURLSpace removes what a URL parser ignores around its input.
func stripURLSpace(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
}

// under reports whether host is zone or a subdomain of it.
func under(host, zone string) bool {
	return len(host) >= len(zone) && host[len(host)-len(zone):] == zone &&
		(len(host) == len(zone) || host[len(host)-len(zone)-1] == '.')
}

// registrable is the public suffix of host plus one label, or host itself.
func registrable(host string) string {
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}
