//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"
)

// report collects figures in the order they come.
type report struct {
	tools []*tool
	keys  []reportKey
	data  map[reportKey]map[string][]float64
	notes []string
}

type reportKey struct{ scenario, metric string }

func newReport(tools []*tool) *report {
	return &report{tools: tools, data: map[reportKey]map[string][]float64{}}
}

func (r *report) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

func (r *report) touch(k reportKey) {
	if r.data[k] == nil {
		r.keys = append(r.keys, k)
		r.data[k] = map[string][]float64{}
	}
}

// add adds one run's figure and shows progress.
func (r *report) add(scenario, metric string, t *tool, v float64) {
	k := reportKey{scenario, metric}
	r.touch(k)
	r.data[k][t.name] = append(r.data[k][t.name], v)
	switch metric {
	case "per second", "MB/s", "cold start ms", "edit to new answer ms", "whole run ms":
		fmt.Fprintf(os.Stderr, "%-22s %-12s %s %s\n", scenario, t.name, number(v), metric)
	}
}

func (r *report) failed(scenario string, t *tool, err error) {
	r.note("%s: %s: %v", scenario, t.name, err)
	fmt.Fprintf(os.Stderr, "%-22s %-12s failed: %v\n", scenario, t.name, err)
}

func (r *report) header(w io.Writer) {
	fmt.Fprintf(w, "%s, %s/%s, %d cores, %s\n", time.Now().Format("2006-01-02"), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	for _, t := range r.tools {
		fmt.Fprintf(w, "  %s: %s\n", t.name, t.version)
	}
}

// print writes the table: median (range), and how many times better miniworker
// is than each other tool.
func (r *report) print(w io.Writer) {
	fmt.Fprintln(w)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(tw, "scenario\tmetric")
	for _, t := range r.tools {
		fmt.Fprintf(tw, "\t%s", t.name)
	}
	fmt.Fprint(tw, "\tminiworker is better by\n")
	for _, k := range r.keys {
		fmt.Fprintf(tw, "%s\t%s", k.scenario, k.metric)
		for _, t := range r.tools {
			fmt.Fprintf(tw, "\t%s", cell(r.data[k][t.name]))
		}
		fmt.Fprintf(tw, "\t%s\n", r.ratios(k))
	}
	tw.Flush()
	for _, n := range r.notes {
		fmt.Fprintln(w, "note:", n)
	}
}

func cell(runs []float64) string {
	if len(runs) == 0 {
		return "-"
	}
	s := summarize(runs)
	if len(runs) == 1 {
		return number(s.Median)
	}
	return fmt.Sprintf("%s (%s..%s)", number(s.Median), number(s.Min), number(s.Max))
}

// ratios compares medians; above 1 miniworker is the better one.
func (r *report) ratios(k reportKey) string {
	mine := summarize(r.data[k]["miniworker"]).Median
	if mine == 0 || strings.HasPrefix(k.metric, "generator") {
		return ""
	}
	var out []string
	for _, t := range r.tools {
		theirs := summarize(r.data[k][t.name]).Median
		if t.name == "miniworker" || theirs == 0 {
			continue
		}
		ratio := theirs / mine
		if k.metric == "per second" || k.metric == "MB/s" {
			ratio = 1 / ratio
		}
		out = append(out, fmt.Sprintf("%s ×%s", t.name, number(ratio)))
	}
	return strings.Join(out, ", ")
}

// number prints three significant digits, without exponents.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

func (r *report) writeJSON(path string) error {
	type row struct {
		Scenario string             `json:"scenario"`
		Metric   string             `json:"metric"`
		Tools    map[string]summary `json:"tools"`
	}
	versions := map[string]string{}
	for _, t := range r.tools {
		versions[t.name] = t.version
	}
	out := struct {
		Date     string            `json:"date"`
		Cores    int               `json:"cores"`
		Go       string            `json:"go"`
		Versions map[string]string `json:"versions"`
		Rows     []row             `json:"rows"`
		Notes    []string          `json:"notes,omitempty"`
	}{time.Now().Format(time.DateOnly), runtime.NumCPU(), runtime.Version(), versions, nil, r.notes}
	for _, k := range r.keys {
		tools := map[string]summary{}
		for name, runs := range r.data[k] {
			tools[name] = summarize(runs)
		}
		out.Rows = append(out.Rows, row{k.scenario, k.metric, tools})
	}
	data, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}
