package vitest

import (
	"cmp"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"

	"github.com/miniworker/miniworker/wrangler/config"
)

// applyWorkers is apply for what the plugin is given.
func (s *settings) applyWorkers(o *Options) (ignored []string) {
	w := s.Workers.Wrangler
	if o.Found {
		o.useWorker(filepath.Join(o.Root, filepath.FromSlash(w.ConfigPath)), w.ConfigPath != "")
	}
	o.Load.Env, o.Primary.Env = cmp.Or(o.Load.Env, w.Environment), cmp.Or(o.Primary.Env, w.Environment)
	for name, raw := range s.Workers.Miniflare {
		if name == "workers" {
			var unknown []string
			o.auxiliaries, unknown = auxiliaries(raw)
			ignored = append(ignored, unknown...)
			continue
		}
		change := miniflareOption(name, raw)
		if change == nil || string(raw) == "null" {
			ignored = append(ignored, "miniflare."+name)
			continue
		}
		o.replace(change)
	}
	for name, raw := range s.Define {
		o.replace(func(c *config.Config) { c.Define = setPair(c.Define, name, raw) })
	}
	return ignored
}

// miniflareOption is what an option of Miniflare's changes in a configuration, nil
// if it cannot be honoured.
func miniflareOption(name string, raw json.RawMessage) func(c *config.Config) {
	switch name {
	case "bindings":
		var bindings map[string]json.RawMessage
		if json.Unmarshal(raw, &bindings) != nil {
			return nil
		}
		return func(c *config.Config) {
			for _, name := range slices.Sorted(maps.Keys(bindings)) {
				c.Vars = setVar(c.Vars, name, bindings[name])
			}
		}
	case "compatibilityDate":
		var date string
		if json.Unmarshal(raw, &date) != nil {
			return nil
		}
		return func(c *config.Config) { c.CompatibilityDate = date }
	case "compatibilityFlags":
		var flags []string
		if json.Unmarshal(raw, &flags) != nil {
			return nil
		}
		return func(c *config.Config) {
			flags = slices.DeleteFunc(flags, func(f string) bool { return slices.Contains(c.CompatibilityFlags, f) })
			c.CompatibilityFlags = append(c.CompatibilityFlags, flags...)
		}
	}
	if name == "serviceBindings" {
		return miniflareServices(raw)
	}
	return miniflareStores(name, raw)
}

// miniflareServices adds bindings of other workers of the project, given by name
// or with an entrypoint.
func miniflareServices(raw json.RawMessage) func(c *config.Config) {
	var given map[string]json.RawMessage
	if json.Unmarshal(raw, &given) != nil {
		return nil
	}
	services := map[string]config.ServiceBinding{}
	for binding, raw := range given {
		var to struct{ Name, Entrypoint string }
		if json.Unmarshal(raw, &to.Name) != nil && (json.Unmarshal(raw, &to) != nil || to.Name == "") {
			return nil
		}
		services[binding] = config.ServiceBinding{Binding: binding, Service: to.Name, Entrypoint: to.Entrypoint}
	}
	return func(c *config.Config) {
		for _, binding := range slices.Sorted(maps.Keys(services)) {
			c.Services = slices.DeleteFunc(c.Services, func(s config.ServiceBinding) bool { return s.Binding == binding })
			c.Services = append(c.Services, services[binding])
		}
	}
}

// miniflareStores adds stores, given as names of bindings or by them.
func miniflareStores(name string, raw json.RawMessage) func(c *config.Config) {
	stores := map[string]string{} // binding to id
	var list []string
	switch {
	case json.Unmarshal(raw, &list) == nil:
		for _, binding := range list {
			stores[binding] = binding
		}
	case json.Unmarshal(raw, &stores) != nil:
		return nil
	}
	add := map[string]func(c *config.Config, binding, id string){
		"kvNamespaces": func(c *config.Config, binding, id string) {
			c.KVNamespaces = append(c.KVNamespaces, config.KVNamespace{Binding: binding, ID: id})
		},
		"r2Buckets": func(c *config.Config, binding, id string) {
			c.R2Buckets = append(c.R2Buckets, config.R2Bucket{Binding: binding, Bucket: id})
		},
		"d1Databases": func(c *config.Config, binding, id string) {
			c.D1Databases = append(c.D1Databases, config.D1Database{Binding: binding, Name: id, ID: id})
		},
	}[name]
	if add == nil {
		return nil
	}
	return func(c *config.Config) {
		for _, binding := range slices.Sorted(maps.Keys(stores)) {
			add(c, binding, stores[binding])
		}
	}
}

// useWorker makes a configuration the first.
func (o *Options) useWorker(path string, wanted bool) {
	if !wanted {
		return
	}
	rest := slices.DeleteFunc(slices.Clone(o.Locations), func(l config.Location) bool { return l.UserPath == path })
	first := config.Location{Path: path, UserPath: path}
	if i := slices.IndexFunc(o.Locations, func(l config.Location) bool { return l.UserPath == path }); i >= 0 {
		first = o.Locations[i]
	}
	o.Locations = append([]config.Location{first}, rest...)
}

// replace adds to what changes the first configuration.
func (o *Options) replace(change func(*config.Config)) {
	before := o.Override
	o.Override = func(c *config.Config) {
		if before != nil {
			before(c)
		}
		change(c)
	}
}

// setVar sets a variable, unless --var did.
func setVar(vars []config.Var, name string, raw json.RawMessage) []config.Var {
	v := config.Var{Name: name, Kind: config.VarJSON, JSON: raw, Source: "vitest.config"}
	if text := ""; json.Unmarshal(raw, &text) == nil {
		v = config.Var{Name: name, Kind: config.VarText, Value: text, Source: v.Source}
	}
	i := slices.IndexFunc(vars, func(old config.Var) bool { return old.Name == name })
	if i < 0 {
		return append(vars, v)
	}
	if vars[i].Source != "--var" {
		vars[i] = v
	}
	return vars
}

// setPair sets a replacement in the code: text is code, as it is for Vite.
func setPair(pairs []config.Pair, name string, raw json.RawMessage) []config.Pair {
	code := string(raw)
	if text := ""; json.Unmarshal(raw, &text) == nil {
		code = text
	}
	if slices.ContainsFunc(pairs, func(p config.Pair) bool { return p.Key == name }) {
		return pairs // of the worker's own, or a flag
	}
	return append(pairs, config.Pair{Key: name, Value: code})
}
