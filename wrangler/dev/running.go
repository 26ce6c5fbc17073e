package dev

import (
	"errors"
	"strings"
)

// inUse is the error for a state directory that a session has locked.
type inUse struct {
	dir    string
	holder string // what it wrote about itself, maybe ""
}

// Error implements error.
func (e *inUse) Error() string {
	who := ""
	if e.holder != "" {
		who = " (" + e.holder + ")"
	}
	return "another session uses the state directory " + shownDir(e.dir) + who + ": stop it, or give this one its own with --persist-to"
}

// LockState takes a state directory for a command, so that no session starts in
// it meanwhile. If a session runs there already, it returns that session's
// address instead, and commands go through it.
func LockState(dir string) (unlock func(), session string, err error) {
	s, err := openState(dir, nil)
	if used, ok := errors.AsType[*inUse](err); ok {
		if _, url, found := strings.Cut(used.holder, ", "); found {
			return nil, url, nil
		}
	}
	if err != nil {
		return nil, "", err
	}
	return s.close, "", nil
}
