package project

import (
	"testing"

	"github.com/miniworker/miniworker/wrangler/bundle"
)

// An error that was made outside any code of the worker has frames of the
// runtime only: none is shown.
func TestMapStackWithoutUserFrames(t *testing.T) {
	var m Member
	m.running.Store(&bundle.Bundle{})
	const text = "Error: lost\n    at Array.map (<anonymous>)\n    at f (<anonymous>)"
	if got := m.MapStack(text); got != "Error: lost" {
		t.Errorf("%q", got)
	}
}
