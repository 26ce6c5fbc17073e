// Package durable is Durable Objects as applications see them: the namespace
// binding, ids, stubs, the state and storage of an object, SQL, and what they
// store: key-value pairs, SQL tables and one alarm, in one SQLite file per
// object. The life of objects is runtime/actor.
//
// What it emulates: the SQLite storage backend, for classes with the legacy
// key-value backend too (only the classes above it differ): transactions and
// savepoints, the SQL dialect with Cloudflare's restrictions and error texts,
// lazily read cursors, alarms that survive a restart. Storage calls are answered
// within the turn that makes them, and what a turn wrote is committed at its
// end, before anything the object sends leaves it.
//
// What it deliberately does not: point-in-time recovery and replication,
// containers, facets of classes of another worker. A facet goes idle by itself,
// and its object stays in memory until it did. SQLite is a little newer than
// Cloudflare's build, so a few more functions exist. Jurisdictions give ids of
// their own and nothing else.
//
// Where the truth is:
// https://developers.cloudflare.com/durable-objects/api/ and the behaviour of
// workerd, which texts and the tests' expectations come from.
//
// Files: <root>/do/<worker>-<Class>/<id>.sqlite, <id>.facets/ with the databases
// of its facets (see facet_store.go), and index.sqlite with the
// alarms and names of the namespace. migrate.go follows the configuration's
// migrations. kind.go binds, class_*.go are the classes,
// the others are the storage.
package durable
