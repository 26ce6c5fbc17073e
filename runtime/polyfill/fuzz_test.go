package polyfill

import (
	"testing"
	"unicode/utf16"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// FuzzTranslate: a pattern is translated or refused, and what comes out is
// what the engine accepts wherever the pattern itself was checked closely.
func FuzzTranslate(f *testing.F) {
	for _, s := range [][2]string{
		{`\p{L}+`, "u"}, {`[\p{L}--[a-z]]`, "v"}, {`(?<y>a)|(?<y>b)\k<y>`, "d"}, {`(?i-s:a[b-d].)`, "s"}, {`[\q{ab|c}&&\w]`, "iv"},
		{`\u{1F600}\ud83d\ude00`, "u"}, {`(?<=a)b{2,3}$`, "um"}, {`[^]`, "u"}, {`\`, "u"}, {`[a-`, "v"}, {`(?<`, ""}, {`\p{`, "u"}, {`\c`, ""},
	} {
		f.Add(s[0], s[1])
	}
	js := jsg.New(jsg.Options{})
	f.Fuzz(func(t *testing.T, source, flags string) {
		out, err := translate(utf16.Encode([]rune(source)), flags)
		if err != nil || out == nil {
			return
		}
		if out.exec {
			_, _ = compileMatcher(out) // may refuse, must not panic
		}
		js.Global().Set("s", out.source)
		js.Global().Set("f", out.flags)
		_, _ = js.Run(construct)
	})
}

var construct = jsg.MustCompile("fuzz.js", `try { new RegExp(s, f) } catch {}`)
