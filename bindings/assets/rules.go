package assets

import (
	"strings"

	"github.com/miniworker/miniworker/runtime/wire"
)

// Outcome is what the layer would answer to a request, found without reading a
// file.
type Outcome struct {
	// Found says that the layer has an answer of its own: an asset, a redirect,
	// a proxied path or a 405. Without it Status is the empty 404.
	Found bool
	// Status is the answer's status, before If-None-Match is looked at.
	Status int
	// Asset is the path of the file that is shown, "" for none.
	Asset string
	// Location is the value of the Location header of a redirect.
	Location string
	// Rule is the rule of the routing specification that decided, such as
	// "R103"; Detail the line of configuration that did, if there is one.
	Rule, Detail string

	file *file
}

// Decision says who answers a request that reached a Worker with assets.
type Decision struct {
	// Worker is true if the code runs, false if the assets answer.
	Worker bool
	// Rule is the rule of the routing specification that decided; Detail the
	// run_worker_first entry or _redirects line that did, if there is one.
	Rule, Detail string
	// Outcome is the asset layer's answer. It is the zero value where the code
	// runs without the assets having been asked.
	Outcome Outcome
}

// Decide says whether the Worker's code or the assets answer req, by
// run_worker_first, what the directory holds, and the navigation flag.
// The request is not consumed.
func (l *Layer) Decide(req *wire.Request) Decision {
	t := splitURL(req.URL)
	s := l.snap.Load()
	if !l.cfg.HasWorker {
		o := l.outcome(s, req, &t, l.cfg.NotFoundHandling)
		return Decision{Rule: o.Rule, Detail: o.Detail, Outcome: o}
	}
	if rule, worker, ok := l.rules.match(t.path); ok {
		if worker {
			return Decision{Worker: true, Rule: "R101", Detail: rule}
		}
		return Decision{Rule: "R101", Detail: rule, Outcome: l.outcome(s, req, &t, l.cfg.NotFoundHandling)}
	}
	if l.cfg.RunWorkerFirst {
		return Decision{Worker: true, Rule: "R100", Detail: "run_worker_first: true"}
	}
	missing := l.cfg.NotFoundHandling
	if !l.rules.present && !(l.cfg.NavigationPrefersAssets && req.Header.Get("Sec-Fetch-Mode") == "navigate") {
		missing = NotFoundNone
	}
	o := l.outcome(s, req, &t, missing)
	if o.Found {
		return Decision{Rule: o.Rule, Detail: o.Detail, Outcome: o}
	}
	return Decision{Worker: true, Rule: l.whyCode(req), Outcome: o}
}

// whyCode names the rule that tells best why the assets did not answer.
func (l *Layer) whyCode(req *wire.Request) string {
	switch {
	case req.Method != "GET" && req.Method != "HEAD":
		return "R110"
	case l.cfg.NotFoundHandling != NotFoundNone && !l.rules.present:
		return "R118"
	case l.cfg.HTMLHandling == HTMLNone:
		return "R106"
	}
	return "R100"
}

// Resolve says what env.ASSETS.fetch(req) would answer.
func (l *Layer) Resolve(req *wire.Request) Outcome {
	t := splitURL(req.URL)
	return l.outcome(l.snap.Load(), req, &t, l.cfg.NotFoundHandling)
}

// outcome runs a request through the layer: _redirects, then the directory,
// then the not-found page.
func (l *Layer) outcome(s *snapshot, req *wire.Request, t *target, missing NotFoundHandling) Outcome {
	var o Outcome
	path := t.path
	if r, to := s.redirects.match(t); r != nil {
		o.Rule, o.Detail, o.Found = "R112", r.from, true
		u, same, err := resolve(to, req.URL)
		if err != nil {
			o.Status, o.Detail = 500, err.Error()
			return o
		}
		if r.status != 200 {
			o.Status, o.Location = r.status, location(u, same, t.search)
			return o
		}
		// A proxied path is looked up in place of the request's, once.
		path = u.Pathname()
	}
	proxied := o.Found
	decoded := decodePath(path)
	in, ok := s.find(l.cfg.HTMLHandling, missing, decoded)
	if !ok {
		o.Status = 404
		if !proxied {
			o.Rule = "R109"
			if !l.cfg.HasWorker {
				o.Rule = "R116"
			}
		}
		return o
	}
	o.Found = true
	if m := strings.ToUpper(req.Method); m != "GET" && m != "HEAD" && m != "" {
		o.Status, o.Rule = 405, "R110"
		return o
	}
	if !proxied {
		o.Rule = l.whyAsset(req, in, decoded)
	}
	if in.redirect != "" {
		o.Status, o.Location = 307, encodePath(in.redirect)+t.search
		return o
	}
	// Assets are shown under their canonical spelling only.
	if canonical := encodePath(decoded); canonical != path {
		o.Status, o.Rule, o.Location = 307, "R108", canonical+t.search
		return o
	}
	o.Status, o.Asset, o.file = in.status, in.file.name, in.file
	return o
}

// whyAsset names the rule by which the directory answered.
func (l *Layer) whyAsset(req *wire.Request, in intent, decoded string) string {
	switch {
	case in.notFound && l.rules.present:
		return "R102"
	case in.notFound && l.cfg.NotFoundHandling == NotFoundSPA && l.cfg.HasWorker && req.Header.Get("Sec-Fetch-Mode") == "navigate":
		return "R118"
	case in.notFound:
		return "R109"
	case in.redirect == "" && in.file.name == decoded:
		return "R100"
	}
	switch l.cfg.HTMLHandling {
	case ForceTrailingSlash:
		return "R104"
	case DropTrailingSlash:
		return "R105"
	}
	return "R103"
}

// staticRouting is the array form of run_worker_first.
type staticRouting struct {
	present bool
	worker  []string // rules that send a request to the code
	assets  []string // rules written with "!", without it
}

func newStaticRouting(rules []string) staticRouting {
	r := staticRouting{present: len(rules) > 0}
	for _, rule := range rules {
		if neg, ok := strings.CutPrefix(rule, "!"); ok {
			r.assets = append(r.assets, neg)
		} else {
			r.worker = append(r.worker, rule)
		}
	}
	return r
}

// match finds the rule for a path; negative rules win wherever they stand.
func (r *staticRouting) match(path string) (rule string, worker, ok bool) {
	for _, rule := range r.assets {
		if MatchGlob(rule, path) {
			return "!" + rule, false, true
		}
	}
	for _, rule := range r.worker {
		if MatchGlob(rule, path) {
			return rule, true, true
		}
	}
	return "", false, false
}

// MatchGlob matches a run_worker_first rule, without its "!", against a URL
// path: "*" stands for any text, slashes included; everything else for itself.
func MatchGlob(glob, path string) bool {
	first, rest, star := strings.Cut(glob, "*")
	path, ok := strings.CutPrefix(path, first)
	if !ok || !star {
		return ok && path == ""
	}
	for {
		var part string
		part, rest, star = strings.Cut(rest, "*")
		if !star {
			return strings.HasSuffix(path, part)
		}
		i := strings.Index(path, part)
		if i < 0 {
			return false
		}
		path = path[i+len(part):]
	}
}
