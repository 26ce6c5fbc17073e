package vitest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/wrangler/config"
)

// auxiliary is a worker beside the main one that a configuration for Vitest
// describes in miniflare.workers.
type auxiliary struct {
	name    string
	script  string // path of its code, "" if there is none
	changes []func(*config.Config)
}

// auxiliaries reads miniflare.workers, and names what of it cannot be honoured.
func auxiliaries(raw json.RawMessage) (list []auxiliary, ignored []string) {
	var entries []map[string]json.RawMessage
	if json.Unmarshal(raw, &entries) != nil {
		return nil, []string{"miniflare.workers"}
	}
	for i, entry := range entries {
		a := auxiliary{}
		at := fmt.Sprintf("miniflare.workers[%d]", i)
		for _, name := range slices.Sorted(maps.Keys(entry)) {
			raw := entry[name]
			var err error
			switch name {
			case "name":
				err = json.Unmarshal(raw, &a.name)
			case "scriptPath":
				err = json.Unmarshal(raw, &a.script)
			case "modules":
				var on bool
				err = json.Unmarshal(raw, &on) // true; code in place of a file is not taken
			default:
				if change := miniflareOption(name, raw); change != nil && string(raw) != "null" {
					a.changes = append(a.changes, change)
				} else {
					err = errors.ErrUnsupported
				}
			}
			if err != nil {
				ignored = append(ignored, at+"."+name)
			}
		}
		if a.name == "" {
			ignored = append(ignored, at)
			continue
		}
		list = append(list, a)
	}
	return list, ignored
}

// addAuxiliaries applies them to the workers of these names, and adds those that
// have code and no configuration of their own.
func (s *session) addAuxiliaries() error {
	for _, a := range s.opts.auxiliaries {
		i := slices.IndexFunc(s.configs, func(c *config.Config) bool { return c.Name == a.name })
		if i < 0 {
			c, err := s.auxiliary(a)
			if err != nil {
				return err
			}
			if c == nil {
				fmt.Fprintf(s.opts.Out, "note: there is no worker %s of miniflare.workers: no configuration has that name, and its scriptPath %q is no file. Build it first, or name its wrangler configuration with -c.\n", a.name, a.script)
				continue
			}
			s.configs = append(s.configs, c)
			i = len(s.configs) - 1
		}
		for _, change := range a.changes {
			change(s.configs[i])
		}
	}
	return nil
}

// auxiliary makes the configuration of a worker that has only code; nil if it
// has none.
func (s *session) auxiliary(a auxiliary) (*config.Config, error) {
	script := filepath.Join(s.opts.Root, filepath.FromSlash(a.script))
	if filepath.IsAbs(a.script) {
		script = a.script
	}
	if st, err := os.Stat(script); a.script == "" || err != nil || st.IsDir() {
		return nil, nil
	}
	text, err := json.Marshal(map[string]string{"name": a.name, "main": script, "compatibility_date": config.DefaultCompatibilityDate})
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(s.temp, "auxiliary-"+strings.ReplaceAll(a.name, string(filepath.Separator), "-"))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "wrangler.json")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return nil, err
	}
	c, diags := config.Load(path, config.LoadOptions{NoVarFiles: true, Cwd: dir})
	if diags.HasErrors() {
		return nil, diags
	}
	return c, nil
}
