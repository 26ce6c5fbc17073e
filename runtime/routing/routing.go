// Package routing decides which Worker answers a URL, and says why.
//
// It emulates what stands in front of Workers in production: zones, route
// patterns and their order, custom domains, workers.dev hosts, routes without
// a Worker, and the different road a fetch() made by a Worker takes. A [World]
// describes the account; [NewTable] compiles it once into an immutable index;
// [Table.Match] answers per request without allocating, [Table.Explain] tells
// a person what happened and what nearly did, [Table.Lint] reports what the
// Workers do to each other, [Table.Subrequest] routes a global fetch().
//
// It deliberately does not serve anything: no sockets, no assets, no service
// bindings (which ignore routes), no DNS, and no preview hosts of uploaded
// versions, because nothing is ever uploaded here.
//
// The truth is the documentation under
// https://developers.cloudflare.com/workers/configuration/routing/ ; where that
// is silent, the score function of cloudflare/workers-sdk
// (packages/miniflare/src/plugins/shared/routing.ts). The rule numbers (R1 to
// R120) that explanations carry are listed, with a sentence each, in rules.go.
package routing

import "github.com/miniworker/miniworker/internal/diag"

// World is the part of an account that routing depends on.
type World struct {
	// Zones are the active zones. When it is empty they are inferred: every
	// zone_name in use is a zone, and a pattern without one belongs to the
	// longest such zone above its host, else to its registrable domain (the
	// public suffix plus one label; a host without one, such as localhost, is
	// its own zone). When it is given, a host outside every zone is an error,
	// as it is in production; zone_names still add to the list.
	Zones []string
	// WorkersDevSubdomain is SUB in NAME.SUB.workers.dev; empty accepts any.
	WorkersDevSubdomain string
	// CustomHostnames maps SaaS custom hostnames to the zone that serves them.
	CustomHostnames map[string]string
	// Workers in load order: the first claimant keeps a contested pattern.
	Workers []Worker
	// Negative are routes without a Worker, which exist in the dashboard only.
	Negative []Route
}

// Worker is one Worker as routing sees it.
type Worker struct {
	Name string
	// Pos is where the Worker is named; used when a route has no position.
	Pos    diag.Position
	Routes []Route
	// WorkersDev is the resolved setting: unset has already become "exactly
	// when there are no routes" (R53).
	WorkersDev bool
}

// Route is one entry of a Worker's routes.
type Route struct {
	Pattern      string
	ZoneName     string
	ZoneID       string
	CustomDomain bool
	// CustomDomainOff records a written "custom_domain": false; it changes
	// explanations only (R52).
	CustomDomainOff bool
	// Enabled false on a custom domain takes it out of production (R44).
	Enabled *bool
	Pos     diag.Position
}

// Outcome is what happens to a request.
type Outcome uint8

const (
	// None: the host is nobody's. For a subrequest: it goes to the network.
	None Outcome = iota
	// Origin: the zone is known and no Worker runs.
	Origin
	// RunWorker: the named Worker runs (its assets may answer first).
	RunWorker
	// PlatformError: the platform answers with an error code.
	PlatformError
)

var outcomeNames = [...]string{"none", "origin", "worker", "error"}

// String returns the name used in JSON and in routing vectors.
func (o Outcome) String() string { return outcomeNames[o] }

// MarshalText writes the name.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Via is the way a Worker was reached.
type Via uint8

const (
	// ViaNone: no Worker was reached.
	ViaNone Via = iota
	// ViaRoute: by a route pattern.
	ViaRoute
	// ViaCustomDomain: by a custom domain, as the origin of its host.
	ViaCustomDomain
	// ViaWorkersDev: by NAME.SUB.workers.dev.
	ViaWorkersDev
)

var viaNames = [...]string{"", "route", "custom_domain", "workers_dev"}

// String returns the name used in JSON and in routing vectors.
func (v Via) String() string { return viaNames[v] }

// MarshalText writes the name.
func (v Via) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Match is the answer for one request from outside.
type Match struct {
	Outcome Outcome
	Via     Via
	// Worker is the name of the Worker that runs.
	Worker string
	// Pattern is the deciding pattern as written; empty for workers.dev.
	Pattern string
	// Zone is the zone the request entered.
	Zone string
	// Rule is the stage that decided: R30 a route, R41 a route in front of a
	// custom domain, R40 a custom domain, R53 workers.dev, R37 a route without a
	// Worker, R46 such a route in front of a custom domain, R44 a disabled custom
	// domain, R5 nothing in the zone, R3 no zone, R6 a platform path. Explain
	// refines it.
	Rule string
	// NegatedBy is the route without a Worker that won, if one did.
	NegatedBy string
	// Contested names other Workers that claim the same pattern or domain.
	// Production would refuse the deploy; here the first claimant answers.
	Contested []string
	// Pos is where the deciding pattern is written.
	Pos diag.Position
}
