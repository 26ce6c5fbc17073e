package assets

import (
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/lazy"
)

// headerRule is one block of _headers: a path and what to set and remove.
type headerRule struct {
	pattern
	set   []headerLine
	unset []string
}

type headerLine struct{ name, value string }

var looksLikePath = lazy.Regexp(`^(\S+://|/)`)

// headerParser reads a _headers file block by block.
type headerParser struct {
	ruleFile
	rules []headerRule
	paths []string // of rules, same index
	valid int      // blocks taken so far, repeats included

	path    string // of the open block, "" if none
	line    int
	current headerRule
}

// parseHeaders reads a _headers file; what it cannot use becomes a warning.
func parseHeaders(text, path string, diags *diag.List) []headerRule {
	p := &headerParser{ruleFile: ruleFile{path, "invalid_header_rule", diags}}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line, n := strings.TrimSpace(line), i+1
		if line == "" || line[0] == '#' || p.tooLong(line, n) {
			continue
		}
		if !looksLikePath().MatchString(line) {
			p.entry(line, n)
			continue
		}
		if p.valid >= maxHeaderRules {
			p.warn(n, "", "Maximum number of rules supported is %d. Skipping remaining %d lines of file.", maxHeaderRules, len(lines)-i)
			break
		}
		p.closeBlock()
		var err error
		if p.path, err = ruleURL(line, urlText{noPort: true}); err != nil {
			p.warn(n, "", "%v", err)
			p.path = ""
		}
		p.line, p.current = n, headerRule{}
	}
	p.closeBlock()
	return p.rules
}

// closeBlock stores the open block; a path seen before takes the new content
// at its old place.
func (p *headerParser) closeBlock() {
	if p.path == "" {
		return
	}
	path, rule := p.path, p.current
	p.path = ""
	if len(rule.set) == 0 && len(rule.unset) == 0 {
		p.warn(p.line, "indent the headers below their path, one per line", "No headers specified")
		return
	}
	p.valid++
	var err error
	if rule.pattern, err = compile(path); err != nil {
		p.warn(p.line, "", "This rule can never match: %v.", err)
		return
	}
	for i, old := range p.paths {
		if old == path {
			p.rules[i] = rule
			return
		}
	}
	p.paths, p.rules = append(p.paths, path), append(p.rules, rule)
}

// entry reads a line that is not a path: "name: value" or "! name".
func (p *headerParser) entry(line string, n int) {
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		removed, isUnset := strings.CutPrefix(line, "! ")
		switch {
		case p.path == "":
			p.warn(n, "", "Expected a path beginning with at least one forward-slash")
		case !isUnset:
			p.warn(n, "", "Expected a colon-separated header pair (e.g. name: value)")
		case !httpguts.ValidHeaderFieldName(removed):
			p.warn(n, "", "%q is not a valid header name", removed)
		default:
			p.current.unset = append(p.current.unset, http.CanonicalHeaderKey(removed))
		}
		return
	}
	name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
	switch {
	case strings.Contains(name, " "):
		p.warn(n, "", "Header name cannot include spaces")
	case name == "":
		p.warn(n, "", "No header name specified")
	case value == "":
		p.warn(n, "", "No header value specified")
	case p.path == "":
		p.warn(n, "", "Path should come before header (%s: %s)", name, value)
	case !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value):
		p.warn(n, "", "%q is not a valid header", line)
	default:
		p.add(http.CanonicalHeaderKey(name), value)
	}
}

func (p *headerParser) add(name, value string) {
	for i := range p.current.set {
		if p.current.set[i].name == name {
			p.current.set[i].value += ", " + value
			return
		}
	}
	p.current.set = append(p.current.set, headerLine{name, value})
}

// applyHeaders changes h as all matching rules say, in order. The first rule
// that sets a header replaces what the layer put there, later ones add a line
// (JavaScript reads the lines joined by commas).
func applyHeaders(rules []headerRule, t *target, h http.Header) {
	var done []string
	for i := range rules {
		r := &rules[i]
		caps, ok := r.match(t)
		if !ok {
			continue
		}
		for _, name := range r.unset {
			h.Del(name)
		}
		for _, s := range r.set {
			value := expand(s.value, caps)
			if !slices.Contains(done, s.name) {
				h[s.name] = nil
				done = append(done, s.name)
			}
			h[s.name] = append(h[s.name], value)
		}
	}
}
