package bundle

import (
	"fmt"
	"regexp"
	"strings"
)

// rule is a Rule whose globs are compiled.
type rule struct {
	typ   ModuleType
	globs []*regexp.Regexp
}

var builtinRules = []Rule{
	{Type: Text, Globs: []string{"**/*.txt", "**/*.html", "**/*.sql"}},
	{Type: Data, Globs: []string{"**/*.bin"}},
	{Type: CompiledWasm, Globs: []string{"**/*.wasm", "**/*.wasm?module"}},
}

// compileRules appends the built-in rules and drops those that an earlier rule
// of the same type without fallthrough hides.
func compileRules(user []Rule) ([]rule, error) {
	var out []rule
	closed := map[ModuleType]bool{}
	add := func(r Rule) error {
		switch r.Type {
		case ESModule, CommonJS, CompiledWasm, Text, Data, JSON:
		default:
			return fmt.Errorf("rules: module type %q is not supported; use ESModule, CommonJS, CompiledWasm, Text or Data", r.Type)
		}
		if closed[r.Type] {
			return nil
		}
		closed[r.Type] = !r.Fallthrough
		c := rule{typ: r.Type}
		for _, g := range r.Globs {
			c.globs = append(c.globs, globRegexp(g))
		}
		out = append(out, c)
		return nil
	}
	for _, r := range user {
		if err := add(r); err != nil {
			return nil, err
		}
	}
	for _, r := range builtinRules {
		if err := add(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// globRegexp translates a glob as Wrangler does: a star also matches slashes,
// everything else is literal, and the whole path has to match. A leading
// "**/" may also match nothing, so that "a.txt" is found by "**/*.txt".
func globRegexp(glob string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString("^")
	if rest, ok := strings.CutPrefix(glob, "**/"); ok {
		b.WriteString("(?:.*/)?")
		glob = rest
	}
	for part := range strings.SplitAfterSeq(glob, "*") {
		lit, star := strings.CutSuffix(part, "*")
		b.WriteString(regexp.QuoteMeta(lit))
		if star {
			b.WriteString(".*")
		}
	}
	b.WriteString("$")
	return regexp.MustCompile(b.String())
}

// ruleFor returns the type of the first rule that matches path.
func ruleFor(rules []rule, path string) (ModuleType, bool) {
	for _, r := range rules {
		for _, g := range r.globs {
			if g.MatchString(path) {
				return r.typ, true
			}
		}
	}
	return "", false
}
