// Command gen compiles the locale data of internal/cldr from the JSON packages
// of the Unicode CLDR project on npm (cldr-core, cldr-numbers-full,
// cldr-dates-full, cldr-units-full, cldr-localenames-full, cldr-misc-full,
// cldr-bcp47), version 48, and the newest of cldr-cal-buddhist-full,
// cldr-cal-persian-full and cldr-cal-roc-full:
//
//	go run ./internal/cldr/gen -from DIR/node_modules
//
// It keeps the facts Intl needs, for the locales of locales.txt, as what
// differs from the parent locale.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"flag"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/cldr"
)

type node = map[string]any

var (
	from = flag.String("from", "node_modules", "where the packages are installed")
	to   = flag.String("to", "internal/cldr/data.zip", "file to write")
)

// read is the part at path of a JSON file of the packages, nil if either is absent.
func read(file string, path ...string) node {
	b, err := os.ReadFile(filepath.Join(*from, file))
	if err != nil {
		return nil
	}
	var n node
	if err := json.Unmarshal(b, &n); err != nil {
		log.Fatalf("%s: %v", file, err)
	}
	for _, p := range path {
		n, _ = n[p].(node)
	}
	return n
}

// sections are what is kept of a locale.
var sections = map[string]func(locale string) node{
	"numbers": numbers,
	"currencies": func(l string) node {
		return read("cldr-numbers-full/main/"+l+"/currencies.json", "main", l, "numbers", "currencies")
	},
	"units": units,
	"fields": func(l string) node {
		return read("cldr-dates-full/main/"+l+"/dateFields.json", "main", l, "dates", "fields")
	},
	"lists": func(l string) node {
		return read("cldr-misc-full/main/"+l+"/listPatterns.json", "main", l, "listPatterns")
	},
	"names":     names,
	"dates":     dates,
	"calendars": calendars,
	"zones":     zones,
}

func numbers(l string) node {
	n := read("cldr-numbers-full/main/"+l+"/numbers.json", "main", l, "numbers")
	keep := []string{"latn"}
	if s, ok := n["defaultNumberingSystem"].(string); ok {
		keep = append(keep, s)
	}
	if other, ok := n["otherNumberingSystems"].(node); ok {
		if s, ok := other["native"].(string); ok {
			keep = append(keep, s)
		}
	}
	for k := range n {
		_, system, ok := strings.Cut(k, "-numberSystem-")
		if k == "minimalPairs" || ok && (!slices.Contains(keep, system) || strings.HasPrefix(k, "rational")) {
			delete(n, k)
		}
	}
	corrected(l, n)
	return n
}

// corrected puts in what the packages leave out of the root locale, the symbols
// of Arabic digits, and what ICU has otherwise.
func corrected(l string, n node) {
	switch l {
	case "und":
		for _, s := range []struct{ system, percent, plus, minus, exponential string }{
			{"arab", "٪\u061c", "\u061c+", "\u061c-", "أس"}, {"arabext", "٪", "\u200e+\u200e", "\u200e-\u200e", "×۱۰^"},
		} {
			n["symbols-numberSystem-"+s.system] = node{
				"decimal": "٫", "group": "٬", "percentSign": s.percent, "plusSign": s.plus, "minusSign": s.minus, "approximatelySign": "~",
				"exponential": s.exponential, "superscriptingExponent": "×", "infinity": "∞", "nan": "NaN",
			}
		}
	case "sd":
		n["defaultNumberingSystem"] = "latn"
	case "fr-CH":
		n["symbols-numberSystem-latn"].(node)["group"] = "\u202f"
	}
}

func units(l string) node {
	n := read("cldr-units-full/main/"+l+"/units.json", "main", l, "units")
	out := node{}
	for _, width := range []string{"long", "short", "narrow"} {
		all, _ := n[width].(node)
		kept := node{}
		for name, v := range all {
			forms := v.(node)
			short := name
			if name != "per" && name != "times" {
				_, short, _ = strings.Cut(name, "-")
			}
			if !wantedUnit(name, short) {
				continue
			}
			for k := range forms {
				if !strings.HasPrefix(k, "unitPattern") && k != "perUnitPattern" && k != "compoundUnitPattern" {
					delete(forms, k)
				}
			}
			kept[short] = forms
		}
		out[width] = kept
	}
	return out
}

