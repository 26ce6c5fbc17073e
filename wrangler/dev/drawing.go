package dev

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/wrangler/routes"
)

// drawing is hosts, patterns and workers as boxes, joined by lines. The table
// beside it says the same to those who cannot see it.
type drawing struct {
	Label         string
	Width, Height int
	Boxes         []box
	Lines         []wireLine
}

type box struct {
	X, Y, W, H, TX, TY int
	Text, Class        string
}

type wireLine struct {
	X1, Y1, Mid, X2, Y2 int
	Class               string
}

// Sizes in pixels; letters of the page's fixed-width font are charWidth wide.
const (
	charWidth, boxHeight, rowGap, columnGap, boxPad = 8, 30, 14, 80, 12
	maxDrawn, maxLetters                            = 40, 38
)

// draw lays out rows in three columns. More than fit are left to the table.
func draw(rows []routeRow, ans *routes.Answer) *drawing {
	if len(rows) == 0 || len(rows) > maxDrawn {
		return nil
	}
	var hosts, workers []string
	for _, r := range rows {
		hosts, workers = appendOnce(hosts, hostOf(r.Pattern)), appendOnce(workers, r.Worker)
	}
	patterns := make([]string, len(rows))
	for i, r := range rows {
		patterns[i] = r.Pattern
	}
	d := &drawing{Label: drawingLabel(rows, ans)}
	d.Height = max(len(hosts), len(rows), len(workers))*(boxHeight+rowGap) + rowGap
	left := d.column(0, hosts, func(i int) string {
		return strongest(rows, func(r routeRow) bool { return hostOf(r.Pattern) == hosts[i] })
	})
	middle := d.column(left[0].X+left[0].W+columnGap, patterns, func(i int) string { return rows[i].Class })
	right := d.column(middle[0].X+middle[0].W+columnGap, workers, func(i int) string {
		if c := strongest(rows, func(r routeRow) bool { return r.Worker == workers[i] }); c == "win" {
			return "worker win"
		}
		return "worker"
	})
	for i, r := range rows {
		d.connect(left[slices.Index(hosts, hostOf(r.Pattern))], middle[i], r.Class)
		d.connect(middle[i], right[slices.Index(workers, r.Worker)], r.Class)
	}
	// What won is drawn over the others.
	slices.SortStableFunc(d.Lines, func(a, b wireLine) int { return strings.Compare(a.Class, b.Class) })
	d.Width = right[0].X + right[0].W + boxPad
	return d
}

func appendOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// strongest is the most telling class among the rows that are concerned.
func strongest(rows []routeRow, concerned func(routeRow) bool) string {
	best := ""
	for _, r := range rows {
		if concerned(r) && slices.Index(classOrder, r.Class) > slices.Index(classOrder, best) {
			best = r.Class
		}
	}
	return best
}

var classOrder = []string{"", "near", "lost", "win"}

// column adds boxes of one width, spread over the height.
func (d *drawing) column(x int, texts []string, class func(i int) string) []box {
	longest := 0
	shown := make([]string, len(texts))
	for i, t := range texts {
		if utf8.RuneCountInString(t) > maxLetters {
			t = string([]rune(t)[:maxLetters-1]) + "…"
		}
		shown[i] = t
		longest = max(longest, utf8.RuneCountInString(t))
	}
	step := (d.Height - rowGap) / len(texts)
	boxes := make([]box, len(texts))
	for i, t := range shown {
		y := rowGap + i*step + (step-rowGap-boxHeight)/2
		boxes[i] = box{X: x + 2, Y: y, W: longest*charWidth + 2*boxPad, H: boxHeight, TX: x + 2 + boxPad, TY: y + boxHeight/2 + 5, Text: t, Class: class(i)}
	}
	d.Boxes = append(d.Boxes, boxes...)
	return boxes
}

func (d *drawing) connect(from, to box, class string) {
	x1, x2 := from.X+from.W, to.X
	d.Lines = append(d.Lines, wireLine{X1: x1, Y1: from.Y + from.H/2, Mid: (x1 + x2) / 2, X2: x2, Y2: to.Y + to.H/2, Class: class})
}

// drawingLabel says in words what the drawing shows.
func drawingLabel(rows []routeRow, ans *routes.Answer) string {
	var b strings.Builder
	b.WriteString("Hosts, patterns and workers. ")
	for _, r := range rows {
		fmt.Fprintf(&b, "%s goes to %s. ", r.Pattern, r.Worker)
	}
	if ans != nil && ans.Outcome == routing.RunWorker {
		fmt.Fprintf(&b, "%s is answered by %s.", ans.URL, ans.Worker)
	} else if ans != nil {
		fmt.Fprintf(&b, "%s is answered by no worker.", ans.URL)
	}
	return strings.TrimSpace(b.String())
}
