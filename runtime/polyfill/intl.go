package polyfill

import (
	"encoding/json"
	"strings"

	"github.com/miniworker/miniworker/internal/cldr"
	"github.com/miniworker/miniworker/internal/intl"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// intlHost is what intl.js asks of internal/intl, by name. Parts of a text come
// as one array: a type and a value each, and what else a part has.
func intlHost(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
	text := func(i int) string { return a.Value(i).String() }
	switch text(0) {
	case "available":
		return js.NullableString(available(text(1), text(2))), nil
	case "data":
		return js.String(dataLocale(text(1))), nil
	case "number":
		var o intl.NumberOptions
		if err := json.Unmarshal([]byte(text(2)), &o); err != nil {
			return nil, err
		}
		return numberHost(js, intl.NewNumber(text(1), o)), nil
	case "date":
		var o intl.DateOptions
		if err := json.Unmarshal([]byte(text(2)), &o); err != nil {
			return nil, err
		}
		return dateHost(js, intl.NewDate(text(1), o)), nil
	case "zone":
		z, ok := intl.FindZone(text(1))
		if !ok {
			return jsg.Undefined, nil
		}
		return js.String(z.ID), nil
	case "calendar":
		return js.String(intl.DefaultCalendar(text(1))), nil
	case "isCalendar":
		return js.Bool(intl.HasCalendar(text(1))), nil
	case "timeSeparator":
		return js.String(intl.TimeSeparator(text(1), text(2))), nil
	case "numberingSystem":
		return js.String(intl.DefaultNumberingSystem(text(1))), nil
	case "isNumberingSystem":
		return js.Bool(cldr.Text(cldr.Supplemental("misc"), "digits", text(1)) != ""), nil
	case "currencyDigits":
		return js.String(intl.CurrencyDigits(text(1))), nil
	case "categories":
		return stringArray(js, intl.Categories(text(1), text(2))), nil
	case "pluralRange":
		return js.String(intl.PluralRange(text(1), text(2), text(3))), nil
	case "list":
		var elements []string
		for _, v := range a.Rest(4) {
			elements = append(elements, v.String())
		}
		return partArray(js, intl.List(text(1), text(2), text(3), elements)), nil
	case "name":
		s := intl.Name(text(1), text(2), text(3), text(4))
		return js.NullableString(s, s != ""), nil
	case "languageName":
		s := intl.LanguageName(text(1), text(2), text(3), a.Value(4).ToBoolean())
		return js.NullableString(s, s != ""), nil
	case "units":
		return stringArray(js, cldr.SanctionedUnits), nil
	case "canonical":
		t, ok := intl.Parse(text(1))
		if !ok {
			return jsg.Null, nil
		}
		return js.String(t.Canonical().String()), nil
	case "supported":
		return stringArray(js, intl.Supported(text(1))), nil
	case "collations":
		t, _ := intl.Parse(text(1))
		return stringArray(js, intl.Customs(t, "collations")), nil
	case "collator":
		var o intl.CollatorOptions
		if err := json.Unmarshal([]byte(text(2)), &o); err != nil {
			return nil, err
		}
		c, err := intl.NewCollator(text(1), o)
		if err != nil {
			return nil, jsg.NotImplementedf("Intl.Collator: "+err.Error(), "sort by the locale's usual order")
		}
		return js.Func("", 2, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
			return js.Int(int64(c.Compare(a.Value(0).String(), a.Value(1).String()))), nil
		}), nil
	case "segments":
		return segments(js, text(1), text(2), a.Value(3))
	case "toLocaleUpperCase":
		return js.String(intl.Upper(text(1), text(2))), nil
	case "toLocaleLowerCase":
		return js.String(intl.Lower(text(1), text(2))), nil
	}
	return localeHost(js, text(0), a)
}

// localeHost is the part of intlHost that is about one tag.
func localeHost(js *jsg.Scope, what string, a *jsg.Args) (jsg.Value, error) {
	text := func(i int) string { return a.Value(i).String() }
	t, _ := intl.Parse(text(1)) // canonical already
	switch what {
	case "keywords":
		return stringArray(js, t.Keywords()), nil
	case "locale":
		base := strings.Split(t.BaseName(), "-")
		subtags := []string{t.Language, "", "", strings.Join(t.Variants, "-")}
		if t.Script != "" {
			subtags[1] = base[1]
		}
		subtags[2] = strings.ToUpper(t.Region)
		return stringArray(js, append(subtags, t.Keywords()...)), nil
	case "localeWith":
		var keywords []string
		for _, v := range a.Rest(6) {
			keywords = append(keywords, v.String())
		}
		with, ok := t.With(text(2), text(3), text(4), text(5), keywords)
		return js.NullableString(with.String(), ok), nil
	case "maximize":
		return js.String(t.Maximized().String()), nil
	case "minimize":
		return js.String(t.Minimized().String()), nil
	case "facts":
		return stringArray(js, intl.Customs(t, text(2))), nil
	}
	return nil, jsg.NotImplementedf("Intl: "+what, "")
}

