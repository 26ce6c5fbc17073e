package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/state"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/wrangler/control"
	"github.com/miniworker/miniworker/wrangler/dev"
	"github.com/miniworker/miniworker/wrangler/explorer"
	"github.com/miniworker/miniworker/wrangler/progress"
)

// controlled is the project the flags are about: its running session, or its
// state directory if there is none.
func (f *dataFlags) controlled() (c *control.Client, running bool, closing func(), err error) {
	_, dir, err := f.project()
	if err != nil {
		return nil, false, nil, err
	}
	unlock, session, err := dev.LockState(dir)
	if err != nil {
		return nil, false, nil, err
	}
	if session != "" {
		return &control.Client{Base: session, HTTP: http.DefaultClient}, true, func() {}, nil
	}
	s := &bindings.Session{State: dir, Clock: clock.Real}
	mux := http.NewServeMux()
	(&control.API{Session: func() *bindings.Session { return s }}).Handle(mux)
	return &control.Client{Base: "http://localhost", HTTP: &http.Client{Transport: explorer.Transport(mux)}}, false, func() { _ = s.Close(); unlock() }, nil
}

// with runs work with the project, and closes it.
func (f *dataFlags) with(work func(c *control.Client) error) error {
	c, _, closing, err := f.controlled()
	if err != nil {
		return err
	}
	defer closing()
	return work(c)
}

func stateCommands(f *dataFlags, stdout, stderr io.Writer) []*cobra.Command {
	name := func(use, short string, run func(ctx context.Context, c *control.Client, name string) error) *cobra.Command {
		return &cobra.Command{Use: use + " NAME", Short: short, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			return f.with(func(c *control.Client) error { return run(cmd.Context(), c, args[0]) })
		}}
	}
	return []*cobra.Command{
		name("snapshot", "Save the state of all bindings under a name", func(ctx context.Context, c *control.Client, name string) error {
			var s control.Snapshot
			if err := c.Call(ctx, http.MethodPost, "state/"+url.PathEscape(name), nil, &s); err != nil {
				return err
			}
			fmt.Fprintf(stdout, "saved %s: %d files, %s, of which %s are new\n", s.Name, s.Files, progress.Size(s.Bytes), progress.Size(s.Copied))
			return nil
		}),
		name("restore", "Bring the state of all bindings back to a snapshot, also while dev runs", func(ctx context.Context, c *control.Client, name string) error {
			var r bindings.Restored
			if err := c.Call(ctx, http.MethodPost, "state/"+url.PathEscape(name)+"/restore", nil, &r); err != nil {
				return err
			}
			fmt.Fprintf(stdout, "restored %s\n", name)
			for worker, n := range r.Ended {
				fmt.Fprintf(stdout, "%s: %d events that were under way failed\n", worker, n)
			}
			return nil
		}),
		name("remove", "Delete a snapshot", func(ctx context.Context, c *control.Client, name string) error {
			return c.Call(ctx, http.MethodDelete, "state/"+url.PathEscape(name), nil, nil)
		}),
		newStateList(f, stdout), newStateReset(f, stdout), newStateDiff(f, stdout), newStateExport(f, stdout, stderr),
	}
}

func newStateList(f *dataFlags, stdout io.Writer) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: "List the snapshots", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return f.with(func(c *control.Client) error {
			var list []control.Snapshot
			if err := c.Call(cmd.Context(), http.MethodGet, "state", nil, &list); err != nil {
				return err
			}
			if asJSON {
				return writeIndented(stdout, list)
			}
			for _, s := range list {
				fmt.Fprintf(stdout, "%-24s %s  %d files, %s\n", s.Name, s.Created.In(clock.Machine).Format("2006-01-02 15:04:05"), s.Files, progress.Size(s.Bytes))
			}
			if len(list) == 0 {
				fmt.Fprintln(stdout, "no snapshots; make one with: miniworker state snapshot NAME")
			}
			return nil
		})
	}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newStateReset(f *dataFlags, stdout io.Writer) *cobra.Command {
	return &cobra.Command{Use: "reset", Short: "Empty the state of all bindings, also while dev runs; snapshots stay", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return f.with(func(c *control.Client) error {
			if err := c.Call(cmd.Context(), http.MethodPost, "state/reset", nil, nil); err != nil {
				return err
			}
			fmt.Fprintln(stdout, "the state is empty")
			return nil
		})
	}}
}

func newStateDiff(f *dataFlags, stdout io.Writer) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "diff NAME [OTHER]", Short: "Show what changed since a snapshot, or between two",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			q := url.Values{"from": {args[0]}}
			if len(args) > 1 {
				q.Set("to", args[1])
			}
			return f.with(func(c *control.Client) error {
				var list []state.Difference
				if err := c.Call(cmd.Context(), http.MethodGet, "state/diff", q, &list); err != nil {
					return err
				}
				if asJSON {
					return writeIndented(stdout, list)
				}
				printDifferences(stdout, list)
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printDifferences(w io.Writer, list []state.Difference) {
	last := ""
	for _, d := range list {
		if d.Store != last {
			fmt.Fprintln(w, d.Store)
			last = d.Store
		}
		fmt.Fprintln(w, "  "+d.String())
	}
	if len(list) == 0 {
		fmt.Fprintln(w, "nothing changed")
	}
}

func newStateExport(f *dataFlags, stdout, stderr io.Writer) *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use: "export FILE", Short: "Write the state, or a snapshot, to one file; - is the standard output", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.with(func(c *control.Client) error {
				resp, err := c.Do(cmd.Context(), http.MethodGet, "state/"+url.PathEscape(name), nil, nil)
				if err != nil {
					return err
				}
				defer resp.Body.Close()
				p := newProgress(stderr)
				defer p.Close()
				body := p.Reader(resp.Body, "exporting", resp.ContentLength)
				if args[0] == "-" {
					_, err := io.Copy(stdout, body)
					return err
				}
				err = writeWhole(args[0], func(w io.Writer) error {
					_, err := io.Copy(w, body)
					return err
				})
				if err != nil {
					return err
				}
				p.Close()
				fmt.Fprintf(stdout, "wrote %s to %s\n", progress.Size(body.Done()), args[0])
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&name, "snapshot", control.Now, "snapshot to write, instead of the state as it is")
	return cmd
}

// importArchive makes a snapshot of a file that export wrote, and brings the
// state to it.
func (f *dataFlags) importArchive(ctx context.Context, path string, stdout, stderr io.Writer) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	name := filepath.Base(path)
	for _, suffix := range []string{".gz", ".tgz", ".tar"} {
		name = strings.TrimSuffix(name, suffix)
	}
	length := int64(-1)
	if st, err := in.Stat(); err == nil {
		length = st.Size()
	}
	return f.with(func(c *control.Client) error {
		p := newProgress(stderr)
		defer p.Close()
		resp, err := c.Do(ctx, http.MethodPut, "state/"+url.PathEscape(name), nil, p.Reader(in, "importing", length))
		if err != nil {
			return err
		}
		resp.Body.Close()
		if err := c.Call(ctx, http.MethodPost, "state/"+url.PathEscape(name)+"/restore", nil, nil); err != nil {
			return err
		}
		p.Close()
		fmt.Fprintf(stdout, "the state is that of %s now, and kept as the snapshot %s\n", path, name)
		return nil
	})
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
