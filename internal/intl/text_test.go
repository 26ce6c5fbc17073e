package intl

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestCanonicalTags(t *testing.T) {
	for in, want := range map[string]string{
		"EN-us": "en-US", "iw": "he", "sgn-br": "bzs", "sr-me": "sr-ME", "ru-SU": "ru-RU", "hy-su": "hy-AM", "en-u-kn-true-ca-islamicc": "en-u-ca-islamic-civil-kn",
		"sl-rozaj-biske-1994": "sl-1994-biske-rozaj", "ja-Latn-hepburn-heploc": "ja-Latn-alalc97", "en-x-u-foo": "en-x-u-foo", "de-t-iw-m0-true": "de-t-he-m0-true",
	} {
		tag, ok := Parse(in)
		if got := tag.Canonical().String(); !ok || got != want {
			t.Errorf("%s: %s %v, want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "e", "en-", "en_US", "en-u", "de-1996-1996", "en-a-bb-a-cc", "x-foo", "i-klingon", "en-t-x"} {
		if _, ok := Parse(in); ok {
			t.Errorf("%q is no tag", in)
		}
	}
}

func TestLikelySubtags(t *testing.T) {
	for in, want := range map[string][2]string{"zh-TW": {"zh-Hant-TW", "zh-TW"}, "und-Hant": {"zh-Hant-TW", "zh-TW"}, "en-Latn-US-x-a": {"en-Latn-US-x-a", "en-x-a"}, "az-Arab": {"az-Arab-IR", "az-IR"}} {
		tag, _ := Parse(in)
		tag = tag.Canonical()
		if got := [2]string{tag.Maximized().String(), tag.Minimized().String()}; got != want {
			t.Errorf("%s: %v, want %v", in, got, want)
		}
	}
}

// TestSegmentsOfSurrogates: ends count UTF-16 units, lone surrogates included.
func TestSegmentsOfSurrogates(t *testing.T) {
	units := append(utf16.Encode([]rune("👍🏽a")), 0xd800, 'b')
	got, err := Segments("grapheme", "en", units)
	if want := []Segment{{4, false}, {5, false}, {6, false}, {7, false}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v, want %v", got, err, want)
	}
	if _, err := Segments("word", "th", utf16.Encode([]rune("ภาษา"))); err == nil {
		t.Error("words of Thai need a dictionary")
	}
}

func TestCollator(t *testing.T) {
	usual := CollatorOptions{Usage: "sort", Collation: "default", Sensitivity: "variant", CaseFirst: "false"}
	for _, c := range []struct {
		locale, want string
		change       func(*CollatorOptions)
	}{
		{"en", "a A ä b B z", func(*CollatorOptions) {}}, {"sv", "a A b B z ä", func(*CollatorOptions) {}}, {"nb", "a A b B z ä", func(*CollatorOptions) {}}, {"en", "A a ä B b z", func(o *CollatorOptions) { o.CaseFirst = "upper" }},
	} {
		o := usual
		c.change(&o)
		collator, err := NewCollator(c.locale, o)
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Fields("z b B ä A a")
		slices.SortFunc(words, collator.Compare)
		if got := strings.Join(words, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.locale, got, c.want)
		}
	}
	usual.Collation = "trad"
	if _, err := NewCollator("es", usual); err == nil {
		t.Error("there is no such order")
	}
}

func TestCasing(t *testing.T) {
	for _, c := range []struct{ got, want string }{{Upper("tr", "iı"), "İI"}, {Lower("az", "Iİ"), "ıi"}, {Upper("el", "μαΐου άυλος ή"), "ΜΑΪΟΥ ΑΫΛΟΣ Ή"}, {Upper("lt", "i\u0307"), "I"}, {Lower("lt", "Í"), "i\u0307\u0301"}} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
