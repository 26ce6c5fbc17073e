// Package service gives env the other workers of the project. A call goes
// straight to the worker, whatever its routes, and through its assets first if
// it has any and the binding names no entrypoint.
//
// Where the truth is: https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/
// and rules R80 to R84 of the routing notes in docs/routing.md.
package service

import (
	"context"
	"fmt"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is service bindings.
var Kind = bindings.Kind{Name: "service", Bind: bind}

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, s := range cfg.Services {
		name := s.Service
		if s.Environment != "" {
			name += "-" + s.Environment
		}
		target := b.Service(name, s.Entrypoint, s.Props)
		if target == nil {
			b.Report(diag.Diagnostic{
				Severity: diag.Warning, Code: "service_binding_target_missing", Pos: s.Pos,
				Message: fmt.Sprintf("The service binding %s names the worker %q, which is not part of this project.", s.Binding, name),
				Hint:    fmt.Sprintf("add its configuration with -c, or correct \"service\"; the workers here are: %s", b.WorkerNames()),
			})
			target = missing(s.Binding, name)
		}
		b.Env(s.Binding, func(js *jsg.Scope) (jsg.Value, error) { return fetch.NewFetcher(js, s.Binding, target), nil })
	}
	return nil
}

// missing answers for a worker that is not there, so that the rest of the
// project can be worked on.
func missing(binding, name string) wire.Fetcher {
	return absent{jsg.Errorf("The service binding %s has no target: no worker named %q runs in this project. Start it too, with another -c.", binding, name)}
}

// absent fails requests and calls alike.
type absent struct{ err error }

func (a absent) Fetch(context.Context, *wire.Request) (*wire.Response, error) { return nil, a.err }

func (a absent) Send(op *rpc.Op) { op.Fail(a.err) }
