package bundle

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
)

// esbuild writes regular expression literals that use one of these features as
// `new RegExp("source", "flags")`, so that the script parses and a constructor
// that knows better may step in. Options.RegExp lists what it handles.
const (
	// RegExpProperties is \p{…} with the u flag. The engine's own constructor
	// accepts it and never matches.
	RegExpProperties RegExpFeature = 1 << iota
	// RegExpSets is the v flag.
	RegExpSets
	// RegExpIndices is the d flag.
	RegExpIndices
)

// RegExpFeature is a set of regular expression features.
type RegExpFeature uint8

// checkRegExps reports the literals that would not work.
func (b *Builder) checkRegExps(code []byte, o *origins) diag.List {
	var list diag.List
	const call = "new RegExp("
	for at := 0; ; at += len(call) {
		i := bytes.Index(code[at:], []byte(call))
		if i < 0 {
			return list
		}
		at += i
		pattern, rest, ok := cutString(code[at+len(call):])
		if !ok || len(rest) == 0 || rest[0] != ',' {
			continue
		}
		flags, _, ok := cutString(rest[1:])
		if !ok {
			continue
		}
		d, found := b.regExpProblem(pattern, flags)
		if !found || !o.startsWith(at, "/") {
			continue // fine, or a constructor call of the user's own
		}
		if p, ok := o.position(at); ok {
			d.Pos = diag.Position{File: b.display(filepath.Join(b.opts.Dir, p.File)), Line: p.Line, Col: p.Col}
		}
		list.Add(d)
	}
}

// regExpProblem judges one literal; the engine itself handles the rest.
func (b *Builder) regExpProblem(pattern, flags string) (diag.Diagnostic, bool) {
	missing := func(f RegExpFeature) bool { return b.opts.RegExp&f == 0 }
	switch {
	case strings.Contains(flags, "v") && missing(RegExpSets):
		return diag.Diagnostic{Severity: diag.Error, Code: "regexp_v",
			Message: "the v flag of regular expressions is not supported",
			Hint:    "write the sets out and use the u flag"}, true
	case strings.Contains(flags, "d") && missing(RegExpIndices):
		return diag.Diagnostic{Severity: diag.Error, Code: "regexp_d",
			Message: "the d flag of regular expressions is not supported",
			Hint:    "drop the flag and derive positions from match.index and the lengths of the groups"}, true
	case strings.Contains(flags, "u") && missing(RegExpProperties) &&
		(strings.Contains(pattern, `\p{`) || strings.Contains(pattern, `\P{`)):
		return diag.Diagnostic{Severity: diag.Warning, Code: "regexp_property",
			Message: `this regular expression uses \p{…}, which never matches here`,
			Hint:    "write the characters out as a class"}, true
	}
	return diag.Diagnostic{}, false
}

// cutString reads the JavaScript string literal that s starts with.
func cutString(s []byte) (text string, rest []byte, ok bool) {
	if len(s) == 0 || s[0] != '"' && s[0] != '\'' && s[0] != '`' {
		return "", nil, false
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			raw := s[1:i]
			var out string
			if json.Unmarshal([]byte(`"`+string(raw)+`"`), &out) != nil {
				out = strings.ReplaceAll(string(raw), `\\`, `\`)
			}
			return out, s[i+1:], true
		}
	}
	return "", nil, false
}
