package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/miniworker/miniworker/wrangler/explorer"
	"github.com/miniworker/miniworker/wrangler/progress"
)

func newR2(stdout, stderr io.Writer) *cobra.Command {
	var f dataFlags
	cmd := &cobra.Command{Use: "r2", Short: "Read and write the R2 buckets of a project, also while dev runs"}
	f.declare(cmd.PersistentFlags())
	object := &cobra.Command{Use: "object", Short: "Objects, named BUCKET/KEY"}
	object.AddCommand(newR2Put(&f, stdout, stderr), newR2Get(&f, stdout, stderr), newR2Delete(&f, stdout), newR2List(&f, stdout))
	bulk := &cobra.Command{Use: "bulk", Short: "Many objects at once"}
	bulk.AddCommand(newR2BulkPut(&f, stdout, stderr))
	for _, c := range []*cobra.Command{object, bulk} {
		fl := c.PersistentFlags()
		fl.StringP("jurisdiction", "J", "", "accepted, changes nothing: all data are on this machine")
		fl.BoolP("force", "y", false, "accepted, changes nothing: there are no questions")
		fl.Lookup("jurisdiction").Hidden, fl.Lookup("force").Hidden = true, true
		cmd.AddCommand(c)
	}
	return cmd
}

// object opens what is stored and gives the address there of an object named
// BUCKET/KEY.
func (f *dataFlags) object(name string) (*stored, string, error) {
	bucket, key, ok := strings.Cut(name, "/")
	if !ok || bucket == "" || key == "" {
		return nil, "", fmt.Errorf("%q does not name an object: write BUCKET/KEY", name)
	}
	s, err := f.stored()
	return s, explorer.Path("r2", "buckets", bucket, "objects", key), err
}

// r2Metadata are the flags of what is kept with an object.
type r2Metadata struct{ contentType, disposition, encoding, language, cache, expires, class string }

func (m *r2Metadata) header() http.Header {
	h := http.Header{}
	for name, value := range map[string]string{
		"Content-Type": m.contentType, "Content-Disposition": m.disposition, "Content-Encoding": m.encoding,
		"Content-Language": m.language, "Cache-Control": m.cache, "Expires": m.expires, "Cf-R2-Storage-Class": m.class,
	} {
		if value != "" {
			h.Set(name, value)
		}
	}
	return h
}

// declare declares them under wrangler's names, the short ones included.
func (m *r2Metadata) declare(fl *pflag.FlagSet) {
	fl.StringVar(&m.contentType, "content-type", "", "media type of the object")
	fl.StringVar(&m.disposition, "content-disposition", "", "how browsers present the object")
	fl.StringVar(&m.encoding, "content-encoding", "", "encoding of the object")
	fl.StringVar(&m.language, "content-language", "", "language of the object")
	fl.StringVar(&m.cache, "cache-control", "", "caching of the object")
	fl.StringVar(&m.expires, "expires", "", "when cached copies expire, as an HTTP date")
	fl.StringVarP(&m.class, "storage-class", "s", "", "Standard or InfrequentAccess")
	short := map[string]string{"ct": "content-type", "cd": "content-disposition", "ce": "content-encoding", "cl": "content-language", "cc": "cache-control"}
	fl.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		return pflag.NormalizedName(cmp.Or(short[name], name))
	})
}

func newR2Put(f *dataFlags, stdout, stderr io.Writer) *cobra.Command {
	var m r2Metadata
	var file string
	var pipe bool
	cmd := &cobra.Command{
		Use: "put BUCKET/KEY", Short: "Store a file or standard input as an object", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (file == "") == !pipe {
				return errors.New("say either --file FILE or --pipe")
			}
			src, length, err := source(cmd.InOrStdin(), file)
			if err != nil {
				return err
			}
			defer src.Close()
			s, path, err := f.object(args[0])
			if err != nil {
				return err
			}
			defer s.close()
			p := newProgress(stderr)
			defer p.Close()
			var o explorer.Object
			err = s.Call(cmd.Context(), explorer.Request{
				Method: http.MethodPut, Path: path, Header: m.header(), Body: p.Reader(src, "storing", length), Length: length,
			}, &o, nil)
			if err != nil {
				return err
			}
			p.Close()
			fmt.Fprintf(stdout, "stored %s as %s\n", progress.Size(o.Size), args[0])
			return nil
		},
	}
	fl := cmd.Flags()
	fl.StringVarP(&file, "file", "f", "", "file to store")
	fl.BoolVarP(&pipe, "pipe", "p", false, "store standard input")
	m.declare(fl)
	return cmd
}

