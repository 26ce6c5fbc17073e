// Package queues is Queues: the producer binding, the messages on disk, and the
// broker that gives batches of them to consumers.
//
// What it emulates: send, sendBatch and metrics with their limits and content
// types; consumers with batch size and timeout, retries, delays, dead letter
// queue and concurrency. Defaults are those of wrangler's simulator: five
// messages, one second, two retries, one batch at a time. As there, a batch whose
// handler fails is delivered again whole, also what it had acknowledged.
//
// A message is on disk before send() resolves, and leaves it only when a consumer
// has acknowledged it, or it has run out of attempts and there is no dead letter
// queue. Delivery is at least once: what was being consumed when the session
// ended, by whatever means, is delivered again. A queue without a consumer keeps
// its messages until there is one, as the real service does and wrangler does not.
//
// What it deliberately does not: pull consumers, retention (messages are kept for
// as long as they wait), pausing, and order beyond first come, first served.
//
// Where the truth is: https://developers.cloudflare.com/queues/ and, for defaults
// and texts, wrangler 4.164.
//
// Files: <root>/queues/<name>/queue.sqlite.
package queues
