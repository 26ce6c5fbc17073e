package d1

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Migrations are the migration files of a database.
type Migrations struct {
	// Dir is the directory, Pattern a glob below it, Table where the database
	// keeps the names of those it has had.
	Dir, Pattern, Table string
}

// MigrationsOf is what a configuration says about them.
func MigrationsOf(c *config.Config, d config.D1Database) (Migrations, error) {
	m := Migrations{Dir: d.MigrationsDir, Pattern: "*.sql", Table: d.MigrationsTable}
	if d.MigrationsPattern != "" {
		// The configuration's pattern begins with the directory as written there.
		rel, err := filepath.Rel(c.Dir, m.Dir)
		if err != nil {
			return m, err
		}
		pattern := path.Clean(filepath.ToSlash(d.MigrationsPattern))
		if rel = filepath.ToSlash(rel); rel != "." {
			pattern = strings.TrimPrefix(pattern, rel+"/")
		}
		m.Pattern = pattern
	}
	return m, nil
}

// Files are the names of the migrations, slash-separated below Dir, in the order
// they are applied.
func (m *Migrations) Files() ([]string, error) {
	var out []string
	err := filepath.WalkDir(m.Dir, func(p string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case p != m.Dir && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir():
			return nil
		}
		rel, err := filepath.Rel(m.Dir, p)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		ok, err := doublestar.Match(m.Pattern, name)
		if ok {
			out = append(out, name)
		}
		return err
	})
	slices.SortFunc(out, func(a, b string) int {
		return slices.CompareFunc(strings.Split(a, "/"), strings.Split(b, "/"), compareNames)
	})
	return out, err
}

// compareNames puts numbered names in the order of their numbers, before those
// without.
func compareNames(a, b string) int {
	return cmp.Or(cmp.Compare(uint(number(a)), uint(number(b))), strings.Compare(a, b))
}

// number is what the name of a migration begins with, -1 for none.
func number(name string) int {
	digits := name[:len(name)-len(strings.TrimLeft(name, "0123456789"))]
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}

// Pending are the files the database has not had yet. The table is made if it is
// missing.
func (m *Migrations) Pending(ctx context.Context, d *Database) ([]string, error) {
	files, err := m.Files()
	if err != nil {
		return nil, err
	}
	_, err = d.Run(ctx, Query{SQL: "CREATE TABLE IF NOT EXISTS " + quoteName(m.Table) + `(
		id         INTEGER PRIMARY KEY AUTOINCREMENT,
		name       TEXT UNIQUE,
		applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
);`})
	if err != nil {
		return nil, err
	}
	r, err := d.Run(ctx, Query{SQL: "SELECT name FROM " + quoteName(m.Table)})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(files, func(name string) bool {
		return slices.ContainsFunc(r[0].Rows, func(row []any) bool { return row[0] == name })
	}), nil
}

// Apply runs a migration and notes its name, both or neither. It reports how
// many statements there were.
func (m *Migrations) Apply(ctx context.Context, d *Database, name string) (int, error) {
	file := filepath.Join(m.Dir, filepath.FromSlash(name))
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	n, err := d.Script(ctx, string(text)+"\n;INSERT INTO "+quoteName(m.Table)+" (name) VALUES ("+literal(name)+");", nil)
	return n - 1, err
}

// Create writes an empty migration with the next number and returns its path.
func (m *Migrations) Create(message string, now time.Time) (string, error) {
	if strings.ContainsAny(message, `/\`) {
		return "", fmt.Errorf("the message %q becomes the name of a file: leave out / and \\", message)
	}
	files, err := m.Files()
	if err != nil {
		return "", err
	}
	last := 0
	for _, f := range files {
		last = max(last, number(f))
	}
	n := fmt.Sprintf("%04d", last+1)
	name := n + "_" + strings.ReplaceAll(message, " ", "_") + ".sql"
	if ok, err := doublestar.Match(m.Pattern, name); err != nil || !ok {
		return "", errors.Join(err, fmt.Errorf("%s would not match \"migrations_pattern\", and so never be applied: let the tool that lays out your migrations create it, or change the pattern to match *.sql", name))
	}
	file := filepath.Join(m.Dir, name)
	text := fmt.Sprintf("-- Migration number: %s \t %s\n", n, now.UTC().Format("2006-01-02T15:04:05.000Z"))
	return file, store.WriteFile(file, []byte(text))
}
