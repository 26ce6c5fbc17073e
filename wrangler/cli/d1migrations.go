package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/bindings/d1"
)

// migrationsOf are the migrations of a database, whose directory must exist
// unless it is about to be written.
func (f *dataFlags) migrationsOf(name string, create bool) (*d1Target, d1.Migrations, error) {
	t, err := f.database(name)
	if err != nil {
		return nil, d1.Migrations{}, err
	}
	m, err := d1.MigrationsOf(t.cfg, t.entry)
	if err != nil || create {
		return t, m, err
	}
	if _, err := os.Stat(m.Dir); errors.Is(err, fs.ErrNotExist) {
		return nil, m, fmt.Errorf("%s: there is no directory %s: create a migration with miniworker d1 migrations create, or set \"migrations_dir\"", t.entry.Pos, m.Dir)
	}
	return t, m, nil
}

// pending calls do with the migrations of a database that were not applied, if
// there are any.
func (f *dataFlags) pending(ctx context.Context, name string, stdout io.Writer, do func(t *d1Target, m d1.Migrations, names []string) error) error {
	t, m, err := f.migrationsOf(name, false)
	if err != nil {
		return err
	}
	defer t.db.Close()
	names, err := m.Pending(ctx, t.db)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		fmt.Fprintln(stdout, "no migrations to apply")
		return nil
	}
	return do(t, m, names)
}

func newMigrationsCreate(f *dataFlags, stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "create DATABASE MESSAGE",
		Short: "Write an empty migration, numbered after the last one",
		Args:  cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			_, m, err := f.migrationsOf(args[0], true)
			if err != nil {
				return err
			}
			path, err := m.Create(args[1], time.Now())
			if err == nil {
				fmt.Fprintf(stdout, "created %s\n", path)
			}
			return err
		},
	}
}

func newMigrationsList(f *dataFlags, stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "list DATABASE",
		Short: "List the migrations that have not been applied",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.pending(cmd.Context(), args[0], stdout, func(_ *d1Target, _ d1.Migrations, names []string) error {
				fmt.Fprintln(stdout, "migrations to apply:")
				for _, name := range names {
					fmt.Fprintln(stdout, "  "+name)
				}
				return nil
			})
		},
	}
}

func newMigrationsApply(f *dataFlags, stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "apply DATABASE",
		Short: "Apply the migrations that have not been, each as one transaction",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.pending(cmd.Context(), args[0], stdout, func(t *d1Target, m d1.Migrations, names []string) error {
				for i, name := range names {
					n, err := m.Apply(cmd.Context(), t.db, name)
					if err != nil {
						text, _ := os.ReadFile(filepath.Join(m.Dir, filepath.FromSlash(name)))
						err = script{filepath.Join(m.Dir, filepath.FromSlash(name)), string(text)}.located(err)
						return fmt.Errorf("%w\n%s was not applied, nor what comes after it; %d of %d were", err, name, i, len(names))
					}
					fmt.Fprintf(stdout, "applied %s (%s)\n", name, count(n, "statement"))
				}
				return nil
			})
		},
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
