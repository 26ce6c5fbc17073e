package trace

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// String draws the records as a tree, each below what caused it, in the order
// in which they began.
func (rs Records) String() string {
	var b strings.Builder
	rs.draw(func(depth int, r Record) { fmt.Fprintf(&b, "%s%s", strings.Repeat("  ", depth), r.line()) })
	return b.String()
}

// Tree is String without what differs from run to run: ids are numbered in the
// order they come. It can be kept and compared.
func (rs Records) Tree() string {
	known := map[string]int{}
	return ids().ReplaceAllStringFunc(rs.String(), func(id string) string {
		if known[id] == 0 {
			known[id] = len(known) + 1
		}
		return fmt.Sprintf("<id %d>", known[id])
	})
}

// ids are those of Durable Objects, and UUIDs.
var ids = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b([0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b`)
})

// maxDepth bounds how deep the tree is drawn.
const maxDepth = 100

func (rs Records) draw(line func(depth int, r Record)) {
	known, below := map[Span]bool{}, map[Span]Records{}
	for _, r := range rs {
		known[r.Span] = r.Span != 0
	}
	for _, r := range rs {
		parent := r.Parent
		if !known[parent] || parent == r.Span {
			parent = 0
		}
		below[parent] = append(below[parent], r)
	}
	var draw func(parent Span, depth int)
	draw = func(parent Span, depth int) {
		list := below[parent]
		delete(below, parent) // a span with several records is drawn once
		slices.SortStableFunc(list, func(a, b Record) int { return cmp.Compare(a.order, b.order) })
		for _, r := range list {
			line(depth, r)
			if r.Span != 0 && depth < maxDepth {
				draw(r.Span, depth+1)
			}
		}
	}
	draw(0, 0)
}

func (r Record) line() string {
	parts := []string{string(r.Kind), r.Name}
	if r.Worker != "" {
		parts = append(parts, "["+r.Worker+"]")
	}
	if r.Target != "" && !strings.HasPrefix(r.Name, r.Target) {
		parts = append(parts, "→ "+r.Target)
	}
	if r.Status != 0 {
		parts = append(parts, fmt.Sprint(r.Status))
	}
	if r.Error != "" {
		parts = append(parts, "failed: "+r.Error)
	}
	return strings.Join(parts, " ") + "\n"
}
