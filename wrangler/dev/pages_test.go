package dev

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/wrangler/project"
)

func TestAccepted(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]form{
		"":    plainForm,
		"*/*": plainForm,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": htmlForm,
		"application/json":                         jsonForm,
		"application/problem+json":                 jsonForm,
		"application/json, text/plain, */*":        jsonForm,
		"application/json;q=0.5, text/html":        htmlForm,
		"text/html;q=0.2, application/json; q=0.9": jsonForm,
		"text/html;q=0":                            plainForm,
		"TEXT/HTML":                                htmlForm,
		"text/plain, text/html;q=0.9":              plainForm,
		"image/png":                                plainForm,
		";;,,q=":                                   plainForm,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept", accept)
		if got := accepted(r); got != want {
			t.Errorf("Accept %q: %d, want %d", accept, got, want)
		}
	}
}

func testSession(t *testing.T) *Session {
	t.Helper()
	s := newSession(Options{Out: io.Discard, Level: Log})
	t.Cleanup(func() { s.out.close(); s.network.Close() })
	return s
}

// evil is text that must reach no page as markup.
const evil = `</pre><script>alert(1)</script>"'><img src=x onerror=alert(1)>&{{.}}`

// outside is what makes a browser load something by itself.
var outside = regexp.MustCompile(`<[a-z]+(?:\s+[a-zA-Z-]+(?:="[^"]*")?)*\s+(?:src|srcset|data)=|<link|@import|url\(`)

// TestPagesEscape puts hostile text everywhere a page shows text.
func TestPagesEscape(t *testing.T) {
	t.Parallel()
	s := testSession(t)
	place := s.link("/tmp/"+evil+".ts", 3, 4)
	ex := &excerptView{Place: place, Lines: []sourceLine{{Number: 1, Text: evil, Here: true, Caret: " "}}}
	pg := func() *page {
		return &page{
			Status: 500, Kind: evil, Title: evil, Lead: evil, Worker: evil, Request: evil, Hints: []string{evil}, Excerpt: ex, Stack: evil,
			Frames:   []frameView{{Func: evil, Place: place}},
			Findings: []finding{{Severity: "error", Message: evil, Hint: evil, Place: place, Notes: []note{{place, evil}}, Excerpt: ex}},
			Routes: &routesView{
				URL: evil, Rows: []routeRow{{Pattern: evil, Kind: evil, Worker: evil, Place: place}}, Local: []localLink{{"javascript:alert(1)", evil}},
				Drawing: draw([]routeRow{{Pattern: evil, Worker: evil}}, nil),
				Answer: &answerView{URL: evil, Headline: evil, Pattern: evil, Reason: evil, Assets: evil, Place: place, Warnings: []string{evil},
					AlsoMatched: []candidateView{{evil, evil, evil, evil}}, NearMisses: []candidateView{{evil, evil, evil, evil}}},
			},
		}
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept", "text/html")
	w := httptest.NewRecorder()
	s.render(w, r, pg())
	body := w.Body.String()
	if w.Code != 500 || !strings.Contains(body, "&lt;script&gt;") {
		t.Fatalf("status %d:\n%s", w.Code, body)
	}
	for _, bad := range []string{"<script", "<img", "onerror=alert(1)>\"", `href="javascript:`} {
		if strings.Contains(body, bad) {
			t.Errorf("the page contains %q", bad)
		}
	}
	if m := outside.FindString(body); m != "" {
		t.Errorf("the page loads something: %q", m)
	}
	r.Header.Set("Accept", "application/json")
	w = httptest.NewRecorder()
	s.render(w, r, pg())
	var decoded struct{ Error struct{ Title string } }
	if err := json.Unmarshal(w.Body.Bytes(), &decoded); err != nil || decoded.Error.Title != evil {
		t.Errorf("JSON: %v, %q", err, decoded.Error.Title)
	}
	r = httptest.NewRequest("HEAD", "/", nil)
	w = httptest.NewRecorder()
	s.render(w, r, pg())
	if w.Body.Len() != 0 || w.Header().Get("Content-Length") == "" {
		t.Errorf("HEAD: %d bytes, Content-Length %q", w.Body.Len(), w.Header().Get("Content-Length"))
	}
}

func TestPlatformErrorPage(t *testing.T) {
	t.Parallel()
	s := testSession(t)
	w := httptest.NewRecorder()
	s.failed(w, httptest.NewRequest("GET", "/x", nil), "web", fmt.Errorf("no descriptors left"))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "Platform error: The worker web did not answer") || !strings.Contains(w.Body.String(), "no descriptors left") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = httptest.NewRecorder()
	bad := &project.Result{Worker: "web", Diags: diag.List{{Severity: diag.Error, Message: "it is wrong", Pos: diag.Position{File: "a.ts", Line: 2}, Hint: "write it right"}}}
	s.failed(w, httptest.NewRequest("GET", "/x", nil), "web", &project.BuildError{Result: bad})
	for _, want := range []string{"Build failed", "a.ts:2: error: it is wrong", "hint: write it right"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%q is missing in %s", want, w.Body)
		}
	}
}

// TestDrawing holds that boxes do not overlap and lines end at boxes.
func TestDrawing(t *testing.T) {
	t.Parallel()
	var rows []routeRow
	for i := range 12 {
		rows = append(rows, routeRow{Pattern: fmt.Sprintf("host%d.example.com/%s*", i%3, strings.Repeat("long/", i)), Worker: fmt.Sprintf("worker%d", i%5), Class: []string{"", "win", "lost", "near"}[i%4]})
	}
	d := draw(rows, nil)
	for i, a := range d.Boxes {
		if a.X < 0 || a.Y < 0 || a.X+a.W > d.Width || a.Y+a.H > d.Height {
			t.Errorf("box %q is outside", a.Text)
		}
		for _, b := range d.Boxes[i+1:] {
			if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
				t.Errorf("%q overlaps %q", a.Text, b.Text)
			}
		}
	}
	if len(d.Lines) != 2*len(rows) || d.Lines[len(d.Lines)-1].Class != "win" {
		t.Errorf("%d lines, the last is %q", len(d.Lines), d.Lines[len(d.Lines)-1].Class)
	}
	if draw(nil, nil) != nil || draw(make([]routeRow, maxDrawn+1), nil) != nil {
		t.Error("nothing, and too much, is not drawn")
	}
}

func TestEnvUses(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]envRead{
		`return env.SHARE_ROOM.get(env.SHARE_ROOM.idFromName(id));`: {{"SHARE_ROOM", "idFromName"}},
		`this.env.STORE.put(a, env["OTHER"].list())`:                {{"STORE", "put"}, {"OTHER", "list"}},
		`env?.MAYBE?.fetch(request)`:                                {{"MAYBE", "fetch"}},
		`const { A } = env; process.env.lower`:                      nil,
		`environment.STORE`:                                         nil,
	} {
		if got := envUses(line); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", line, got, want)
		}
	}
}

func TestBindingName(t *testing.T) {
	t.Parallel()
	for class, want := range map[string]string{"ShareRoom": "SHARE_ROOM", "Room": "ROOM", "room": "ROOM", "HTTPRoom": "HTTPROOM", "Room2D": "ROOM2D"} {
		if got := bindingName(class); got != want {
			t.Errorf("%s: %s, want %s", class, got, want)
		}
	}
}
