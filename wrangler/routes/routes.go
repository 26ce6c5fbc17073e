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
	"os"
	"slices"
	"strings"

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
	files := sources{}
	for _, c := range configs {
		wk := routing.Worker{Name: c.Name, Pos: c.NamePos, WorkersDev: c.WorkersDevEnabled()}
		if wk.Pos == (diag.Position{}) {
			wk.Pos.File = c.Path
		}
		for _, r := range c.Routes {
			wk.Routes = append(wk.Routes, routing.Route{
				Pattern: r.Pattern, ZoneName: r.ZoneName, ZoneID: r.ZoneID, CustomDomain: r.CustomDomain,
				CustomDomainOff: !r.CustomDomain && r.ZoneName == "" && r.ZoneID == "" && files.isObject(r.Pos),
				Enabled:         r.Enabled, Pos: r.Pos,
			})
		}
		w.Workers = append(w.Workers, wk)
	}
	return w
}

// sources caches files by line.
type sources map[string][]string

// isObject reports whether a route was written as an object. One without a
// zone can only have been given "custom_domain": false, which the typed
// configuration does not keep because it changes nothing but explanations.
func (s sources) isObject(pos diag.Position) bool {
	if pos.File == "" || pos.Line == 0 {
		return false
	}
	lines, ok := s[pos.File]
	if !ok {
		text, err := os.ReadFile(pos.File)
		if err != nil {
			text = nil // the file changed since it was loaded; say nothing about it
		}
		lines = strings.Split(string(text), "\n")
		s[pos.File] = lines
	}
	if pos.Line > len(lines) || pos.Col < 1 || pos.Col > len(lines[pos.Line-1]) {
		return false
	}
	return !strings.ContainsRune(`"'`, rune(lines[pos.Line-1][pos.Col-1]))
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
