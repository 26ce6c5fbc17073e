package coverage

import (
	"bytes"
	_ "embed"
	"html/template"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"
)

//go:embed page.html
var pageSource string

var pageTemplate = sync.OnceValues(func() (*template.Template, error) { return template.New("page").Parse(pageSource) })

// page is the list of all files, or one of them.
type page struct {
	Title string
	// Up leads to the directory of the report.
	Up    string
	Total []htmlShare
	Files []htmlFile
	Lines []htmlLine
}

type htmlFile struct {
	Name, Link string
	Shares     []htmlShare
}

type htmlShare struct {
	Name           string
	Percent        float64
	Covered, Total int
	// Level is how good that is: high, medium, low.
	Level string
}

type htmlLine struct {
	Number int
	// Count is how often its statements ran, State run, missed or nothing.
	Count int
	State string
	Parts []htmlPart
}

// htmlPart is a piece of a line; Missed says what of it did not run.
type htmlPart struct{ Text, Missed string }

// html writes index.html, and a page for each file.
func (m Map) html(dir, root string) error {
	index := page{Title: "All files", Total: m.Total().shares()}
	for _, f := range m.Files() {
		name := relative(root, f.Path)
		link := strings.TrimPrefix(filepath.ToSlash(strings.TrimPrefix(name, filepath.VolumeName(name))), "/") + ".html"
		index.Files = append(index.Files, htmlFile{name, link, f.Summary().shares()})
		lines, err := f.htmlLines()
		if err != nil {
			return err
		}
		p := page{Title: name, Up: strings.Repeat("../", strings.Count(path.Clean(link), "/")), Total: f.Summary().shares(), Lines: lines}
		if err := p.write(filepath.Join(dir, filepath.FromSlash(link))); err != nil {
			return err
		}
	}
	return index.write(filepath.Join(dir, "index.html"))
}

func (p page) write(file string) error {
	t, err := pageTemplate()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return err
	}
	return write(file, b.Bytes())
}

func (s Summary) shares() (out []htmlShare) {
	for _, c := range []struct {
		name string
		Share
	}{{"Statements", s.Statements}, {"Branches", s.Branches}, {"Functions", s.Functions}, {"Lines", s.Lines}} {
		level := "high"
		switch p := c.Percent(); {
		case p < 50:
			level = "low"
		case p < 80:
			level = "medium"
		}
		out = append(out, htmlShare{c.name, c.Percent(), c.Covered, c.Total, level})
	}
	return out
}

// paper is a file's text, on which what did not run is marked.
type paper struct {
	lines [][]uint16
	marks [][]byte // of each UTF-16 unit, an index of missed
}

// missed are the marks, later ones over earlier ones.
var missed = []string{"", "statement not run", "function not called", "branch not taken", "else not taken"}

func (f *File) htmlLines() ([]htmlLine, error) {
	text, err := os.ReadFile(f.Path)
	if err != nil {
		return nil, err
	}
	var p paper
	for line := range strings.SplitSeq(strings.TrimSuffix(string(text), "\n"), "\n") {
		units := utf16.Encode([]rune(strings.TrimSuffix(line, "\r")))
		p.lines, p.marks = append(p.lines, units), append(p.marks, make([]byte, len(units)))
	}
	for _, s := range f.statements {
		if s.n == 0 {
			p.mark(s.at, 1)
		}
	}
	for _, fn := range f.functions {
		if fn.n == 0 {
			p.mark(fn.decl, 2)
		}
	}
	for _, b := range f.branches {
		for i, n := range b.n {
			switch at := b.paths[i]; {
			case n > 0 || slices.Max(b.n) == 0: // where none was taken, the statement tells
			case at.Start.Line == 0:
				p.mark(Location{b.at.Start, Position{b.at.Start.Line, b.at.Start.Column + len("if")}}, 4)
			default:
				p.mark(at, 3)
			}
		}
	}
	return p.print(f.lines()), nil
}

// mark marks a part of the text.
func (p *paper) mark(at Location, what byte) {
	for n := at.Start.Line; n <= at.End.Line && n <= len(p.lines); n++ {
		marks := p.marks[n-1]
		from, to := 0, len(marks)
		if n == at.Start.Line {
			from = min(at.Start.Column, to)
		}
		if n == at.End.Line {
			to = min(at.End.Column, to)
		}
		for i := from; i < to; i++ {
			marks[i] = max(marks[i], what)
		}
	}
}

func (p *paper) print(counts map[int]int) (out []htmlLine) {
	for i, units := range p.lines {
		l := htmlLine{Number: i + 1}
		if n, ok := counts[i+1]; ok {
			l.Count, l.State = n, "run"
			if n == 0 {
				l.State = "missed"
			}
		}
		for from := 0; from < len(units); {
			to := from + 1
			for to < len(units) && p.marks[i][to] == p.marks[i][from] {
				to++
			}
			l.Parts = append(l.Parts, htmlPart{string(utf16.Decode(units[from:to])), missed[p.marks[i][from]]})
			from = to
		}
		out = append(out, l)
	}
	return out
}
