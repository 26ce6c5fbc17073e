package project

import (
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/compat"
	"github.com/miniworker/miniworker/wrangler/config"
)

// flags resolves the compatibility date and flags of a worker. What is wrong
// with them is located at the date, the only one of the two with a position.
func flags(c *config.Config) (func(string) bool, diag.List) {
	flag, diags := compat.Resolve(c.CompatibilityDate, c.CompatibilityFlags)
	for i := range diags {
		diags[i].Pos = c.CompatibilityDatePos
		if diags[i].Pos.File == "" {
			diags[i].Pos.File = c.Path
		}
	}
	return flag, diags
}
