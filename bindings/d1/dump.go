package d1

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/appsql"
	"github.com/miniworker/miniworker/bindings/internal/store"
)

// DumpOptions choose what Dump writes.
type DumpOptions struct {
	// Tables limits it to these tables, and the indexes, triggers and views of
	// those names; none means all.
	Tables           []string
	NoSchema, NoData bool
	// Progress, if set, is told how many rows were written so far.
	Progress func(rows int)
}

// ErrVirtualTables is why a database cannot be dumped, as D1 says it.
var ErrVirtualTables = errors.New("D1 Export error: cannot export databases with Virtual Tables (fts5)")

// Dump writes the database as a script that makes it anew, one state of it
// whatever is written meanwhile.
func (d *Database) Dump(ctx context.Context, w io.Writer, o DumpOptions) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.use(); err != nil {
		return err
	}
	x := &dump{d: d, w: w, o: o, ctx: ctx}
	if err := d.db.Exec("BEGIN"); err != nil {
		return err
	}
	return errors.Join(appsql.Translate(x.run()), d.db.Exec("ROLLBACK"))
}

type dump struct {
	d    *Database
	w    io.Writer
	o    DumpOptions
	ctx  context.Context
	rows int
}

func (x *dump) line(text string) error {
	_, err := io.WriteString(x.w, text+"\n")
	return err
}

func (x *dump) wanted(name string) bool {
	return len(x.o.Tables) == 0 || slices.Contains(x.o.Tables, name)
}

type schemaEntry struct{ name, sql string }

func (x *dump) schema(query string) (out []schemaEntry, err error) {
	err = x.d.db.Rows(query, func(r *store.Stmt) bool {
		out = append(out, schemaEntry{r.Text(0), r.Text(1)})
		return true
	})
	return out, err
}

func (x *dump) run() error {
	if err := x.line("PRAGMA defer_foreign_keys=TRUE;"); err != nil {
		return err
	}
	tables, err := x.schema("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql NOT NULL ORDER BY tbl_name = 'sqlite_sequence', rowid")
	if err != nil {
		return err
	}
	for _, t := range tables {
		if x.wanted(t.name) {
			if err := x.table(t); err != nil {
				return err
			}
		}
	}
	if x.o.NoSchema {
		return nil
	}
	rest, err := x.schema("SELECT name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger', 'view') AND sql NOT NULL ORDER BY type, rowid")
	for _, e := range rest {
		if err == nil && x.wanted(e.name) {
			err = x.line(e.sql + ";")
		}
	}
	return err
}

func (x *dump) table(t schemaEntry) error {
	create := t.sql + ";"
	switch {
	case t.name == "sqlite_sequence":
		create = "DELETE FROM sqlite_sequence;"
	case strings.HasPrefix(t.name, "sqlite_stat"):
		create = "ANALYZE sqlite_schema;"
	case strings.HasPrefix(t.name, "_cf_"), strings.HasPrefix(t.name, "sqlite_"):
		return nil
	case strings.HasPrefix(t.sql, "CREATE VIRTUAL TABLE"):
		return ErrVirtualTables
	case strings.HasPrefix(t.sql, "CREATE TABLE '"), strings.HasPrefix(t.sql, `CREATE TABLE "`):
		create = "CREATE TABLE IF NOT EXISTS " + t.sql[len("CREATE TABLE "):] + ";"
	}
	if !x.o.NoSchema {
		if err := x.line(create); err != nil {
			return err
		}
	}
	if x.o.NoData {
		return nil
	}
	return x.data(t.name)
}

// data writes an INSERT for each row. Generated columns are left out: they
// cannot be inserted.
func (x *dump) data(table string) error {
	var names []string
	err := x.d.db.Rows("SELECT name FROM pragma_table_info(?)", func(r *store.Stmt) bool {
		names = append(names, quoteName(r.Text(0)))
		return true
	}, table)
	if err != nil {
		return err
	}
	columns := strings.Join(names, ",")
	stmt, _, err := x.d.db.PrepareNext("SELECT " + columns + " FROM " + quoteName(table))
	if err != nil {
		return err
	}
	defer stmt.Close()
	for {
		if more, err := stmt.Step(); err != nil || !more {
			return err
		}
		values := make([]string, len(names))
		for i := range values {
			values[i] = literal(stmt.Value(i))
		}
		if err := x.line("INSERT INTO " + quoteName(table) + " (" + columns + ") VALUES(" + strings.Join(values, ",") + ");"); err != nil {
			return err
		}
		if x.rows++; x.rows%1000 == 0 {
			if x.ctx.Err() != nil {
				return x.ctx.Err()
			}
			if x.o.Progress != nil {
				x.o.Progress(x.rows)
			}
		}
	}
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// literal is a value as SQL text that gives the same value again, of the same
// type.
func literal(v any) string {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		switch {
		case math.IsInf(v, 1):
			return "9e999"
		case math.IsInf(v, -1):
			return "-9e999"
		}
		text := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return text
	case string:
		if strings.Contains(v, "\x00") {
			return fmt.Sprintf("CAST(X'%x' AS TEXT)", v)
		}
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	case []byte:
		return fmt.Sprintf("X'%x'", v)
	}
	return "NULL"
}
