package intl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/sentences"
	"github.com/clipperhouse/uax29/v2/words"
)

// Segment is where a piece of a text ends, in UTF-16 units, and whether it is
// something like a word.
type Segment struct {
	End  int
	Word bool
}

// Segments cuts a text, given in UTF-16 units, into graphemes, words or
// sentences (https://unicode.org/reports/tr29/), as ICU does where it differs.
// Words of scripts that are written without spaces need a dictionary: an error.
func Segments(granularity, locale string, units []uint16) ([]Segment, error) {
	text := decode(units)
	if granularity == "word" {
		if script := unspaced(text); script != "" {
			return nil, fmt.Errorf("words in %s", script)
		}
	}
	var next func() (string, bool)
	switch granularity {
	case "word":
		it := words.FromString(apart(text))
		next = func() (string, bool) { ok := it.Next(); return it.Value(), ok }
	case "sentence":
		if strings.HasPrefix(locale, "el") {
			text = strings.Map(greekQuestion, text)
		}
		it := sentences.FromString(text)
		next = func() (string, bool) { ok := it.Next(); return it.Value(), ok }
	default:
		it := graphemes.FromString(text)
		next = func() (string, bool) { ok := it.Next(); return it.Value(), ok }
	}
	var out []Segment
	end := 0
	for s, ok := next(); ok; s, ok = next() {
		for _, r := range s {
			end += utf16.RuneLen(r)
		}
		out = append(out, Segment{end, granularity == "word" && isWord(s)})
	}
	return out, nil
}

// decode makes runes of units; a lone surrogate becomes a control character,
// which is as long and breaks as it does.
func decode(units []uint16) string {
	out := make([]byte, 0, len(units))
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if utf16.IsSurrogate(r) {
			pair := utf8.RuneError
			if i+1 < len(units) {
				pair = utf16.DecodeRune(r, rune(units[i+1]))
			}
			if r = '\x01'; pair != utf8.RuneError {
				r = pair
				i++
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// apart: ICU does not join letters across a colon or a full stop; an equals sign,
// as long in UTF-16, never does.
func apart(text string) string {
	letter := false
	return strings.Map(func(r rune) rune {
		switch {
		case r == ':' || r == '\ufe55' || r == '\uff1a', letter && (r == '.' || r == '\uff0e'):
			r = '='
		case unicode.In(r, unicode.M, unicode.Cf):
			return r
		}
		letter = unicode.IsLetter(r)
		return r
	}, text)
}

// greekQuestion: a semicolon ends a question in Greek.
func greekQuestion(r rune) rune {
	if r == ';' || r == '\u037e' {
		return '?'
	}
	return r
}

var unspacedScripts = []struct {
	name  string
	table *unicode.RangeTable
}{
	{"Chinese or Japanese", unicode.Han}, {"Japanese", unicode.Hiragana}, {"Japanese", unicode.Katakana}, {"Thai", unicode.Thai}, {"Lao", unicode.Lao}, {"Khmer", unicode.Khmer}, {"Burmese", unicode.Myanmar},
}

func unspaced(text string) string {
	for _, r := range text {
		if r < 0x0e00 {
			continue
		}
		for _, s := range unspacedScripts {
			if unicode.Is(s.table, r) {
				return s.name
			}
		}
	}
	return ""
}

// isWord: a piece with a letter or a digit, or of several connectors.
func isWord(s string) bool {
	connectors := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.L, unicode.Nd, unicode.Nl, unicode.Other_Alphabetic) && !unicode.Is(unicode.M, r):
			return true
		case unicode.Is(unicode.Pc, r):
			connectors++
		}
	}
	return connectors > 1
}
