package url

import (
	"unicode/utf16"

	urlpattern "github.com/dunglas/go-urlpattern"

	"github.com/miniworker/miniworker/runtime/regexp"
)

// validGroups tells whether the regular expressions of a pattern are ones to
// JavaScript, which reads them with the v flag: [^/] has to be [^\/] there.
func validGroups(p *urlpattern.URLPattern) bool {
	for _, part := range []string{p.Protocol(), p.Username(), p.Password(), p.Hostname(), p.Port(), p.Pathname(), p.Search(), p.Hash()} {
		for i := 0; i < len(part); i++ {
			switch part[i] {
			case '\\':
				i++
			case '(':
				end := groupEnd(part, i)
				if _, err := regexp.Parse(utf16.Encode([]rune(part[i+1:end])), "v"); err != nil {
					return false
				}
				i = end
			}
		}
	}
	return true
}

// groupEnd is where the parenthesis is that closes the one at start. A class may
// not have one that is not escaped.
func groupEnd(s string, start int) int {
	depth := 0
	for i := start; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

// relative reads what is no URL as the path, host, query and fragment of one
// that has no scheme, which is how workerd matches "/books/1" without a base.
func relative(s string) (init *urlpattern.URLPatternInit, ok bool) {
	const scheme = "none"
	base, err := parser.Parse(scheme + "://")
	if err != nil {
		return nil, false
	}
	u, err := base.Parse(s)
	if err != nil || u.Scheme() != scheme {
		return nil, false
	}
	p := split(u.Href(false))
	text := func(s string) *string { return &s }
	trimmed := func(s string) *string { // without the delimiter
		if s != "" {
			s = s[1:]
		}
		return &s
	}
	return &urlpattern.URLPatternInit{Protocol: text(""), Username: text(p.Username()), Password: text(p.Password()), Hostname: text(p.Hostname()), Port: text(p.Port()),
		Pathname: text(p.Pathname()), Search: trimmed(p.Search()), Hash: trimmed(p.Hash())}, true
}
