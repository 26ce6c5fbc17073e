// Package config reads a wrangler configuration file into a typed Config: one
// Worker resolved for one environment.
//
// It emulates file discovery and redirection, the JSONC and TOML forms, the
// three inheritance classes of keys, the rules for routes and assets that can
// be judged from one file, and the way local variables and secrets are read
// from .dev.vars, .env files and the process environment. Every finding is a
// located diagnostic, and all of them are collected before anything fails.
//
// It deliberately does not touch anything outside the files it reads: no
// network, no directory creation, no process environment of its own (the caller
// passes a lookup function). Keys that only matter for a deployment are checked
// for shape and then reported in Config.Ignored; kinds of bindings that cannot
// be simulated are reported in Config.Unsupported, so that the runtime can bind
// something that explains itself. Rules that need more than one Worker
// (conflicting routes, missing service targets) belong to the callers.
//
// The truth is https://developers.cloudflare.com/workers/wrangler/configuration/
// and, for texts and precedence, the configuration reader of cloudflare/workers-sdk
// (packages/workers-utils/src/config).
package config
