package coverage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Reporters are the names that Write takes.
var Reporters = []string{"text", "text-summary", "json", "json-summary", "lcov", "lcovonly", "html", "none"}

// Write writes the reports named: tables to out, files into dir. Paths in them are
// shown relative to root.
func (m Map) Write(reporters []string, out io.Writer, dir, root string) error {
	for _, name := range reporters {
		var err error
		switch name {
		case "none":
		case "text":
			_, err = io.WriteString(out, m.table(root))
		case "text-summary":
			_, err = io.WriteString(out, m.Total().text())
		case "json":
			err = writeJSON(filepath.Join(dir, "coverage-final.json"), m)
		case "json-summary":
			err = writeJSON(filepath.Join(dir, "coverage-summary.json"), m.summaries())
		case "lcov", "lcovonly":
			err = write(filepath.Join(dir, "lcov.info"), m.lcov(root))
		case "html":
			err = m.html(dir, root)
		default:
			err = fmt.Errorf("--coverage.reporter %s is not known: use %s", name, strings.Join(Reporters, ", "))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func writeJSON(file string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return write(file, data)
}

func write(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

// summaries is what coverage-summary.json holds.
func (m Map) summaries() map[string]any {
	out := map[string]any{"total": m.Total().object()}
	for p, f := range m {
		out[p] = f.Summary().object()
	}
	return out
}

func (s Summary) object() map[string]any {
	share := func(s Share) map[string]any {
		return map[string]any{"total": s.Total, "covered": s.Covered, "skipped": 0, "pct": s.Percent()}
	}
	return map[string]any{"lines": share(s.Lines), "statements": share(s.Statements), "functions": share(s.Functions), "branches": share(s.Branches)}
}

func (s Summary) text() string {
	var b strings.Builder
	b.WriteString("\n=============================== Coverage summary ===============================\n")
	for _, l := range []struct {
		name string
		Share
	}{{"Statements", s.Statements}, {"Branches", s.Branches}, {"Functions", s.Functions}, {"Lines", s.Lines}} {
		fmt.Fprintf(&b, "%-12s : %v%% ( %d/%d )\n", l.name, l.Percent(), l.Covered, l.Total)
	}
	b.WriteString("================================================================================\n")
	return b.String()
}

// relative is how a path is shown.
func relative(root, file string) string {
	if rel, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(file)
}

type row struct {
	name      string
	summary   Summary
	uncovered string
}

// table is Istanbul's: all files, folders, and the files in them.
func (m Map) table(root string) string {
	folders := map[string][]*File{}
	for _, f := range m.Files() {
		folder := path.Dir(relative(root, f.Path))
		folders[folder] = append(folders[folder], f)
	}
	rows := []row{{name: "All files", summary: m.Total()}}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		indent := " "
		if len(folders) > 1 || folder != "." {
			r := row{name: " " + folder}
			for _, f := range folders[folder] {
				r.summary.sum(f.Summary())
			}
			rows = append(rows, r)
			indent = "  "
		}
		for _, f := range folders[folder] {
			rows = append(rows, row{indent + filepath.Base(f.Path), f.Summary(), f.uncovered()})
		}
	}
	wide, last := len("File"), len("Uncovered Line #s ")
	for _, r := range rows {
		wide, last = max(wide, len(r.name)), max(last, len(r.uncovered)+1)
	}
	wide++
	line := strings.Repeat("-", wide) + "|---------|----------|---------|---------|" + strings.Repeat("-", last+1) + "\n"
	var b strings.Builder
	b.WriteString("\n % Coverage report from istanbul\n" + line)
	fmt.Fprintf(&b, "%-*s| %% Stmts | %% Branch | %% Funcs | %% Lines | %-*s\n", wide, "File", last, "Uncovered Line #s")
	b.WriteString(line)
	for _, r := range rows {
		fmt.Fprintf(&b, "%-*s| %7s | %8s | %7s | %7s | %-*s\n", wide, r.name, percent(r.summary.Statements), percent(r.summary.Branches),
			percent(r.summary.Functions), percent(r.summary.Lines), last, r.uncovered)
	}
	b.WriteString(line)
	return b.String()
}

func percent(s Share) string { return strconv.FormatFloat(s.Percent(), 'f', -1, 64) }

// lcov is the format of geninfo(1).
func (m Map) lcov(root string) []byte {
	var b bytes.Buffer
	for _, f := range m.Files() {
		s := f.Summary()
		fmt.Fprintf(&b, "TN:\nSF:%s\n", relative(root, f.Path))
		functions := byPlace(f.functions)
		for i, fn := range functions {
			fmt.Fprintf(&b, "FN:%d,%s\n", fn.decl.Start.Line, fn.label(i))
		}
		fmt.Fprintf(&b, "FNF:%d\nFNH:%d\n", s.Functions.Total, s.Functions.Covered)
		for i, fn := range functions {
			fmt.Fprintf(&b, "FNDA:%d,%s\n", fn.n, fn.label(i))
		}
		lines := f.lines()
		for _, line := range slices.Sorted(maps.Keys(lines)) {
			fmt.Fprintf(&b, "DA:%d,%d\n", line, lines[line])
		}
		fmt.Fprintf(&b, "LF:%d\nLH:%d\n", s.Lines.Total, s.Lines.Covered)
		for i, br := range f.sortedBranches() {
			for path, n := range br.n {
				fmt.Fprintf(&b, "BRDA:%d,%d,%d,%d\n", br.branch.at.Start.Line, i, path, n)
			}
		}
		fmt.Fprintf(&b, "BRF:%d\nBRH:%d\nend_of_record\n", s.Branches.Total, s.Branches.Covered)
	}
	return b.Bytes()
}
