package state

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Difference is one thing that is not the same in two snapshots.
type Difference struct {
	// Store is what it belongs to, as its folder: "kv/ID", "r2/BUCKET",
	// "do/WORKER-CLASS/OBJECT", "d1/ID".
	Store string `json:"store"`
	// Item is a key, or "table NAME".
	Item string `json:"item"`
	// Before and After describe it; "" where it is not.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// String is one line: +, - or ~, the item, and what it was and is.
func (d Difference) String() string {
	switch {
	case d.Before == "":
		return fmt.Sprintf("+ %s (%s)", d.Item, d.After)
	case d.After == "":
		return fmt.Sprintf("- %s (%s)", d.Item, d.Before)
	case d.Before == d.After:
		return fmt.Sprintf("~ %s (%s, other content)", d.Item, d.After)
	}
	return fmt.Sprintf("~ %s (%s → %s)", d.Item, d.Before, d.After)
}

// Diff compares two snapshots; nil is an empty state.
func (k *Keeper) Diff(before, after *Snapshot) ([]Difference, error) {
	files := map[string][2]File{}
	for i, s := range []*Snapshot{before, after} {
		if s == nil {
			continue
		}
		for _, f := range s.Files {
			pair := files[f.Path]
			pair[i] = f
			files[f.Path] = pair
		}
	}
	var out []Difference
	for rel, pair := range files {
		if pair[0].ID == pair[1].ID || store.IsContent(path.Base(rel)) {
			continue // content is told of by its database
		}
		if !isDatabase(rel) {
			out = append(out, fileDifference(rel, pair))
			continue
		}
		list, err := k.diffDatabase(rel, pair)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b Difference) int { return cmp.Or(cmp.Compare(a.Store, b.Store), cmp.Compare(a.Item, b.Item)) })
	return out, nil
}

func fileDifference(rel string, pair [2]File) Difference {
	size := func(f File) string {
		if f.ID == "" {
			return ""
		}
		return bytesText(f.Size)
	}
	return Difference{Store: path.Dir(rel), Item: path.Base(rel), Before: size(pair[0]), After: size(pair[1])}
}

// item is what a database holds under a name.
type item struct {
	text string
	hash uint64
}

func (k *Keeper) diffDatabase(rel string, pair [2]File) (out []Difference, err error) {
	var items [2]map[string]item
	names := map[string]bool{}
	for i, f := range pair {
		if f.ID == "" {
			continue
		}
		if items[i], err = k.inventory(rel, f); err != nil {
			return nil, err
		}
		for name := range items[i] {
			names[name] = true
		}
	}
	for name := range names {
		if a, b := items[0][name], items[1][name]; a != b {
			out = append(out, Difference{Store: storeOf(rel), Item: name, Before: a.text, After: b.text})
		}
	}
	return out, nil
}

// storeOf is the folder of a store with one database, or the object whose
// database it is.
func storeOf(rel string) string {
	if strings.HasPrefix(rel, "do/") && path.Base(rel) != "index.sqlite" {
		return strings.TrimSuffix(rel, ".sqlite")
	}
	return path.Dir(rel)
}

// inventory lists what a database holds. It looks at a copy, as reading a
// database writes beside it.
func (k *Keeper) inventory(rel string, f File) (map[string]item, error) {
	temp, err := os.MkdirTemp("", "miniworker-diff-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	copied := filepath.Join(temp, "db.sqlite")
	if _, err := copyFile(filepath.Join(k.pool, f.ID), copied); err != nil {
		return nil, err
	}
	db, err := store.Open(copied, store.Options{MustExist: true, Exclusive: true, KeepWAL: true})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	kind, _, _ := strings.Cut(rel, "/")
	out := map[string]item{}
	switch kind {
	case "kv":
		err = keyed(db, out, "SELECT key, length(value), value, metadata, expires FROM entries")
	case "r2":
		err = keyed(db, out, "SELECT key, size, etag, http, custom FROM objects")
	default:
		err = tables(db, out)
	}
	return out, err
}

// keyed lists rows by their first column; the second is a size.
func keyed(db *store.DB, out map[string]item, query string) error {
	return db.Rows(query, func(r *store.Stmt) bool {
		out[r.Text(0)] = item{bytesText(r.Int64(1)), hashOf(r, 2)}
		return true
	})
}

// tables lists the tables, and the keys of Durable Objects one by one.
func tables(db *store.DB, out map[string]item) error {
	var names []string
	err := db.Rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", func(r *store.Stmt) bool {
		names = append(names, r.Text(0))
		return true
	})
	if err != nil {
		return err
	}
	for _, name := range names {
		switch name {
		case "_cf_KV":
			err = keyed(db, out, "SELECT key, length(value), value FROM _cf_KV")
		case "_cf_METADATA":
			_, err = db.Row("SELECT value FROM _cf_METADATA WHERE key = 1", func(r *store.Stmt) {
				out["alarm"] = item{timeText(r.Int64(0)), uint64(r.Int64(0))}
			})
		case "layout":
		case "alarms": // what the objects say themselves
		default:
			err = table(db, out, name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func table(db *store.DB, out map[string]item, name string) error {
	n, sum := 0, uint64(0)
	err := db.Rows(`SELECT * FROM "`+strings.ReplaceAll(name, `"`, `""`)+`"`, func(r *store.Stmt) bool {
		n++
		sum = sum*31 + hashOf(r, 0)
		return true
	})
	text := fmt.Sprintf("%d rows", n)
	if n == 1 {
		text = "1 row"
	}
	out["table "+name] = item{text, sum}
	return err
}

// hashOf sums up the columns of a row from the first one on.
func hashOf(r *store.Stmt, first int) uint64 {
	h := fnv.New64a()
	for i := first; i < r.Columns(); i++ {
		fmt.Fprintf(h, "%v\x00", r.IsNull(i))
		_, _ = h.Write(r.Blob(i))
	}
	return h.Sum64()
}

func bytesText(n int64) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}

func timeText(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }
