package cli

import (
	"os"
	"path/filepath"

	"github.com/miniworker/miniworker/wrangler/dev"
	"github.com/miniworker/miniworker/wrangler/vitest"
)

// ownTraces is the project's directory for traces, without those of earlier runs.
func ownTraces(o *vitest.Options, cwd string) (string, error) {
	dir := dev.TraceDir(filepath.Dir(o.Locations[0].UserPath))
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if rel, err := filepath.Rel(cwd, dir); err == nil {
		return rel, nil
	}
	return dir, nil
}

// ignoreTraces keeps traces out of commits where they are among our own files.
func ignoreTraces(dir string) {
	own := filepath.Dir(dir)
	if _, err := os.Stat(dir); err == nil && dev.TraceDir(filepath.Dir(own)) == dir {
		dev.IgnoreInGit(own)
	}
}
