package bundle

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// rule is a Rule whose globs are compiled twice: against import specifiers,
// where Wrangler lets a star match slashes, and against file names, where it
// does not.
type rule struct {
	Rule
	specs, files []*regexp.Regexp
}

// ruleSet is the user's rules followed by the built-in ones. A rule hides the
// later ones of its type unless it falls through; what they match is an error
// rather than a surprise, as in Wrangler.
type ruleSet struct {
	active, hidden []rule
	specs          sync.Map // what forSpec said, by specifier: each build asks for all again
}

// verdict is what forSpec says.
type verdict struct {
	rule   *rule
	hidden bool
}

var builtinRules = []Rule{
	{Type: Text, Globs: []string{"**/*.txt", "**/*.html", "**/*.sql"}},
	{Type: Data, Globs: []string{"**/*.bin"}},
	{Type: CompiledWasm, Globs: []string{"**/*.wasm", "**/*.wasm?module"}},
}

func compileRules(user []Rule) (*ruleSet, error) {
	set := &ruleSet{}
	closed := map[ModuleType]bool{}
	for i, r := range append(user[:len(user):len(user)], builtinRules...) {
		switch r.Type {
		case ESModule, CommonJS, CompiledWasm, Text, Data:
		default:
			return nil, fmt.Errorf("rules[%d]: module type %q is not supported; use ESModule, CommonJS, CompiledWasm, Text or Data", i, r.Type)
		}
		c := rule{Rule: r}
		for _, g := range r.Globs {
			c.specs = append(c.specs, globRegexp(g, ".*"))
			c.files = append(c.files, globRegexp(g, "[^/]*"))
		}
		if closed[r.Type] {
			set.hidden = append(set.hidden, c)
			continue
		}
		closed[r.Type] = !r.Fallthrough
		set.active = append(set.active, c)
	}
	return set, nil
}

// globRegexp translates a glob; star is what one star matches. "**/" also
// matches nothing, other characters are literal, the whole path has to match.
func globRegexp(glob, star string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString("^")
	for glob != "" {
		switch {
		case strings.HasPrefix(glob, "**/"):
			b.WriteString("(?:.*/)?")
			glob = glob[3:]
		case strings.HasPrefix(glob, "**"):
			b.WriteString(".*")
			glob = glob[2:]
		case glob[0] == '*':
			b.WriteString(star)
			glob = glob[1:]
		default:
			n := strings.IndexByte(glob, '*')
			if n < 0 {
				n = len(glob)
			}
			b.WriteString(regexp.QuoteMeta(glob[:n]))
			glob = glob[n:]
		}
	}
	b.WriteString("$")
	return regexp.MustCompile(b.String())
}

// forSpec finds the rule for an import specifier; hidden means that only a
// hidden rule matches.
func (s *ruleSet) forSpec(spec string) (r *rule, hidden bool) {
	known, ok := s.specs.Load(spec)
	if !ok {
		r, hidden = s.find(spec, false)
		known, _ = s.specs.LoadOrStore(spec, verdict{r, hidden})
	}
	v := known.(verdict)
	return v.rule, v.hidden
}

// forFile finds the rule for a file name relative to the base directory.
func (s *ruleSet) forFile(name string) (r *rule, hidden bool) { return s.find(name, true) }

func (s *ruleSet) find(path string, files bool) (r *rule, hidden bool) {
	if r = match(s.active, path, files); r != nil {
		return r, false
	}
	r = match(s.hidden, path, files)
	return r, r != nil
}

func match(rules []rule, path string, files bool) *rule {
	for i := range rules {
		globs := rules[i].specs
		if files {
			globs = rules[i].files
		}
		for _, g := range globs {
			if g.MatchString(path) {
				return &rules[i]
			}
		}
	}
	return nil
}

// isScript reports whether the rule's files are JavaScript.
func (r *rule) isScript() bool { return r.Type == ESModule || r.Type == CommonJS }

func hiddenRuleText(path string, r *rule) string {
	return fmt.Sprintf("%s matches the rule %s %q, which an earlier rule of the same type without fallthrough replaces", path, r.Type, r.Globs)
}

const hiddenRuleHint = "set `fallthrough: true` on the earlier rule, or add this file's pattern to it"
