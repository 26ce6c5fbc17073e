package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Import copies the objects that workerd stored in the folder from, one
// database each, with their names, alarms and facets. Ids are made in the same way
// here, so they stay good. Objects that this namespace has already are left
// alone and counted as skipped. Values stay as V8 wrote them: reading
// understands both forms.
func (n *Namespace) Import(from string) (copied, skipped int, err error) {
	entries, err := os.ReadDir(from)
	if err != nil {
		return 0, 0, err
	}
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), ".sqlite")
		if !ok || !idPattern.MatchString(id) {
			continue
		}
		path := filepath.Join(n.dir, e.Name())
		if _, err := os.Stat(path); err == nil {
			skipped++
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return copied, skipped, err
		}
		// The object comes last: one that is there is left alone, and so are its facets.
		err := n.importFacets(id, from)
		if err == nil {
			err = n.importObject(id, filepath.Join(from, e.Name()), path)
		}
		if err != nil {
			return copied, skipped, fmt.Errorf("object %s: %w", id, err)
		}
		copied++
	}
	return copied, skipped, nil
}

// importedName is where wrangler keeps what an object's id was derived from.
const importedName = "__miniflare_do_name"

func (n *Namespace) importObject(id, from, to string) error {
	name := ""
	x, err := n.useIndex(true)
	if err != nil {
		return err
	}
	// An unsettled entry has the alarm looked up in the object's database.
	if err := x.unsettle(id); err != nil {
		return err
	}
	err = store.CopyForeign(from, to, func(db *store.DB) error {
		there, err := hasTable(db, importedName)
		if err != nil {
			return err
		}
		if there {
			if _, err := db.Row("SELECT name FROM "+importedName, func(r *store.Stmt) { name = r.Text(0) }); err != nil {
				return err
			}
			if err := db.Script("DROP TABLE " + importedName); err != nil {
				return err
			}
		}
		return alarmFromForeign(db)
	})
	if err != nil || name == "" {
		return err
	}
	return x.remember(id, name)
}

// alarmFromForeign turns the alarm of a database of workerd, which counts
// nanoseconds, into milliseconds.
func alarmFromForeign(db *store.DB) error {
	there, err := hasTable(db, "_cf_METADATA")
	if err != nil || !there {
		return err
	}
	return db.Exec("UPDATE _cf_METADATA SET value = value / 1000000 WHERE key = ?", metaAlarm)
}

func hasTable(db *store.DB, name string) (bool, error) {
	return db.Row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", func(*store.Stmt) {}, name)
}
