// Command conformance asks the same questions of miniworker and of workerd and
// compares the answers.
//
// The probes are the workers in testdata/conformance: plain modules that both
// run as they are. Their answers are compared with those workerd gave when it
// was last asked (recorded.json), so that the tests need nothing installed;
// with -oracle the real one is asked again. Where an answer is allowed to
// differ, differences.json says why; a new difference fails, and so does a
// listed one that has vanished or changed.
//
// Deliberately not asked: what needs the network, storage, or more than one
// event. The language's own library is compared by runtime/polyfill.
//
// The truth: https://github.com/cloudflare/workerd, the version recorded.json
// names, at the compatibility date of this package.
package main
