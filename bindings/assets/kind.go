package assets

import (
	"fmt"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/diag"
	webfetch "github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is the assets binding: env.NAME.fetch() answers from the worker's own
// assets, past run_worker_first.
var Kind = bindings.Kind{Name: "assets", Bind: bind}

func bind(cfg *config.Config, b *bindings.Builder) error {
	if cfg.Assets == nil || cfg.Assets.Binding == "" {
		return nil
	}
	layer, diags := LayerFor(cfg, b.Session)
	for _, d := range diags {
		b.Report(d)
	}
	if layer == nil {
		return nil
	}
	name := cfg.Assets.Binding
	b.Env(name, func(js *jsg.Scope) (jsg.Value, error) { return webfetch.NewFetcher(js, name, layer), nil })
	return nil
}

// LayerFor is the one Layer of a worker in a session, for its binding and for
// the router in front of it; nil if the worker has no assets. A changed
// configuration makes a new Layer. The diagnostics are those of reading the
// directory and come with the call that made the Layer.
func LayerFor(cfg *config.Config, s *bindings.Session) (layer *Layer, diags diag.List) {
	from, ok := ConfigOf(cfg)
	if !ok {
		return nil, nil
	}
	layer, _ = bindings.Shared(s, fmt.Sprintf("assets/%s %+v", cfg.Name, from), func() (*Layer, error) {
		var l *Layer
		l, diags = New(from)
		return l, nil
	})
	return layer, diags
}

// ConfigOf is the Config of a worker's assets; ok is false if it has none.
func ConfigOf(c *config.Config) (cfg Config, ok bool) {
	a := c.Assets
	if a == nil || a.Directory == "" {
		return Config{}, false
	}
	return Config{
		Directory:               a.Directory,
		HTMLHandling:            HTMLHandling(a.HTMLHandling),
		NotFoundHandling:        NotFoundHandling(a.NotFoundHandling),
		RunWorkerFirst:          a.RunWorkerFirst.Always,
		RunWorkerFirstRules:     a.RunWorkerFirst.Rules,
		HasWorker:               c.Main != "",
		NavigationPrefersAssets: NavigationPrefersAssets(c.CompatibilityDate, c.CompatibilityFlags),
	}, true
}
