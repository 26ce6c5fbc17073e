package r2

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseETags(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`"a"`, `[{a false false}]`},
		{`"a", W/"b"`, `[{a false false} {b true false}]`},
		{`, "a" ,, "b,c"`, `[{a false false} {b,c false false}]`},
		{`"a", *, "b"`, `[{ false true}]`},
		{`*`, `[{ false true}]`},
		{`""`, `[{ false false}]`},
		{`nothing`, `[]`},
		{`"a"x`, `[{a false false}]`},
		{`"a" "b"`, "Comma was expected"},
		{`"a" *`, "wildcard"},
		{`"a" W/"b"`, "weak"},
		{`"a`, "Unclosed"},
		{`W"a"`, "Weak etags"},
		{`W/a"b"`, "Weak etags"},
	} {
		tags, err := ParseETags(c.in)
		got := fmt.Sprint(tags)
		if err != nil {
			got = err.Error()
		}
		if got != c.want && !(err != nil && strings.Contains(got, c.want)) {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
	}
}

func FuzzParseETags(f *testing.F) {
	for _, s := range []string{`"a", W/"b"`, `*`, `"a`, `W/`, `,,,`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tags, err := ParseETags(s)
		if err != nil {
			return
		}
		for _, tag := range tags {
			if !tag.Wildcard && !strings.Contains(s, `"`+tag.Value+`"`) || tag.Wildcard && len(tags) != 1 {
				t.Errorf("%q: %+v", s, tags)
			}
		}
	})
}
