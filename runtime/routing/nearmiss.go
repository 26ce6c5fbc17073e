package routing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// missKind orders near misses, closest first.
type missKind uint8

const (
	missDisabled missKind = iota
	missQuery
	missSlash // /api under /api/*
	missCase
	missScheme
	missZone
	missEncoding
	missTrailingSlash
	missRootOnly
	missDeeper
	missDomain
	missHost
	missWorkersDev
)

// decisive reports whether a better-ranked miss of this kind is the reason
// that something else answers.
func (k missKind) decisive() bool {
	switch k {
	case missQuery, missSlash, missCase, missScheme, missEncoding, missTrailingSlash:
		return true
	}
	return false
}

// nearMisses lists what nearly matched, closest first.
func (t *Table) nearMisses(q query) []NearMiss {
	var out []NearMiss
	if under(q.host, workersDevZone) {
		out = t.workersDevMisses(q)
	} else {
		z := t.zoneOf(q.host)
		for _, other := range t.zones {
			for _, e := range other.routes {
				if n, ok := routeMiss(q, e, other == z); ok {
					n.Worker, n.Via, n.Pattern, n.Pos, n.entry = e.worker, ViaRoute, e.Pattern.Text, e.Pos, e
					out = append(out, n)
				}
			}
		}
		for _, d := range t.domains {
			if n, ok := domainMiss(q, d); ok {
				n.Worker, n.Via, n.Pattern, n.Pos = d.worker, ViaCustomDomain, d.Pattern, d.Pos
				out = append(out, n)
			}
		}
	}
	slices.SortFunc(out, func(a, b NearMiss) int {
		c := cmp.Compare(a.kind, b.kind)
		if c == 0 && a.entry != nil && b.entry != nil {
			c = a.entry.Pattern.Compare(&b.entry.Pattern)
		}
		return cmp.Or(c, cmp.Compare(a.Pattern, b.Pattern), cmp.Compare(a.Worker, b.Worker))
	})
	return out
}

// routeMiss reports a route that fails in exactly one respect, and nearly.
func routeMiss(q query, e *entry, sameZone bool) (NearMiss, bool) {
	p := &e.Pattern
	scheme := p.schemes&schemeBit(q.schemeName()) != 0
	host, path := p.matchHost(q.host), p.matchPath(q.path)
	if !sameZone {
		if !scheme || !host || !path {
			return NearMiss{}, false
		}
		return NearMiss{kind: missZone, Rule: "R3",
			Why: fmt.Sprintf("the text matches, but it is a route of zone %s", e.zone.name),
			Fix: "add a route in the zone of " + q.host}, true
	}
	switch {
	case !scheme && host && path:
		return NearMiss{kind: missScheme, Rule: "R11",
			Why: fmt.Sprintf("it takes %s only, the request is %s", p.Scheme, q.schemeName()),
			Fix: "drop the scheme to take both: " + strings.TrimPrefix(p.Text, p.Text[:strings.Index(p.Text, "://")+3])}, true
	case scheme && !host && path:
		return hostMiss(q.host, p)
	case scheme && host && !path:
		return pathMiss(q.path, e)
	}
	return NearMiss{}, false
}

func hostMiss(host string, p *Pattern) (NearMiss, bool) {
	switch n := (NearMiss{kind: missHost, Rule: "R12"}); {
	case p.Kind == HostSubdomains && host == p.Host:
		n.Why = fmt.Sprintf("*.%s takes subdomains, not %s itself", p.Host, p.Host)
		n.Fix = "add a route for the apex: " + host + p.pathText()
		return n, true
	case p.Kind == HostSubdomains && strings.HasSuffix(host, p.Host):
		n.Why = fmt.Sprintf("%s only ends in the text %s; *.%s wants a dot before it", host, p.Host, p.Host)
		n.Fix = "add a route for " + host + p.pathText()
		return n, true
	case p.Kind == HostExact && under(host, p.Host):
		n.Why = fmt.Sprintf("%s is one host; its subdomains are not included", p.Host)
		n.Fix = "write *." + p.Host + p.pathText() + " for the subdomains"
		return n, true
	case p.Kind == HostExact && p.Host == "www."+host:
		n.Why = p.Host + " is another host"
		n.Fix = "add a route for " + host + p.pathText()
		return n, true
	}
	return NearMiss{}, false
}

// pathText is the path as it would be written in a pattern.
func (p *Pattern) pathText() string {
	if p.PathWildcard {
		return p.Path + "*"
	}
	return p.Path
}

