package config

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/miniworker/miniworker/internal/diag"
)

// The dotenv form wrangler reads has quirks that real files rely on: single,
// double and backtick quotes may span lines, only double quotes know \n and \r,
// an unquoted value ends at #, `export` and `KEY: value` are accepted, and a line
// that fits nothing is skipped. General dotenv packages for Go differ in most of
// these, so the form is written down here as one pattern.
var dotenvLine = sync.OnceValue(func() *regexp.Regexp {
	const ws = `[\s\v\x{a0}\x{feff}]`
	return regexp.MustCompile(`(?m)^` + ws + `*(?:export` + ws + `+)?([\w.-]+)(?:` + ws + `*=` + ws + `*?|:` + ws + `+?)` +
		`(` + ws + `*'(?:\\'|[^'])*'|` + ws + `*"(?:\\"|[^"])*"|` + ws + "*`(?:\\\\`|[^`])*`" + `|[^#\r\n]+)?` + ws + `*(?:#.*)?$`)
})

// envEntry is one assignment of a variable file.
type envEntry struct {
	key, value string
	pos        diag.Position
}

// parseDotenv reads a variable file; lines it cannot use become warnings.
func parseDotenv(file string, text []byte) ([]envEntry, diag.List) {
	text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	src := newSource(file, text)
	var out []envEntry
	var diags diag.List
	last := 0
	for _, m := range dotenvLine().FindAllSubmatchIndex(text, -1) {
		skippedLines(src, last, m[0], &diags)
		last = m[1]
		e := envEntry{key: string(text[m[2]:m[3]]), pos: src.pos(m[2])}
		if m[4] >= 0 {
			e.value = unquoteDotenv(string(text[m[4]:m[5]]), e, &diags)
		}
		out = append(out, e)
	}
	skippedLines(src, last, len(text), &diags)
	return out, diags
}

// skippedLines warns about lines between two assignments that are neither blank
// nor comments.
func skippedLines(src *source, from, to int, diags *diag.List) {
	for off := from; off < to; {
		end := to
		if n := bytes.IndexByte(src.text[off:to], '\n'); n >= 0 {
			end = off + n
		}
		line := strings.TrimFunc(string(src.text[off:end]), isDotenvSpace)
		if line != "" && !strings.HasPrefix(line, "#") {
			hint := "write KEY=value"
			if key, _, ok := strings.Cut(line, "="); ok {
				hint = fmt.Sprintf("a name may hold letters, digits, _, . and -; %q does not fit", strings.TrimSpace(key))
			}
			start := off + bytes.Index(src.text[off:end], []byte(line))
			diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "env_file_syntax", Pos: src.pos(start),
				Message: "this line is not an assignment and is skipped", Hint: hint})
		}
		off = end + 1
	}
}

func isDotenvSpace(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' }

// unquoteDotenv trims a value and takes its quotes off.
func unquoteDotenv(raw string, e envEntry, diags *diag.List) string {
	s := strings.TrimFunc(raw, isDotenvSpace)
	if s == "" {
		return ""
	}
	q := s[0]
	if q != '"' && q != '\'' && q != '`' {
		return s
	}
	if len(s) >= 2 && s[len(s)-1] == q {
		s = s[1 : len(s)-1]
	} else {
		diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "env_file_syntax", Pos: e.pos,
			Message: fmt.Sprintf("the value of %s starts with %c and does not end with it, so the quote is part of the value", e.key, q),
			Hint:    "close the quote at the end of the value"})
	}
	if q == '"' {
		s = strings.ReplaceAll(strings.ReplaceAll(s, `\n`, "\n"), `\r`, "\r")
	}
	return s
}

// expandEnv resolves $NAME and ${NAME:-default} in entries, in order: a value may
// use those before it, and a process value wins over the file's.
func expandEnv(entries []envEntry, process func(string) (string, bool)) []envEntry {
	running := map[string]string{}
	get := func(name string) string {
		if v, ok := process(name); ok {
			return v
		}
		return running[name]
	}
	out := make([]envEntry, 0, len(entries))
	for _, e := range entries {
		if v, ok := process(e.key); ok && v != "" && v != e.value {
			e.value = v
		} else {
			e.value = expandValue(e.value, get, running)
		}
		e.value = strings.ReplaceAll(e.value, `\$`, "$")
		running[e.key] = e.value
		out = append(out, e)
	}
	return out
}

// maxExpansions bounds the work on one value; only a cycle comes near it.
const maxExpansions = 1000

func expandValue(s string, get func(string) string, running map[string]string) string {
	seen := map[string]bool{}
	for range maxExpansions {
		template, expr := nextReference(s)
		if template == "" {
			break
		}
		seen[s] = true
		key, op, def := splitReference(expr)
		value := get(key)
		switch {
		case op == "+" || op == ":+":
			if value == "" {
				def = ""
			}
			s = strings.Replace(s, template, def, 1)
		case value != "" && !seen[value]:
			s = strings.Replace(s, template, value, 1)
		default:
			s = strings.Replace(s, template, def, 1)
		}
		if v, ok := running[key]; ok && s == v {
			break
		}
	}
	return s
}

// nextReference finds the first unescaped $NAME or ${expression}.
func nextReference(s string) (template, expr string) {
	for i := range len(s) {
		if s[i] != '$' || i > 0 && s[i-1] == '\\' {
			continue
		}
		rest := s[i+1:]
		if strings.HasPrefix(rest, "{") {
			end := strings.IndexAny(rest[1:], "{}")
			if end > 0 && rest[1+end] == '}' {
				return s[i : i+3+end], rest[1 : 1+end]
			}
			continue
		}
		n := 0
		for n < len(rest) && (rest[n] == '_' || isLetter(rest[n]) || n > 0 && rest[n] >= '0' && rest[n] <= '9') {
			n++
		}
		if n > 0 {
			return s[i : i+1+n], rest[:n]
		}
	}
	return "", ""
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// splitReference splits "NAME:-default" at its first operator.
func splitReference(expr string) (key, op, def string) {
	for i := range len(expr) {
		for _, op := range []string{":+", "+", ":-", "-"} {
			if strings.HasPrefix(expr[i:], op) {
				return expr[:i], op, expr[i+len(op):]
			}
		}
	}
	return expr, "", ""
}
