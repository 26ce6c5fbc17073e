package routes

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/routing"
)

// Format is an output form of LintRun.
type Format string

// The output forms.
const (
	Text   Format = "text"
	JSON   Format = "json"
	SARIF  Format = "sarif"
	GitHub Format = "github" // workflow commands, shown beside the code
)

// ParseFormat reads a --format value; empty is Text.
func ParseFormat(s string) (Format, error) {
	switch f := Format(s); f {
	case "":
		return Text, nil
	case Text, JSON, SARIF, GitHub:
		return f, nil
	}
	return "", fmt.Errorf("unknown format %q: use text, json, sarif or github", s)
}

// ParseSeverity reads a severity threshold: info, warning or error.
func ParseSeverity(s string) (diag.Severity, error) {
	for _, v := range []diag.Severity{diag.Info, diag.Warning, diag.Error} {
		if s == v.String() {
			return v, nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q: use info, warning or error", s)
}

// LintOptions say what to report, how, and what makes the run fail.
type LintOptions struct {
	Format Format
	// Show is the least severity that is written.
	Show diag.Severity
	// FailOn is the least severity that fails the run.
	FailOn diag.Severity
	// Baseline is a file of accepted findings; "" for none. Accepted findings are
	// neither written nor counted.
	Baseline string
	// UpdateBaseline writes all findings of at least Show to Baseline in place of
	// reporting them.
	UpdateBaseline bool
	// Root is the directory that file names are shown relative to.
	Root string
	// Version of the program, for SARIF.
	Version string
}

// LintResult counts what LintRun found.
type LintResult struct {
	Errors, Warnings, Infos int
	// Accepted findings are in the baseline.
	Accepted int
	// Stale lists baseline entries that no longer occur.
	Stale []string
	// Failed is set if a finding reached LintOptions.FailOn.
	Failed bool
}

// LintRun writes the findings about a project's routes to w.
func LintRun(w io.Writer, t *routing.Table, loaded []Source, o LintOptions) (LintResult, error) {
	var res LintResult
	all := Findings(t, loaded)
	shown := slices.DeleteFunc(all, func(f routing.Finding) bool { return f.Severity < min(o.Show, o.FailOn) })
	if o.UpdateBaseline {
		if o.Baseline == "" {
			return res, errors.New("routes lint: no baseline file to update")
		}
		shown = slices.DeleteFunc(shown, func(f routing.Finding) bool { return f.Severity < o.Show })
		res.Accepted = len(shown)
		return res, writeBaseline(o.Baseline, shown)
	}
	base, err := readBaseline(o.Baseline)
	if err != nil {
		return res, err
	}
	shown = slices.DeleteFunc(shown, func(f routing.Finding) bool {
		known := base.take(f)
		if known {
			res.Accepted++
		}
		return known
	})
	res.Stale = base.left()
	for i := range shown {
		res.count(&shown[i], o)
	}
	shown = slices.DeleteFunc(shown, func(f routing.Finding) bool { return f.Severity < o.Show })
	for i := range shown {
		shorten(&shown[i], o.Root)
	}
	return res, writeFindings(w, shown, res, o)
}

func (r *LintResult) count(f *routing.Finding, o LintOptions) {
	switch f.Severity {
	case diag.Error:
		r.Errors++
	case diag.Warning:
		r.Warnings++
	default:
		r.Infos++
	}
	r.Failed = r.Failed || f.Severity >= o.FailOn
}

// shorten makes the file names of a finding relative to root.
func shorten(f *routing.Finding, root string) {
	f.Pos = relative(f.Pos, root)
	f.Notes = slices.Clone(f.Notes)
	for i := range f.Notes {
		f.Notes[i].Pos = relative(f.Notes[i].Pos, root)
	}
}

func writeFindings(w io.Writer, fs []routing.Finding, res LintResult, o LintOptions) error {
	switch o.Format {
	case JSON:
		return writeJSON(w, struct {
			Findings []routing.Finding `json:"findings"`
			Errors   int               `json:"errors"`
			Warnings int               `json:"warnings"`
			Infos    int               `json:"infos"`
			Accepted int               `json:"accepted"`
			Stale    []string          `json:"stale,omitempty"`
		}{append([]routing.Finding{}, fs...), res.Errors, res.Warnings, res.Infos, res.Accepted, res.Stale})
	case SARIF:
		return writeJSON(w, sarifLog(fs, o.Version))
	case GitHub:
		return writeGitHub(w, fs)
	}
	return writeText(w, fs, res)
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func writeText(w io.Writer, fs []routing.Finding, res LintResult) error {
	var b strings.Builder
	for _, f := range fs {
		d := f.Diagnostic
		d.Message = strings.ReplaceAll(d.Message, "\n", "\n  ") + " [" + d.Code + "]"
		b.WriteString(d.Error())
		b.WriteString("\n\n")
	}
	if res.Errors+res.Warnings+res.Infos == 0 {
		b.WriteString("No findings")
	} else {
		fmt.Fprintf(&b, "%s, %s, %d info", plural(res.Errors, "error"), plural(res.Warnings, "warning"), res.Infos)
	}
	if res.Accepted > 0 {
		fmt.Fprintf(&b, "; %d accepted by the baseline", res.Accepted)
	}
	if len(res.Stale) > 0 {
		fmt.Fprintf(&b, "; no longer found and to be removed from the baseline:\n  %s", strings.Join(res.Stale, "\n  "))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// writeGitHub writes workflow commands. Their values escape what would end
// them.
func writeGitHub(w io.Writer, fs []routing.Finding) error {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	prop := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, f := range fs {
		command := map[diag.Severity]string{diag.Error: "error", diag.Warning: "warning", diag.Info: "notice"}[f.Severity]
		var at strings.Builder
		if f.Pos.File != "" {
			fmt.Fprintf(&at, "file=%s,", prop.Replace(f.Pos.File))
			if f.Pos.Line > 0 {
				fmt.Fprintf(&at, "line=%d,", f.Pos.Line)
			}
			if f.Pos.Col > 0 {
				fmt.Fprintf(&at, "col=%d,", f.Pos.Col)
			}
		}
		text := f.Message
		if f.Hint != "" {
			text += "\nhint: " + f.Hint
		}
		if _, err := fmt.Fprintf(w, "::%s %stitle=%s::%s\n", command, at.String(), prop.Replace(f.Code), data.Replace(text)); err != nil {
			return err
		}
	}
	return nil
}

// baseline is a set of accepted findings. Entries name code, subject and
// Workers, not lines, so that they survive edits elsewhere in the file.
type baseline struct{ open map[string]int }

type baselineFile struct {
	Version  int      `json:"version"`
	Accepted []string `json:"accepted"`
}

func fingerprint(f routing.Finding) string {
	ws := slices.Clone(f.Workers)
	slices.Sort(ws)
	return strings.TrimRight(f.Code+" "+f.Subject+" "+strings.Join(ws, ","), " ")
}

func readBaseline(path string) (baseline, error) {
	b := baseline{map[string]int{}}
	if path == "" {
		return b, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return b, fmt.Errorf("routes lint: the baseline %s does not exist; write it with the update option", path)
	}
	if err != nil {
		return b, fmt.Errorf("routes lint: read baseline: %w", err)
	}
	var file baselineFile
	if err := json.Unmarshal(text, &file); err != nil {
		return b, fmt.Errorf("routes lint: baseline %s: %w", path, err)
	}
	if file.Version != 1 {
		return b, fmt.Errorf("routes lint: baseline %s has version %d; this program knows version 1", path, file.Version)
	}
	for _, s := range file.Accepted {
		b.open[s]++
	}
	return b, nil
}

// take uses up the entry for f, if there is one.
func (b baseline) take(f routing.Finding) bool {
	key := fingerprint(f)
	if b.open[key] == 0 {
		return false
	}
	b.open[key]--
	return true
}

// left lists the entries nothing used.
func (b baseline) left() []string {
	var out []string
	for s, n := range b.open {
		for range n {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}

func writeBaseline(path string, fs []routing.Finding) error {
	file := baselineFile{Version: 1, Accepted: []string{}}
	for _, f := range fs {
		file.Accepted = append(file.Accepted, fingerprint(f))
	}
	slices.Sort(file.Accepted)
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("routes lint: write baseline: %w", err)
	}
	return nil
}
