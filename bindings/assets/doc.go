// Package assets is the static-asset layer of a Worker: a directory of files,
// the rules that decide whether a request is answered from it or by the
// Worker's code, and the answers themselves. It emulates html_handling,
// not_found_handling, run_worker_first, _headers, _redirects and .assetsignore,
// and serves both requests from outside and env.ASSETS.fetch().
//
// Deliberately not here: Range requests (the real layer ignores them and
// answers 200), compression, upload, the abuse checks the real router makes on
// image-proxy paths, and files reached through a symbolic link that leaves the
// directory (they are refused with a warning). A _headers line that is no valid
// HTTP header is dropped with a warning; the real layer would answer 500.
//
// The truth is section 10 of the routing specification, the deployed workers
// at https://github.com/cloudflare/workers-sdk/tree/main/packages/workers-shared
// and https://developers.cloudflare.com/workers/static-assets/.
// testdata/transcript.jsonl holds answers recorded from wrangler; a test replays
// them.
package assets
