package dev

import (
	"path/filepath"

	"github.com/miniworker/miniworker/wrangler/config"
)

// ownDir is the directory of a project that is all ours.
const ownDir = ".miniworker"

// StateDir is where sessions of a project keep state unless told otherwise:
// .miniworker/state beside the first configuration.
func StateDir(first *config.Config) string {
	return filepath.Join(first.UserDir, ownDir, "state")
}

// TraceDir is where traces of failed tests are kept unless told otherwise, for a
// project whose first configuration is in dir.
func TraceDir(dir string) string { return filepath.Join(dir, ownDir, "test-traces") }