// source opens what to store; size is -1 if it is not known.
func source(stdin io.Reader, file string) (io.ReadCloser, int64, error) {
	if file == "" {
		return io.NopCloser(stdin), -1, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, 0, err
	}
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() {
		return f, -1, err
	}
	return f, st.Size(), nil
}

func newR2Get(f *dataFlags, stdout, stderr io.Writer) *cobra.Command {
	var file string
	var pipe bool
	cmd := &cobra.Command{
		Use: "get BUCKET/KEY", Short: "Write an object to a file or to standard output", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, path, err := f.object(args[0])
			if err != nil {
				return err
			}
			defer s.close()
			resp, err := s.Do(cmd.Context(), explorer.Request{Method: http.MethodGet, Path: path})
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			p := newProgress(stderr)
			defer p.Close()
			body := p.Reader(resp.Body, "reading", resp.ContentLength)
			if pipe {
				_, err := io.Copy(stdout, body)
				return err
			}
			if file == "" {
				_, key, _ := strings.Cut(args[0], "/")
				if file = filepath.FromSlash(key); !filepath.IsLocal(file) {
					return fmt.Errorf("%q is no name for a file here: name one with --file", key)
				}
			}
			if err := saveFile(file, body); err != nil {
				return err
			}
			p.Close()
			fmt.Fprintf(stdout, "wrote %s to %s\n", progress.Size(body.Done()), file)
			return nil
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "file to write (default the key)")
	cmd.Flags().BoolVarP(&pipe, "pipe", "p", false, "write to standard output")
	return cmd
}

// saveFile leaves no half of a file behind.
func saveFile(path string, r io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".download-*")
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

func newR2Delete(f *dataFlags, stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "delete BUCKET/KEY", Short: "Delete an object", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, path, err := f.object(args[0])
			if err != nil {
				return err
			}
			defer s.close()
			if err := s.Call(cmd.Context(), explorer.Request{Method: http.MethodDelete, Path: path}, nil, nil); err != nil {
				return err
			}
			fmt.Fprintf(stdout, "deleted %s\n", args[0])
			return nil
		},
	}
}

func newR2List(f *dataFlags, stdout io.Writer) *cobra.Command {
	var prefix string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list BUCKET", Short: "List the objects of a bucket", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := f.stored()
			if err != nil {
				return err
			}
			defer s.close()
			all, err := allObjects(cmd.Context(), s, args[0], prefix)
			if err != nil {
				return err
			}
			if asJSON {
				return writeIndented(stdout, all)
			}
			for _, o := range all {
				fmt.Fprintf(stdout, "%10s  %s  %s\n", progress.Size(o.Size), o.LastModified, o.Key)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&prefix, "prefix", "", "only keys that start with this")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return cmd
}

func allObjects(ctx context.Context, s *stored, bucket, prefix string) ([]explorer.Object, error) {
	all := []explorer.Object{}
	q := url.Values{"prefix": {prefix}}
	for {
		var page []explorer.Object
		var info explorer.ObjectsInfo
		if err := s.Call(ctx, explorer.Request{Method: http.MethodGet, Path: explorer.Path("r2", "buckets", bucket, "objects"), Query: q}, &page, &info); err != nil {
			return nil, err
		}
		all = append(all, page...)
		if info.Cursor == "" {
			return all, nil
		}
		q.Set("cursor", info.Cursor)
	}
}
