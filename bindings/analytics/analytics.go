// Package analytics is Analytics Engine datasets: data points are written and
// never read.
//
// What it emulates: writeDataPoint, which like the platform's answers nothing and
// refuses nothing. Each point is a record of the trace, where the log and tests
// see it.
//
// What it deliberately does not: keep points, or the SQL API over them.
//
// Where the truth is: https://developers.cloudflare.com/analytics/analytics-engine/.
package analytics

import (
	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is Analytics Engine datasets.
var Kind = bindings.Kind{Name: "analytics", Bind: bind}

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, c := range cfg.AnalyticsEngine {
		b.Env(c.Binding, func(js *jsg.Scope) (jsg.Value, error) {
			return class.Wrap(js, &binding{name: c.Binding, dataset: c.Dataset}), nil
		})
	}
	return nil
}

// binding is env.NAME.
type binding struct{ name, dataset string }

var class = &jsg.Class[binding]{Name: "AnalyticsEngineDataset"}

func init() {
	class.Members = jsg.Members[binding]{jsg.Method("writeDataPoint", 0, (*binding).write)}
}

func (b *binding) write(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	iso := isolate.Of(js)
	if !iso.Trace().Active() {
		return jsg.Undefined, nil
	}
	// What cannot be shown is written all the same.
	point, _, _ := js.JSONStringify(a.Value(0))
	iso.Trace().Emit(trace.Record{
		Kind: trace.Binding, Span: trace.NewSpan(), Parent: iocontext.CurrentFrame(js).Span, Worker: iso.Name(), Time: iso.Clock().Now(),
		Name: b.name + ".writeDataPoint " + point, Target: b.name, Attrs: map[string]string{"dataset": b.dataset, "point": point},
	})
	return jsg.Undefined, nil
}
