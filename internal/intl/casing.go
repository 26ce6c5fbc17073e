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
func Lower(locale, s string) string { return cases.Lower(language.Make(locale)).String(s) }

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
	runes := []rune(norm.NFD.String(s))
	afterAccented := false // the vowel before had an accent and no diaeresis
	for i := 0; i < len(runes); {
		r := runes[i]
		n := i + 1
		for n < len(runes) && unicode.Is(unicode.Mn, runes[n]) {
			n++
		}
		marks := string(runes[i+1 : n])
		up := root.String(string(r))
		if !unicode.Is(unicode.Greek, r) {
			b.WriteString(norm.NFC.String(up + marks))
			i, afterAccented = n, false
			continue
		}
		vowel := strings.Contains("ΑΕΗΙΟΥΩ", up)
		accent := strings.ContainsAny(marks, "\u0300\u0301\u0342\u0311\u0303")
		diaeresis := strings.Contains(marks, "\u0308")
		b.WriteString(up)
		switch {
		case up == "Η" && accent && strings.Trim(marks, "\u0300\u0301") == "" && alone(runes, i, n):
			b.WriteString("\u0301")
		case vowel && (up == "Ι" || up == "Υ") && (diaeresis || afterAccented):
			b.WriteString("\u0308")
		}
		if strings.Contains(marks, "\u0345") {
			b.WriteString("Ι")
		}
		if !vowel { // other letters keep marks that are no accents
			b.WriteString(strings.Map(func(m rune) rune {
				if strings.ContainsRune("\u0300\u0301\u0342\u0313\u0314\u0308\u0345", m) {
					return -1
				}
				return m
			}, marks))
		}
		afterAccented = vowel && accent && !diaeresis
		i = n
	}
	return norm.NFC.String(b.String())
}

// alone reports whether the letter at i, with marks up to n, is a word.
func alone(runes []rune, i, n int) bool {
	return (i == 0 || !unicode.In(runes[i-1], unicode.L, unicode.Mn)) && (n >= len(runes) || !unicode.IsLetter(runes[n]))
}
