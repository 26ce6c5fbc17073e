package polyfill

import "github.com/miniworker/miniworker/runtime/jsg"

func installRegExp(js *jsg.Scope) {}