// segments gives the ends of the segments of a text and, of words, whether each
// is like one.
func segments(js *jsg.Scope, granularity, locale string, text jsg.Value) (jsg.Value, error) {
	found, err := intl.Segments(granularity, locale, jsg.UTF16Of(text))
	if err != nil {
		return nil, jsg.NotImplementedf("Intl.Segmenter of "+err.Error(), "it needs a dictionary; segment by grapheme, or use a library that brings one")
	}
	ends, words := make([]jsg.Value, len(found)), make([]jsg.Value, len(found))
	for i, s := range found {
		ends[i], words[i] = js.Int(int64(s.End)), js.Int(0)
		if s.Word {
			words[i] = js.Int(1)
		}
	}
	if granularity != "word" {
		return js.NewArray(js.NewArray(ends...)), nil
	}
	return js.NewArray(js.NewArray(ends...), js.NewArray(words...)), nil
}

// available is the locale that a tag falls back to for a class of Intl.
func available(tag, class string) (string, bool) {
	for {
		if cldr.Serves(tag, class[0]) {
			return tag, true
		}
		i := strings.LastIndexByte(tag, '-')
		if i < 0 {
			return "", false
		}
		tag = tag[:i]
	}
}

// dataLocale is the locale whose data a tag uses: the tag itself, or one that
// means the same, as zh-TW means zh-Hant-TW, or its language.
func dataLocale(tag string) string {
	if cldr.Has(tag) {
		return tag
	}
	t, _ := intl.Parse(tag)
	full := strings.Split(t.Maximized().BaseName(), "-")
	for n := len(full); n > 1; n-- {
		if l := strings.Join(full[:n], "-"); cldr.Has(l) {
			return l
		}
	}
	if l := full[0] + "-" + full[len(full)-1]; cldr.Has(l) {
		return l
	}
	return t.Language
}

// numberHost are the functions of one number format.
func numberHost(js *jsg.Scope, f *intl.Number) *jsg.Object {
	o, def := formatHost(js, func(v jsg.Value) []intl.Part { return f.Format(v.String()) },
		func(from, to jsg.Value) []intl.RangePart { return f.Range(from.String(), to.String()) })
	def("plural", func(js *jsg.Scope, a *jsg.Args) jsg.Value {
		return js.String(f.Plural(a.Value(0).String(), a.Value(1).String()))
	})
	def("relative", func(js *jsg.Scope, a *jsg.Args) jsg.Value {
		var out []string
		for _, p := range intl.Relative(a.Value(0).String(), a.Value(1).String(), a.Value(2).String(), a.Value(3).ToBoolean(), f, a.Value(4).String()) {
			out = append(out, p.Type, p.Value, p.Unit)
		}
		return stringArray(js, out)
	})
	return o
}

// formatHost are the functions that every format has; def adds another.
func formatHost(js *jsg.Scope, format func(v jsg.Value) []intl.Part, between func(from, to jsg.Value) []intl.RangePart) (o *jsg.Object, def func(name string, call func(js *jsg.Scope, a *jsg.Args) jsg.Value)) {
	o = js.NewObject()
	def = func(name string, call func(js *jsg.Scope, a *jsg.Args) jsg.Value) {
		js.Define(o, name, js.Func(name, 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) { return call(js, a), nil }))
	}
	def("text", func(js *jsg.Scope, a *jsg.Args) jsg.Value {
		var b strings.Builder
		for _, p := range format(a.Value(0)) {
			b.WriteString(p.Value)
		}
		return js.String(b.String())
	})
	def("parts", func(js *jsg.Scope, a *jsg.Args) jsg.Value { return partArray(js, format(a.Value(0))) })
	def("range", func(js *jsg.Scope, a *jsg.Args) jsg.Value {
		var out []string
		for _, p := range between(a.Value(0), a.Value(1)) {
			out = append(out, p.Type, p.Value, p.Source)
		}
		return stringArray(js, out)
	})
	return o, def
}

func stringArray(js *jsg.Scope, list []string) *jsg.Object {
	out := make([]jsg.Value, len(list))
	for i, s := range list {
		out[i] = js.String(s)
	}
	return js.NewArray(out...)
}

func partArray(js *jsg.Scope, parts []intl.Part) *jsg.Object {
	var out []string
	for _, p := range parts {
		out = append(out, p.Type, p.Value)
	}
	return stringArray(js, out)
}
