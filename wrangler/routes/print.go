package routes

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/routing"
)

// Print writes everything a project answers to, in the order it is tried: per
// zone the routes, then the custom domains, then workers.dev. Files are shown
// relative to root.
func Print(w io.Writer, t *routing.Table, root string) error {
	places := t.Places()
	if len(places) == 0 {
		_, err := fmt.Fprintln(w, "No routes, no custom domains, and workers.dev is off everywhere.")
		return err
	}
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	zone := ""
	for _, p := range places {
		if p.Zone != zone {
			if zone != "" {
				fmt.Fprintln(tw)
			}
			zone = p.Zone
			fmt.Fprintf(tw, "zone %s\n", zone)
		}
		worker := p.Worker
		switch {
		case worker == "":
			worker = "(no Worker)"
		case !p.Enabled:
			worker += " (disabled)"
		}
		fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\n", p.Pattern, kindName(p.Kind), worker, place(p.Pos, root))
	}
	return tw.Flush()
}

// PrintJSON writes what Print does as a JSON list.
func PrintJSON(w io.Writer, t *routing.Table, root string) error {
	places := append([]routing.Place{}, t.Places()...)
	for i := range places {
		places[i].Pos = relative(places[i].Pos, root)
	}
	return writeJSON(w, places)
}

func kindName(v routing.Via) string {
	switch v {
	case routing.ViaCustomDomain:
		return "custom domain"
	case routing.ViaWorkersDev:
		return "workers.dev"
	}
	return v.String()
}

// place renders a position relative to root, without the column.
func place(pos diag.Position, root string) string {
	pos = relative(pos, root)
	pos.Col = 0
	return pos.String()
}

// relative shortens the file of pos if it is below root.
func relative(pos diag.Position, root string) diag.Position {
	if root == "" || !filepath.IsAbs(pos.File) {
		return pos
	}
	if rel, err := filepath.Rel(root, pos.File); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		pos.File = filepath.ToSlash(rel)
	}
	return pos
}

// ExplainText writes an answer for a person.
func ExplainText(w io.Writer, a Answer, root string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  %s\n", a.URL, headline(a))
	if a.Pos.File != "" {
		fmt.Fprintf(&b, "  at %s\n", place(a.Pos, root))
	}
	fmt.Fprintf(&b, "  %s\n", a.Reason)
	if x := a.Assets; x != nil {
		fmt.Fprintf(&b, "  %s\n", assetLine(a.Worker, x))
	}
	if len(a.AlsoMatched) > 0 {
		b.WriteString("\nAlso matched, best first:\n")
		for _, c := range a.AlsoMatched {
			fmt.Fprintf(&b, "  %s (%s)%s\n    %s (%s)\n", c.Pattern, owner(c.Worker, c.Via), at(c.Pos, root), c.Why, c.Rule)
		}
	}
	if len(a.NearMisses) > 0 {
		b.WriteString("\nNearly matched:\n")
		for _, n := range a.NearMisses {
			name := n.Pattern
			if name == "" {
				name = n.Worker
			}
			fmt.Fprintf(&b, "  %s (%s)%s\n    %s (%s)\n", name, owner(n.Worker, n.Via), at(n.Pos, root), n.Why, n.Rule)
			if n.Fix != "" {
				fmt.Fprintf(&b, "    hint: %s\n", n.Fix)
			}
		}
	}
	for i, s := range a.Warnings {
		if i == 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "warning: %s\n", s)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// ExplainJSON writes an answer for a program.
func ExplainJSON(w io.Writer, a Answer, root string) error {
	return writeJSON(w, relativeAnswer(a, root))
}

// relativeAnswer shortens the file names in an answer.
func relativeAnswer(a Answer, root string) Answer {
	a.Pos = relative(a.Pos, root)
	a.AlsoMatched, a.NearMisses = slices.Clone(a.AlsoMatched), slices.Clone(a.NearMisses)
	for i := range a.AlsoMatched {
		a.AlsoMatched[i].Pos = relative(a.AlsoMatched[i].Pos, root)
	}
	for i := range a.NearMisses {
		a.NearMisses[i].Pos = relative(a.NearMisses[i].Pos, root)
	}
	return a
}

// headline is the answer in one line.
func headline(a Answer) string {
	switch {
	case a.Outcome == routing.None:
		return "nobody answers for this host"
	case a.Outcome == routing.Origin:
		return fmt.Sprintf("no Worker; the origin of zone %s", a.Zone)
	case a.Assets != nil && !a.Assets.Code:
		return fmt.Sprintf("assets of Worker %s, by %s", a.Worker, viaText(a))
	}
	return fmt.Sprintf("Worker %s, by %s", a.Worker, viaText(a))
}

func viaText(a Answer) string {
	if a.Pattern == "" {
		return kindName(a.Via)
	}
	return kindName(a.Via) + " " + a.Pattern
}

func assetLine(worker string, x *AssetAnswer) string {
	detail := x.Rule
	if x.Detail != "" {
		detail += ": " + x.Detail
	}
	switch {
	case x.Code:
		return fmt.Sprintf("its code runs, not its assets (%s)", detail)
	case x.Location != "":
		return fmt.Sprintf("its assets answer %d, location %s (%s)", x.Status, x.Location, detail)
	case x.Asset != "":
		return fmt.Sprintf("its assets answer %d with %s (%s)", x.Status, x.Asset, detail)
	}
	return fmt.Sprintf("its assets answer %d (%s)", x.Status, detail)
}

func owner(worker string, via routing.Via) string {
	if worker == "" {
		return "route without a Worker"
	}
	return fmt.Sprintf("%s of Worker %s", kindName(via), worker)
}

func at(pos diag.Position, root string) string {
	if pos.File == "" {
		return ""
	}
	return " at " + place(pos, root)
}
