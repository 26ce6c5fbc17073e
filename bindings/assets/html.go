package assets

import "strings"

// HTMLHandling says at which paths .html files live.
type HTMLHandling string

// The html_handling modes; the empty string means AutoTrailingSlash.
const (
	AutoTrailingSlash  HTMLHandling = "auto-trailing-slash"
	ForceTrailingSlash HTMLHandling = "force-trailing-slash"
	DropTrailingSlash  HTMLHandling = "drop-trailing-slash"
	HTMLNone           HTMLHandling = "none"
)

// NotFoundHandling says what answers a path that has no asset.
type NotFoundHandling string

// The not_found_handling modes; the empty string means NotFoundNone.
const (
	NotFoundNone NotFoundHandling = "none"
	NotFoundSPA  NotFoundHandling = "single-page-application"
	NotFound404  NotFoundHandling = "404-page"
)

// step is one thing to try for a path: serve file, or, with to set, redirect
// to the place where that file lives. Names are kept in two halves so that a
// lookup needs no concatenation.
type step struct {
	file, fileEnd string
	to, toEnd     string
	redirect      bool
}

func serve(file, end string) step { return step{file: file, fileEnd: end} }

func move(file, end, to, toEnd string) step {
	return step{file: file, fileEnd: end, to: to, toEnd: toEnd, redirect: true}
}

// steps lists, in order, what mode tries for the decoded path p.
func steps(mode HTMLHandling, p string, buf []step) []step {
	exact := serve(p, "")
	switch mode {
	case HTMLNone:
		return append(buf, exact)
	case ForceTrailingSlash:
		return forceSteps(p, exact, buf)
	case DropTrailingSlash:
		return dropSteps(p, exact, buf)
	}
	return autoSteps(p, exact, buf)
}

func autoSteps(p string, exact step, out []step) []step {
	if dir, ok := strings.CutSuffix(p, "/index"); ok {
		out = append(out, exact, move(p, ".html", dir, "/"), move(dir, ".html", dir, ""))
	} else if dir, ok := strings.CutSuffix(p, "/index.html"); ok {
		out = append(out, move(p, "", dir, "/"), move(dir, ".html", dir, ""))
	} else if dir, ok := strings.CutSuffix(p, "/"); ok {
		out = append(out, serve(p, "index.html"), move(dir, ".html", dir, ""))
	} else if base, ok := strings.CutSuffix(p, ".html"); ok {
		out = append(out, move(p, "", base, ""), move(base, "/index.html", base, "/"))
	}
	return append(out, exact, serve(p, ".html"), move(p, "/index.html", p, "/"))
}

func forceSteps(p string, exact step, out []step) []step {
	if dir, ok := strings.CutSuffix(p, "/index"); ok {
		out = append(out, exact, move(p, ".html", dir, "/"), move(dir, ".html", dir, "/"))
	} else if dir, ok := strings.CutSuffix(p, "/index.html"); ok {
		out = append(out, move(p, "", dir, "/"), move(dir, ".html", dir, "/"))
	} else if dir, ok := strings.CutSuffix(p, "/"); ok {
		out = append(out, serve(p, "index.html"), serve(dir, ".html"))
	} else if base, ok := strings.CutSuffix(p, ".html"); ok {
		out = append(out, move(p, "", base, "/"), exact, move(base, "/index.html", base, "/"))
	}
	return append(out, exact, move(p, ".html", p, "/"), move(p, "/index.html", p, "/"))
}

func dropSteps(p string, exact step, out []step) []step {
	root := move("/index.html", "", "/", "")
	if dir, ok := strings.CutSuffix(p, "/index"); ok {
		out = append(out, exact)
		if dir == "" {
			out = append(out, root)
		} else {
			out = append(out, move(dir, ".html", dir, ""), move(p, ".html", dir, ""))
		}
	} else if dir, ok := strings.CutSuffix(p, "/index.html"); ok {
		if dir == "" {
			out = append(out, root)
		} else {
			out = append(out, move(p, "", dir, ""), exact, move(dir, ".html", dir, ""))
		}
	} else if dir, ok := strings.CutSuffix(p, "/"); ok {
		if dir == "" {
			out = append(out, serve("/index.html", ""))
		} else {
			out = append(out, move(dir, ".html", dir, ""), move(dir, "/index.html", dir, ""))
		}
	} else if base, ok := strings.CutSuffix(p, ".html"); ok {
		out = append(out, move(p, "", base, ""), move(base, "/index.html", base, ""))
	}
	return append(out, exact, serve(p, ".html"), serve(p, "/index.html"))
}

// intent is where a decoded path leads: to a file, or to another path.
type intent struct {
	file     *file
	redirect string // set instead of file
	notFound bool   // file is the not-found page
	status   int
}

// find resolves a decoded path. It reports false if nothing answers.
func (m *manifest) find(mode HTMLHandling, missing NotFoundHandling, p string) (intent, bool) {
	if in, ok := m.findPage(mode, missing, p, true); ok {
		return in, true
	}
	return m.notFound(missing, p)
}

func (m *manifest) findPage(mode HTMLHandling, missing NotFoundHandling, p string, mayRedirect bool) (intent, bool) {
	var buf [8]step
	for _, s := range steps(mode, p, buf[:0]) {
		f := m.lookup(s.file, s.fileEnd)
		switch {
		case f == nil:
		case !s.redirect:
			return intent{file: f, status: 200}, true
		case mayRedirect && m.livesAt(f, mode, missing, s.to, s.toEnd):
			return intent{redirect: s.to + s.toEnd, status: 307}, true
		}
	}
	return intent{}, false
}

// livesAt reports whether f is what the path to+end shows, with nothing stored
// under that very name. The not-found page counts as shown, as upstream.
func (m *manifest) livesAt(f *file, mode HTMLHandling, missing NotFoundHandling, to, end string) bool {
	if m.lookup(to, end) != nil {
		return false
	}
	dest := to + end
	in, ok := m.findPage(mode, missing, dest, false)
	if !ok {
		in, ok = m.notFound(missing, dest)
	}
	return ok && in.file == f
}

// notFound gives the page for a path without asset: /index.html, or the
// nearest 404.html up the tree.
func (m *manifest) notFound(missing NotFoundHandling, p string) (intent, bool) {
	switch missing {
	case NotFoundSPA:
		if f := m.lookup("/index.html", ""); f != nil {
			return intent{file: f, notFound: true, status: 200}, true
		}
	case NotFound404:
		for p != "" {
			p = p[:max(strings.LastIndexByte(p, '/'), 0)]
			if f := m.lookup(p, "/404.html"); f != nil {
				return intent{file: f, notFound: true, status: 404}, true
			}
		}
	}
	return intent{}, false
}
