package dev

import (
	"sync"

	"github.com/miniworker/miniworker/internal/trace"
)

// tree gathers sub-requests until the request they belong to is answered. It
// holds a bounded number of both: sub-requests of requests that never end are
// dropped, oldest first, and only the latest requests are remembered for
// sub-requests that end after them.
type tree struct {
	mu       sync.Mutex
	children map[trace.Span][]trace.Record
	// order is the parents in children, oldest first, each once.
	order []trace.Span
	count int

	// printed are the requests shown last, a ring, and where they are in it.
	printed [rememberPrinted]printedRequest
	at      map[trace.Span]int
	next    int
}

const (
	maxChildren     = 4096
	rememberPrinted = 512
)

type printedRequest struct {
	span  trace.Span
	label string
}

func newTree() *tree {
	return &tree{children: map[trace.Span][]trace.Record{}, at: map[trace.Span]int{}}
}

// add keeps a sub-request for later; if its request was shown already it is
// late, and label says for what.
func (t *tree) add(r trace.Record) (late bool, label string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i, ok := t.at[r.Parent]; ok {
		t.remember(r.Span, t.printed[i].label)
		return true, t.printed[i].label
	}
	for t.count >= maxChildren && len(t.order) > 0 {
		oldest := t.order[0]
		t.order = t.order[1:]
		t.count -= len(t.children[oldest])
		delete(t.children, oldest)
	}
	if _, ok := t.children[r.Parent]; !ok {
		t.order = append(t.order, r.Parent)
	}
	t.children[r.Parent] = append(t.children[r.Parent], r)
	t.count++
	return false, ""
}

// node is a sub-request and those below it.
type node struct {
	trace.Record
	below []node
}

// take gives what was gathered for a request, which is shown now.
func (t *tree) take(span trace.Span, label string) []node {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.remember(span, label)
	if len(t.children) == 0 {
		return nil
	}
	nodes := t.collect(span, label)
	if len(t.order) > 2*len(t.children)+64 {
		t.compact()
	}
	return nodes
}

func (t *tree) collect(span trace.Span, label string) []node {
	list, ok := t.children[span]
	if !ok {
		return nil
	}
	delete(t.children, span)
	t.count -= len(list)
	out := make([]node, len(list))
	for i, r := range list {
		t.remember(r.Span, label)
		out[i] = node{r, t.collect(r.Span, label)}
	}
	return out
}

// compact forgets the parents in order that were taken.
func (t *tree) compact() {
	kept := make([]trace.Span, 0, len(t.children))
	for _, s := range t.order {
		if _, ok := t.children[s]; ok {
			kept = append(kept, s)
		}
	}
	t.order = kept
}

func (t *tree) remember(span trace.Span, label string) {
	old := &t.printed[t.next]
	if old.span != 0 {
		delete(t.at, old.span)
	}
	*old = printedRequest{span, label}
	t.at[span] = t.next
	t.next = (t.next + 1) % rememberPrinted
}
