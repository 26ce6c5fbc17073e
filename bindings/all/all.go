// Package all is the one list of binding kinds.
package all

import (
	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/assets"
	"github.com/miniworker/miniworker/bindings/r2"
	"github.com/miniworker/miniworker/bindings/durable"
	"github.com/miniworker/miniworker/bindings/service"
	"github.com/miniworker/miniworker/bindings/unsupported"
	"github.com/miniworker/miniworker/bindings/vars"
)

// Kinds are bound in this order.
var Kinds = []bindings.Kind{
	vars.Kind,
	service.Kind,
	durable.Kind,
	r2.Kind,
	assets.Kind,
	unsupported.Kind,
}
