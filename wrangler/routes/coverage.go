package routes

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/server"
)

// coverageFile is the name of the record of which patterns answered, inside the
// state directory.
const coverageFile = "routes-coverage.json"

// Hits are how often one pattern decided.
type Hits = server.Hits

type coverageRecord struct {
	Version int    `json:"version"`
	Hits    []Hits `json:"hits"`
}

// ReadCoverage reads what earlier sessions recorded in a state directory;
// nothing recorded is an empty list.
func ReadCoverage(state string) ([]Hits, error) {
	path := filepath.Join(state, coverageFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read route coverage: %w", err)
	}
	var rec coverageRecord
	if err := json.Unmarshal(text, &rec); err != nil {
		return nil, fmt.Errorf("route coverage %s: %w (delete it to start anew)", path, err)
	}
	if rec.Version != 1 {
		return nil, fmt.Errorf("route coverage %s has version %d; this program knows version 1", path, rec.Version)
	}
	return rec.Hits, nil
}

// WriteCoverage replaces the record of a state directory.
func WriteCoverage(state string, hits []Hits) error {
	text, err := json.MarshalIndent(coverageRecord{1, append([]Hits{}, hits...)}, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(state, coverageFile)
	tmp, err := os.CreateTemp(state, "."+coverageFile+"-*")
	if err != nil {
		return fmt.Errorf("write route coverage: %w", err)
	}
	_, werr := tmp.Write(append(text, '\n'))
	if err := errors.Join(werr, tmp.Close(), os.Rename(tmp.Name(), path)); err != nil {
		os.Remove(tmp.Name())
		return fmt.Errorf("write route coverage: %w", err)
	}
	return nil
}

// Covered is a pattern with its hits.
type Covered struct {
	routing.Place
	Requests uint64 `json:"requests"`
	Fetches  uint64 `json:"fetches"`
}

// Coverage joins the project's patterns, in the order they are tried, with what
// was recorded. Records of patterns that are gone are left out.
func Coverage(t *routing.Table, hits []Hits) []Covered {
	type key struct{ zone, kind, pattern, worker string }
	byKey := map[key]Hits{}
	for _, h := range hits {
		byKey[key{h.Zone, h.Kind, h.Pattern, h.Worker}] = h
	}
	var out []Covered
	for _, p := range t.Places() {
		k := key{p.Zone, p.Kind.String(), p.Pattern, p.Worker}
		if p.Kind == routing.ViaWorkersDev {
			k.zone, k.pattern = "", p.Worker
		}
		h := byKey[k]
		out = append(out, Covered{p, h.Requests, h.Fetches})
	}
	return out
}

// PrintCoverage writes the patterns with their hits; those never hit are marked.
func PrintCoverage(w io.Writer, list []Covered, root string) error {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	missed := 0
	fmt.Fprintln(tw, "\tPATTERN\tKIND\tWORKER\tREQUESTS\tFETCHES\tAT")
	for _, c := range list {
		mark := ""
		if c.Requests+c.Fetches == 0 && c.Enabled {
			mark = "never"
			missed++
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%d\t%d\t%s\n", mark, c.Pattern, kindName(c.Kind), c.Worker, c.Requests, c.Fetches, place(c.Pos, root))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d of %s never answered\n", missed, plural(len(list), "pattern"))
	return err
}

// CoverageJSON writes coverage for a program.
func CoverageJSON(w io.Writer, list []Covered, root string) error {
	out := append([]Covered{}, list...)
	for i := range out {
		out[i].Pos = relative(out[i].Pos, root)
	}
	return writeJSON(w, struct {
		Patterns []Covered `json:"patterns"`
	}{out})
}
