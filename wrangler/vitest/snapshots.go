package vitest

import (
	"encoding/json"
	"sync"
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
