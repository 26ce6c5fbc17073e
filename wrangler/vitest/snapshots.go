package vitest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// snapshotCount adds up what Vitest says of the snapshots of each file.
type snapshotCount struct {
	mu  sync.Mutex
	sum Snapshots
}

func (c *snapshotCount) add(text string) error {
	var r struct {
		Added, Matched, Unmatched, Updated, Unchecked int
		FileDeleted                                   bool
		UncheckedKeys                                 []string
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sum.Added += r.Added
	c.sum.Matched += r.Matched
	c.sum.Unmatched += r.Unmatched
	c.sum.Updated += r.Updated
	if r.FileDeleted {
		c.sum.FilesRemoved++
	}
	c.sum.Unchecked += r.Unchecked
	return nil
}

func (c *snapshotCount) total() Snapshots {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sum
}

// snapshotFunctions are about snapshot files.
func (h *host) snapshotFunctions(define definer) {
	define("snapshotPath", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		file := a.String(0)
		return js.String(filepath.Join(filepath.Dir(file), "__snapshots__", filepath.Base(file)+".snap")), a.Err()
	})
	define("rawPath", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		file, raw := a.String(0), a.String(1)
		if !filepath.IsAbs(raw) {
			raw = filepath.Join(filepath.Dir(file), filepath.FromSlash(raw))
		}
		return js.String(raw), a.Err()
	})
	define("readSnapshot", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		data, err := os.ReadFile(a.String(0))
		if os.IsNotExist(err) {
			return jsg.Null, a.Err()
		}
		if err != nil {
			return nil, jsg.Errorf("%v", err)
		}
		return js.String(string(data)), a.Err()
	})
	define("populate", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		p, err := jsg.Compile("miniworker:snapshots", "(function(exports){"+a.String(0)+"\n})")
		if err != nil {
			return nil, jsg.Errorf("the snapshot file cannot be read: %v", err)
		}
		return js.Run(p)
	})
	define("saveSnapshot", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		path, text := a.String(0), a.String(1)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, jsg.Errorf("%v", err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return nil, jsg.Errorf("%v", err)
		}
		return jsg.Undefined, a.Err()
	})
	define("removeSnapshot", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		if err := os.Remove(a.String(0)); err != nil && !os.IsNotExist(err) {
			return nil, jsg.Errorf("%v", err)
		}
		return jsg.Undefined, a.Err()
	})
	define("snapshotSaved", func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		err := h.run.s.shots.add(a.String(0))
		if err != nil {
			return nil, err
		}
		return jsg.Undefined, a.Err()
	})
}
