// Package url gives URL, URLSearchParams and URLPattern, and Go code a parsed
// URL with the same rules (Parse).
//
// Deliberately not here: blob URLs (URL.createObjectURL throws, as it does in
// workerd), and regular expressions in URLPattern that need a backtracking
// matcher (look-around): their construction fails.
//
// Where the truth is: https://url.spec.whatwg.org/ and
// https://urlpattern.spec.whatwg.org/, and workerd for error texts.
package url

import (
	"errors"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// Parsed is a URL in serialised form; its parts are slices of it. It is
// immutable.
type Parsed struct {
	href string
	// Where parts end or begin in href.
	scheme               int // after the colon
	userStart, userEnd   int
	passStart, passEnd   int
	hostStart, hostEnd   int
	portStart, pathStart int // the port is href[portStart:pathEnd of authority]
	authEnd, query, hash int // query and hash are len(next) where absent
	opaque               bool
}

// ErrInvalid is what Parse answers for every string that is no URL.
var ErrInvalid = errors.New("Invalid URL string.")

// parser escapes in paths what the standard does by now.
var parser = whatwg.NewParser(whatwg.WithPathPercentEncodeSet(whatwg.PathPercentEncodeSet.Set('^')))

// Parse parses s, against base unless that is empty.
func Parse(s, base string) (*Parsed, error) {
	if base == "" {
		if href, ok := canonical(s); ok {
			return split(href), nil
		}
		u, err := parser.Parse(s)
		if err != nil {
			return nil, ErrInvalid
		}
		return split(u.Href(false)), nil
	}
	if href, ok := resolve(s, base); ok {
		return split(href), nil
	}
	b, err := parser.Parse(base)
	if err != nil {
		return nil, ErrInvalid
	}
	u, err := b.Parse(s)
	if err != nil {
		return nil, ErrInvalid
	}
	return split(u.Href(false)), nil
}

// split finds the parts of a serialised URL. Serialising escapes every
// delimiter inside a part, so looking for delimiters is enough.
func split(href string) *Parsed {
	p := &Parsed{href: href, scheme: strings.IndexByte(href, ':') + 1}
	rest := len(href)
	if i := strings.IndexByte(href, '#'); i >= 0 {
		rest = i
	}
	p.hash = rest
	if i := strings.IndexByte(href[:rest], '?'); i >= 0 {
		rest = i
	}
	p.query = rest
	at := p.scheme
	if strings.HasPrefix(href[at:rest], "//") {
		p.authority(at+2, rest)
		return p
	}
	p.userStart, p.userEnd, p.passStart, p.passEnd = at, at, at, at
	p.hostStart, p.hostEnd, p.portStart, p.authEnd = at, at, at, at
	p.pathStart = at
	if strings.HasPrefix(href[at:rest], "/.//") {
		p.pathStart += 2 // only keeps the path from reading as a host
	}
	p.opaque = !strings.HasPrefix(href[at:rest], "/")
	return p
}

// authority finds user name, password, host and port in href[start:].
func (p *Parsed) authority(start, end int) {
	if i := strings.IndexByte(p.href[start:end], '/'); i >= 0 {
		end = start + i
	}
	p.authEnd, p.pathStart = end, end
	host := start
	p.userStart, p.userEnd, p.passStart, p.passEnd = start, start, start, start
	if i := strings.LastIndexByte(p.href[start:end], '@'); i >= 0 {
		host = start + i + 1
		p.userEnd, p.passStart, p.passEnd = start+i, start+i, start+i
		if j := strings.IndexByte(p.href[start:start+i], ':'); j >= 0 {
			p.userEnd, p.passStart = start+j, start+j+1
		}
	}
	p.hostStart, p.hostEnd, p.portStart = host, end, end
	if i := strings.LastIndexByte(p.href[host:end], ':'); i >= 0 && !strings.HasSuffix(p.href[host:end], "]") {
		p.hostEnd, p.portStart = host+i, host+i+1
	}
}

// Href is the whole URL.
func (p *Parsed) Href() string { return p.href }

// String is Href.
func (p *Parsed) String() string { return p.href }

// Protocol is the scheme with its colon.
func (p *Parsed) Protocol() string { return p.href[:p.scheme] }

// Scheme is the scheme without the colon.
func (p *Parsed) Scheme() string { return p.href[:p.scheme-1] }

// Username is percent-encoded, as are all parts.
func (p *Parsed) Username() string { return p.href[p.userStart:p.userEnd] }

// Password is the other half of the credentials.
func (p *Parsed) Password() string { return p.href[p.passStart:p.passEnd] }

// Host is host name and port, the latter only where it is not the default.
func (p *Parsed) Host() string { return p.href[p.hostStart:p.authEnd] }

// Hostname is the host without a port.
func (p *Parsed) Hostname() string { return p.href[p.hostStart:p.hostEnd] }

// Port is "" for the scheme's default.
func (p *Parsed) Port() string { return p.href[p.portStart:p.authEnd] }

// Pathname is the path.
func (p *Parsed) Pathname() string { return p.href[p.pathStart:p.query] }

// Search is the query with its question mark, "" for an empty one.
func (p *Parsed) Search() string { return unlessBare(p.href[p.query:p.hash]) }

// Query is the query without the question mark.
func (p *Parsed) Query() string { return strings.TrimPrefix(p.href[p.query:p.hash], "?") }

// Hash is the fragment with its number sign, "" for an empty one.
func (p *Parsed) Hash() string { return unlessBare(p.href[p.hash:]) }

// WithoutHash is Href up to the fragment.
func (p *Parsed) WithoutHash() string { return p.href[:p.hash] }

func unlessBare(s string) string {
	if len(s) == 1 {
		return ""
	}
	return s
}

// Origin is the serialised origin, "null" for an opaque one.
func (p *Parsed) Origin() string {
	switch p.Scheme() {
	case "http", "https", "ws", "wss", "ftp":
		if p.userStart == p.hostStart {
			return p.href[:p.authEnd]
		}
		return p.Protocol() + "//" + p.Host()
	case "blob":
		if inner, err := Parse(p.Pathname(), ""); err == nil && (inner.Scheme() == "http" || inner.Scheme() == "https") {
			return inner.Origin()
		}
	}
	return "null"
}

// withQuery replaces the query by one already encoded; "" takes it away.
func (p *Parsed) withQuery(query string) *Parsed {
	head, hash := p.href[:p.query], p.href[p.hash:]
	if query != "" {
		return split(head + "?" + query + hash)
	}
	if p.opaque && hash == "" {
		head = strings.TrimRight(head, " ")
	}
	return split(head + hash)
}

// set changes one part by the rules of its setter. The parser wants its own
// form of the URL, which the serialised one gives back exactly.
func (p *Parsed) set(change func(u *whatwg.Url)) *Parsed {
	u, err := parser.Parse(p.href)
	if err != nil {
		return p
	}
	change(u)
	return split(u.Href(false))
}
