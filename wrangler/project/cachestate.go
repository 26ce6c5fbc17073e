package project

import (
	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/runtime/api/cache"
)

// cacheState lets snapshots take the cached responses along.
type cacheState struct{ *cache.Memory }

// Hold implements bindings.Stateful.
func (c cacheState) Hold() (bindings.Held, error) { return bindings.HoldMemory(c.Memory.Hold()), nil }

// Remember implements bindings.Remembering.
func (c cacheState) Remember() any { return c.Copy() }

// Recall implements bindings.Remembering.
func (c cacheState) Recall(copy any) {
	contents, _ := copy.(*cache.Contents)
	c.Replace(contents)
}
