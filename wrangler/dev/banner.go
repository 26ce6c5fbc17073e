package dev

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/miniworker/miniworker/bindings/unsupported"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/project"
)

// banner tells where the project answers, who serves what, and what conflicts.
func (s *Session) banner(p *project.Project, l listeners) {
	if s.out.level <= Log && !s.opts.HideBanner {
		s.out.print(s.bannerText(p, l))
	}
	if host, name := p.Default(); s.opts.Host != "" && host != s.opts.Host {
		s.out.say(Warn, fmt.Sprintf("no route is for %s, which --host or dev.host names: localhost reaches %s", s.opts.Host, cmp.Or(host, "the worker "+name)))
	}
	list := p.Table().Lint()
	list = append(list, s.lint(p)...)
	s.out.diags(actionable(list))
}

// actionable leaves out what is only good to know.
func actionable(list diag.List) diag.List {
	var out diag.List
	for _, d := range list {
		if d.Severity >= diag.Warning {
			out = append(out, d)
		}
	}
	return out
}

func (s *Session) bannerText(p *project.Project, l listeners) string {
	var b strings.Builder
	port := l.port()
	fmt.Fprintf(&b, "\n%s  %s\n", s.out.styled(bold, "miniworker"), s.out.styled(blue, s.url(l)))
	if s.opts.ShortBanner {
		return b.String() + "\n"
	}
	host, name := p.Default()
	switch {
	case host != "":
		fmt.Fprintf(&b, "  localhost stands for %s; another name: http://NAME.localhost:%d, or curl -H 'Host: NAME'\n", s.out.styled(bold, host), port)
	case name != "":
		fmt.Fprintf(&b, "  localhost reaches the worker %s\n", s.out.styled(bold, name))
	}
	b.WriteString(s.configLine(p))
	for _, m := range p.Members() {
		fmt.Fprintf(&b, "  %s  http://%s.localhost:%d%s\n", s.out.styled(bold, m.Config.Name), m.Config.Name, port, s.out.styled(dim, memberNote(m)))
		for _, r := range m.Config.Routes {
			b.WriteString("      " + r.Pattern + "  " + s.out.styled(dim, routeNote(p, m, r)) + "\n")
		}
	}
	b.WriteString(s.edgeLines(p, l))
	fmt.Fprintf(&b, "  %s\n\n", s.out.styled(dim, "state in "+project.Display(s.out.dir, s.state.dir)+" · routes at "+s.url(l)+routesPath))
	return b.String()
}

// configLine says which files make up the project and how they were found.
func (s *Session) configLine(p *project.Project) string {
	if s.opts.Found == "" && !s.opts.Unwritten && len(p.Members()) < 2 {
		return ""
	}
	var names []string
	for _, loc := range s.opts.Locations {
		names = append(names, project.Display(s.out.dir, loc.UserPath))
	}
	text := "configured by " + strings.Join(names, ", ")
	if s.opts.Unwritten {
		text = "no configuration file"
	}
	if s.opts.Found != "" {
		text += " (" + s.opts.Found + ")"
	}
	return "  " + s.out.styled(dim, text) + "\n"
}

func memberNote(m *project.Member) string {
	var notes []string
	if m.Config.Env != "" {
		notes = append(notes, "env "+m.Config.Env)
	}
	if m.Layer != nil {
		notes = append(notes, "assets")
	}
	if m.Config.Main == "" {
		notes = append(notes, "no code")
	}
	if len(m.Config.EnvFiles) > 0 {
		var files []string
		for _, f := range m.Config.EnvFiles {
			files = append(files, project.Display(m.Config.Dir, f))
		}
		notes = append(notes, "variables from "+strings.Join(files, " and "))
	}
	if len(notes) == 0 {
		return ""
	}
	return "  " + strings.Join(notes, ", ")
}

// routeNote is the kind of a route, and who else claims it.
func routeNote(p *project.Project, m *project.Member, r config.Route) string {
	kind := "route"
	if r.CustomDomain {
		kind = "custom domain"
	}
	for _, other := range p.Members() {
		if other == m {
			break
		}
		for _, o := range other.Config.Routes {
			if o.Pattern == r.Pattern && o.CustomDomain == r.CustomDomain {
				return kind + "; also claimed by " + other.Config.Name + ", which answers here"
			}
		}
	}
	return kind
}

// notices says once what the configuration asks for and does not get.
func (s *Session) notices(p *project.Project) {
	for _, m := range p.Members() {
		c := m.Config
		for _, r := range c.Remote {
			s.out.diags(diag.List{{Severity: diag.Warning, Code: "remote_binding", Pos: r.Pos,
				Message: fmt.Sprintf("The binding %s asks for the remote resource; it is simulated locally instead.", r.Binding)}})
		}
		for _, u := range unsupported.List(c) {
			s.out.diags(diag.List{{Severity: diag.Warning, Code: "unsupported_binding", Pos: u.Pos,
				Message: strings.TrimSuffix(u.Key+" "+u.Name, " ") + " is not simulated: using it throws.", Hint: u.Why}})
		}
		for _, i := range c.Ignored {
			s.out.say(Debug, fmt.Sprintf("%s: %q changes nothing here: %s", project.Display(s.out.dir, i.Pos.String()), i.Key, i.Reason))
		}
	}
}
