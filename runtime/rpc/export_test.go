package rpc

import "github.com/miniworker/miniworker/runtime/jsg"

// Held is how many references JavaScript of a realm holds.
func Held(js *jsg.Scope) int { return ownedIn(js).count() }
