package intl

import (
	"strings"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// CollatorOptions are the resolved options of an Intl.Collator.
type CollatorOptions struct {
	Collation, Sensitivity, CaseFirst string
	Numeric, IgnorePunctuation        bool
}

// Collator compares texts. It must not be used by two goroutines at once.
type Collator struct {
	CollatorOptions
	c, full *collate.Collator // of the sensitivity, and of all levels
}

// NewCollator makes one for a locale.
func NewCollator(locale string, o CollatorOptions) *Collator {
	tag := locale + "-u"
	if o.IgnorePunctuation {
		tag += "-ka-shifted"
	}
	if o.Collation != "" && o.Collation != "default" {
		tag += "-co-" + o.Collation
	}
	if o.Numeric {
		tag += "-kn-true"
	}
	make := func(strength string) *collate.Collator {
		t := language.Make(strings.TrimSuffix(tag+strength, "-u"))
		return collate.New(t, collate.OptionsFromTag(t))
	}
	c := &Collator{CollatorOptions: o, full: make("")}
	switch o.Sensitivity {
	case "base", "case": // x/text has no level of case
		c.c = make("-ks-level1")
	case "accent":
		c.c = make("-ks-level2")
	default:
		c.c = c.full
	}
	return c
}

// Compare is less than, equal to or greater than 0.
func (c *Collator) Compare(a, b string) int {
	switch n := c.c.CompareString(a, b); {
	case n != 0 && c.Sensitivity == "variant":
		return c.capitals(a, b, n)
	case n != 0 || c.Sensitivity != "case":
		return n
	}
	a, b = unmarked(a), unmarked(b)
	return c.capitals(a, b, c.full.CompareString(a, b))
}

// capitals turns an order round that is due to capitals only, if they go first.
func (c *Collator) capitals(a, b string, n int) int {
	if c.CaseFirst == "upper" && n != 0 && strings.ToLower(a) == strings.ToLower(b) {
		return -n
	}
	return n
}

// unmarked is a text without its accents.
func unmarked(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}
