package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/explorer"
)

// kvFlags choose the namespace.
type kvFlags struct {
	dataFlags
	binding, namespace string
}

func newKV(stdout, stderr io.Writer) *cobra.Command {
	var f kvFlags
	cmd := &cobra.Command{Use: "kv", Short: "Read and write the KV namespaces of a project, also while dev runs"}
	f.declare(cmd.PersistentFlags())
	fl := cmd.PersistentFlags()
	fl.StringVar(&f.binding, "binding", "", "name of the namespace's binding")
	fl.StringVar(&f.namespace, "namespace-id", "", "id of the namespace, instead of --binding")
	key := &cobra.Command{Use: "key", Short: "Single keys"}
	key.AddCommand(newKVPut(&f, stdout), newKVGet(&f, stdout), newKVList(&f, stdout), newKVDelete(&f, stdout))
	bulk := &cobra.Command{Use: "bulk", Short: "Many keys, from a JSON file"}
	bulk.AddCommand(newKVBulkPut(&f, stdout, stderr), newKVBulkGet(&f, stdout, stderr), newKVBulkDelete(&f, stdout, stderr))
	cmd.AddCommand(key, bulk)
	return cmd
}

// open gives the data and the address of the namespace that the flags name.
func (f *kvFlags) open() (*stored, string, error) {
	s, err := f.stored()
	if err != nil {
		return nil, "", err
	}
	id, err := f.id(s.configs)
	if err != nil {
		s.close()
		return nil, "", err
	}
	return s, explorer.Path("storage", "kv", "namespaces", id), nil
}

func (f *kvFlags) id(configs []*config.Config) (string, error) {
	if (f.binding == "") == (f.namespace == "") {
		return "", errors.New("say either --binding NAME or --namespace-id ID")
	}
	var known, ids []string
	for _, c := range configs {
		for _, n := range c.KVNamespaces {
			known = append(known, n.Binding)
			if n.Binding == f.binding || n.ID == f.namespace {
				ids = append(ids, n.ID)
			}
		}
	}
	slices.Sort(ids)
	switch ids = slices.Compact(ids); len(ids) {
	case 1:
		return ids[0], nil
	case 0:
		return "", fmt.Errorf("no KV namespace is %s in %s; the bindings are: %s", f.binding+f.namespace, names(configs), strings.Join(known, ", "))
	}
	return "", fmt.Errorf("the binding %s names different namespaces (%s): choose one with --namespace-id, or a configuration with -c", f.binding, strings.Join(ids, ", "))
}

// do opens the namespace for f, and closes it.
func (f *kvFlags) do(work func(s *stored, namespace string) error) error {
	s, namespace, err := f.open()
	if err != nil {
		return err
	}
	defer s.close()
	return work(s, namespace)
}

func newKVPut(f *kvFlags, stdout io.Writer) *cobra.Command {
	var path, metadata string
	var ttl, expiration int64
	cmd := &cobra.Command{
		Use: "put KEY [VALUE]", Short: "Store a value, given or from a file", Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 2) == (path != "") {
				return errors.New("give the value, or --path FILE")
			}
			value := []byte(strings.Join(args[1:], ""))
			if path != "" {
				var err error
				if value, err = os.ReadFile(path); err != nil {
					return err
				}
			}
			q := url.Values{}
			for name, n := range map[string]int64{"expiration": expiration, "expiration_ttl": ttl} {
				if n != 0 {
					q.Set(name, strconv.FormatInt(n, 10))
				}
			}
			return f.do(func(s *stored, namespace string) error {
				body, header, err := kvForm(value, metadata)
				if err != nil {
					return err
				}
				err = s.Call(cmd.Context(), explorer.Request{
					Method: http.MethodPut, Path: namespace + explorer.Path("values", args[0]), Query: q, Header: header,
					Body: body, Length: int64(body.Len()),
				}, nil, nil)
				if err == nil {
					fmt.Fprintf(stdout, "stored %d bytes at %q\n", len(value), args[0])
				}
				return err
			})
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&path, "path", "", "file to read the value from")
	fl.StringVar(&metadata, "metadata", "", "JSON to keep with the value")
	fl.Int64Var(&ttl, "ttl", 0, "seconds after which the value expires, at least 60")
	fl.Int64Var(&expiration, "expiration", 0, "when the value expires, in seconds since 1970")
	return cmd
}

func kvForm(value []byte, metadata string) (*bytes.Buffer, http.Header, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	field, err := w.CreateFormField("value")
	if err == nil {
		_, err = field.Write(value)
	}
	if err == nil && metadata != "" {
		err = w.WriteField("metadata", metadata)
	}
	return &body, http.Header{"Content-Type": {w.FormDataContentType()}}, errors.Join(err, w.Close())
}

func newKVGet(f *kvFlags, stdout io.Writer) *cobra.Command {
	var text bool
	cmd := &cobra.Command{
		Use: "get KEY", Short: "Write a value to standard output", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.do(func(s *stored, namespace string) error {
				resp, err := s.Do(cmd.Context(), explorer.Request{Method: http.MethodGet, Path: namespace + explorer.Path("values", args[0])})
				if e, ok := errors.AsType[*explorer.Error](err); ok && e.Status == http.StatusNotFound {
					return fmt.Errorf("there is no value at %q", args[0])
				}
				if err != nil {
					return err
				}
				defer resp.Body.Close()
				data, err := io.ReadAll(resp.Body)
				if err != nil {
					return err
				}
				if text && !utf8.Valid(data) {
					return fmt.Errorf("the value at %q is not UTF-8: leave --text out", args[0])
				}
				if text {
					data = append(data, '\n')
				}
				_, err = stdout.Write(data)
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&text, "text", false, "write a line of text; fail if the value is not UTF-8")
	return cmd
}

func newKVList(f *kvFlags, stdout io.Writer) *cobra.Command {
	var prefix string
	cmd := &cobra.Command{
		Use: "list", Short: "Write all keys as JSON", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.do(func(s *stored, namespace string) error {
				keys, err := allKeys(cmd.Context(), s, namespace, prefix)
				if err != nil {
					return err
				}
				return writeIndented(stdout, keys)
			})
		},
	}
	cmd.Flags().StringVar(&prefix, "prefix", "", "only keys that start with this")
	return cmd
}

func allKeys(ctx context.Context, s *stored, namespace, prefix string) ([]explorer.Key, error) {
	all := []explorer.Key{}
	q := url.Values{"prefix": {prefix}}
	for {
		var page []explorer.Key
		var info explorer.KeysInfo
		if err := s.Call(ctx, explorer.Request{Method: http.MethodGet, Path: namespace + "/keys", Query: q}, &page, &info); err != nil {
			return nil, err
		}
		all = append(all, page...)
		if info.Cursor == "" {
			return all, nil
		}
		q.Set("cursor", info.Cursor)
	}
}

func newKVDelete(f *kvFlags, stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "delete KEY", Short: "Delete a value", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.do(func(s *stored, namespace string) error {
				err := s.Call(cmd.Context(), explorer.Request{Method: http.MethodDelete, Path: namespace + explorer.Path("values", args[0])}, nil, nil)
				if err == nil {
					fmt.Fprintf(stdout, "deleted %q\n", args[0])
				}
				return err
			})
		},
	}
}
