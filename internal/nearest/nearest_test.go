package nearest

import (
	"strings"
	"testing"
)

func TestWord(t *testing.T) {
	known := []string{"routes", "route", "compatibility_date", "port"}
	for got, want := range map[string]string{
		"rotues": "routes", "Routes": "routes", "compatibilityDate": "compatibility_date", "prt": "port",
		"zzz": "", "": "", strings.Repeat("x", 1000): "",
	} {
		if w := Word(got, known); w != want {
			t.Errorf("Word(%.20q) = %q, want %q", got, w, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "ab", 2}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "ab", 1}, {"kitten", "sitting", 3}} {
		if d := Distance(c.a, c.b); d != c.want || Distance(c.b, c.a) != d {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, d, c.want)
		}
	}
}
