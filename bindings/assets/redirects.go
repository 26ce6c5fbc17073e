package assets

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/nlnwa/whatwg-url/url"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/lazy"
)

// Limits of the _redirects and _headers files.
const (
	maxStaticRedirects  = 2000
	maxDynamicRedirects = 100
	maxHeaderRules      = 100
	maxRuleLine         = 2000
)

var redirectStatuses = []int{200, 301, 302, 303, 307, 308}

// redirect is one rule of _redirects.
type redirect struct {
	from   string
	to     string
	status int
	line   int
	pattern
}

// redirects are the rules of one file: those written before the first splat or
// placeholder are looked up by their exact path, the rest tried in order.
type redirects struct {
	static  map[string]*redirect
	dynamic []*redirect
	sealed  bool // a splat or placeholder rule was read: no more static ones
}

var (
	ruleComment = lazy.Regexp(`\s+#.*$`)
	toIndex     = lazy.Regexp(`/index(.html)?$`)
	schemeStart = lazy.Regexp(`^\w+://`)
)

// ruleFile reports findings in _redirects or _headers.
type ruleFile struct {
	path  string
	code  string
	diags *diag.List
}

func (f ruleFile) warn(line int, hint, format string, args ...any) {
	f.report(diag.Warning, line, hint, format, args...)
}

func (f ruleFile) report(sev diag.Severity, line int, hint, format string, args ...any) {
	f.diags.Add(diag.Diagnostic{Severity: sev, Code: f.code, Hint: hint,
		Pos: diag.Position{File: f.path, Line: line, Col: 1}, Message: fmt.Sprintf(format, args...)})
}

// tooLong reports lines over the limit, which counts UTF-16 units.
func (f ruleFile) tooLong(text string, line int) bool {
	if len(text) <= maxRuleLine || utf16Len(text) <= maxRuleLine {
		return false
	}
	f.warn(line, "", "Ignoring line %d as it exceeds the maximum allowed length of %d.", line, maxRuleLine)
	return true
}

func utf16Len(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// parseRedirects reads a _redirects file; what it cannot use becomes a warning.
func parseRedirects(text, path string, html HTMLHandling, diags *diag.List) redirects {
	out := redirects{static: map[string]*redirect{}}
	f := ruleFile{path, "invalid_redirect_rule", diags}
	lines := strings.Split(text, "\n")
	seen := map[string]bool{}
	statics, dynamics := 0, 0
	for i, line := range lines {
		line, n := strings.TrimSpace(line), i+1
		if line == "" || line[0] == '#' || f.tooLong(line, n) {
			continue
		}
		tokens := strings.Fields(ruleComment().ReplaceAllString(line, ""))
		if len(tokens) < 2 || len(tokens) > 3 {
			f.warn(n, "write: <from> <to> [status]", "Expected exactly 2 or 3 whitespace-separated tokens. Got %d.", len(tokens))
			continue
		}
		from, err := ruleURL(tokens[0], urlText{relativeOnly: true, noPort: true})
		if err != nil {
			f.warn(n, "", "%v", err)
			continue
		}
		isStatic := dynamics == 0 && !dynamic(from)
		if isStatic {
			if statics++; statics > maxStaticRedirects {
				f.warn(n, "", "Maximum number of static rules supported is %d. Skipping line.", maxStaticRedirects)
				continue
			}
		} else if dynamics++; dynamics > maxDynamicRedirects {
			f.warn(n, "", "Maximum number of dynamic rules supported is %d. Skipping remaining %d lines of file.", maxDynamicRedirects, len(lines)-i)
			break
		}
		r := &redirect{from: from, line: n, status: 302}
		if !f.destination(r, tokens, html) {
			continue
		}
		if seen[from] {
			f.warn(n, "", "Ignoring duplicate rule for path %s.", from)
			continue
		}
		seen[from] = true
		if r.status == 200 && hasHost(r.to) {
			f.warn(n, "", "Proxy (200) redirects can only point to relative paths. Got %s", r.to)
			continue
		}
		f.place(&out, r)
	}
	return out
}

// destination fills in the right-hand side of a rule.
func (f ruleFile) destination(r *redirect, tokens []string, html HTMLHandling) bool {
	var err error
	if r.to, err = ruleURL(tokens[1], urlText{keepSearchAndHash: true}); err != nil {
		f.warn(r.line, "", "%v", err)
		return false
	}
	if len(tokens) == 3 {
		if r.status, err = strconv.Atoi(tokens[2]); err != nil || !slices.Contains(redirectStatuses, r.status) {
			f.warn(r.line, "", "Valid status codes are 200, 301, 302 (default), 303, 307, or 308. Got %s.", tokens[2])
			return false
		}
	}
	if !hasHost(r.to) && toIndex().MatchString(r.to) &&
		(strings.HasSuffix(r.from, "/*") || strings.HasSuffix(r.from, "/") && html != HTMLNone) {
		f.warn(r.line, "for a single-page application set `not_found_handling` to \"single-page-application\" and remove the rule",
			"Infinite loop detected in this rule and has been ignored. This will cause a redirect to strip `.html` or `/index` and end up triggering this rule again. Please fix or remove this rule to silence this warning.")
		return false
	}
	return true
}

// place puts a valid rule into the table it belongs to. A dynamic rule dropped
// earlier, as malformed, does not end the static part.
func (f ruleFile) place(out *redirects, r *redirect) {
	isDynamic := dynamic(r.from)
	if !isDynamic && !out.sealed {
		out.static[r.from] = r
		return
	}
	if !isDynamic {
		f.report(diag.Info, r.line, "", "The redirect rule %s → %d %s could be made more performant by bringing it above any lines with splats or placeholders.", r.from, r.status, r.to)
	}
	out.sealed = true
	var err error
	if r.pattern, err = compile(r.from); err != nil {
		f.warn(r.line, "", "This rule can never match: %v.", err)
		return
	}
	out.dynamic = append(out.dynamic, r)
}

// match finds the rule for a request and its destination.
func (rs *redirects) match(t *target) (*redirect, string) {
	if r := rs.static[t.path]; r != nil {
		return r, r.to
	}
	for _, r := range rs.dynamic {
		if caps, ok := r.pattern.match(t); ok {
			to := strings.TrimSpace(expand(r.to, caps))
			if !schemeStart().MatchString(to) {
				// A captured "//host" must not become a protocol-relative URL.
				to = collapseSlashes(to)
			}
			return r, to
		}
	}
	return nil, ""
}

// resolve parses a destination against the request's URL.
func resolve(to, requestURL string) (u *url.Url, sameOrigin bool, err error) {
	base, err := url.Parse(requestURL)
	if err != nil {
		return nil, false, err
	}
	if u, err = base.Parse(to); err != nil {
		return nil, false, fmt.Errorf("redirect destination %q: %w", to, err)
	}
	return u, u.Protocol() == base.Protocol() && u.Host() == base.Host(), nil
}

// location writes a destination for the Location header: without host where it
// is the request's own. The rule's query replaces the request's.
func location(u *url.Url, sameOrigin bool, search string) string {
	own, hash := u.Search(), u.Hash()
	if own != "" {
		search = own
	}
	if sameOrigin {
		return u.Pathname() + search + hash
	}
	href := strings.TrimSuffix(u.Href(false), hash)
	return strings.TrimSuffix(href, own) + search + hash
}
