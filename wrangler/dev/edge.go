package dev

import (
	"crypto/tls"
	"fmt"
	"net"
	"strings"

	"github.com/miniworker/miniworker/internal/localca"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/wrangler/project"
)

// Edge is how a session meets what is outside of it: TLS, the proxy for real
// hostnames, and the network its workers may reach.
type Edge struct {
	// Origins stand in for the servers behind the project's zones.
	Origins server.Origins
	// Offline keeps workers from the network.
	Offline bool
	// Proxy makes the port an HTTP proxy for the project's hostnames; ProxyAll
	// lets it carry all others too.
	Proxy, ProxyAll bool
	// HTTPS is the scheme of the address that is shown; the port speaks both.
	HTTPS bool
	// CertPath and KeyPath are a certificate of the user's own.
	CertPath, KeyPath string
}

// openFront prepares what accepts connections.
func (s *Session) openFront() error {
	certs := server.Certificates{Clock: s.opts.Clock, Made: s.madeAuthority}
	if e := s.opts.Edge; e.CertPath != "" {
		pair, err := tls.LoadX509KeyPair(e.CertPath, e.KeyPath)
		if err != nil {
			return fmt.Errorf("--https-cert-path, --https-key-path: %w", err)
		}
		certs.Own = &pair
	} else {
		dir, err := localca.Dir()
		if err != nil && e.HTTPS {
			return err
		}
		certs.Dir = dir
	}
	s.front = server.NewFront(s.server.TLSConfig(certs))
	if s.opts.Edge.Proxy || s.opts.Edge.ProxyAll {
		s.server.SetProxy(&server.Proxy{All: s.opts.Edge.ProxyAll, Tunnel: s.front.Inject})
	}
	return nil
}

// admit lets the front accept from what is open.
func (s *Session) admit(open listeners) net.Listener {
	s.server.SetPort(open.port())
	for _, l := range open {
		s.front.Add(l)
	}
	return s.front
}

func (s *Session) madeAuthority(a *localca.Authority) {
	path, err := a.CertFile()
	if err != nil {
		s.out.say(Error, err.Error())
		return
	}
	s.out.say(Log, "made a certificate authority for this machine: "+path+"; browsers trust it after: miniworker ca install")
}

func (s *Session) scheme() string {
	if s.opts.Edge.HTTPS {
		return "https"
	}
	return "http"
}

// edgeLines are the lines of the banner about the edge.
func (s *Session) edgeLines(p *project.Project, l listeners) string {
	var lines []string
	e := s.opts.Edge
	if e.Proxy || e.ProxyAll {
		example := ""
		if host, _ := p.Default(); host != "" {
			example = " (https://" + host + ")"
		}
		proxy := "http" + strings.TrimPrefix(s.url(l), s.scheme()) // proxies speak HTTP to their clients
		lines = append(lines, "real names"+example+" through the proxy "+proxy+" · PAC file "+proxy+server.PACPath)
	}
	if e.Offline {
		lines = append(lines, "offline: workers cannot reach the network")
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString("  " + s.out.styled(dim, line) + "\n")
	}
	return b.String()
}
