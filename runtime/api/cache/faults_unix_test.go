//go:build unix

package cache

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/crashtest"
)

func tryStore(m *Memory, key, content string) error {
	return m.Put(context.Background(), "", key, &Entry{Status: 200, Stored: now, Expires: now.Add(time.Hour)}, strings.NewReader(content))
}

// What put gave an error for left the old response, and no files.
func TestFullDiskAndReadOnlyDirectory(t *testing.T) {
	dir := t.TempDir()
	start := func() *Memory { return NewMemory(MemoryOptions{Clock: clock.NewFake(now), Dir: dir, Keep: true}) }
	small, large := strings.Repeat("x", 100_000), strings.Repeat("x", 1<<20)
	m := start()
	store(t, m, "small", "old", time.Hour)
	store(t, m, "large", large, time.Hour)
	refused := func(what string) {
		for key, content := range map[string]string{"small": small, "large": large + large, "new": small} {
			if err := tryStore(m, key, content); err == nil {
				t.Errorf("%s: %s was kept", what, key)
			}
		}
	}
	crashtest.WithFullDisk(t, 50_000, func() { refused("full disk") })
	crashtest.WithReadOnly(t, dir, func() { refused("read-only directory") })
	if load(t, m, "small") != "old" || load(t, m, "large") != large || load(t, m, "new") != "-" {
		t.Error("a response was lost")
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 3 { // two entries and the content of the large one
		t.Error(files, err)
	}
	m = start()
	if load(t, m, "small") != "old" || load(t, m, "large") != large || load(t, m, "new") != "-" {
		t.Error("what was kept did not last")
	}
	store(t, m, "small", "goes on", time.Hour)
}
