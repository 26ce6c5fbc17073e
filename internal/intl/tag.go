package intl

import (
	"slices"
	"strings"
)

// Tag is a Unicode locale identifier in parts
// (https://unicode.org/reports/tr35/#Unicode_locale_identifier).
type Tag struct {
	Language, Script, Region string
	Variants                 []string
	attributes               []string
	keywords                 []keyword  // of the u extension
	transform                string     // the t extension, without its letter
	others                   [][]string // further extensions, each with its letter
	private                  []string
}

type keyword struct{ key, value string }

// Parse reads a tag in any case; it is not yet canonical.
func Parse(text string) (Tag, bool) {
	var t Tag
	p := &tagReader{rest: strings.Split(strings.ToLower(text), "-")}
	if t.Language = p.take(isLanguage); t.Language == "" {
		return t, false
	}
	t.Script = p.take(func(s string) bool { return len(s) == 4 && isAlpha(s) })
	t.Region = p.take(isRegion)
	for v := p.take(isVariant); v != ""; v = p.take(isVariant) {
		if slices.Contains(t.Variants, v) {
			return t, false
		}
		t.Variants = append(t.Variants, v)
	}
	seen := map[string]bool{}
	for len(p.rest) > 0 {
		letter := p.take(func(s string) bool { return len(s) == 1 && isAlphanumeric(s) })
		if letter == "" || seen[letter] || !p.extension(&t, letter) {
			return t, false
		}
		seen[letter] = true
	}
	return t, true
}

type tagReader struct{ rest []string }

// take gives the next subtag if it is of a kind, else nothing.
func (p *tagReader) take(is func(string) bool) string {
	if len(p.rest) == 0 || !is(p.rest[0]) {
		return ""
	}
	s := p.rest[0]
	p.rest = p.rest[1:]
	return s
}

func (p *tagReader) all(is func(string) bool) (out []string) {
	for s := p.take(is); s != ""; s = p.take(is) {
		out = append(out, s)
	}
	return out
}

func (p *tagReader) extension(t *Tag, letter string) bool {
	switch letter {
	case "u":
		t.attributes = p.all(isType)
		for {
			key := p.take(func(s string) bool { return len(s) == 2 && isAlphanumeric(s) && isAlpha(s[1:]) })
			if key == "" {
				break
			}
			value := strings.Join(p.all(isType), "-")
			if !slices.ContainsFunc(t.keywords, func(k keyword) bool { return k.key == key }) {
				t.keywords = append(t.keywords, keyword{key, value})
			}
		}
		return len(t.attributes)+len(t.keywords) > 0
	case "t":
		return p.transformed(t)
	case "x":
		t.private = p.all(func(s string) bool { return len(s) <= 8 && isAlphanumeric(s) })
		return len(t.private) > 0
	}
	values := p.all(func(s string) bool { return len(s) >= 2 && len(s) <= 8 && isAlphanumeric(s) })
	t.others = append(t.others, append([]string{letter}, values...))
	return len(values) > 0
}

// transformed reads a language and fields, which it puts in order.
func (p *tagReader) transformed(t *Tag) bool {
	var out []string
	if language := p.take(isLanguage); language != "" {
		inner := []string{language}
		for _, is := range []func(string) bool{func(s string) bool { return len(s) == 4 && isAlpha(s) }, isRegion} {
			if s := p.take(is); s != "" {
				inner = append(inner, s)
			}
		}
		c, ok := Parse(strings.Join(append(inner, p.all(isVariant)...), "-"))
		if !ok {
			return false
		}
		out = append(out, strings.ToLower(c.Canonical().String()))
	}
	var fields []string
	for {
		key := p.take(func(s string) bool { return len(s) == 2 && isAlpha(s[:1]) && isDigits(s[1:]) })
		if key == "" {
			break
		}
		values := p.all(isType)
		if len(values) == 0 {
			return false
		}
		fields = append(fields, key+"-"+strings.Join(values, "-"))
	}
	slices.Sort(fields)
	t.transform = strings.Join(append(out, fields...), "-")
	return t.transform != ""
}

func isLanguage(s string) bool {
	return isAlpha(s) && (len(s) == 2 || len(s) == 3 || len(s) >= 5 && len(s) <= 8)
}
func isRegion(s string) bool { return len(s) == 2 && isAlpha(s) || len(s) == 3 && isDigits(s) }
func isType(s string) bool   { return len(s) >= 3 && len(s) <= 8 && isAlphanumeric(s) }
func isVariant(s string) bool {
	return isAlphanumeric(s) && (len(s) >= 5 && len(s) <= 8 || len(s) == 4 && isDigits(s[:1]))
}
func isAlpha(s string) bool  { return only(s, func(c byte) bool { return c >= 'a' && c <= 'z' }) }
func isDigits(s string) bool { return only(s, func(c byte) bool { return c >= '0' && c <= '9' }) }
func isAlphanumeric(s string) bool {
	return only(s, func(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' })
}

func only(s string, is func(byte) bool) bool {
	for i := range len(s) {
		if !is(s[i]) {
			return false
		}
	}
	return s != ""
}

// BaseName is the tag without extensions.
func (t Tag) BaseName() string {
	parts := []string{t.Language}
	if t.Script != "" {
		parts = append(parts, strings.ToUpper(t.Script[:1])+t.Script[1:])
	}
	if t.Region != "" {
		parts = append(parts, strings.ToUpper(t.Region))
	}
	return strings.Join(append(parts, t.Variants...), "-")
}

// String writes the tag, extensions in the order of their letters.
func (t Tag) String() string {
	extensions := slices.Clone(t.others)
	if len(t.attributes)+len(t.keywords) > 0 {
		u := append([]string{"u"}, t.attributes...)
		for _, k := range t.keywords {
			u = append(u, k.key)
			if k.value != "" {
				u = append(u, k.value)
			}
		}
		extensions = append(extensions, u)
	}
	if t.transform != "" {
		extensions = append(extensions, []string{"t", t.transform})
	}
	slices.SortFunc(extensions, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	if len(t.private) > 0 {
		extensions = append(extensions, append([]string{"x"}, t.private...))
	}
	s := t.BaseName()
	for _, e := range extensions {
		s += "-" + strings.Join(e, "-")
	}
	return s
}

// Keywords are the keys and types of the u extension, one after the other.
func (t Tag) Keywords() []string {
	var out []string
	for _, k := range t.keywords {
		out = append(out, k.key, k.value)
	}
	return out
}

// Keyword is the type of a key of the u extension.
func (t Tag) Keyword(key string) string {
	for _, k := range t.keywords {
		if k.key == key {
			return k.value
		}
	}
	return ""
}

// With gives the tag other subtags, where they are not empty, and other keywords.
func (t Tag) With(language, script, region, variants string, keywords []string) (Tag, bool) {
	for _, c := range []struct {
		to   *string
		from string
	}{{&t.Language, language}, {&t.Script, script}, {&t.Region, region}} {
		if c.from != "" {
			*c.to = strings.ToLower(c.from)
		}
	}
	if variants != "" {
		t.Variants = strings.Split(strings.ToLower(variants), "-")
	}
	t.keywords = slices.Clone(t.keywords)
	for i := 0; i+1 < len(keywords); i += 2 {
		t.keywords = slices.DeleteFunc(t.keywords, func(k keyword) bool { return k.key == keywords[i] })
		t.keywords = append(t.keywords, keyword{keywords[i], strings.ToLower(keywords[i+1])})
	}
	again, ok := Parse(t.String())
	return again.Canonical(), ok
}
