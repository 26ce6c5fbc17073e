package routes

import (
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Load reads the routes of every file, without variable files and without the
// process environment. env selects one environment; with allEnvs each file
// gives its top level and all its environments, which would all be deployed
// side by side. A finding that several environments share is kept once.
func Load(files []config.Location, env string, allEnvs bool) []Source {
	var out []Source
	for _, loc := range files {
		f, diags := config.Open(loc.Path)
		if f == nil {
			out = append(out, Source{Diags: diags})
			continue
		}
		envs := []string{env}
		if allEnvs {
			envs = append([]string{""}, f.Environments()...)
		}
		seen := map[string]bool{}
		for _, name := range envs {
			o := config.LoadOptions{Env: name, NoVarFiles: true}
			if loc.Redirected() {
				o.UserConfig = loc.UserPath
			}
			s := Source{}
			s.Config, diags = f.Resolve(o)
			for _, d := range diags {
				if key := d.Error(); !seen[key] {
					seen[key] = true
					s.Diags.Add(d)
				}
			}
			out = append(out, s)
		}
	}
	return out
}

// Configs are the configurations of sources that could be read, in order.
func Configs(sources []Source) []*config.Config {
	var out []*config.Config
	for _, s := range sources {
		if s.Config != nil {
			out = append(out, s.Config)
		}
	}
	return out
}

// Unreadable collects why files could not be understood at all.
func Unreadable(sources []Source) diag.List {
	var out diag.List
	for _, s := range sources {
		if s.Config == nil {
			out = append(out, s.Diags...)
		}
	}
	return out
}
