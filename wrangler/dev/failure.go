package dev

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/miniworker/miniworker/internal/lazy"
	"github.com/miniworker/miniworker/internal/nearest"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/project"
)

// failure is an error of user code with what is known about it, for terminal
// and browser.
type failure struct {
	Worker string
	// Message is the error as text, Stack its mapped stack.
	Message, Stack string
	Frames         []frame
	Excerpt        *project.Excerpt
	// Changed is set if the file of the excerpt is newer than what ran.
	Changed  bool
	modified time.Time
	Hints    []string
	// Causes are what led to it, with their stacks.
	Causes string
}

type frame struct {
	project.Frame
	// Shown is the file relative to where the session was started.
	Shown string
}

func (f frame) label() string {
	at := fmt.Sprintf("%s:%d:%d", f.Shown, f.Line, f.Col)
	if f.Func == "" {
		return at
	}
	return f.Func + " (" + at + ")"
}

// explain finds out what can be said about an error of a worker.
func (s *Session) explain(name, message, stack string) failure {
	f := failure{Worker: name, Message: message, Stack: stack}
	p := s.current()
	if p == nil {
		return f
	}
	m := p.Member(name)
	if m == nil {
		return f
	}
	if !strings.Contains(stack, "\n    at ") {
		if from, ok := s.out.origins.find(message); ok && p.Member(from.Worker) != nil {
			f.Stack, m = from.Stack, p.Member(from.Worker)
		}
	}
	if i := strings.Index(f.Stack, "\n"+worker.CausedBy); i >= 0 {
		f.Stack, f.Causes = f.Stack[:i], s.shown(m, f.Stack[i+1:])
	}
	for _, fr := range m.Frames(f.Stack) {
		f.Frames = append(f.Frames, frame{fr, project.Display(s.out.dir, fr.Path)})
	}
	if top := f.top(); top != nil {
		f.Excerpt = project.ReadExcerpt(top.Path, top.Line, top.Col)
		if st, err := os.Stat(top.Path); err == nil && f.Excerpt != nil {
			f.modified = st.ModTime()
			f.Changed = f.modified.After(s.builtAt(m.Config.Name))
		}
	}
	if strings.Contains(message, "did not resolve to 'Response'") {
		f.Hints = append(f.Hints, "every path through fetch() has to return a Response: is a `return` missing?")
	}
	if undefinedError().MatchString(message) {
		f.Hints = append(f.Hints, s.undefinedBindings(p, m, f.Frames)...)
	}
	return f
}

// shown is a text with stack traces whose files are named as frames are.
func (s *Session) shown(m *project.Member, text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		for _, fr := range m.Frames(line) {
			lines[i] = "    at " + frame{fr, project.Display(s.out.dir, fr.Path)}.label()
		}
	}
	return strings.Join(lines, "\n")
}

// top is the innermost frame in the user's own files, else the innermost.
func (f *failure) top() *frame {
	for i := range f.Frames {
		if !strings.Contains(f.Frames[i].Path, "node_modules") {
			return &f.Frames[i]
		}
	}
	if len(f.Frames) > 0 {
		return &f.Frames[0]
	}
	return nil
}

var (
	undefinedError = lazy.Regexp(`of undefined|is not a function|undefined has no|is undefined|not an object|Object has no member`)
	envUse         = lazy.Regexp(`\benv(?:\??\.([A-Z][A-Z0-9_]*)\b|\[["']([A-Z][A-Z0-9_]*)["']\])(\??\.[A-Za-z]+)?`)
)

// hintFrames is how many frames from the top are searched for the cause.
const hintFrames = 2

// undefinedBindings says which names of env the failing lines read that the
// worker has no binding for.
func (s *Session) undefinedBindings(p *project.Project, m *project.Member, frames []frame) []string {
	var hints []string
	have := m.EnvNames()
	for _, fr := range frames[:min(len(frames), hintFrames)] {
		e := project.ReadExcerpt(fr.Path, fr.Line, 0)
		if e == nil {
			continue
		}
		for _, use := range envUses(e.Lines[fr.Line-e.First]) {
			if slices.Contains(have, use.name) {
				continue
			}
			if h := s.bindingHint(p, m, use.name, use.member); !slices.Contains(hints, h) {
				hints = append(hints, h)
			}
		}
	}
	return hints
}

// envRead is a name of env that a line reads, and what it reads from that.
type envRead struct{ name, member string }

// envUses are the names of env that a line reads, each once, with the member
// that tells most about what it is.
func envUses(line string) []envRead {
	var out []envRead
	for _, use := range envUse().FindAllStringSubmatch(line, -1) {
		read := envRead{use[1] + use[2], strings.TrimLeft(use[3], "?.")}
		i := slices.IndexFunc(out, func(r envRead) bool { return r.name == read.name })
		switch {
		case i < 0:
			out = append(out, read)
		case strings.Contains(bindingExamples[read.member], "durable_objects"):
			out[i] = read
		}
	}
	return out
}

