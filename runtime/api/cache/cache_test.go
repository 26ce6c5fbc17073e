package cache_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/api/cache"
	"github.com/miniworker/miniworker/runtime/jsg"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestBehaviour runs the behaviour files over both places contents can be.
func TestBehaviour(t *testing.T) {
	t.Run("memory", func(t *testing.T) { testworker.RunDir(t, "testdata", all.Install) })
	t.Run("files", func(t *testing.T) {
		testworker.RunDir(t, "testdata", all.Install, func(js *jsg.Scope) {
			m := cache.NewMemory(cache.MemoryOptions{Dir: t.TempDir()})
			t.Cleanup(func() { m.Close() })
			cache.SetStorage(js, m)
		})
	})
}
