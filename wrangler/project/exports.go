package project

import (
	"context"

	"github.com/miniworker/miniworker/runtime/compat"
	"github.com/miniworker/miniworker/wrangler/bundle"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Exports are the names that the entry of a worker exports. A worker of assets
// only has none.
func Exports(ctx context.Context, c *config.Config) ([]string, error) {
	if c.Main == "" {
		return nil, nil
	}
	flag, _ := compat.Resolve(c.CompatibilityDate, c.CompatibilityFlags)
	b, err := bundle.New(bundleOptions(c, flag))
	if err != nil {
		return nil, err
	}
	defer b.Dispose()
	out, diags := b.Build(ctx)
	if out == nil {
		return nil, diags
	}
	return out.Exports, nil
}
