//go:build linux

// Command bench runs the applications of testdata/bench on miniworker and,
// where they are installed, on wrangler dev, Miniflare and workerd: the same
// files, the same load, the same machine, taking turns within one run. It
// prints medians, ranges and ratios; docs/performance.md quotes it.
//
// It deliberately is no test: figures depend on the machine, so nothing here
// fails because something was slow. It fails if an answer is wrong.
//
// The load generator is this process (one thread, plain sockets, no
// pipelining); every server is a process of its own. Only loopback addresses
// are used. It reads /proc, so it runs on Linux only. The control target is net/http answering a fixed text: what the
// generator and the machine can do at most.
//
//	go run ./internal/bench [-run REGEXP] [-quick] [-oracle DIR] [-json FILE]
package main
