package assets

import (
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// ignorer decides which files are no assets: the three special files, and what
// .assetsignore lists in gitignore syntax. Letter case does not count, as in
// the deploy tool.
type ignorer struct {
	present bool              // there is an .assetsignore
	matcher gitignore.Matcher // nil if it lists nothing
	parts   []string
}

func newIgnorer(text string, present bool) *ignorer {
	g := &ignorer{present: present}
	// They come first, so that a negated pattern can make one public after all.
	special := []gitignore.Pattern{gitignore.ParsePattern("/"+ignoreFile, nil),
		gitignore.ParsePattern("/"+redirectsFile, nil), gitignore.ParsePattern("/"+headersFile, nil)}
	ps := special
	for line := range strings.Lines(text) {
		line = trimPattern(line)
		if line == "" || line[0] == '#' {
			continue
		}
		ps = append(ps, gitignore.ParsePattern(strings.ToLower(line), nil))
	}
	if len(ps) > len(special) {
		g.matcher = gitignore.NewMatcher(ps)
	}
	return g
}

// trimPattern drops the line end and trailing blanks that are not escaped.
func trimPattern(line string) string {
	line = strings.TrimRight(line, "\r\n")
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	return line
}

// match reports whether rel is excluded. A directory that is excluded is not
// walked, so nothing below it can be brought back by a later pattern.
func (g *ignorer) match(rel string, dir bool) bool {
	if g.matcher == nil {
		return len(rel) <= len(ignoreFile) && slices.ContainsFunc([]string{ignoreFile, redirectsFile, headersFile},
			func(name string) bool { return strings.EqualFold(rel, name) })
	}
	g.parts = append(g.parts[:0], strings.Split(strings.ToLower(rel), "/")...)
	return g.matcher.Match(g.parts, dir)
}
