package routing

import "strings"

// Relations between patterns of one zone. A pattern is a product of three
// sets (schemes, hosts, paths), so containment and intersection are decided
// set by set.

// covers reports that every URL of b is a URL of a.
func covers(a, b *Pattern, z *zone) bool {
	return a.schemes&b.schemes == b.schemes && coversHost(a, b, z) && coversPath(a, b)
}

func coversPath(a, b *Pattern) bool {
	if a.PathWildcard {
		return strings.HasPrefix(b.Path, a.Path)
	}
	return !b.PathWildcard && a.Path == b.Path
}

// coversHost decides on the hosts of zone z only: there *example.com and * are
// the same, unless custom hostnames enter it.
func coversHost(a, b *Pattern, z *zone) bool {
	if takesWholeZone(a, z) {
		return true
	}
	switch b.Kind {
	case HostExact:
		return a.matchHost(b.Host)
	case HostAny:
		return false
	}
	if takesWholeZone(b, z) || a.Kind == HostExact {
		return false
	}
	return strings.HasSuffix(b.suffix, a.suffix)
}

// takesWholeZone reports that the host part takes every host of z.
func takesWholeZone(p *Pattern, z *zone) bool {
	switch p.Kind {
	case HostAny:
		return true
	case HostSuffix:
		return !z.hostnames && strings.HasSuffix(z.name, p.Host)
	}
	return false
}

// meets reports that some URL belongs to both patterns.
func meets(a, b *Pattern) bool {
	return a.schemes&b.schemes != 0 && meetsHost(a, b) && meetsPath(a, b)
}

func meetsHost(a, b *Pattern) bool {
	switch {
	case a.Kind == HostExact:
		return b.matchHost(a.Host)
	case b.Kind == HostExact:
		return a.matchHost(b.Host)
	}
	return strings.HasSuffix(a.suffix, b.suffix) || strings.HasSuffix(b.suffix, a.suffix)
}

func meetsPath(a, b *Pattern) bool {
	switch {
	case a.PathWildcard && b.PathWildcard:
		return strings.HasPrefix(a.Path, b.Path) || strings.HasPrefix(b.Path, a.Path)
	case a.PathWildcard:
		return strings.HasPrefix(b.Path, a.Path)
	case b.PathWildcard:
		return strings.HasPrefix(a.Path, b.Path)
	}
	return a.Path == b.Path
}

// intersect is the pattern of the URLs that two meeting patterns share.
func intersect(a, b *Pattern) *Pattern {
	host, path := a, a
	if narrowerHost(b, a) {
		host = b
	}
	if !b.PathWildcard || a.PathWildcard && len(b.Path) > len(a.Path) {
		path = b
	}
	p := &Pattern{
		Kind: host.Kind, Host: host.Host, suffix: host.suffix,
		Path: path.Path, PathWildcard: path.PathWildcard,
		Scheme: a.Scheme, schemes: a.schemes & b.schemes,
	}
	if p.Scheme == "" {
		p.Scheme = b.Scheme
	}
	return p
}

func narrowerHost(a, b *Pattern) bool {
	if a.Kind == HostExact || b.Kind == HostExact {
		return a.Kind == HostExact
	}
	return len(a.suffix) > len(b.suffix)
}

// onHost is the pattern of every URL of p on one exact host.
func onHost(p *Pattern, host string) *Pattern {
	q := *p
	q.Kind, q.Host, q.suffix = HostExact, host, ""
	return &q
}

// wholeHost is the pattern of every URL of a host with the given schemes.
func wholeHost(host string, schemes uint8) *Pattern {
	return &Pattern{Kind: HostExact, Host: host, Path: "/", PathWildcard: true, schemes: schemes}
}

// takesNothing reports that no host of zone z can match p: its hosts lie
// outside, or in a longer zone.
func (t *Table) takesNothing(p *Pattern, z *zone) bool {
	switch p.Kind {
	case HostAny:
		return false
	case HostExact:
		return t.zoneOf(p.Host) != z
	}
	for host, other := range t.hostnames {
		if other == z && p.matchHost(host) {
			return false
		}
	}
	if strings.HasSuffix(z.name, p.suffix) { // the apex, or above it
		return false
	}
	if owner := t.zoneOf(p.Host); under(p.Host, z.name) {
		return owner != z
	}
	// *shop.example.com and the like: some subdomain label may end in the text
	return p.Kind == HostSubdomains || !strings.HasSuffix(p.Host, "."+z.name)
}
