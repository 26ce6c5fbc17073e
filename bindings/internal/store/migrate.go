package store

import "fmt"

// Migrate brings our own tables in d up to date: steps[i] leads from version i
// to i+1, and table names the one-row table that remembers the version. (Not
// PRAGMA user_version: in databases of applications that is theirs.) Each
// database is brought up in one transaction; a file from a newer program is
// refused.
func (d *DB) Migrate(table string, steps ...string) error {
	version, err := d.schemaVersion(table)
	if err != nil || version == len(steps) {
		return err
	}
	if version > len(steps) {
		return fmt.Errorf("%s: written by a newer version of miniworker (layout %d, this one knows %d): update miniworker or choose another directory with --persist-to",
			d.path, version, len(steps))
	}
	return d.Tx(func() error {
		for _, step := range steps[version:] {
			if err := d.Script(step); err != nil {
				return fmt.Errorf("%s: updating the layout: %w", d.path, err)
			}
		}
		return d.Script(fmt.Sprintf(
			"CREATE TABLE IF NOT EXISTS %[1]s (version INTEGER NOT NULL); DELETE FROM %[1]s; INSERT INTO %[1]s VALUES (%[2]d)",
			table, len(steps)))
	})
}

func (d *DB) schemaVersion(table string) (version int, err error) {
	exists, err := d.Row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", func(*Stmt) {}, table)
	if err != nil || !exists {
		return 0, err
	}
	_, err = d.Row("SELECT version FROM "+table, func(s *Stmt) { version = int(s.Int64(0)) })
	return version, err
}
