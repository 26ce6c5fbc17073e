package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/wrangler/explorer"
)

// r2Entry is a line of the file of "r2 bulk put".
type r2Entry struct{ Key, File string }

func newR2BulkPut(f *dataFlags, stdout, stderr io.Writer) *cobra.Command {
	var m r2Metadata
	var list string
	var concurrency int
	cmd := &cobra.Command{
		Use: "put BUCKET", Short: `Store the files that a JSON file lists: [{"key": "k", "file": "path"}, …]`, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case list == "":
				return errors.New("say --filename FILE")
			case concurrency < 1:
				return errors.New("--concurrency must be at least 1")
			}
			entries, err := readR2Entries(list)
			if err != nil {
				return err
			}
			s, err := f.stored()
			if err != nil {
				return err
			}
			defer s.close()
			p := newProgress(stderr)
			defer p.Close()
			put := func(ctx context.Context, e r2Entry) error { return putFile(ctx, s, args[0], e, m.header()) }
			if err := atOnce(cmd.Context(), concurrency, entries, put, func(done int) { p.Count("storing", done, len(entries)) }); err != nil {
				return err
			}
			p.Close()
			fmt.Fprintf(stdout, "stored %d objects in %s\n", len(entries), args[0])
			return nil
		},
	}
	fl := cmd.Flags()
	fl.StringVarP(&list, "filename", "f", "", "JSON file that lists keys and files")
	fl.IntVar(&concurrency, "concurrency", 20, "how many are stored at a time")
	m.declare(fl)
	return cmd
}

// readR2Entries reads the list, and fails before anything is stored if a file is
// missing.
func readR2Entries(path string) ([]r2Entry, error) {
	var entries []r2Entry
	if err := readJSONFile(path, &entries); err != nil {
		return nil, err
	}
	for i, e := range entries {
		if e.Key == "" || e.File == "" {
			return nil, fmt.Errorf(`%s: entry %d must be an object with "key" and "file", both texts`, path, i+1)
		}
		if _, err := os.Stat(e.File); err != nil {
			return nil, fmt.Errorf("%s: entry %d: %w", path, i+1, err)
		}
	}
	return entries, nil
}

func putFile(ctx context.Context, s *stored, bucket string, e r2Entry, header http.Header) error {
	src, length, err := source(nil, e.File)
	if err != nil {
		return err
	}
	defer src.Close()
	var o explorer.Object
	return s.Call(ctx, explorer.Request{
		Method: http.MethodPut, Path: explorer.Path("r2", "buckets", bucket, "objects", e.Key), Header: header, Body: src, Length: length,
	}, &o, nil)
}

// atOnce calls do for each of list, n of them at a time, and done after each. It
// begins none after one has failed.
func atOnce[T any](ctx context.Context, n int, list []T, do func(context.Context, T) error, done func(count int)) error {
	var mu sync.Mutex
	var wg sync.WaitGroup
	var failed error
	next, count := 0, 0
	take := func() (v T, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		if failed != nil || next == len(list) {
			return v, false
		}
		next++
		return list[next-1], true
	}
	for range min(n, len(list)) {
		wg.Go(func() {
			for v, ok := take(); ok; v, ok = take() {
				err := do(ctx, v)
				mu.Lock()
				if err == nil {
					count++
					done(count)
				} else if failed == nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return failed
}
