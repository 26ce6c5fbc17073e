package main

import (
	"os"
	"runtime/debug"
	"runtime/pprof"
)

// The live heap of a dev server is a few megabytes, and JavaScript values make
// garbage quickly: letting the heap grow to several times that before a
// collection costs little memory and saves a fifth of the time. Above softLimit
// the collector works as hard as it must.
const (
	gcPercent = 400
	softLimit = 512 << 20
)

// tune sets the collector up, unless the environment says otherwise.
func tune() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softLimit)
	}
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
