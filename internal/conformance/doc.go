// Command conformance asks the same questions of miniworker and of Cloudflare's
// own programs and compares the answers.
//
// The probes are in testdata/conformance. A module there is asked of workerd;
// a first line "// compatibility_flags: a b" sets flags, and what several modules
// share is in lib. A folder with a
// wrangler.jsonc has bindings, and with further folders of that kind in it
// further workers: it is asked of wrangler dev. Their answers are compared with
// those given when they were last asked (recorded/AREA.json), so that the tests
// need nothing installed; with -oracle the real ones are asked again. Where an
// answer is allowed to differ, differences/AREA.json says why; a new difference
// fails, and so does a listed one that has vanished or changed.
//
// Deliberately not asked: what needs the network or more than one request from
// outside. The language's own library is compared by runtime/polyfill.
//
// Workers made of npm packages are such a directory too, testdata/apps/packages,
// and those that frameworks build, testdata/apps/frameworks.
//
// The truth: https://github.com/cloudflare/workerd and
// https://github.com/cloudflare/workers-sdk, in the versions the recordings
// name, at the compatibility date of this package or of a folder's configuration:
// the surface is compared at two older dates too.
package main
