package dev

import (
	"context"
	"fmt"
)

// Keyboard is the terminal of an interactive session.
type Keyboard struct {
	// Keys are those that were pressed.
	Keys <-chan byte
	// Browse opens an address in the user's browser.
	Browse func(url string) error
}

// keysLine says which keys do something.
const keysLine = "b browser · e explorer · r restart the workers · c clear · x exit"

const clearScreen = "\x1b[H\x1b[2J\x1b[3J"

// keys is nil where nobody types.
func (s *Session) keys() <-chan byte {
	if s.opts.Keyboard == nil {
		return nil
	}
	return s.opts.Keyboard.Keys
}

// press does what a key asks for, and reports whether that is the end.
func (s *Session) press(ctx context.Context, w *watcher, key byte) (exit bool) {
	switch key {
	case 'b':
		s.browse(s.url(s.open))
	case 'e':
		s.browse(s.url(s.open) + explorerPath)
	case 'd':
		s.out.say(Info, "the engine has no inspector; errors show their source and stack here, and /cdn-cgi/local/trace what happened")
	case 'r':
		w.askRestart(ctx)
	case 'c':
		s.out.print(clearScreen)
		s.sayKeys()
	case 'x', 'q', 3, 4: // Ctrl-C and Ctrl-D, where the terminal passes them on
		return true
	case '?', 'h':
		s.sayKeys()
	}
	return false
}

func (s *Session) browse(url string) {
	if err := s.opts.Keyboard.Browse(url); err != nil {
		s.out.say(Error, fmt.Sprintf("no browser could be started (%v): open %s yourself", err, url))
	}
}

func (s *Session) sayKeys() {
	if s.opts.Keyboard != nil {
		s.out.print("  " + s.out.styled(dim, keysLine) + "\n")
	}
}

// askRestart lets the goroutine of the watcher restart the workers, or does so
// itself where there is none.
func (w *watcher) askRestart(ctx context.Context) {
	if w.files == nil {
		w.s.restart(ctx, w)
		return
	}
	select {
	case w.asked <- struct{}{}:
	default: // asked already
	}
}
