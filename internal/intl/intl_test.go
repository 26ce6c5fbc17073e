package intl

import (
	"testing"
)

func ptr(n int) *int { return &n }

// decimalOptions are those of new Intl.NumberFormat(locale).
func decimalOptions() NumberOptions {
	return NumberOptions{NumberingSystem: "latn", Style: "decimal", Notation: "standard", SignDisplay: "auto", UseGrouping: "auto", MinimumIntegerDigits: 1,
		MinimumFractionDigits: ptr(0), MaximumFractionDigits: ptr(3), RoundingIncrement: 1, RoundingMode: "halfExpand", RoundingPriority: "auto", TrailingZeroDisplay: "auto"}
}

func TestNumber(t *testing.T) {
	for _, c := range []struct{ locale, in, want string }{
		{"en", "1234567.8915", "1,234,567.892"}, {"de", "-1234.5", "-1.234,5"}, {"hi", "1234567", "12,34,567"}, {"es", "1234", "1234"}, {"en", "1e21", "1,000,000,000,000,000,000,000"}, {"en", "0.00049", "0"},
	} {
		if got := text(NewNumber(c.locale, decimalOptions()).Format(c.in)); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.locale, c.in, got, c.want)
		}
	}
}

func TestRoundingModes(t *testing.T) {
	for mode, want := range map[string]string{"ceil": "2 -1", "floor": "1 -2", "expand": "2 -2", "trunc": "1 -1", "halfCeil": "2 -1", "halfFloor": "1 -2", "halfExpand": "2 -2", "halfTrunc": "1 -1", "halfEven": "2 -2"} {
		o := decimalOptions()
		o.RoundingMode, o.MaximumFractionDigits = mode, ptr(0)
		f := NewNumber("en", o)
		if got := text(f.Format("1.5")) + " " + text(f.Format("-1.5")); got != want {
			t.Errorf("%s: %s, want %s", mode, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	for _, c := range []struct{ locale, kind, in, want string }{
		{"en", "cardinal", "1", "one"}, {"en", "ordinal", "22", "two"}, {"pl", "cardinal", "3", "few"}, {"pl", "cardinal", "5", "many"}, {"ar", "cardinal", "0", "zero"}, {"ja", "cardinal", "1", "other"}, {"cs", "cardinal", "1.5", "many"},
	} {
		if got := NewNumber(c.locale, decimalOptions()).Plural(c.kind, c.in); got != c.want {
			t.Errorf("%s %s %s: %s, want %s", c.locale, c.kind, c.in, got, c.want)
		}
	}
}

// TestRangeOfWords: in Arabic a word alone says one metre, without a digit.
func TestRangeOfWords(t *testing.T) {
	o := decimalOptions()
	o.Style, o.Unit, o.UnitDisplay = "unit", "meter", "long"
	if got := NewNumber("ar", o).Range("1", "3"); len(got) == 0 {
		t.Error("nothing")
	}
}
