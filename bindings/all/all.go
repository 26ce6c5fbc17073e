// Package all is the one list of binding kinds.
package all

import (
	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/analytics"
	"github.com/miniworker/miniworker/bindings/assets"
	"github.com/miniworker/miniworker/bindings/blobs"
	"github.com/miniworker/miniworker/bindings/d1"
	"github.com/miniworker/miniworker/bindings/durable"
	"github.com/miniworker/miniworker/bindings/email"
	"github.com/miniworker/miniworker/bindings/hyperdrive"
	"github.com/miniworker/miniworker/bindings/kv"
	"github.com/miniworker/miniworker/bindings/queues"
	"github.com/miniworker/miniworker/bindings/r2"
	"github.com/miniworker/miniworker/bindings/ratelimit"
	"github.com/miniworker/miniworker/bindings/secrets"
	"github.com/miniworker/miniworker/bindings/service"
	"github.com/miniworker/miniworker/bindings/unsupported"
	"github.com/miniworker/miniworker/bindings/vars"
	"github.com/miniworker/miniworker/bindings/version"
	"github.com/miniworker/miniworker/bindings/workflows"
)

// Kinds are bound in this order.
var Kinds = []bindings.Kind{
	vars.Kind,
	blobs.Kind,
	version.Kind,
	service.Kind,
	durable.Kind,
	r2.Kind,
	assets.Kind,
	kv.Kind,
	d1.Kind,
	queues.Kind,
	workflows.Kind,
	ratelimit.Kind,
	secrets.Kind,
	analytics.Kind,
	email.Kind,
	hyperdrive.Kind,
	unsupported.Kind,
}
