package dev

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/project"
)

//go:embed pages
var pageFiles embed.FS

// Parsed for the first page: most runs show none.
var (
	pageTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.ParseFS(pageFiles, "pages/*.html")) })
	pageStyle    = sync.OnceValue(func() template.CSS { b, _ := pageFiles.ReadFile("pages/style.css"); return template.CSS(b) })
)

// page is what one page shows; the same goes to clients that take text or JSON.
type page struct {
	Status   int          `json:"-"`
	Kind     string       `json:"kind"`
	Tone     string       `json:"-"`
	Title    string       `json:"title"`
	Style    template.CSS `json:"-"`
	Lead     string       `json:"detail,omitempty"`
	Worker   string       `json:"worker,omitempty"`
	Request  string       `json:"request,omitempty"`
	Hints    []string     `json:"hints,omitempty"`
	Findings []finding    `json:"findings,omitempty"`
	Excerpt  *excerptView `json:"source,omitempty"`
	Changed  bool         `json:"source_changed,omitempty"`
	Frames   []frameView  `json:"frames,omitempty"`
	Stack    string       `json:"stack,omitempty"`
	Causes   string       `json:"causes,omitempty"`
	Routes   *routesView  `json:"-"`
	// Tables are those of the explorer, Prefix what its form for one holds, Up where
	// it begins.
	Tables []tableView `json:"-"`
	Prefix *string     `json:"-"`
	Up     string      `json:"-"`
	Help   string      `json:"-"`
	// Script keeps the page up to date; "" for none.
	Script string `json:"-"`
	// Data replaces the page in JSON, Plain in text.
	Data  any    `json:"-"`
	Plain string `json:"-"`
}

// link is a place in a file, and how an editor opens it.
type link struct {
	Text string       `json:"at"`
	Href template.URL `json:"-"`
}

type finding struct {
	Severity string       `json:"severity"`
	Code     string       `json:"code"`
	Message  string       `json:"message"`
	Hint     string       `json:"hint,omitempty"`
	Place    link         `json:"place"`
	Notes    []note       `json:"notes,omitempty"`
	Excerpt  *excerptView `json:"source,omitempty"`
	text     string
}

type note struct {
	Place   link   `json:"place"`
	Message string `json:"message"`
}

type excerptView struct {
	Place link         `json:"place"`
	Lines []sourceLine `json:"lines"`
	text  string
}

type sourceLine struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
	Here   bool   `json:"here,omitempty"`
	Caret  string `json:"-"`
}

type frameView struct {
	Func  string `json:"function,omitempty"`
	Place link   `json:"place"`
	Own   bool   `json:"-"`
}

// editorURL is how a browser opens a file in an editor; MINIWORKER_EDITOR_URL
// replaces it, with {file}, {line} and {col} filled in.
const editorURL = "vscode://file{file}:{line}:{col}"

func (s *Session) link(path string, line, col int) link {
	if path == "" {
		return link{}
	}
	l := link{Text: diag.Position{File: project.Display(s.out.dir, path), Line: line, Col: col}.String()}
	if !filepath.IsAbs(path) {
		return l
	}
	pattern := os.Getenv("MINIWORKER_EDITOR_URL")
	if pattern == "" {
		pattern = editorURL
	}
	file := filepath.ToSlash(path)
	if !strings.HasPrefix(file, "/") {
		file = "/" + file // C:/…
	}
	fill := strings.NewReplacer("{file}", escapePath(file), "{line}", strconv.Itoa(max(line, 1)), "{col}", strconv.Itoa(max(col, 1)))
	l.Href = template.URL(fill.Replace(pattern))
	return l
}

func escapePath(p string) string {
	return strings.NewReplacer("%", "%25", "?", "%3F", "#", "%23", " ", "%20", `"`, "%22", "<", "%3C", ">", "%3E").Replace(p)
}

func (s *Session) excerptView(e *project.Excerpt) *excerptView {
	if e == nil {
		return nil
	}
	v := &excerptView{Place: s.link(e.File, e.Line, e.Col), text: e.Text()}
	for i, l := range e.Lines {
		line := sourceLine{Number: e.First + i, Text: l, Here: e.First+i == e.Line}
		if line.Here && e.Col > 0 {
			line.Caret = e.CaretIndent()
			if line.Caret == "" {
				line.Caret = "\u200b" // the template leaves out what is empty
			}
		}
		v.Lines = append(v.Lines, line)
	}
	return v
}

func (s *Session) finding(d diag.Diagnostic) finding {
	f := finding{
		Severity: d.Severity.String(), Code: d.Code, Message: d.Message, Hint: d.Hint, Place: s.link(d.Pos.File, d.Pos.Line, d.Pos.Col),
		Excerpt: s.excerptView(project.ReadExcerpt(d.Pos.File, d.Pos.Line, d.Pos.Col)), text: s.out.displayed(d).Error(),
	}
	for _, n := range d.Notes {
		f.Notes = append(f.Notes, note{s.link(n.Pos.File, n.Pos.Line, n.Pos.Col), n.Message})
	}
	return f
}

