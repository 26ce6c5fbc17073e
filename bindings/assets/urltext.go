package assets

import (
	"fmt"
	"strings"

	"github.com/nlnwa/whatwg-url/url"

	"github.com/miniworker/miniworker/internal/lazy"
)

var (
	httpsURL = lazy.Regexp(`^https:///*([^/]+)/?(.*)`)
	portEnd  = lazy.Regexp(`:[0-9]+$`)
)

// hasHost reports whether text is an absolute https URL.
func hasHost(text string) bool { return httpsURL().MatchString(text) }

// urlText says which forms ruleURL accepts and which parts it keeps.
type urlText struct{ relativeOnly, noPort, keepSearchAndHash bool }

// ruleURL normalises the URL in a rule the way a request's URL is normalised,
// so that the two can be compared as text.
func ruleURL(text string, opt urlText) (string, error) {
	if m := httpsURL().FindStringSubmatch(text); m != nil {
		if opt.relativeOnly {
			return "", fmt.Errorf("Only relative URLs are allowed. Skipping absolute URL %s.", text) //nolint:staticcheck // upstream's text
		}
		if opt.noPort && portEnd().MatchString(m[1]) {
			return "", fmt.Errorf("Specifying ports is not supported. Skipping absolute URL %s.", text) //nolint:staticcheck // upstream's text
		}
		p, err := serialisePath(m[2], opt.keepSearchAndHash)
		return "https://" + m[1] + p, err
	}
	if opt.relativeOnly && !strings.HasPrefix(text, "/") {
		text = "/" + text
	}
	if !strings.HasPrefix(text, "/") {
		return "", fmt.Errorf(`URLs should either be relative (e.g. begin with a forward-slash), or use HTTPS (e.g. begin with "https://").`) //nolint:staticcheck // upstream's text
	}
	return serialisePath(text, opt.keepSearchAndHash)
}

func serialisePath(p string, keep bool) (string, error) {
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	// A scheme without special rules: a backslash stays a backslash.
	u, err := url.Parse("relative://" + p)
	if err != nil {
		return "", fmt.Errorf("Error parsing URL segment %s. Skipping.", p) //nolint:staticcheck // upstream's text
	}
	out := u.Pathname()
	if keep {
		out += u.Search() + u.Hash()
	}
	return out, nil
}
