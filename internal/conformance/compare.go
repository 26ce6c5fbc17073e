package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// recording is what the real thing answered to an area.
type recording struct {
	Oracle  string  `json:"oracle"` // program and version
	Date    string  `json:"compatibility_date"`
	Answers answers `json:"answers"`
}

func recordingFile(dir, area string) string { return filepath.Join(dir, "recorded", area+".json") }

func readRecording(dir, area string) (*recording, error) {
	r := &recording{}
	return r, readJSON(recordingFile(dir, area), r)
}

// difference is an accepted one. Ours is the answer miniworker gives; without
// it any answer is accepted, for what is not the same twice.
type difference struct {
	Ours   *string `json:"ours,omitempty"`
	Reason string  `json:"reason"`
}

// differences are the accepted ones of an area by probe.
type differences map[string]difference

func differencesFile(dir, area string) string { return filepath.Join(dir, "differences", area+".json") }

func readDifferences(dir, area string) (differences, error) {
	d := differences{}
	return d, readJSON(differencesFile(dir, area), &d)
}

// writeDifferences writes the list; an empty one is no file.
func writeDifferences(dir, area string, d differences) error {
	file := differencesFile(dir, area)
	if len(d) > 0 {
		return writeJSON(file, d)
	}
	return os.Remove(file)
}

// shrink takes off what no longer differs, and takes over answers that differ
// in another way than listed. It adds nothing.
func (d differences) shrink(ours, theirs answers) (changed bool) {
	for probe, allowed := range d {
		ours, answered := ours[probe]
		switch {
		case allowed.Ours == nil || !answered:
			continue
		case ours == theirs[probe]:
			delete(d, probe)
		case *allowed.Ours != ours:
			allowed.Ours = &ours
			d[probe] = allowed
		default:
			continue
		}
		changed = true
	}
	return changed
}

// finding is a probe whose answer is not what it should be.
type finding struct {
	area, probe, what string
	ours, theirs      string
}

// String is for people who have to do something about it.
func (f finding) String() string {
	return fmt.Sprintf("%s: %s: %s\n  miniworker %s\n  the real   %s", f.area, f.probe, f.what, f.ours, f.theirs)
}

// score counts the probes of an area.
type score struct {
	area                            string
	probes, same, accepted, failing int
}

// compare judges the answers of one area.
func compare(area string, ours, theirs answers, accepted differences) (score, []finding) {
	s := score{area: area}
	var found []finding
	fail := func(probe, what string) {
		s.failing++
		found = append(found, finding{area, probe, what, cmp.Or(ours[probe], "(no answer)"), cmp.Or(theirs[probe], "(no answer)")})
	}
	names := maps.Clone(ours)
	maps.Copy(names, theirs)
	for _, probe := range slices.Sorted(maps.Keys(names)) {
		s.probes++
		a, hasA := ours[probe]
		b, hasB := theirs[probe]
		allowed, listed := accepted[probe]
		switch {
		case !hasB:
			fail(probe, "the real one was never asked: record again")
		case hasA && a == b && listed && allowed.Ours != nil:
			fail(probe, "no longer differs: remove it from the differences")
		case hasA && a == b:
			s.same++
		case !listed:
			fail(probe, "differs")
		case allowed.Ours != nil && *allowed.Ours != a:
			fail(probe, fmt.Sprintf("differs in another way than the differences say (%s)", *allowed.Ours))
		default:
			s.accepted++
		}
	}
	for _, probe := range slices.Sorted(maps.Keys(accepted)) {
		if _, asked := names[probe]; !asked {
			fail(probe, "is listed in the differences, but there is no such probe")
		} else if strings.TrimSpace(accepted[probe].Reason) == "" {
			fail(probe, "is listed in the differences without a reason")
		}
	}
	return s, found
}

// table prints the scores.
func table(w io.Writer, list []score) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "area\tprobes\tsame\taccepted\tfailing\t")
	var sum score
	for _, s := range list {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t\n", s.area, s.probes, s.same, s.accepted, s.failing)
		sum.probes, sum.same, sum.accepted, sum.failing = sum.probes+s.probes, sum.same+s.same, sum.accepted+s.accepted, sum.failing+s.failing
	}
	fmt.Fprintf(t, "all\t%d\t%d\t%d\t%d\t\n", sum.probes, sum.same, sum.accepted, sum.failing)
	t.Flush()
}

func writeJSON(path string, v any) error {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}
