// Package lazy makes what is costly to make when it is first used, so that the
// start of the program does not pay for what a run may never need.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp is a regular expression for a package variable: it is compiled at the
// first call.
func Regexp(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