func wantedUnit(name, short string) bool {
	if name == "per" || name == "times" {
		return true
	}
	first, second, compound := strings.Cut(short, "-per-")
	return slices.Contains(cldr.SanctionedUnits, first) && (!compound || slices.Contains(cldr.SanctionedUnits, second)) || strings.HasSuffix(short, "-person")
}

func names(l string) node {
	dir := "cldr-localenames-full/main/" + l + "/"
	out := read(dir+"localeDisplayNames.json", "main", l, "localeDisplayNames")
	if out == nil {
		return nil
	}
	for _, k := range []string{"subdivisions", "measurementSystemNames", "codePatterns", "transformNames", "variants"} {
		delete(out, k)
	}
	if types, ok := out["types"].(node); ok {
		for k := range types {
			if k != "calendar" {
				delete(types, k)
			}
		}
	}
	for _, k := range []string{"languages", "scripts", "territories"} {
		out[k] = read(dir+k+".json", "main", l, "localeDisplayNames", k)
	}
	return out
}

// changes is what has to be laid over parent to get child.
func changes(parent, child node) node {
	out := node{}
	for k, v := range child {
		p, ok := parent[k]
		if ok && reflect.DeepEqual(p, v) {
			continue
		}
		pn, pok := p.(node)
		vn, vok := v.(node)
		if pok && vok {
			out[k] = changes(pn, vn)
			continue
		}
		out[k] = v
	}
	for k := range parent {
		if _, ok := child[k]; !ok && !strings.HasPrefix(k, "symbols-numberSystem-arab") {
			out[k] = nil
		}
	}
	return out
}

func supplemental() map[string]any {
	s := func(name string, path ...string) node {
		return read("cldr-core/supplemental/"+name+".json", append([]string{"supplemental"}, path...)...)
	}
	info := func(v any) string { s, _ := v.(string); return s }
	digits := node{}
	for k, v := range s("numberingSystems", "numberingSystems") {
		if d := info(v.(node)["_digits"]); d != "" {
			digits[k] = d
		}
	}
	return map[string]any{
		"plurals": node{"cardinal": s("plurals", "plurals-type-cardinal"), "ordinal": s("ordinals", "plurals-type-ordinal"), "ranges": s("pluralRanges", "plurals")},
		"likely":  s("likelySubtags", "likelySubtags"),
		"misc":    node{"digits": digits, "fractions": s("currencyData", "currencyData", "fractions")},
		"aliases": aliases(),
		"times":   times(),
		"regions": regions(),
	}
}

func main() {
	flag.Parse()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	write := func(name string, v any) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			log.Fatal(err)
		}
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			log.Fatal(err)
		}
	}
	tops := supplemental()
	for _, name := range slices.Sorted(maps.Keys(tops)) {
		write(name, tops[name])
	}
	parents := read("cldr-core/supplemental/parentLocales.json", "supplemental", "parentLocales", "parentLocale")
	kept := node{}
	for _, l := range append([]string{"und"}, cldr.Locales()...) {
		for k := range parents {
			if k == l {
				kept[k] = parents[k]
			}
		}
	}
	write("parents", kept)
	for _, name := range []string{"calendars", "currencies", "dates", "fields", "lists", "names", "numbers", "units", "zones"} {
		section := sections[name]
		for _, l := range append([]string{"und"}, cldr.Locales()...) {
			n := section(l)
			if n == nil {
				continue
			}
			if l != "und" {
				n = changes(section(cldr.ParentIn(parents, l)), n)
			}
			if len(n) > 0 {
				write(name+"/"+l, n)
			}
		}
	}
	if err := z.Close(); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*to, out.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}
