package intl

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Upper makes capitals in a language that has rules of its own: tr, az, lt, el.
func Upper(locale, s string) string {
	switch locale {
	case "lt":
		return cases.Upper(language.Und).String(undotted(s))
	case "el":
		return greekUpper(s)
	}
	return cases.Upper(language.Make(locale)).String(s)
}

// Lower makes small letters.
func Lower(locale, s string) string {
	if locale == "lt" { // which the library gives one dot too many
		s = strings.ReplaceAll(s, "İ", "i\u0307")
	}
	return cases.Lower(language.Make(locale)).String(s)
}

// undotted leaves out the dot of i, j and į, which their capitals lack.
func undotted(s string) string {
	var b strings.Builder
	soft := false
	for _, r := range s {
		if r == '\u0307' && soft {
			soft = false
			continue
		}
		if norm.NFD.PropertiesString(string(r)).CCC() == 0 {
			soft = strings.ContainsRune("ijįɨʝɉ", r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// greekUpper drops accents, keeps a diaeresis or makes one where a dropped
// accent told two vowels apart, and keeps the accent of the word ή.
func greekUpper(s string) string {
	root := cases.Upper(language.Und)
	var b strings.Builder
	runes := []rune(s)
	apart := false // the vowel before had an accent and no diaeresis
	for i := 0; i < len(runes); {
		letter, own := decomposed(runes[i])
		if !unicode.Is(unicode.Greek, letter) {
			b.WriteString(root.String(string(runes[i])))
			i, apart = i+1, false
			continue
		}
		n := i + 1
		for n < len(runes) && unicode.Is(unicode.Mn, runes[n]) {
			n++
		}
		marks := own + norm.NFD.String(string(runes[i+1:n]))
		up := root.String(string(letter))
		vowel := strings.Contains("ΑΕΗΙΟΥΩ", up)
		accent := strings.ContainsAny(marks, "\u0300\u0301\u0342\u0311\u0303")
		diaeresis := strings.Contains(marks, "\u0308")
		switch {
		case up == "Η" && accent && strings.Trim(marks, "\u0300\u0301") == "" && alone(runes, i, n):
			up += "\u0301"
		case (up == "Ι" || up == "Υ") && (diaeresis || apart):
			up += "\u0308"
		}
		if strings.Contains(marks, "\u0345") {
			up += "Ι"
		}
		if !vowel {
			up += strings.Map(func(m rune) rune {
				if strings.ContainsRune("\u0300\u0301\u0342\u0313\u0314\u0308\u0345", m) {
					return -1
				}
				return m
			}, marks)
		}
		b.WriteString(norm.NFC.String(up))
		i, apart = n, vowel && accent && !diaeresis
	}
	return b.String()
}

// decomposed is a letter and the marks it is made with.
func decomposed(r rune) (letter rune, marks string) {
	s := []rune(norm.NFD.String(string(r)))
	return s[0], string(s[1:])
}

// alone reports whether the letter at i, with marks up to n, is a word.
func alone(runes []rune, i, n int) bool {
	return (i == 0 || !unicode.In(runes[i-1], unicode.L, unicode.Mn)) && (n >= len(runes) || !unicode.IsLetter(runes[n]))
}