// failed is the page of a request that user code, or its absence, let down.
func (s *Session) failed(w http.ResponseWriter, r *http.Request, name string, err error) {
	pg := &page{Status: http.StatusInternalServerError, Tone: "bad", Worker: name, Request: r.Method + " http://" + r.Host + r.RequestURI}
	var build *project.BuildError
	var thrown *worker.ScriptError
	switch {
	case errors.As(err, &build) && build.Result.Err == nil:
		pg.Kind, pg.Title = "Build failed", "The worker "+name+" does not build"
		pg.Lead = "No version of it built since the session started. The next save tries again."
		pg.Findings = s.errorsOf(build.Result.Diags)
	case errors.As(err, &build) && errors.As(build.Result.Err, &thrown):
		pg.Kind, pg.Title = "Error while the worker was loaded", thrown.Error()
		s.failurePage(pg, s.explain(name, thrown.Error(), thrown.Stack))
	case errors.As(err, &thrown):
		pg.Kind, pg.Title, pg.Worker = "Uncaught error", thrown.Error(), thrown.Worker
		if thrown.Hung {
			pg.Kind = "No answer can ever come"
		}
		s.failurePage(pg, s.explain(thrown.Worker, thrown.Error(), thrown.Stack))
	default:
		pg.Kind, pg.Title, pg.Lead = "Platform error", "The worker "+name+" did not answer", err.Error()
	}
	if build != nil || s.opts.LiveReload {
		pg.Script = s.live.script(true)
	}
	s.render(w, r, pg)
}

func (s *Session) errorsOf(list diag.List) (out []finding) {
	for _, d := range list {
		if d.Severity == diag.Error {
			out = append(out, s.finding(d))
		}
	}
	return out
}

func (s *Session) failurePage(pg *page, f failure) {
	pg.Excerpt, pg.Changed, pg.Hints, pg.Stack, pg.Causes = s.excerptView(f.Excerpt), f.Changed, f.Hints, f.Stack, f.Causes
	for _, fr := range f.Frames {
		pg.Frames = append(pg.Frames, frameView{Func: fr.Func, Place: s.link(fr.Path, fr.Line, fr.Col), Own: userSource(fr.Path)})
	}
}

// form is how a page is written.
type form int

const (
	plainForm form = iota
	htmlForm
	jsonForm
)

// accepted is the form a client wants: pages for browsers, JSON for programs
// that ask for it, else text.
func accepted(r *http.Request) form {
	best, bestQ := plainForm, 0.0
	for part := range strings.SplitSeq(strings.Join(r.Header["Accept"], ","), ",") {
		media, params, _ := strings.Cut(strings.TrimSpace(strings.ToLower(part)), ";")
		q := 1.0
		if _, v, ok := strings.Cut(strings.ReplaceAll(params, " ", ""), "q="); ok {
			v, _, _ = strings.Cut(v, ";")
			if f, err := strconv.ParseFloat(v, 64); err == nil {
				q = f
			}
		}
		var f form
		switch media = strings.TrimSpace(media); {
		case media == "text/html" || media == "application/xhtml+xml":
			f = htmlForm
		case media == "application/json" || strings.HasSuffix(media, "+json"):
			f = jsonForm
		case media == "text/plain":
			f = plainForm
		default:
			continue
		}
		if q > bestQ {
			best, bestQ = f, q
		}
	}
	return best
}

// render writes a page in the form the client takes.
func (s *Session) render(w http.ResponseWriter, r *http.Request, pg *page) {
	var body bytes.Buffer
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept")
	switch accepted(r) {
	case htmlForm:
		h.Set("Content-Type", "text/html; charset=utf-8")
		policy := "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
		if pg.Script != "" {
			policy += "; script-src 'self'; connect-src 'self'; frame-src 'self'"
		}
		h.Set("Content-Security-Policy", policy)
		pg.Style = pageStyle()
		if err := pageTemplate().ExecuteTemplate(&body, "page.html", pg); err != nil {
			http.Error(w, "miniworker could not write its page: "+err.Error(), http.StatusInternalServerError)
			return
		}
	case jsonForm:
		h.Set("Content-Type", "application/json; charset=utf-8")
		data := pg.Data
		if data == nil {
			data = map[string]any{"error": pg}
		}
		enc := json.NewEncoder(&body)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(data); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	default:
		h.Set("Content-Type", "text/plain; charset=utf-8")
		body.WriteString(pg.text())
	}
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(pg.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body.Bytes())
	}
}

// text is the page for terminals.
func (pg *page) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", pg.Kind, pg.Title)
	if pg.Worker != "" {
		fmt.Fprintf(&b, "worker %s\n", pg.Worker)
	}
	if pg.Lead != "" {
		fmt.Fprintf(&b, "%s\n", pg.Lead)
	}
	if pg.Excerpt != nil {
		fmt.Fprintf(&b, "\n%s\n%s", pg.Excerpt.Place.Text, indent(pg.Excerpt.text, "  "))
	}
	if pg.Changed {
		b.WriteString("  (the file changed since this version was built; the lines may have moved)\n")
	}
	for _, t := range pg.Tables {
		b.WriteString(t.text())
	}
	for _, f := range pg.Findings {
		fmt.Fprintf(&b, "\n%s\n", f.text)
		if f.Excerpt != nil {
			b.WriteString(indent(f.Excerpt.text, "  "))
		}
	}
	if len(pg.Frames) > 0 {
		b.WriteByte('\n')
	}
	for _, f := range pg.Frames {
		if f.Func == "" {
			fmt.Fprintf(&b, "    at %s\n", f.Place.Text)
		} else {
			fmt.Fprintf(&b, "    at %s (%s)\n", f.Func, f.Place.Text)
		}
	}
	if pg.Causes != "" {
		b.WriteString(indent(pg.Causes, "    "))
	}
	for _, h := range pg.Hints {
		fmt.Fprintf(&b, "\nhint: %s\n", strings.ReplaceAll(h, "\n", "\n      "))
	}
	if pg.Plain != "" {
		fmt.Fprintf(&b, "\n%s", pg.Plain)
	}
	return b.String()
}
