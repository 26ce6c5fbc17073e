package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/bindings/d1"
	"github.com/miniworker/miniworker/bindings/durable"
	"github.com/miniworker/miniworker/bindings/kv"
	"github.com/miniworker/miniworker/bindings/r2"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/dev"
	"github.com/miniworker/miniworker/wrangler/progress"
)

func newState(stdout, stderr io.Writer) *cobra.Command {
	var f dataFlags
	cmd := &cobra.Command{Use: "state", Short: "The stored data of a project as a whole"}
	f.declare(cmd.PersistentFlags())
	cmd.AddCommand(newStateImport(&f, stdout, stderr))
	cmd.AddCommand(stateCommands(&f, stdout, stderr)...)
	return cmd
}

func newStateImport(f *dataFlags, stdout, stderr io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "import [DIRECTORY | FILE]",
		Short: "Copy what wrangler dev stored (R2, KV, D1, Durable Objects) into this project's state, or bring an export back",
		Long: `With the FILE that export wrote, the state becomes that of the file.

Copies what wrangler dev stored for the bindings of this project into its state: R2 buckets, KV namespaces, D1
databases and Durable Objects with their alarms. DIRECTORY is wrangler's, by default .wrangler/state beside the
configuration; it is only read. R2 and KV keys that exist already are replaced; D1 databases and objects that exist are left alone.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && isFile(args[0]) {
				return f.importArchive(cmd.Context(), args[0], stdout, stderr)
			}
			configs, state, err := f.project()
			if err != nil {
				return err
			}
			from := filepath.Join(configs[0].UserDir, ".wrangler", "state")
			if len(args) == 1 {
				from = args[0]
			}
			if from, err = wranglerState(from); err != nil {
				return err
			}
			unlock, session, err := dev.LockState(state)
			if err != nil {
				return err
			}
			if session != "" {
				return fmt.Errorf("the session at %s uses the state: stop it first", session)
			}
			defer unlock()
			i := &importer{from: from, state: state, out: stdout, progress: newProgress(stderr), seen: map[string]bool{}}
			defer i.progress.Close()
			for _, c := range configs {
				if err := i.worker(cmd.Context(), c); err != nil {
					return err
				}
			}
			if len(i.seen) == 0 {
				fmt.Fprintf(stdout, "nothing of what this project binds is stored in %s\n", from)
			}
			return nil
		},
	}
}

// wranglerState is the folder of wrangler's layout in dir, which may be
// .wrangler, its state folder, or the versioned folder in that.
func wranglerState(dir string) (string, error) {
	for _, d := range []string{filepath.Join(dir, "state", "v3"), filepath.Join(dir, "v3"), dir} {
		for _, kind := range []string{"kv", "r2", "d1", "do"} {
			if st, err := os.Stat(filepath.Join(d, kind)); err == nil && st.IsDir() {
				return d, nil
			}
		}
	}
	return "", fmt.Errorf("%s holds nothing that wrangler dev stored (no v3/kv, v3/r2, v3/d1 or v3/do): name the directory given to --persist-to, or .wrangler/state", dir)
}

// importer copies from wrangler's layout. Workers may share what they bind:
// each thing is copied once.
type importer struct {
	from, state string
	out         io.Writer
	progress    *progress.Line
	seen        map[string]bool
}

// file is where wrangler keeps the database of a thing; ok is false if it has
// none, or it was copied before.
func (i *importer) file(folder, class, id string) (path string, ok bool) {
	path = filepath.Join(i.from, folder, "miniflare-"+class, actor.HexFromName("miniflare-"+class, id)+".sqlite")
	if _, err := os.Stat(path); err != nil || i.seen[path] {
		return "", false
	}
	i.seen[path] = true
	return path, true
}

func (i *importer) worker(ctx context.Context, c *config.Config) error {
	for _, n := range c.KVNamespaces {
		if err := i.kv(ctx, n.ID); err != nil {
			return fmt.Errorf("KV namespace %s: %w", n.ID, err)
		}
	}
	for _, b := range c.R2Buckets {
		if err := i.r2(ctx, b.Bucket); err != nil {
			return fmt.Errorf("R2 bucket %s: %w", b.Bucket, err)
		}
	}
	for _, d := range c.D1Databases {
		if err := i.d1(d); err != nil {
			return fmt.Errorf("D1 database %s: %w", d.Binding, err)
		}
	}
	for _, d := range c.DurableObjects {
		worker := c.Name
		if d.ScriptName != "" {
			worker = d.ScriptName
		}
		if err := i.objects(worker, d.ClassName); err != nil {
			return fmt.Errorf("Durable Objects of %s in %s: %w", d.ClassName, worker, err)
		}
	}
	return nil
}

func (i *importer) kv(ctx context.Context, id string) error {
	path, ok := i.file("kv", "KVNamespaceObject", id)
	if !ok {
		return nil
	}
	ns := kv.Open(filepath.Join(i.state, "kv", id), clock.Real)
	n, err := ns.Import(ctx, path, filepath.Join(i.from, "kv", id, "blobs"))
	if err := errors.Join(err, ns.Close()); err != nil {
		return err
	}
	i.say("KV namespace %s: %d keys", id, n)
	return nil
}

func (i *importer) r2(ctx context.Context, name string) error {
	path, ok := i.file("r2", "R2BucketObject", name)
	if !ok {
		return nil
	}
	b := r2.Open(filepath.Join(i.state, "r2", name), clock.Real)
	n, err := b.Import(ctx, path, filepath.Join(i.from, "r2", name, "blobs"), func(done, total int) {
		i.progress.Count("R2 bucket "+name+": object", done, total)
	})
	if err := errors.Join(err, b.Close()); err != nil {
		return err
	}
	i.say("R2 bucket %s: %d objects", name, n)
	return nil
}

func (i *importer) d1(d config.D1Database) error {
	path, ok := i.file("d1", "D1DatabaseObject", d.ID)
	if !ok {
		return nil
	}
	copied, err := d1.Import(path, d1.Dir(i.state, d.ID))
	switch {
	case err != nil:
		return err
	case copied:
		i.say("D1 database %s: copied", d.Binding)
	default:
		i.say("D1 database %s: left alone, there is one here already", d.Binding)
	}
	return nil
}

func (i *importer) objects(worker, class string) error {
	dir := filepath.Join(i.from, "do", worker+"-"+class)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) || i.seen[dir] {
		return nil
	}
	i.seen[dir] = true
	ns, err := durable.OpenNamespace(i.state, worker, class)
	if err != nil {
		return err
	}
	copied, skipped, err := ns.Import(dir)
	if err := errors.Join(err, ns.Close()); err != nil {
		return err
	}
	text := ""
	if skipped > 0 {
		text = fmt.Sprintf(", %d left alone because they exist here already", skipped)
	}
	i.say("Durable Objects of %s: %d objects%s", class, copied, text)
	return nil
}

func (i *importer) say(format string, args ...any) {
	i.progress.Clear()
	fmt.Fprintf(i.out, format+"\n", args...)
}
