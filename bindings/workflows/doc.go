// Package workflows is Workflows: the binding, the instances on disk, and what
// runs them.
//
// What it emulates: create, createBatch, get, deleteBatch and the methods of
// instances; step.do with retries, timeouts, rollbacks and streams, step.sleep,
// sleepUntil and waitForEvent; events, subscriptions, and the hooks tests use to
// look into instances. Texts and quirks are those of the simulator that wrangler
// has.
//
// What a step came to is on disk before its promise settles, and what ran is never
// run again: after a reload, a restart or a crash run() is called anew and gets the
// results of the steps that are done. A step that was under way is attempted again,
// which counts as another attempt. An instance exists on disk before create()
// resolves. Nobody else than step.sleep, retries and timeouts waits, and those by
// the session's clock.
//
// An instance runs as one event of its worker (run), in the isolate of that. step
// is a stub of an RpcTarget there, so that values are copied, errors lose what they
// lose and streams are handed over as between the two workers that wrangler runs.
//
// What it deliberately does not: schedules, limits of concurrency, retention (an
// instance stays until it is deleted), and location hints.
//
// Where the truth is: https://developers.cloudflare.com/workflows/ and, for what
// that leaves open, wrangler 4.164.
//
// Files: <root>/workflows/<name>/workflow.sqlite.
package workflows
