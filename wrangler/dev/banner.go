package dev

import (
	"fmt"
	"net"
	"strings"

	"github.com/miniworker/miniworker/wrangler/project"
)

// banner tells where the project answers, who serves what, and what conflicts.
func (s *Session) banner(p *project.Project) {
	if s.opts.Level > Log {
		return
	}
	_, port, _ := net.SplitHostPort(s.addr.String())
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s %s\n", s.out.style(bold, "miniworker"), s.out.style(blue, "http://localhost:"+port))
	host, name := p.Default()
	if host != "" {
		fmt.Fprintf(&b, "  localhost stands for %s (http://%s.localhost:%s)\n", host, host, port)
	} else if name != "" {
		fmt.Fprintf(&b, "  localhost reaches the worker %s\n", name)
	}
	for _, m := range p.Members() {
		fmt.Fprintf(&b, "  %s  http://%s.localhost:%s\n", s.out.style(bold, m.Config.Name), m.Config.Name, port)
		for _, r := range m.Config.Routes {
			kind := "route"
			if r.CustomDomain {
				kind = "custom domain"
			}
			fmt.Fprintf(&b, "      %s %s\n", r.Pattern, s.out.style(dim, kind))
		}
	}
	b.WriteByte('\n')
	s.out.print(b.String())
	s.out.diags(s.conflicts(p))
}
