package d1

import (
	"regexp"
	"strings"
	"sync"
)

// token is a piece of SQL that matters to where a statement ends: a comment, text
// in quotes, a word, a semicolon.
var token = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`--[^\n]*|(?s:/\*.*?(?:\*/|$))|'[^']*(?:'|$)|"[^"]*(?:"|$)|` + "`[^`]*(?:`|$)" + `|\[[^\]]*(?:\]|$)|[\pL_][\pL\pN_$]*|;`)
})

// Statements splits a script, without running it. Semicolons in the body of a
// trigger belong to it. Comments go with the statement they are in or before.
func Statements(script string) (out []string) {
	from, empty := 0, true
	var words []string // the first of the statement
	depth := 0         // of BEGIN and CASE in a trigger
	end := func(to int) {
		if !empty {
			out = append(out, strings.TrimSpace(script[from:to]))
		}
		from, empty, words, depth = to, true, nil, 0
	}
	for _, at := range token().FindAllStringIndex(script, -1) {
		switch text := strings.ToUpper(script[at[0]:at[1]]); {
		case strings.HasPrefix(text, "--"), strings.HasPrefix(text, "/*"):
			continue
		case text == ";" && depth == 0:
			end(at[1])
			continue
		case !isTrigger(words) && len(words) < 3:
			words = append(words, text)
		case isTrigger(words) && (text == "BEGIN" || text == "CASE"):
			depth++
		case isTrigger(words) && text == "END":
			depth--
		}
		empty = false
	}
	end(len(script))
	return out
}

// isTrigger tells the beginning of a trigger from that of other statements.
func isTrigger(words []string) bool {
	n := len(words)
	return n > 1 && words[0] == "CREATE" && words[n-1] == "TRIGGER"
}
