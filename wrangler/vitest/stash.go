package vitest

import "context"

// stash is the storage of one copy of the project, as layers: each suite and
// each test gets one, and what it wrote goes with it.
type stash interface {
	// push begins a layer.
	push(ctx context.Context) error
	// rewind puts the storage back to where the topmost layer began.
	rewind(ctx context.Context) error
	// pop is rewind, and ends the layer.
	pop(ctx context.Context) error
	// reset empties the storage.
	reset(ctx context.Context) error
}

// noStash keeps no layers.
type noStash struct{}

func (noStash) push(context.Context) error   { return nil }
func (noStash) rewind(context.Context) error { return nil }
func (noStash) pop(context.Context) error    { return nil }
func (noStash) reset(context.Context) error  { return nil }
