package cli

import (
	"context"
	"sync"

	"golang.org/x/term"
)

// singleKeys makes a terminal give keys as they are pressed, Ctrl-C among them.
func singleKeys(_ context.Context, fd int) (restore func(), err error) {
	before, err := term.MakeRaw(fd)
	if err != nil {
		return nil, err
	}
	return sync.OnceFunc(func() { _ = term.Restore(fd, before) }), nil
}
