package intl

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// CollatorOptions are the resolved options of an Intl.Collator.
type CollatorOptions struct {
	Usage, Collation, Sensitivity, CaseFirst string
	Numeric, IgnorePunctuation               bool
}

// Collator compares texts. It must not be used by two goroutines at once.
type Collator struct {
	CollatorOptions
	base, accents, full *collate.Collator // one level, two, three
}

// orders are the tables of x/text that locales use which have none of their own,
// or, as Arabic, one that is given up by now.
var orders = map[string]string{"ar": "und", "no": "da", "nb": "da", "nn": "da", "bs": "hr", "sr-Latn": "hr"}

// collations are those that x/text has beside the usual ones.
var collations = map[string][]string{"de": {"phonebk"}, "sv": {"trad"}, "zh": {"pinyin", "stroke"}}

// NewCollator makes one for a locale.
func NewCollator(locale string, o CollatorOptions) (*Collator, error) {
	name, _, _ := strings.Cut(locale, "-")
	tag := locale
	for from, to := range orders {
		if locale == from || strings.HasPrefix(locale, from+"-") && locale != "bs-Cyrl" {
			tag = to
		}
	}
	if o.Usage == "search" && name == "de" {
		o.Collation = "phonebk" // which is how German is searched
	}
	if o.Collation != "default" && !slices.Contains(collations[name], o.Collation) {
		return nil, fmt.Errorf("the collation %s of %s", o.Collation, locale)
	}
	tag += "-u"
	if o.Collation != "default" {
		tag += "-co-" + o.Collation
	}
	if o.Numeric {
		tag += "-kn-true"
	}
	of := func(strength string) *collate.Collator {
		t := language.Make(tag + "-ks-" + strength)
		return collate.New(t, collate.OptionsFromTag(t))
	}
	return &Collator{CollatorOptions: o, base: of("level1"), accents: of("level2"), full: of("level3")}, nil
}

// Compare is less than, equal to or greater than 0.
func (c *Collator) Compare(a, b string) int {
	if c.IgnorePunctuation {
		a, b = unpunctuated(a), unpunctuated(b)
	}
	switch c.Sensitivity {
	case "base":
		return c.base.CompareString(a, b)
	case "accent":
		return c.accents.CompareString(a, b)
	case "case":
		if n := c.base.CompareString(a, b); n != 0 {
			return n
		}
		return c.capitals(a, b)
	}
	if c.CaseFirst == "upper" {
		if n := c.accents.CompareString(a, b); n != 0 {
			return n
		}
		if n := c.capitals(a, b); n != 0 {
			return n
		}
	}
	return c.full.CompareString(a, b)
}

// capitals compares which letters are capitals, of texts that are else alike:
// x/text has neither a level of case nor capitals first.
func (c *Collator) capitals(a, b string) int {
	x, y := cased(a), cased(b)
	n := min(len(x), len(y))
	order := strings.Compare(x[:n], y[:n])
	if c.CaseFirst == "upper" {
		return -order
	}
	return order
}

// cased has a letter u for each capital of a text, l for any other character,
// nothing for accents.
func cased(s string) string {
	var out []byte
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.IsUpper(r):
			out = append(out, 'u')
		case !unicode.Is(unicode.M, r):
			out = append(out, 'l')
		}
	}
	return string(out)
}

// unpunctuated is a text without what is not looked at: x/text loses letters too.
func unpunctuated(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.P, unicode.White_Space) {
			return -1
		}
		return r
	}, s)
}
