// Package compat knows the compatibility flags: their names, from which date
// each is on, and what they change here. Resolve turns a worker's date and
// flags into the answer to "is this flag on?".
//
// It deliberately changes nothing itself: whoever implements an API asks. Most
// flags of the past change nothing here because only the newest behaviour is
// emulated; Flag.Here says which ones do.
//
// Where the truth is: the schema compiled into workerd 2026-11-17
// (https://github.com/cloudflare/workerd, src/workerd/io/compatibility-date.capnp),
// described at https://developers.cloudflare.com/workers/configuration/compatibility-flags/.
package compat

import (
	"fmt"
	"maps"
	"slices"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/nearest"
)

// Flag is one compatibility flag.
type Flag struct {
	// On and Off are the names that switch it; Off may be "".
	On, Off string
	// Since is the compatibility date from which it is on, "" for never.
	Since string
	// ImpliedBy are flags any one of which switches it on too, from the
	// compatibility date ImpliedSince.
	ImpliedBy    []string
	ImpliedSince string
	// Experimental flags may be used in local development only.
	Experimental bool
	// Here is what the flag changes in miniworker, "" for nothing.
	Here string
}

// Flags are all that are known.
func Flags() []Flag { return slices.Clone(table) }

// index finds a flag's place in the table by either name.
var index = func() map[string]int {
	m := make(map[string]int, 2*len(table))
	for i, f := range table {
		m[f.On] = i
		if f.Off != "" {
			m[f.Off] = i
		}
	}
	return m
}()

// Codes of what Resolve finds.
const (
	CodeUnknown       = "compatibility_flag_unknown"
	CodeContradictory = "compatibility_flags_contradictory"
	CodeRepeated      = "compatibility_flag_repeated"
	CodeRedundant     = "compatibility_flag_redundant"
	CodeNoEffect      = "compatibility_flag_no_effect"
)

// Resolve answers which flags are on for a worker with that compatibility date
// (YYYY-MM-DD) and these flags. The answer takes either name of a flag; an
// unknown name is off. The diagnostics have no position.
func Resolve(date string, flags []string) (on func(name string) bool, diags diag.List) {
	r := resolver{date: date, set: make([]setting, len(table))}
	for i, name := range flags {
		if slices.Contains(flags[:i], name) {
			r.report(diag.Error, CodeRepeated, fmt.Sprintf("The compatibility flag %q is given twice.", name), "remove one of them")
			continue
		}
		r.give(name)
	}
	r.settle()
	return func(name string) bool {
		i, known := index[name]
		return known && (r.set[i] == yes) == (table[i].On == name)
	}, r.diags
}

// setting is what is known of a flag. Flags given by name stay as they are.
type setting int8

const (
	unset setting = iota
	yes
	no
)

type resolver struct {
	date  string
	set   []setting
	diags diag.List
}

func (r *resolver) report(s diag.Severity, code, message, hint string) {
	r.diags.Add(diag.Diagnostic{Severity: s, Code: code, Message: message, Hint: hint})
}

func (r *resolver) give(name string) {
	i, known := index[name]
	if !known {
		hint := "correct or remove it"
		if n := nearestFlag(name); n != "" {
			hint = fmt.Sprintf("did you mean %q?", n)
		}
		r.report(diag.Warning, CodeUnknown, fmt.Sprintf("There is no compatibility flag %q; it has no effect.", name), hint)
		return
	}
	f, want := table[i], yes
	if name == f.Off {
		want = no
	}
	switch {
	case r.set[i] != unset:
		r.report(diag.Error, CodeContradictory, fmt.Sprintf("The compatibility flags %q and %q contradict each other.", f.On, f.Off), "remove one of them")
		return
	case want == yes && f.since(r.date):
		r.report(diag.Warning, CodeRedundant, fmt.Sprintf("The compatibility flag %q has been on by default since %s.", name, f.Since),
			fmt.Sprintf("remove it: the compatibility date %s includes it", r.date))
	case f.Here == "" && want == no && f.Since != "":
		r.report(diag.Warning, CodeNoEffect, fmt.Sprintf("The compatibility flag %q asks for a behaviour of the past, which miniworker does not emulate; it has no effect here.", name),
			fmt.Sprintf("expect what %q does, or test that part where it is deployed", f.On))
	case f.Here == "" && want == yes && f.Since == "" && len(f.ImpliedBy) == 0 && name != "experimental":
		r.report(diag.Warning, CodeNoEffect, fmt.Sprintf("What the compatibility flag %q switches on is not emulated by miniworker; it has no effect here.", name),
			"test what depends on it where it is deployed")
	}
	r.set[i] = want
}

// since reports whether the date alone switches f on. Dates of one form
// compare as text.
func (f *Flag) since(date string) bool { return f.Since != "" && f.Since <= date }

// settle adds what the date switches on, and what flags imply, until nothing
// more follows.
func (r *resolver) settle() {
	for i := range table {
		if r.set[i] == unset && table[i].since(r.date) {
			r.set[i] = yes
		}
	}
	for changed := true; changed; {
		changed = false
		for i := range table {
			if r.set[i] == unset && r.implied(&table[i]) {
				r.set[i], changed = yes, true
			}
		}
	}
}

func (r *resolver) implied(f *Flag) bool {
	return f.ImpliedSince != "" && f.ImpliedSince <= r.date &&
		slices.ContainsFunc(f.ImpliedBy, func(name string) bool { return r.set[index[name]] == yes })
}

// nearestFlag is the known name most like name, "" if none is like it.
func nearestFlag(name string) string {
	return nearest.Word(name, slices.Sorted(maps.Keys(index)))
}
