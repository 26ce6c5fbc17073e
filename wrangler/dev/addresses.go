package dev

import (
	"net"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/wrangler/project"
)

// Addresses are where a session is reached.
type Addresses struct {
	// URL is the session as a whole.
	URL string
	// Workers and Hosts are the addresses of each worker and of each hostname of
	// the routes.
	Workers, Hosts map[string]string
}

func (s *Session) addresses(p *project.Project) Addresses {
	a := Addresses{URL: s.url(s.open), Workers: map[string]string{}, Hosts: map[string]string{}}
	at := func(name string) string {
		return s.scheme() + "://" + net.JoinHostPort(name+".localhost", strconv.Itoa(s.open.port()))
	}
	for _, m := range p.Members() {
		a.Workers[m.Config.Name] = at(m.Config.Name)
		for _, r := range m.Config.Routes {
			if host := hostOf(r.Pattern); host != "" && !strings.Contains(host, "*") {
				a.Hosts[host] = at(host)
			}
		}
	}
	return a
}

// bindings is what the workers share, nil before and after.
func (s *Session) bindings() *bindings.Session {
	if p := s.current(); p != nil {
		return p.Session()
	}
	return nil
}
