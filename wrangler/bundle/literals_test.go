package bundle

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const literalsSource = `// é😀
export function find(text) {
  const m = 2, g = 3, half = text.length / m / g, s = "/no (?i:literal)/m", t = ` + "`/${ /[/\\]]x$/m.source }/m`" + `;
  if (/plain/.test(text)) return/^é😀\/"$/gm;
  return [half, /(?i:a)*/, typeof/b$/m, /* (?i:c) */ s.replace(/\//g, t), /(?:x)/u, /(?<n>y)/];
}
export const after = () => boom();
`

// TestLiterals writes exactly the literals that need it as calls, and keeps the
// positions of what follows them.
func TestLiterals(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "index.js", literalsSource)
	var asked []string
	b := mustBuild(t, builder(t, Options{Dir: dir, Entry: "index.js", RegExpLiteral: func(pattern, flags string) (bool, error) {
		asked = append(asked, "/"+pattern+"/"+flags)
		return strings.Contains(flags, "m") || strings.Contains(pattern, "(?i"), nil
	}}))
	want := `/[/\]]x$/m /plain/ /^é😀\/"$/gm /(?i:a)*/ /b$/m /\//g /(?:x)/u /(?<n>y)/`
	if got := strings.Join(asked, " "); got != want {
		t.Errorf("asked for %s\nwant      %s", got, want)
	}
	script := string(b.Script)
	for _, part := range []string{
		`(function(__mw){"use strict";const __mw_x=RegExp;`, "`/${__mw_x(\"[/\\\\]]x$\",\"m\").source}/m`", `return __mw_x("^\u00e9\ud83d\ude00\\/\"$","gm")`,
		`__mw_x("(?i:a)*","")`, `typeof __mw_x("b$","m")`, `"/no (?i:literal)/m"`, `/(?:x)/u`, `/plain/.test`,
	} {
		if !strings.Contains(script, part) {
			t.Errorf("no %s in\n%s", part, script)
		}
	}
	line, col := 0, 0
	for i, l := range strings.Split(script, "\n") {
		if at := strings.Index(l, "boom()"); at >= 0 {
			line, col = i+1, at+1
		}
	}
	if p, ok := b.Position(line, col); !ok || p.Line != 7 || p.Col != 28 {
		t.Errorf("boom() is at %+v", p)
	}
}

// TestCorrectionsOfLiterals: a literal that is replaced takes with it what else
// would be corrected in it, and stays behind what is inserted where it begins.
func TestCorrectionsOfLiterals(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "index.js", "export const far = /[\\u{10FFFE}]x/u.test('\\u{10ABCD}');\n"+
		"export function f() { /arguments/.exec(far); return () => arguments; }\n")
	b := mustBuild(t, builder(t, Options{Dir: dir, Entry: "index.js", RegExpLiteral: func(string, string) (bool, error) { return true, nil }}))
	for _, part := range []string{`__mw_x("[\\u{10FFFE}]x","u").test("\udbea\udfcd")`, `{arguments;__mw_x("arguments","").exec(far)`} {
		if !strings.Contains(string(b.Script), part) {
			t.Errorf("no %s in\n%s", part, b.Script)
		}
	}
}

// TestBadLiteral: what is no regular expression is an error where it stands.
func TestBadLiteral(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "index.js", "export const a = 1;\nexport default () => /]/u;\n")
	b := builder(t, Options{Dir: dir, Entry: "index.js", RegExpLiteral: func(pattern, flags string) (bool, error) {
		return false, errors.New("Invalid regular expression")
	}})
	_, list := b.Build(t.Context())
	if got := fmt.Sprint(list); !strings.Contains(got, "index.js:2:22: error: Invalid regular expression") {
		t.Errorf("%s", got)
	}
}
