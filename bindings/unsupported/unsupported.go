// Package unsupported stands in for bindings that have no local simulation: the
// worker starts, and using the binding throws an error that names it, says why,
// and what to do instead.
package unsupported

import (
	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is every binding configured but not simulated.
var Kind = bindings.Kind{Name: "unsupported", Bind: bind}

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, u := range cfg.Unsupported {
		b.Env(u.Binding, func(js *jsg.Scope) (jsg.Value, error) {
			return js.Refusing(func(property string) error {
				return jsg.Errorf("env.%s.%s: %s bindings are not simulated by miniworker (%s). %s", u.Binding, property, u.Kind, u.Reason, u.Alternative)
			}), nil
		})
	}
	return nil
}
