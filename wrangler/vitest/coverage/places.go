package coverage

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/miniworker/miniworker/runtime/jsg/instrument"
	"github.com/miniworker/miniworker/wrangler/bundle"
)

// source is a file of the user.
type source struct {
	path   string
	text   string
	starts []int // of its lines
	hints  map[int]bool
	off    []instrument.Range // between start and stop
	none   bool               // ignored as a whole
}

// source reads a file once; nil is one that is not to be covered.
func (c *Collector) source(path string) *source {
	if src, ok := c.sources[path]; ok {
		return src
	}
	var src *source
	if c.wanted(path) {
		if data, err := os.ReadFile(path); err == nil {
			src = newSource(path, string(data))
		}
	}
	c.sources[path] = src
	return src
}

func newSource(path, text string) *source {
	s := &source{path: path, text: text, starts: []int{0}}
	for i := range len(text) {
		if text[i] == '\n' {
			s.starts = append(s.starts, i+1)
		}
	}
	s.readHints()
	return s
}

// offset is where a 0-based line and column in UTF-16 units is.
func (s *source) offset(line, col int) int {
	if line >= len(s.starts) {
		return len(s.text)
	}
	at := s.starts[line]
	for col > 0 && at < len(s.text) {
		r, n := utf8.DecodeRuneInString(s.text[at:])
		at += n
		col -= max(utf16.RuneLen(r), 1)
	}
	return at
}

// position is the reverse, as Istanbul has it: lines from 1, columns from 0.
func (s *source) position(at int) Position {
	line := sort.SearchInts(s.starts, at+1) - 1
	col := 0
	for _, r := range s.text[s.starts[line]:at] {
		col += max(utf16.RuneLen(r), 1)
	}
	return Position{line + 1, col}
}

// places maps ranges of one script.
type places struct {
	script []byte
	segs   []place
}

// place is a Segment in a source to be covered, src is nil in others.
type place struct {
	at, to int
	src    *source
}

func (c *Collector) places(b *bundle.Bundle) (*places, error) {
	segs, err := b.Segments()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p := &places{script: b.Script}
	file, src := "", (*source)(nil)
	for _, s := range segs {
		if s.File != file {
			file, src = s.File, c.source(b.AbsPath(s.File))
		}
		to := 0
		if src != nil {
			to = src.offset(s.Line, s.Col)
		}
		p.segs = append(p.segs, place{s.At, to, src})
	}
	return p, nil
}

// first is the first place in r, last the last.
func (p *places) first(r instrument.Range) (place, bool) {
	i, _ := slices.BinarySearchFunc(p.segs, r.Start, func(s place, at int) int { return s.at - at })
	if i == len(p.segs) || p.segs[i].at >= r.End {
		return place{}, false
	}
	return p.segs[i], true
}

func (p *places) last(r instrument.Range) place {
	i, _ := slices.BinarySearchFunc(p.segs, r.End, func(s place, at int) int { return s.at - at })
	return p.segs[i-1]
}

// skipped are beginnings of sources for what the bundler made statements of and
// Istanbul does not count.
var skipped = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:import\b\s*[^(.\s]|export\s*[{*]|export\s+default\b)`)
})

// judge tells what the bundler made from what the user wrote.
func (p *places) judge(r instrument.Range) instrument.Verdict {
	made := p.script[r.Start:r.End]
	at, ok := p.first(r)
	if !ok || bytes.HasPrefix(made, []byte("__")) || bytes.Contains(p.script[r.Start:at.at], []byte("__")) {
		return instrument.Pass
	}
	if at.src == nil {
		return instrument.Pass
	}
	if at.src.ignored(at.to) {
		return instrument.Skip
	}
	if bytes.HasPrefix(made, []byte("function")) || bytes.HasPrefix(made, []byte("async")) {
		return instrument.Count
	}
	wrote := at.src.text[at.to:]
	name, _, assigned := bytes.Cut(made[:min(len(made), maxName)], []byte("="))
	switch {
	case skipped().MatchString(wrote),
		assigned && bytes.HasSuffix(name, []byte("_default")) && !strings.HasPrefix(wrote, string(name)),
		strings.HasPrefix(wrote, "class "), strings.HasSuffix(strings.TrimRight(at.src.text[:at.to], " \t"), "class"):
		return instrument.Pass
	}
	return instrument.Count
}

// maxName is as far as a name is looked for.
const maxName = 200

// locate is where a range of the script was written.
func (p *places) locate(r instrument.Range) (*source, Location, bool) {
	at, ok := p.first(r)
	if !ok || at.src == nil {
		return nil, Location{}, false
	}
	end := p.last(r)
	to := at.to
	if end.src == at.src && end.to >= at.to {
		to = along(p.script[end.at:r.End], at.src.text, end.to)
	}
	return at.src, Location{at.src.position(at.to), at.src.position(to)}, true
}

// along follows what was made from the source from at on in the source, over the
// white space, comments and types that are only there, as far as both agree.
func along(made []byte, text string, at int) int {
	end := at
	for i := 0; i < len(made) && at < len(text); {
		if made[i] == text[at] || isQuote(made[i]) && isQuote(text[at]) {
			i, at = i+1, at+1
			end = at
			continue
		}
		switch rest := text[at:]; {
		case strings.IndexByte(" \t\r\n", text[at]) >= 0, text[at] == ';', text[at] == ',':
			at++
		case strings.HasPrefix(rest, "//"):
			at += lengthTo(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			at += lengthTo(rest, "*/")
		case made[i] == ';' || made[i] == ' ' || made[i] == '(' || made[i] == ')':
			i++
		default:
			return end
		}
	}
	return end
}

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// lengthTo is the length of text up to and with end.
func lengthTo(text, end string) int {
	if i := strings.Index(text, end); i >= 0 {
		return i + len(end)
	}
	return len(text)
}
