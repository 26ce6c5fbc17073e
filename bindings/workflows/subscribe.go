package workflows

import "github.com/miniworker/miniworker/runtime/jsg"

func (i *instance) subscribe(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	return nil, jsg.NotImplementedf("subscribe()", "poll status()")
}
