// Package routes shows what the routes of a project do: the order in which
// they are tried, who answers one URL and why, and what the Workers' routes do
// to each other. It joins wrangler/config (what the files say), runtime/routing
// (who is reached) and bindings/assets (code or file), and writes for people,
// for programs and for code review.
//
// It deliberately decides nothing itself: the order, the reasons and the
// findings come from runtime/routing, so that what is printed here is what the
// dev server does. Routes that exist in the dashboard only are known as far as
// the caller passes them in.
//
// The truth is https://developers.cloudflare.com/workers/configuration/routing/.
package routes

import (
	"slices"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Account is what routing needs to know beyond the configuration files.
type Account struct {
	// Zones, if given, is the complete list; see routing.World.
	Zones []string
	// WorkersDevSubdomain is SUB in NAME.SUB.workers.dev; empty accepts any.
	WorkersDevSubdomain string
	// CustomHostnames maps SaaS custom hostnames to their zone.
	CustomHostnames map[string]string
	// Negative are routes without a Worker.
	Negative []routing.Route
}

// World describes the project to the router. Configs are in load order: the
// first claimant of a pattern keeps it.
func World(configs []*config.Config, a Account) routing.World {
	w := routing.World{
		Zones: a.Zones, WorkersDevSubdomain: a.WorkersDevSubdomain,
		CustomHostnames: a.CustomHostnames, Negative: a.Negative,
	}
	for _, c := range configs {
		wk := routing.Worker{Name: c.Name, Pos: c.NamePos, WorkersDev: c.WorkersDevEnabled()}
		if wk.Pos == (diag.Position{}) {
			wk.Pos.File = c.Path
		}
		for _, r := range c.Routes {
			wk.Routes = append(wk.Routes, routing.Route{
				Pattern: r.Pattern, ZoneName: r.ZoneName, ZoneID: r.ZoneID, CustomDomain: r.CustomDomain,
				CustomDomainOff: r.CustomDomainOff,
				Enabled:         r.Enabled, Pos: r.Pos,
			})
		}
		w.Workers = append(w.Workers, wk)
	}
	return w
}

// Table compiles the project's routes.
func Table(configs []*config.Config, a Account) *routing.Table {
	return routing.NewTable(World(configs, a))
}

// find returns the config of a Worker by name.
func find(configs []*config.Config, name string) *config.Config {
	if i := slices.IndexFunc(configs, func(c *config.Config) bool { return c.Name == name }); i >= 0 {
		return configs[i]
	}
	return nil
}
