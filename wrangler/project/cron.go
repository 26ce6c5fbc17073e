package project

import (
	"context"
	"time"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/cron"
	"github.com/miniworker/miniworker/internal/trace"
)

// crons are the cron triggers of all workers. One that cannot be followed is
// told of and left out.
func (p *Project) crons() (out []bindings.Cron) {
	for _, m := range p.members {
		for _, c := range m.Config.Crons {
			s, err := cron.Parse(c.Expression)
			if err != nil {
				p.warn(m, err.Error())
				continue
			}
			out = append(out, bindings.Cron{Next: s.Next, Fire: func(ctx context.Context, at time.Time) { p.fire(ctx, m, c.Expression, at) }})
		}
	}
	return out
}

// fire begins a cron event. What its code throws is in the trace.
func (p *Project) fire(ctx context.Context, m *Member, expr string, at time.Time) {
	w := m.Handle.Current()
	if w == nil {
		p.warn(m, "the cron trigger "+expr+" did not fire: "+m.Handle.Err().Error())
		return
	}
	// It goes on when the advance that brought it is over.
	if _, err := w.BeginScheduled(context.WithoutCancel(ctx), expr, at); err != nil {
		p.warn(m, "the cron trigger "+expr+" did not fire: "+err.Error())
	}
}

func (p *Project) warn(m *Member, text string) {
	p.opts.Trace.Emit(trace.Record{Kind: trace.Log, Level: "warn", Worker: m.Config.Name, Time: p.opts.Clock.Now(), Name: text})
}
