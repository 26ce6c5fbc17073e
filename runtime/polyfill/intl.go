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
		return js.NullableString(available(text(1))), nil
	case "data":
		l, _ := dataLocale(text(1))
		return js.String(l), nil
	case "number":
		var o intl.NumberOptions
		if err := json.Unmarshal([]byte(text(2)), &o); err != nil {
			return nil, err
		}
		return numberHost(js, intl.NewNumber(text(1), o)), nil
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
	case "maximize":
		return js.String(intl.Maximize(text(1), text(2), text(3))), nil
	}
	return nil, jsg.NotImplementedf("Intl: "+text(0), "")
}

// available is the locale that a tag falls back to: one with data, or one that
// means the same, as de-DE means de and zh-TW means zh-Hant-TW.
func available(tag string) (string, bool) {
	for {
		if _, exact := dataLocale(tag); exact {
			return tag, true
		}
		i := strings.LastIndexByte(tag, '-')
		if i < 0 {
			return "", false
		}
		tag = tag[:i]
	}
}

// dataLocale is the locale whose data a tag uses; exact is false if it has less
// than the tag says.
func dataLocale(tag string) (locale string, exact bool) {
	if cldr.Has(tag) {
		return tag, true
	}
	language, region, ok := strings.Cut(tag, "-")
	if !ok || len(region) != 2 || !cldr.Has(language) {
		return language, false
	}
	full := strings.Split(intl.Maximize(language, "", region), "-")
	if len(full) == 3 && cldr.Has(full[0]+"-"+full[1]+"-"+region) {
		return full[0] + "-" + full[1] + "-" + region, true
	}
	if len(full) == 3 && intl.Maximize(language, "", "") != strings.Join(full, "-") && cldr.Has(full[0]+"-"+full[1]) {
		return full[0] + "-" + full[1], true
	}
	return language, intl.Maximize(language, "", "") == strings.Join(full, "-")
}

// numberHost are the functions of one number format.
func numberHost(js *jsg.Scope, f *intl.Number) *jsg.Object {
	o := js.NewObject()
	def := func(name string, call func(js *jsg.Scope, a *jsg.Args) jsg.Value) {
		js.Define(o, name, js.Func(name, 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) { return call(js, a), nil }))
	}
	def("text", func(js *jsg.Scope, a *jsg.Args) jsg.Value {
		var b strings.Builder
		for _, p := range f.Format(a.Value(0).String()) {
			b.WriteString(p.Value)
		}
		return js.String(b.String())
	})
	def("parts", func(js *jsg.Scope, a *jsg.Args) jsg.Value { return partArray(js, f.Format(a.Value(0).String())) })
	def("range", func(js *jsg.Scope, a *jsg.Args) jsg.Value {
		var out []string
		for _, p := range f.Range(a.Value(0).String(), a.Value(1).String()) {
			out = append(out, p.Type, p.Value, p.Source)
		}
		return stringArray(js, out)
	})
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
