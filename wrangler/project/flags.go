package project

import (
	"slices"

	"github.com/miniworker/miniworker/wrangler/config"
)

// flags resolves the compatibility flags of a worker.
func flags(c *config.Config) func(string) bool {
	return func(name string) bool { return slices.Contains(c.CompatibilityFlags, name) }
}
