// Package store keeps local state on disk for every kind of binding: SQLite
// databases, content files and the lock on the state directory. It is the only
// importer of the SQLite engine.
//
// What it emulates: nothing of Cloudflare by itself. It promises that a change
// acknowledged by this package survives the death of the process: every commit
// has reached the operating system (WAL with synchronous=NORMAL) before the
// call returns, so kill -9 loses nothing acknowledged and tears nothing.
//
// What it deliberately does not: survive power loss at that same moment. The
// WAL and content files are not flushed to the disk on each commit, so after
// a power cut the newest transactions may be gone; the database still opens at
// an older consistent state.
//
// Where the truth is: https://sqlite.org/wal.html and
// https://sqlite.org/pragma.html#pragma_synchronous. The C interface is used
// directly (modernc.org/sqlite/lib, a translation of SQLite to Go) because
// wrappers lose what Durable Objects and D1 show their users: duplicate column
// names, statement tails and unwrapped error texts.
package store
