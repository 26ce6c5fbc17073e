package assets

import (
	"fmt"
	"regexp"
	"strings"
)

// pattern matches the path (or https://host/path) of a _headers or dynamic
// _redirects rule: one "*" is the splat, ":name" a placeholder for one path
// segment, or for one label of the host.
type pattern struct {
	withHost bool
	prefix   string // literal text before the first splat or placeholder
	tail     bool   // nothing but a splat follows prefix
	exact    bool   // nothing follows prefix
	re       *regexp.Regexp
	names    []string
}

// capture is what a splat or placeholder matched.
type capture struct{ name, value string }

// isName reports the length of the placeholder name at the start of s: a
// letter, then letters, digits and underscores.
func placeholderName(s string) int {
	n := 0
	for n < len(s) {
		c := s[n]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (n == 0 || c != '_' && (c < '0' || c > '9')) {
			break
		}
		n++
	}
	return n
}

// dynamic reports whether rule holds a splat or a placeholder.
func dynamic(rule string) bool {
	for i := range len(rule) {
		if rule[i] == '*' || rule[i] == ':' && placeholderName(rule[i+1:]) > 0 {
			return true
		}
	}
	return false
}

// compile turns a rule into a pattern. Rules the real layer silently drops
// because no expression can be made of them are errors here.
func compile(rule string) (pattern, error) {
	p := pattern{withHost: strings.HasPrefix(rule, "https://")}
	hostEnd := 0
	if p.withHost {
		hostEnd = len("https://") + max(strings.IndexByte(rule[len("https://"):], '/'), 0)
	}
	var re strings.Builder
	re.WriteString("^")
	literal := 0 // start of the literal run being read
	flush := func(to int) {
		if len(p.names) == 0 {
			p.prefix = rule[:to]
		}
		re.WriteString(regexp.QuoteMeta(rule[literal:to]))
	}
	for i := 0; i < len(rule); {
		name, class, next := "", "", i+1
		switch {
		case rule[i] == '*':
			name, class = "splat", ".*"
		case rule[i] == ':':
			n := placeholderName(rule[i+1:])
			name, class, next = rule[i+1:i+1+n], "[^/]+", i+1+n
			if i < hostEnd && next < len(rule) && strings.IndexByte("-/.", rule[next]) >= 0 {
				class = "[^/.]+"
			}
		}
		if name == "" {
			i++
			continue
		}
		flush(i)
		for _, seen := range p.names {
			if strings.HasPrefix(name, seen) {
				if name == "splat" && seen == "splat" {
					return p, fmt.Errorf("only one splat (*) is allowed in %s", rule)
				}
				return p, fmt.Errorf("placeholder :%s clashes with :%s before it in %s", name, seen, rule)
			}
		}
		p.names = append(p.names, name)
		re.WriteString("(" + class + ")")
		literal, i = next, next
	}
	flush(len(rule))
	p.exact = len(p.names) == 0
	p.tail = len(p.names) == 1 && p.names[0] == "splat" && p.prefix+"*" == rule
	if p.exact || p.tail {
		return p, nil
	}
	var err error
	p.re, err = regexp.Compile("(?s)" + re.String() + "$")
	return p, err
}

// match tests a request against the pattern. Scheme and port do not count.
func (p *pattern) match(t *target) ([]capture, bool) {
	subject := t.path
	if p.withHost {
		subject = "https://" + t.hostname + t.path
	}
	rest, ok := strings.CutPrefix(subject, p.prefix)
	switch {
	case !ok:
		return nil, false
	case p.exact:
		return nil, rest == ""
	case p.tail:
		return []capture{{"splat", rest}}, true
	}
	m := p.re.FindStringSubmatch(subject)
	if m == nil {
		return nil, false
	}
	caps := make([]capture, len(p.names))
	for i, n := range p.names {
		caps[i] = capture{n, m[i+1]}
	}
	return caps, true
}

// expand puts captures into text, in the order the pattern names them.
func expand(text string, caps []capture) string {
	for _, c := range caps {
		text = strings.ReplaceAll(text, ":"+c.name, c.value)
	}
	return text
}
