package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"runtime/pprof"
)

// The live heap of a dev server is a few megabytes, and JavaScript values make
// garbage quickly: letting the heap grow to several times that before a
// collection costs little memory and saves a fifth of the time. It grows
// by room at most, or by half if that is more.
const (
	gcPercent = 400
	room      = 512 << 20
)

// tune sets the collector up, unless the environment says otherwise.
func tune() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(room)
		follow(room)
	}
}

// follow adjusts the memory limit after each collection. Close to a limit that
// the live heap needs, the collector would take half of the processor: a bundle
// of several megabytes needs some 300 MB, and as much again while it is built anew.
func follow(limit uint64) {
	type cycle struct{ _ [16]byte } // not a tiny object, which others keep alive
	runtime.AddCleanup(new(cycle), func(limit uint64) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		n := live[0].Value.Uint64()
		if want := n + max(room, n/2); want > limit+limit/8 || want < limit-limit/4 {
			limit = want
			debug.SetMemoryLimit(int64(limit))
		}
		follow(limit)
	}, limit)
}

// profile writes a CPU profile of the whole run to the file that
// MINIWORKER_PROFILE names; internal/bench -profile sets it.
func profile() (stop func()) {
	path := os.Getenv("MINIWORKER_PROFILE")
	if path == "" {
		return func() {}
	}
	f, err := os.Create(path)
	if err != nil {
		os.Stderr.WriteString("miniworker: MINIWORKER_PROFILE: " + err.Error() + "\n")
		return func() {}
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		os.Stderr.WriteString("miniworker: MINIWORKER_PROFILE: " + err.Error() + "\n")
	}
	return func() {
		pprof.StopCPUProfile()
		f.Close()
	}
}