// bindingHint says what to write so that env.NAME exists. use is the member
// read from it, such as "get".
func (s *Session) bindingHint(p *project.Project, m *project.Member, name, use string) string {
	file := project.Display(s.out.dir, m.Config.Path)
	head := fmt.Sprintf("env.%s is undefined: %s has no binding of that name", name, file)
	if m.Config.Env != "" {
		head += fmt.Sprintf(" in env.%s (bindings are not inherited from the top level)", m.Config.Env)
	}
	if near := nearest.Word(name, m.EnvNames()); near != "" {
		return head + "; did you mean env." + near + "?"
	}
	if owner, class := classNamed(p, m, name); owner != nil {
		return head + ". Add to it:\n" + durableConfig(m, owner, class, name)
	}
	if text, ok := bindingExamples[use]; ok {
		return head + ". Add to it:\n" + strings.ReplaceAll(text, "NAME", name)
	}
	return head + fmt.Sprintf(". Add a binding, or for a variable:\n\"vars\": { %q: \"…\" }   or a line %s=… in .dev.vars", name, name)
}

// bindingExamples are what to write by how the name is used.
var bindingExamples = map[string]string{
	"idFromName":  `"durable_objects": { "bindings": [{ "name": "NAME", "class_name": "…" }] }`,
	"newUniqueId": `"durable_objects": { "bindings": [{ "name": "NAME", "class_name": "…" }] }`,
	"getByName":   `"durable_objects": { "bindings": [{ "name": "NAME", "class_name": "…" }] }`,
	"fetch":       `"services": [{ "binding": "NAME", "service": "…" }]`,
	"put":         `"r2_buckets": [{ "binding": "NAME", "bucket_name": "…" }]`,
	"list":        `"r2_buckets": [{ "binding": "NAME", "bucket_name": "…" }]`,
	"head":        `"r2_buckets": [{ "binding": "NAME", "bucket_name": "…" }]`,
}

// classNamed finds the Durable Object class a binding name most likely means:
// SHARE_ROOM and ShareRoom. The worker's own classes come first.
func classNamed(p *project.Project, m *project.Member, name string) (*project.Member, string) {
	members := append([]*project.Member{m}, p.Members()...)
	for _, owner := range members {
		for _, class := range owner.DurableClasses() {
			if bindingName(class) == name || strings.EqualFold(class, strings.ReplaceAll(name, "_", "")) {
				return owner, class
			}
		}
	}
	return nil, ""
}

// bindingName is the usual name of a binding for a class: ShareRoom, SHARE_ROOM.
func bindingName(class string) string {
	var b strings.Builder
	for i, r := range class {
		upper := r >= 'A' && r <= 'Z'
		if upper && i > 0 && class[i-1] >= 'a' && class[i-1] <= 'z' {
			b.WriteByte('_')
		}
		b.WriteString(strings.ToUpper(string(r)))
	}
	return b.String()
}

// durableConfig is the configuration that gives m a binding to a class.
func durableConfig(m, owner *project.Member, class, name string) string {
	if owner != m {
		return fmt.Sprintf(`"durable_objects": { "bindings": [{ "name": %q, "class_name": %q, "script_name": %q }] }`, name, class, owner.Config.Name)
	}
	text := fmt.Sprintf(`"durable_objects": { "bindings": [{ "name": %q, "class_name": %q }] }`, name, class)
	if !migrated(m.Config, class) {
		text += fmt.Sprintf(",\n\"migrations\": [{ \"tag\": \"v1\", \"new_sqlite_classes\": [%q] }]", class)
	}
	return text
}

// migrated reports whether a migration or export of c creates the class.
func migrated(c *config.Config, class string) bool {
	for _, g := range c.Migrations {
		if slices.Contains(g.NewClasses, class) || slices.Contains(g.NewSQLiteClasses, class) ||
			slices.ContainsFunc(g.RenamedClasses, func(r config.RenamedClass) bool { return r.To == class }) {
			return true
		}
	}
	return slices.ContainsFunc(c.Exports, func(e config.Export) bool { return e.Name == class || e.RenamedTo == class })
}

// userSource reports whether a file is the user's own script.
func userSource(path string) bool {
	if strings.Contains(filepath.ToSlash(path), "/node_modules/") {
		return false
	}
	switch filepath.Ext(path) {
	case ".ts", ".tsx", ".js", ".jsx", ".mjs", ".mts", ".cjs", ".cts":
		return true
	}
	return false
}
