package bindings

import (
	"errors"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Stateful is a shared thing (see Shared) that keeps state. Snapshots of the
// session hold it still while they copy its files, and tell it to forget what
// it knows when they put others in their place.
type Stateful interface {
	// Hold waits for calls under way and keeps others waiting until Resume.
	Hold() (Held, error)
}

// Held is a Stateful that stands still.
type Held interface {
	// Path is the folder, or the one file, below the state directory that it
	// keeps its state in; "" for none.
	Path() string
	// Databases are those it has open.
	Databases() []*store.DB
	// Forget closes them without another write: the files are about to be
	// replaced.
	Forget() error
	// Resume lets calls go on. restored says that the state may be another one.
	Resume(restored bool) error
}

// Living is a Stateful in which code of workers runs.
type Living interface {
	Stateful
	// Busy reports whether something is half done that only its code can end.
	// Every isolate is parked.
	Busy() bool
	// EndAll drops what runs in iso, on the goroutine of that.
	EndAll(js *jsg.Scope, iso *isolate.Isolate)
}

// Remembering is a Stateful with state that is in memory only.
type Remembering interface {
	Stateful
	// Remember gives a copy, which Recall brings back; nil is the empty state.
	Remember() any
	Recall(copy any)
}

// ErrBusy is why there can be no snapshot now.
var ErrBusy = errors.New("a worker is in the middle of a transaction or of code that does not return")