func pathMiss(path string, e *entry) (NearMiss, bool) {
	p := &e.Pattern
	bare, _, hasQuery := strings.Cut(path, "?")
	base := strings.TrimSuffix(p.Text, "*")
	if p.PathWildcard {
		switch {
		case strings.HasSuffix(p.Path, "/") && bare == p.Path[:len(p.Path)-1]:
			return NearMiss{kind: missSlash, Rule: "R15", Why: fmt.Sprintf("%s* wants the slash after %s", p.Path, bare),
				Fix: fmt.Sprintf("add the route %s, or write %s* (which also takes %sx)", strings.TrimSuffix(base, "/"), strings.TrimSuffix(base, "/"), bare)}, true
		case len(path) >= len(p.Path) && strings.EqualFold(path[:len(p.Path)], p.Path):
			return caseMiss(p), true
		case strings.HasPrefix(loosePath(path), loosePath(p.Path)):
			return encodingMiss(), true
		}
		return NearMiss{}, false
	}
	switch {
	case hasQuery && bare == p.Path:
		return NearMiss{kind: missQuery, Rule: "R14", Why: "the query string is compared too, and the pattern has no final *",
			Fix: fmt.Sprintf("write %s* to allow a query (it also allows a longer path)", pathWritten(p))}, true
	case strings.EqualFold(path, p.Path):
		return caseMiss(p), true
	case p.Path != "/" && strings.TrimSuffix(bare, "/") == strings.TrimSuffix(p.Path, "/"):
		return NearMiss{kind: missTrailingSlash, Rule: "R13", Why: "the trailing slash makes it another path",
			Fix: "add a route with the other spelling, or end the pattern in *"}, true
	case p.Path == "/":
		n := NearMiss{kind: missRootOnly, Rule: "R10", Why: "it takes the root path only", Fix: "write " + strings.TrimSuffix(pathWritten(p), "/") + "/*"}
		if e.CustomDomainOff {
			n.Rule = "R52"
			n.Why = `"custom_domain": false makes it an ordinary route, which without a path takes the root path only`
		} else if !p.BareHost {
			n.Rule = "R13"
		}
		return n, true
	case strings.HasPrefix(bare, p.Path+"/"):
		return NearMiss{kind: missDeeper, Rule: "R13", Why: "without a final * it takes exactly " + p.Path, Fix: "write " + p.Text + "/* for what is below"}, true
	case loosePath(path) == loosePath(p.Path):
		return encodingMiss(), true
	}
	return NearMiss{}, false
}

// pathWritten is the pattern with the path spelled out.
func pathWritten(p *Pattern) string {
	if p.BareHost {
		return p.Text + "/"
	}
	return p.Text
}

func caseMiss(p *Pattern) NearMiss {
	return NearMiss{kind: missCase, Rule: "R16", Why: fmt.Sprintf("paths are compared with case, and the pattern says %s", p.pathText()),
		Fix: "add a route in the other spelling, or ask for this one"}
}

func encodingMiss() NearMiss {
	return NearMiss{kind: missEncoding, Rule: "R21", Why: "the path is the same only after decoding or collapsing, which is not done",
		Fix: "write the pattern in the spelling that is requested"}
}

func domainMiss(q query, d *domain) (NearMiss, bool) {
	switch {
	case d.host == q.host && !d.enabled():
		return NearMiss{kind: missDisabled, Rule: "R44", Why: `"enabled": false takes it out of production`, Fix: `drop "enabled": false`}, true
	case q.host == "www."+d.host || d.host == "www."+q.host:
		return NearMiss{kind: missDomain, Rule: "R45", Why: "the apex and www are two custom domains", Fix: "add a custom domain for " + q.host}, true
	case d.host != q.host && under(q.host, d.host):
		return NearMiss{kind: missDomain, Rule: "R40", Why: "a custom domain is one exact host", Fix: "add a custom domain for " + q.host}, true
	}
	return NearMiss{}, false
}

func (t *Table) workersDevMisses(q query) []NearMiss {
	label, zone, own := t.splitWorkersDev(q.host)
	if !own {
		label, zone, _ = strings.Cut(q.host, ".")
	}
	var out []NearMiss
	for i := range t.workers {
		w := &t.workers[i]
		n := NearMiss{kind: missWorkersDev, Rule: "R53", Worker: w.Name, Via: ViaWorkersDev, Pos: w.Pos}
		switch name := strings.ToLower(w.Name); {
		case own && name == label && !w.WorkersDev:
			n.Why = "workers_dev is off (it is off by itself as soon as there are routes)"
			n.Fix = `set "workers_dev": true`
		case !own && name == label && t.subdomain != "":
			n.Why = fmt.Sprintf("the account's subdomain is %s, not %s", t.subdomain, strings.TrimSuffix(zone, "."+workersDevZone))
			n.Fix = fmt.Sprintf("ask for %s.%s.%s", name, t.subdomain, workersDevZone)
		case own && strings.HasSuffix(label, "-"+name):
			n.Rule, n.Why = "R54", "it is a preview host of an uploaded version; there are none locally"
			n.Fix = fmt.Sprintf("ask for %s.%s", name, zone)
		default:
			continue
		}
		out = append(out, n)
	}
	return out
}

// otherSpellings lists what a path would become under the normalisations that
// production may or may not do (R21); usually none.
func otherSpellings(path string) []string {
	bare, search, hasQuery := strings.Cut(path, "?")
	if !strings.Contains(bare, "%") && !strings.Contains(bare, "//") {
		return nil
	}
	var out []string
	decoded := decodePlain(bare)
	for _, p := range []string{decoded, collapseSlashes(bare), collapseSlashes(decoded)} {
		p = normalPath(p)
		if hasQuery {
			p += "?" + search
		}
		if p != path && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// loosePath is what is left of a path when spelling is ignored; the query
// stays as it is.
func loosePath(path string) string {
	bare, search, hasQuery := strings.Cut(path, "?")
	bare = collapseSlashes(decodePlain(bare))
	if hasQuery {
		bare += "?" + search
	}
	return bare
}

func collapseSlashes(s string) string {
	for strings.Contains(s, "//") {
		s = strings.ReplaceAll(s, "//", "/")
	}
	return s
}

// decodePlain decodes the percent-encoded bytes that need no encoding in a
// path, the slash included.
func decodePlain(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, lo := unhex(s[i+1]), unhex(s[i+2])
			if c := byte(hi<<4 | lo); hi >= 0 && lo >= 0 && c > ' ' && c < 0x7f && !strings.ContainsRune("?#%\"<>`{}^\\|", rune(c)) {
				b.WriteByte(c)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
