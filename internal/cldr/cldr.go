// Package cldr is the locale data Intl formats with: what the Unicode CLDR
// project knows of numbers, currencies, units, dates, time zones, relative
// time, lists and names, for the locales that workerd's ICU has.
// available.txt has the locales that its V8 lists, by class of Intl.
//
// The data is embedded compressed, per locale and section as what differs from
// the parent locale, and read when it is first asked for. It is made by
// internal/cldr/gen; LICENSE holds the terms of the data.
//
// Deliberately not: collation and segmentation rules, names of cities and
// subdivisions.
//
// The truth: https://cldr.unicode.org/ and https://unicode.org/reports/tr35/.
package cldr

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

//go:embed data.zip
var data []byte

//go:embed locales.txt
var locales string

//go:embed available.txt
var available string

// Node is a part of the data: strings, lists and further nodes by name. It is
// shared, so never written to.
type Node = map[string]any

// SanctionedUnits are the units ECMA-402 knows.
var SanctionedUnits = strings.Fields(`acre bit byte celsius centimeter day degree fahrenheit fluid-ounce foot gallon gigabit gigabyte gram hectare
	hour inch kilobit kilobyte kilogram kilometer liter megabit megabyte meter microsecond mile mile-scandinavian milliliter millimeter
	millisecond minute month nanosecond ounce percent petabyte pound second stone terabit terabyte week yard year`)

// Locales are those with data, in order.
var Locales = sync.OnceValue(func() []string { return strings.Fields(locales) })

var services = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(available) {
		fields := strings.Fields(line)
		for _, l := range fields[1:] {
			out[l] = fields[0]
		}
	}
	return out
})

// Serves reports whether workerd has a locale for a class of Intl, which can be
// more or less than there is data for: n is NumberFormat (and DurationFormat), c
// Collator, p PluralRules, l ListFormat, s Segmenter, r all others.
func Serves(locale string, class byte) bool {
	return strings.IndexByte(services()[locale], class) >= 0
}

// Has reports whether there is data for a locale itself.
func Has(locale string) bool {
	_, ok := slices.BinarySearch(Locales(), locale)
	return ok
}

var files = sync.OnceValue(func() map[string]*zip.File {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		panic(err) // embedded
	}
	out := make(map[string]*zip.File, len(r.File))
	for _, f := range r.File {
		out[f.Name] = f
	}
	return out
})

// read is one file of the archive, nil if there is none.
func read(name string) Node {
	f := files()[name]
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		panic(err) // embedded
	}
	defer r.Close()
	var n Node
	if err := json.NewDecoder(r).Decode(&n); err != nil {
		panic(err) // embedded
	}
	return n
}

var (
	mu    sync.Mutex
	known = map[string]Node{} // files and sections that were read
)

// Supplemental is data that belongs to no locale: aliases, likely, misc, parents,
// plurals, regions.
func Supplemental(name string) Node {
	mu.Lock()
	defer mu.Unlock()
	return remember(name, func() Node { return read(name) })
}

// Section is what is known of a locale: numbers, currencies, units, dates,
// zones, fields, lists or names.
func Section(locale, name string) Node {
	mu.Lock()
	defer mu.Unlock()
	return section(locale, name)
}

func section(locale, name string) Node {
	return remember(name+"/"+locale, func() Node {
		n := read(name + "/" + locale)
		if locale == "und" {
			return n
		}
		return overlay(section(parent(locale), name), n)
	})
}

func remember(key string, make func() Node) Node {
	n, ok := known[key]
	if !ok {
		n = make()
		known[key] = n
	}
	return n
}

// parent is the locale whose data another one changes.
func parent(locale string) string {
	return ParentIn(remember("parents", func() Node { return read("parents") }), locale)
}

// ParentIn is that by a table of the parents that do not follow from the name.
func ParentIn(parents Node, locale string) string {
	if p := Text(parents, locale); p != "" {
		if p == "root" {
			return "und"
		}
		return p
	}
	if i := strings.LastIndexByte(locale, '-'); i > 0 {
		return locale[:i]
	}
	return "und"
}

// overlay lays changes over a node; nil takes a member away.
func overlay(base, changes Node) Node {
	if len(changes) == 0 {
		return base
	}
	out := make(Node, len(base)+len(changes))
	for k, v := range base {
		out[k] = v
	}
	for k, v := range changes {
		over, isNode := v.(Node)
		under, ok := base[k].(Node)
		switch {
		case v == nil:
			delete(out, k)
		case isNode && ok:
			out[k] = overlay(under, over)
		default:
			out[k] = v
		}
	}
	return out
}

// At is the node at a path, nil if there is none.
func At(n Node, path ...string) Node {
	for _, p := range path {
		n, _ = n[p].(Node)
	}
	return n
}

// Text is the string at a path, empty if there is none.
func Text(n Node, path ...string) string {
	last := len(path) - 1
	s, _ := At(n, path[:last]...)[path[last]].(string)
	return s
}
