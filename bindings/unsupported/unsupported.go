// Package unsupported stands in for bindings that this version cannot simulate:
// the worker starts, and using the binding throws an error that names it, says
// why, and what to do instead. Nothing pretends to work.
package unsupported

import (
	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is every binding that is configured but not simulated.
var Kind = bindings.Kind{Name: "unsupported", Bind: bind}

// Binding is one that is not simulated.
type Binding struct {
	// Name is the property of env, "" for what is not a binding (a consumer).
	Name string
	// Key is the configuration key.
	Key string
	// Why says what is missing and what to do instead.
	Why string
	Pos diag.Position
}

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, u := range List(cfg) {
		if u.Name == "" {
			continue
		}
		b.Env(u.Name, func(js *jsg.Scope) (jsg.Value, error) {
			return js.Refusing(func(property string) error {
				return jsg.Errorf("env.%s.%s: %s bindings are not simulated by miniworker. %s", u.Name, property, u.Key, u.Why)
			}), nil
		})
	}
	return nil
}

const notYet = "This version has no simulation of it; guard the code that uses it, or bind a worker of the project in its place with \"services\"."

// List is what of a configuration is not simulated. Kinds that have a folder of
// their own beside this one are not in it.
func List(cfg *config.Config) []Binding {
	var out []Binding
	for _, u := range cfg.Unsupported {
		out = append(out, Binding{u.Binding, u.Kind, u.Alternative, u.Pos})
	}
	add := func(key, name string, pos diag.Position) { out = append(out, Binding{name, key, notYet, pos}) }
	for _, x := range cfg.WorkerLoaders {
		add("worker_loaders", x.Binding, x.Pos)
	}
	for _, x := range cfg.Pipelines {
		add("pipelines", x.Binding, x.Pos)
	}
	one := func(key string, x *config.SimpleBinding) {
		if x != nil {
			add(key, x.Binding, x.Pos)
		}
	}
	one("images", cfg.Images)
	one("stream", cfg.Stream)
	one("browser", cfg.Browser)
	return append(out, events(cfg)...)
}

// events are features that are not bindings: what would be called is not.
func events(cfg *config.Config) []Binding {
	var out []Binding
	for _, x := range cfg.TailConsumers {
		out = append(out, Binding{Pos: x.Pos, Key: "tail_consumers", Why: "The consumer is not called; read the session's own log."})
	}
	for _, x := range cfg.StreamingTails {
		out = append(out, Binding{Pos: x.Pos, Key: "streaming_tail_consumers", Why: "The consumer is not called; read the session's own log."})
	}
	for _, x := range cfg.Connect {
		out = append(out, Binding{Pos: x.Pos, Key: "connect", Why: "No port is opened for it."})
	}
	if cfg.Site != nil {
		out = append(out, Binding{Pos: cfg.Site.Pos, Key: "site", Why: "Workers Sites is not simulated; move the directory to \"assets\"."})
	}
	return out
}
