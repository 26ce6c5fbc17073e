package r2

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// TestClasses runs the behaviour files; each test has a bucket of its own as
// env.STORE. What they expect was seen on wrangler 4.164.
func TestClasses(t *testing.T) {
	testworker.RunDir(t, "testdata", all.Install, func(js *jsg.Scope) {
		bucket := Open(filepath.Join(t.TempDir(), "b"), clock.NewFake(time.UnixMilli(1_700_000_000_000)))
		t.Cleanup(func() {
			if err := bucket.Close(); err != nil {
				t.Error(err)
			}
		})
		env := js.Record("STORE", bucketClass.Wrap(js, &binding{name: "STORE", bucket: bucket}))
		js.Define(js.Global(), "env", env)
	})
}
