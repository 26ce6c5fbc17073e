package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/bindings/d1"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/progress"
)

func newD1(stdout, stderr io.Writer) *cobra.Command {
	var f dataFlags
	cmd := &cobra.Command{
		Use:   "d1",
		Short: "Query, export and migrate the D1 databases of a project, also while dev runs",
	}
	f.declare(cmd.PersistentFlags())
	migrations := &cobra.Command{Use: "migrations", Short: "Create, list and apply migrations"}
	migrations.AddCommand(newMigrationsCreate(&f, stdout), newMigrationsList(&f, stdout), newMigrationsApply(&f, stdout))
	cmd.AddCommand(newD1Execute(&f, stdout, stderr), newD1Export(&f, stderr), migrations)
	return cmd
}

// d1Target is a database of the project.
type d1Target struct {
	name   string // as the user said
	cfg    *config.Config
	entry  config.D1Database
	dir    string
	db     *d1.Database
	config string
}

// database finds the database of that name, binding or id.
func (f *dataFlags) database(name string) (*d1Target, error) {
	configs, state, err := f.project()
	if err != nil {
		return nil, err
	}
	var found *d1Target
	var known []string
	for _, c := range configs {
		for _, e := range c.D1Databases {
			known = append(known, e.Binding)
			if e.Name != name && e.Binding != name && e.ID != name {
				continue
			}
			if found != nil && found.entry.ID != e.ID {
				return nil, fmt.Errorf("%s and %s both have a D1 database called %s, with different ids: choose one configuration with -c", found.entry.Pos, e.Pos, name)
			}
			if found == nil {
				dir := d1.Dir(state, e.ID)
				found = &d1Target{name: name, cfg: c, entry: e, dir: dir, db: d1.Open(dir, clock.Real), config: filepath.Base(c.Path)}
			}
		}
	}
	if found == nil {
		err = fmt.Errorf("no D1 database has the name, binding or id %q in %s", name, names(configs))
		if len(known) > 0 {
			err = fmt.Errorf("%w; there are: %s", err, strings.Join(known, ", "))
		}
	}
	return found, err
}

func newD1Execute(f *dataFlags, stdout, stderr io.Writer) *cobra.Command {
	var command, file string
	var asJSON, yes bool
	cmd := &cobra.Command{
		Use:   "execute DATABASE",
		Short: "Run SQL from the command line or a file, as one transaction",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			results, err := f.execute(cmd, args[0], command, file, stderr)
			switch {
			case err != nil && asJSON:
				printError(stdout, err)
				return &exitError{code: 1, err: errPrinted}
			case err != nil:
				return err
			case asJSON || !colors(stdout):
				return printJSON(stdout, results)
			}
			return printTables(stdout, results)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&command, "command", "", "SQL to run; several statements are separated by ;")
	fl.StringVar(&file, "file", "", "file of SQL to run")
	fl.BoolVar(&asJSON, "json", false, "write JSON (the default unless to a terminal)")
	fl.BoolVarP(&yes, "yes", "y", false, "accepted, changes nothing: there are no questions")
	fl.Lookup("yes").Hidden = true
	return cmd
}

// execute runs SQL, given or from a file, in the database of that name.
func (f *dataFlags) execute(cmd *cobra.Command, database, command, file string, stderr io.Writer) ([]*d1.Result, error) {
	if command != "" && file != "" {
		return nil, errors.New("--command and --file do not go together: say one")
	}
	if command == "" && file == "" {
		return nil, errors.New("say what to run: --command \"SELECT …\" or --file FILE.sql")
	}
	s, err := readScript(command, file)
	if err != nil {
		return nil, err
	}
	t, err := f.database(database)
	if err != nil {
		return nil, err
	}
	defer t.db.Close()
	return s.run(cmd.Context(), t.db, newProgress(stderr))
}

// script is SQL and where it comes from.
type script struct{ file, text string }

func readScript(command, file string) (script, error) {
	if file == "" {
		return script{text: command}, nil
	}
	data, err := os.ReadFile(file)
	return script{file, string(data)}, err
}

// run executes the script, with the results of each statement.
func (s script) run(ctx context.Context, db *d1.Database, p *progress.Line) ([]*d1.Result, error) {
	var results []*d1.Result
	defer p.Close()
	n, err := db.Script(ctx, s.text, func(r *d1.Result, done int) {
		results = append(results, r)
		p.Bytes("executing", int64(done), int64(len(s.text)))
	})
	if err == nil && n == 0 {
		err = errors.New("No SQL statements detected.")
	}
	return results, s.located(err)
}

// located gives an error of a script in a file its position there.
func (s script) located(err error) error {
	var at *d1.ScriptError
	if s.file == "" || !errors.As(err, &at) {
		return err
	}
	before := s.text[:min(at.Offset, len(s.text))]
	line := strings.Count(before, "\n") + 1
	col := len(before) - (strings.LastIndexByte(before, '\n') + 1) + 1
	return fmt.Errorf("%s: %w", diag.Position{File: s.file, Line: line, Col: col}, err)
}

func newD1Export(f *dataFlags, stderr io.Writer) *cobra.Command {
	var output, compatibility string
	var o d1.DumpOptions
	var skip bool
	cmd := &cobra.Command{
		Use:   "export DATABASE --output FILE.sql",
		Short: "Write a database as a file of SQL",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if compatibility != "" && compatibility != "d1" {
				return fmt.Errorf("--compatibility %s is not available: export writes what D1 can import; for the dump of SQLite's own shell, give it the database file", compatibility)
			}
			if o.NoSchema && o.NoData {
				return errors.New("--no-schema and --no-data leave nothing to export")
			}
			t, err := f.database(args[0])
			if err != nil {
				return err
			}
			defer t.db.Close()
			p := newProgress(stderr)
			defer p.Close()
			o.Progress = func(rows int) { p.Say("exporting: %d rows", rows) }
			return writeWhole(output, func(w io.Writer) error { return t.db.Dump(cmd.Context(), w, o) })
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&output, "output", "", "file to write")
	fl.StringArrayVar(&o.Tables, "table", nil, "only this table; repeatable")
	fl.BoolVar(&o.NoSchema, "no-schema", false, "leave out what makes the tables")
	fl.BoolVar(&o.NoData, "no-data", false, "leave out the rows")
	fl.StringVar(&compatibility, "compatibility", "", "format of the dump")
	fl.BoolVarP(&skip, "skip-confirmation", "y", false, "accepted, changes nothing: there are no questions")
	fl.Lookup("skip-confirmation").Hidden = true
	fl.Lookup("compatibility").Hidden = true
	_ = cmd.MarkFlagRequired("output") // it exists
	return cmd
}

// writeWhole writes a file that appears under its name only when it is whole.
func writeWhole(path string, write func(w io.Writer) error) error {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	w := bufio.NewWriterSize(temp, 1<<16)
	err = errors.Join(write(w), w.Flush(), temp.Chmod(0o644), temp.Close())
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
