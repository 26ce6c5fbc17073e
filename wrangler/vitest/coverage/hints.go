package coverage

import (
	"regexp"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/runtime/jsg/instrument"
)

// hint is a comment that takes code out of what is counted.
var hint = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`/[/*]\s*(?:istanbul|v8|c8|node:coverage)\s+ignore\s+(next|start|stop|file|if|else)\b[^\n]*?(?:\*/|\n|$)`)
})

// lead are the words that may come before the one a place of the source map is
// at.
var lead = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:export|default|async|const|let|var|function\*?|class|declare|abstract|public|private|protected|static|readonly|override|get|set|\()\s*`)
})

// readHints finds the comments; esbuild drops them.
func (s *source) readHints() {
	s.hints = map[int]bool{}
	if !strings.Contains(s.text, "ignore") {
		return
	}
	from := -1
	for _, m := range hint().FindAllStringSubmatchIndex(s.text, -1) {
		switch s.text[m[2]:m[3]] {
		case "file":
			s.none = true
		case "start":
			from = m[0]
		case "stop":
			if from >= 0 {
				s.off = append(s.off, instrument.Range{Start: from, End: m[1]})
				from = -1
			}
		case "next":
			s.ignoreNext(m[1])
		}
	}
	if from >= 0 {
		s.off = append(s.off, instrument.Range{Start: from, End: len(s.text)})
	}
}

// ignoreNext takes out what begins after at.
func (s *source) ignoreNext(at int) {
	rest := strings.TrimLeft(s.text[at:], " \t\r\n")
	for {
		s.hints[len(s.text)-len(rest)] = true
		n := len(lead().FindString(rest))
		if n == 0 {
			return
		}
		rest = rest[n:]
	}
}

// ignored reports whether what begins there is not to be counted.
func (s *source) ignored(at int) bool {
	if s.none || s.hints[at] {
		return true
	}
	for _, r := range s.off {
		if at >= r.Start && at < r.End {
			return true
		}
	}
	return false
}
