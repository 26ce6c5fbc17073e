// Package durable keeps what Durable Objects store: key-value pairs, SQL
// tables and one alarm per object, in one SQLite file per object.
//
// What it emulates: the SQLite storage backend of Durable Objects, for classes
// with the legacy key-value backend too (only the classes above it differ):
// transactions and savepoints, the SQL dialect with Cloudflare's restrictions
// and error texts, lazily read cursors, alarms that survive a restart.
//
// What it deliberately does not: point-in-time recovery and replication. Row
// counters are estimates (see Cursor.RowsRead). SQLite is a little newer than
// Cloudflare's build, so a few more functions exist.
//
// Where the truth is:
// https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/
// and the behaviour of workerd, which the tests' expectations come from.
//
// Files: <root>/do/<worker>-<Class>/<id>.sqlite, and index.sqlite with the
// alarms and names of the namespace.
package durable
