// Package compatdoc keeps docs/compat.md: it is written from the tables the
// program itself uses, and the test fails when the two differ.
package compatdoc

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/bindings/unsupported"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/compat"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

var update = flag.Bool("update", false, "rewrite docs/compat.md")

func TestCompatDoc(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "compat.md")
	want := document()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Fatal("docs/compat.md is stale: run go test ./internal/compatdoc -update")
	}
}

func document() string {
	var b strings.Builder
	b.WriteString("# What is supported\n\nThis page is generated (`go test ./internal/compatdoc -update`).\n")
	classes(&b)
	different(&b)
	keys(&b)
	flags(&b)
	return b.String()
}

func classes(b *strings.Builder) {
	b.WriteString("\n## Global classes\n\nEach class with its own prototype members, as they are with every compatibility flag on.\n\n| class | members |\n|---|---|\n")
	js := jsg.New(jsg.Options{Flag: func(string) bool { return true }})
	rows := map[string]string{}
	for _, c := range all.Classes() {
		proto, ok := c.Constructor(js).Get("prototype").(*jsg.Object)
		if !ok {
			continue
		}
		var members []string
		for _, k := range proto.GetOwnPropertyNames() {
			if k != "constructor" && k != strings.ToUpper(k) {
				members = append(members, k)
			}
		}
		slices.Sort(members)
		rows[c.ClassName()] = strings.Join(members, ", ")
	}
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(b, "| `%s` | %s |\n", name, rows[name])
	}
}

// walks are the recordings of all that can be reached in a worker, by the
// compatibility date they were made with.
var walks = []struct{ area, date string }{{"surface", "2026-08-01"}, {"surface_2024", "2024-09-23"}, {"surface_2023", "2023-01-01"}}

// different lists what a walk over all globals, members and bindings finds
// otherwise here. The conformance tests fail on what is not in the lists read.
func different(b *strings.Builder) {
	type row struct{ why, dates string }
	found := map[row][]string{}
	dates, reasons := map[string][]string{}, map[string]string{}
	for _, w := range walks {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "conformance", "differences", w.area+".json"))
		if err != nil {
			panic(err)
		}
		var list map[string]struct{ Reason string }
		if err := json.Unmarshal(data, &list); err != nil {
			panic(err)
		}
		for name, d := range list {
			if !strings.HasSuffix(name, " extends") { // which follows from the others
				dates[name] = append(dates[name], w.date)
				reasons[name] = d.Reason
			}
		}
	}
	for name, list := range dates {
		when := strings.Join(list, ", ")
		if len(list) == len(walks) {
			when = "any"
		}
		r := row{reasons[name], when}
		found[r] = append(found[r], "`"+name+"`")
	}
	b.WriteString("\n## Globals, members and bindings that differ from workerd's\n\n" +
		"All of them: each global, member, binding and instance of a worker is compared with those recorded of wrangler dev, at three\n" +
		"compatibility dates. For `node:` modules see [node.md](node.md), for WebAssembly [engine.md](engine.md#webassembly).\n\n| what | at dates | why |\n|---|---|---|\n")
	rows := slices.SortedFunc(maps.Keys(found), func(x, y row) int { return cmp.Or(cmp.Compare(x.why, y.why), cmp.Compare(x.dates, y.dates)) })
	for _, r := range rows {
		slices.Sort(found[r])
		fmt.Fprintf(b, "| %s | %s | %s |\n", strings.Join(found[r], ", "), r.dates, r.why)
	}
}

func keys(b *strings.Builder) {
	simulated := simulatedKeys()
	b.WriteString("\n## Configuration keys\n\n| key | here | note |\n|---|---|---|\n")
	for _, k := range config.Keys() {
		local, note := fmt.Sprint(k.Local), k.Note
		if why, no := simulated[k.Name]; no {
			local, note = "not simulated", why
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", k.Name, local, strings.ReplaceAll(note, "|", "\\|"))
	}
}

// simulatedKeys are the binding keys that bindings/unsupported stands in for.
func simulatedKeys() map[string]string {
	cfg := &config.Config{
		D1Databases: make([]config.D1Database, 1), Workflows: make([]config.Workflow, 1),
		Queues:          config.Queues{Producers: make([]config.QueueProducer, 1), Consumers: make([]config.QueueConsumer, 1)},
		AnalyticsEngine: make([]config.AnalyticsEngineDataset, 1), SendEmail: make([]config.SendEmail, 1), SecretsStore: make([]config.SecretsStoreSecret, 1),
		Ratelimits: make([]config.Ratelimit, 1), WorkerLoaders: make([]config.WorkerLoader, 1), Pipelines: make([]config.Pipeline, 1),
		Images: &config.SimpleBinding{}, Stream: &config.SimpleBinding{}, Browser: &config.SimpleBinding{},
		TailConsumers: make([]config.TailConsumer, 1), StreamingTails: make([]config.TailConsumer, 1), Connect: make([]config.Connect, 1), Site: &config.Site{},
	}
	out := map[string]string{}
	for _, u := range unsupported.List(cfg) {
		name, _, _ := strings.Cut(u.Key, ".")
		out[name] = u.Why
	}
	return out
}

func flags(b *strings.Builder) {
	b.WriteString(flagsIntro)
	for _, f := range compat.Flags() {
		here := f.Here
		if here == "" {
			here = "nothing"
		}
		off := ""
		if f.Off != "" {
			off = "`" + f.Off + "`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", f.On, off, since(&f), here)
	}
}

const flagsIntro = `
## Compatibility flags

Every flag of workerd is known, with the date from which it is on. What a flag changes nothing of here is as with the newest date, or not
emulated; a worker that asks for such a thing by name (an experimental flag, or the name that switches a behaviour of the past back on)
gets a warning.

| flag | switched off by | on from | changes here |
|---|---|---|---|
`

// since says from when a flag is on.
func since(f *compat.Flag) string {
	var when []string
	if f.Since != "" {
		when = append(when, strings.Replace(f.Since, "0000-00-00", "always", 1))
	}
	if len(f.ImpliedBy) > 0 {
		when = append(when, fmt.Sprintf("%s with `%s`", f.ImpliedSince, strings.Join(f.ImpliedBy, "` or `")))
	}
	switch {
	case f.Experimental:
		when = append(when, "experimental")
	case len(when) == 0:
		return "never by date"
	}
	return strings.Join(when, "; ")
}
