// Package vars gives env the variables and secrets of a worker: text as strings,
// JSON values as values.
//
// Where the truth is: https://developers.cloudflare.com/workers/configuration/environment-variables/.
package vars

import (
	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is variables and secrets.
var Kind = bindings.Kind{Name: "vars", Bind: bind}

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, v := range cfg.Vars {
		b.Env(v.Name, func(js *jsg.Scope) (jsg.Value, error) {
			if v.Kind == config.VarJSON {
				return js.JSONParse(string(v.JSON))
			}
			return js.String(v.Value), nil
		})
	}
	return nil
}
