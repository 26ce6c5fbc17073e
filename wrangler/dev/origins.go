package dev

import (
	"strings"
	"sync"

	"github.com/miniworker/miniworker/internal/trace"
)

// origins are the exceptions of which it is known where they were thrown. Their
// stack stays behind when they pass to another worker or object, and the text
// alone arrives.
type origins struct {
	mu   sync.Mutex
	last map[string]trace.Record // by text
}

const maxOrigins = 256

func (o *origins) add(r trace.Record) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.last == nil || len(o.last) >= maxOrigins {
		o.last = map[string]trace.Record{}
	}
	o.last[r.Error] = r
}

// find is the exception that became an error of this text elsewhere. Classes of
// the application's own arrive as Error, with their name in the message.
func (o *origins) find(text string) (trace.Record, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	r, ok := o.last[text]
	if !ok {
		r, ok = o.last[strings.TrimPrefix(text, "Error: ")]
	}
	return r, ok
}

// lately reports whether the exception behind r was in the log just before.
func (o *origins) lately(r trace.Record) bool {
	from, ok := o.find(r.Error)
	return ok && r.Time.Sub(from.Time) < repeatWindow
}
