// Package d1 is D1 databases: the binding with its prepared statements, batches
// and sessions, and the database behind it, which the command line uses too.
//
// What it emulates: D1 as wrangler's simulator has it, in results, types, error
// texts and meta. Statements run one at a time in the order they were sent; a
// batch is a transaction. Values travel as JSON there, and so here: a blob is
// read as an array of numbers, an infinite number as null, numbers are bound as
// floating point. Sessions work with bookmarks that count up with each query.
//
// What it deliberately does not: replicas, so that sessions only look as if
// there were several copies; Time Travel; dump(), which the real service gives
// for databases of its alpha alone; D1Database.query(), which is behind a flag.
//
// Where the truth is: https://developers.cloudflare.com/d1/worker-api/ and, for
// texts and what happens at the edges, wrangler 4.164.
//
// Files: <root>/d1/<id>/database.sqlite, where id is preview_database_id, else
// database_id, else the name of the binding, as wrangler has it. The file is not
// locked for longer than a transaction takes: other programs, the command line
// among them, may read and write it while a session runs, and SQLite keeps them
// apart.
package d1
