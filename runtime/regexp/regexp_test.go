package regexp

import (
	"testing"
	"unicode/utf16"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What matches is tested against workerd, by runtime/polyfill and the probes of
// testdata/conformance; here is what those cannot see.

func TestPlain(t *testing.T) {
	for _, c := range []struct {
		source, flags string
		plain         bool
	}{
		{`^/api/([^/]+)/?$`, "", true},
		{`(\d+)-(\d+)`, "g", true},
		{`[^x]*?x+`, "", true},
		{`[^]*a`, "", true},
		{`text/x`, "i", true},
		{`(a)?b`, "", true},
		{`éa`, "", true},
		{`k`, "i", false},
		{`[a-z]`, "i", false},
		{`\bx`, "", false},
		{`(?:(a)|b)*`, "", false},
		{`(?:a*)*`, "", false},
		{`(a)\1`, "", false},
		{`(?=a)`, "", false},
		{`\p{L}`, "u", false},
		{`^a`, "m", false},
		{`[]`, "", false},
	} {
		p, err := Parse(utf16.Encode([]rune(c.source)), c.flags)
		if err != nil || p.Plain != c.plain {
			t.Errorf("/%s/%s: plain is %v, want %v (%v)", c.source, c.flags, !c.plain, c.plain, err)
		}
	}
}

// A match that would take for ever is given up when asked to.
func TestStopped(t *testing.T) {
	p, err := Parse(utf16.Encode([]rune(`(?:a|a)*b`)), "")
	if err != nil {
		t.Fatal(err)
	}
	text := make([]uint16, 200)
	for i := range text {
		text[i] = 'a'
	}
	asked := 0
	if _, err := p.Match(text, 0, false, func() bool { asked++; return asked == 3 }); err != ErrStopped || asked != 3 {
		t.Errorf("%v after being asked %d times", err, asked)
	}
}

// FuzzMatch: a pattern is refused or matched, without a panic.
func FuzzMatch(f *testing.F) {
	for _, s := range [][2]string{
		{`\p{L}+`, "u"}, {`[\p{L}--[a-z]]`, "v"}, {`(?<y>a)|(?<y>b)\k<y>`, "d"}, {`(?i-s:a[b-d].)`, "s"}, {`[\q{ab|c}&&\w]`, "iv"},
		{`\u{1F600}\ud83d\ude00`, "u"}, {`(?<=(a)\1)b{2,3}?$`, "um"}, {`[^]`, "u"}, {`\`, "u"}, {`[a-`, "v"}, {`(?<`, ""}, {`\p{`, "u"}, {`\c`, ""},
		{`(?:(a)|b*?)*\1`, "i"}, {`(?!(x)+)\B.{0}`, "s"},
	} {
		f.Add(s[0], s[1], "aab\nxx ébÉ😀")
	}
	f.Fuzz(func(t *testing.T, source, flags, text string) {
		p, err := Parse(utf16.Encode([]rune(source)), flags)
		if err != nil {
			return
		}
		asked := 0
		at, err := p.Match(utf16.Encode([]rune(text)), 0, false, func() bool { asked++; return asked > 3 })
		if err == nil && at != nil && (at[0] < 0 || at[1] < at[0]) {
			t.Errorf("/%s/%s matches %q at %v", source, flags, text, at)
		}
	})
}
