package dev

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/lazy"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/project"
)

// lint finds what configurations and code say differently: Durable Object
// classes no configuration knows, and sockets sent where nothing takes them.
// It reads source text, so it only reports what several signs agree on.
func (s *Session) lint(p *project.Project) diag.List {
	sources := map[string][]source{}
	for _, m := range p.Members() {
		sources[m.Config.Name] = readSources(s.inputs(m))
	}
	var list diag.List
	for _, m := range p.Members() {
		s.lintClasses(p, m, sources, &list)
		s.lintUpgrades(p, m, sources, &list)
	}
	return list
}

// source is a file of a worker, by line.
type source struct {
	path  string
	lines []string
}

const maxSource = 1 << 20

func readSources(files []string) []source {
	var out []source
	for _, f := range files {
		if !userSource(f) {
			continue
		}
		if st, err := os.Stat(f); err != nil || st.Size() > maxSource {
			continue
		}
		if text, err := os.ReadFile(f); err == nil {
			out = append(out, source{f, strings.Split(string(text), "\n")})
		}
	}
	return out
}

// find is the first place a pattern matches.
func find(list []source, match func(line string) bool) (diag.Position, bool) {
	for _, src := range list {
		for i, l := range src.lines {
			if t := strings.TrimSpace(l); !strings.HasPrefix(t, "//") && !strings.HasPrefix(t, "*") && match(l) {
				return diag.Position{File: src.path, Line: i + 1}, true
			}
		}
	}
	return diag.Position{}, false
}

// lintClasses reports classes that extend DurableObject and are exported, but
// that no binding and no migration names.
func (s *Session) lintClasses(p *project.Project, m *project.Member, sources map[string][]source, list *diag.List) {
	for _, class := range m.DurableClasses() {
		if bound(p, m, class) || migrated(m.Config, class) {
			continue
		}
		name := bindingName(class)
		d := diag.Diagnostic{
			Severity: diag.Warning, Code: "durable_object_not_configured", Pos: configPos(m.Config),
			Message: fmt.Sprintf("The worker %q exports %s, a Durable Object class, but no binding and no migration names it: it is never used.", m.Config.Name, class),
			Hint:    fmt.Sprintf("add to %s:\n%s", project.Display(s.out.dir, m.Config.Path), durableConfig(m, m, class, name)),
		}
		declared := regexp.MustCompile(`\bclass\s+` + regexp.QuoteMeta(class) + `\b`)
		if pos, ok := find(sources[m.Config.Name], declared.MatchString); ok {
			d.Notes = append(d.Notes, diag.Note{Pos: pos, Message: "the class"})
		}
		reads := regexp.MustCompile(`\benv\??\.` + name + `\b`)
		for _, other := range p.Members() {
			pos, ok := find(sources[other.Config.Name], reads.MatchString)
			if !ok || slices.Contains(other.EnvNames(), name) {
				continue
			}
			d.Notes = append(d.Notes, diag.Note{Pos: pos, Message: fmt.Sprintf("%s reads env.%s, which is undefined", other.Config.Name, name)})
			if other != m {
				d.Hint += fmt.Sprintf("\nand to %s:\n%s", project.Display(s.out.dir, other.Config.Path), durableConfig(other, m, class, name))
			}
		}
		list.Add(d)
	}
}

func configPos(c *config.Config) diag.Position {
	if c.MainPos.File != "" {
		return c.MainPos
	}
	return diag.Position{File: c.Path}
}

// bound reports whether a binding of the project names a class of m.
func bound(p *project.Project, m *project.Member, class string) bool {
	for _, other := range p.Members() {
		for _, b := range other.Config.DurableObjects {
			script := b.ScriptName
			if script == "" {
				script = other.Config.Name
			}
			if b.ClassName == class && script == m.Config.Name {
				return true
			}
		}
	}
	return false
}

var (
	aboutSockets = lazy.Regexp("(?i)[\"'`][^\"'`]*/(?:ws|wss|socket|websocket)\\b|upgrade|websocket")
	serviceFetch = lazy.Regexp(`\benv\??\.([A-Z][A-Z0-9_]*)\??\.fetch\(`)
	takesSockets = lazy.Regexp(`WebSocketPair|webSocket\s*[:,]|acceptWebSocket`)
)

// lintUpgrades reports lines that pass WebSockets to a worker that has nothing
// to take them with.
func (s *Session) lintUpgrades(p *project.Project, m *project.Member, sources map[string][]source, list *diag.List) {
	for _, b := range m.Config.Services {
		to := p.Member(b.Service)
		if to == nil || to == m || b.Entrypoint != "" || canUpgrade(to, sources[to.Config.Name]) {
			continue
		}
		pos, ok := find(sources[m.Config.Name], func(line string) bool {
			use := serviceFetch().FindStringSubmatch(line)
			return use != nil && use[1] == b.Binding && aboutSockets().MatchString(line)
		})
		if !ok {
			continue
		}
		list.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "websocket_target", Pos: pos,
			Message: fmt.Sprintf("WebSockets go to the worker %q here (binding %s), but its code never accepts one and it has no Durable Objects.", to.Config.Name, b.Binding),
			Hint:    roomsHint(p, to),
		})
	}
}

// canUpgrade reports whether a worker might answer an upgrade request: by its
// own code, or by Durable Objects.
func canUpgrade(m *project.Member, list []source) bool {
	if len(m.Config.DurableObjects) > 0 || len(m.DurableClasses()) > 0 || len(m.Config.Services) > 0 || len(list) == 0 {
		return true
	}
	_, ok := find(list, takesSockets().MatchString)
	return ok
}

// roomsHint names the Durable Object classes a refused socket may have been
// meant for.
func roomsHint(p *project.Project, refused *project.Member) string {
	for _, m := range p.Members() {
		if m == refused {
			continue
		}
		if classes := m.DurableClasses(); len(classes) > 0 {
			c := classes[0]
			return fmt.Sprintf("%s has the Durable Object class %s: if it is meant to answer, let %s pass the request to env.%s itself (env.%[4]s.get(env.%[4]s.idFromName(id)).fetch(request))",
				m.Config.Name, c, m.Config.Name, bindingName(c))
		}
	}
	return ""
}

// upgradeHint says why an upgrade request may have been refused: the worker
// that answered is not the one with the Durable Objects.
func (s *Session) upgradeHint(r trace.Record, below []node) string {
	p := s.current()
	if p == nil {
		return ""
	}
	m := p.Member(r.Worker)
	if m == nil {
		return ""
	}
	answered, through := m, ""
	for len(below) > 0 {
		last := below[len(below)-1]
		to := serviceTarget(p, answered, last.Target)
		if to == nil {
			break
		}
		through = fmt.Sprintf(" (through %s's binding %s)", answered.Config.Name, last.Target)
		answered, below = to, last.below
	}
	hint := roomsHint(p, answered)
	if hint == "" || len(answered.DurableClasses()) > 0 || len(answered.Config.DurableObjects) > 0 {
		return ""
	}
	return fmt.Sprintf("the WebSocket was refused with %d by %s%s, which has no Durable Objects.\n%s", r.Status, answered.Config.Name, through, hint)
}

// serviceTarget is the worker behind a service binding of m.
func serviceTarget(p *project.Project, m *project.Member, binding string) *project.Member {
	for _, b := range m.Config.Services {
		if b.Binding == binding {
			return p.Member(b.Service)
		}
	}
	return nil
}
