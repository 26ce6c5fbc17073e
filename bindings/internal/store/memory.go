package store

import "unsafe"

// at is the engine's memory at p. That memory is not Go's: the collector
// neither moves nor frees it.
func at(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

// bytesAt views n bytes of the engine's memory.
func bytesAt(p uintptr, n int) []byte { return unsafe.Slice((*byte)(at(p)), n) }

// pointerAt reads an out parameter.
func pointerAt(p uintptr) uintptr { return *(*uintptr)(at(p)) }

// fp turns a Go function into the engine's function pointer: the address of
// its (static) closure object.
func fp[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }
