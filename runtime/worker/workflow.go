package worker

import (
	"context"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Workflow begins an event for an instance of a Workflow: start gets what the
// worker exports under the name of the class, constructed, or why that cannot be.
// It must see that the context is released.
func (w *Worker) Workflow(ctx context.Context, class string, span trace.Span, start func(js *jsg.Scope, c *iocontext.Context, instance *jsg.Object, err error)) error {
	_, err := w.Event(ctx, iocontext.Info{}, span, func(js *jsg.Scope, c *iocontext.Context) {
		c.Patient = true
		instance, err := w.workflow(js, class)
		start(js, c, instance, err)
	})
	return err
}

func (w *Worker) workflow(js *jsg.Scope, class string) (*jsg.Object, error) {
	ctx, err := newExecutionContext(js, w, nil)
	if err != nil {
		return nil, err
	}
	instance, bound, err := w.entrypoint(js, class, ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := workflowClass.From(instance); !bound || !ok {
		return nil, jsg.TypeErrorf("The export %q of the worker %q is bound as a Workflow, but it is no class that extends `WorkflowEntrypoint`, which can be imported from the module \"cloudflare:workers\".", class, w.opts.Name)
	}
	return instance, nil
}
