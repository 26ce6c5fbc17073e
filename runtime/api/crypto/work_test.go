package crypto_test

import (
	"testing"

	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
)

// What takes long is computed beside the isolate, which goes on meanwhile; what
// does not is there before anything else runs.
func TestWork(t *testing.T) {
	testworker.RunFile(t, "testdata/work.js", testworker.Options{Install: []testworker.Install{all.Install}})
}
