package vitest

import (
	"context"
	"fmt"

	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/wrangler/project"
)

// functions are those of a configuration that answer requests: outboundService
// for what the main worker fetches, and serviceBindings. They run where the
// configuration does, which lives on for them.
type functions struct {
	project *project.Project
	member  *project.Member
	// outbound is set if there is an outboundService, services are the names of
	// serviceBindings.
	outbound bool
	services []string
}

// close ends the configuration.
func (f *functions) close() {
	if f != nil {
		f.project.Close()
	}
}

// call answers a request with a function: that of a service binding, or with ""
// outboundService.
func (f *functions) call(name string) wire.Fetcher {
	return wire.FetcherFunc(func(ctx context.Context, req *wire.Request) (*wire.Response, error) {
		w := f.member.Handle.Current()
		resp, err := w.Serve(ctx, req, func(js *jsg.Scope, _ *iocontext.Context, request *jsg.Object) (jsg.Value, error) {
			answer, ok, err := w.Export(js, "answer")
			if err != nil || !ok {
				return nil, fmt.Errorf("the configuration has no functions any more: %w", err)
			}
			return js.Call(answer, jsg.Undefined, js.String(name), request)
		})
		return resp, thrownAt(err)
	})
}

// service makes the binding of a function.
func (f *functions) service(name string) func(js *jsg.Scope) (jsg.Value, error) {
	return func(js *jsg.Scope) (jsg.Value, error) { return fetch.NewFetcher(js, name, f.call(name)), nil }
}
