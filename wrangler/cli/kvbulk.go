package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/wrangler/explorer"
)

// kvBatch is how much of a bulk command is sent at once.
const kvBatch = 100

// batches sends a list in parts and says how far it is.
func batches[T any](stderr io.Writer, what string, list []T, size int, send func(part []T) error) error {
	p := newProgress(stderr)
	defer p.Close()
	done := 0
	for part := range slices.Chunk(list, size) {
		if err := send(part); err != nil {
			return err
		}
		done += len(part)
		p.Count(what, done, len(list))
	}
	return nil
}

// readJSONFile reads the file of a bulk command.
func readJSONFile(path string, v any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func newKVBulkPut(f *kvFlags, stdout, stderr io.Writer) *cobra.Command {
	var ttl, expiration float64
	var metadata string
	cmd := &cobra.Command{
		Use: "put FILE", Short: `Store the pairs of a JSON file: [{"key": "k", "value": "v"}, …]`, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("ttl") || cmd.Flags().Changed("expiration") || cmd.Flags().Changed("metadata") {
				return errors.New("--ttl, --expiration and --metadata are of single keys: write expiration_ttl, expiration and metadata beside each key in the file")
			}
			pairs, err := readPairs(args[0])
			if err != nil {
				return err
			}
			return f.do(func(s *stored, namespace string) error {
				err := batches(stderr, "storing", pairs, kvBatch, func(part []explorer.KeyValue) error {
					return s.callJSON(cmd.Context(), http.MethodPut, namespace+"/bulk", part, nil)
				})
				if err == nil {
					fmt.Fprintf(stdout, "stored %d values\n", len(pairs))
				}
				return err
			})
		},
	}
	cmd.Flags().Float64Var(&ttl, "ttl", 0, "not available")
	cmd.Flags().Float64Var(&expiration, "expiration", 0, "not available")
	cmd.Flags().StringVar(&metadata, "metadata", "", "not available")
	for _, name := range []string{"ttl", "expiration", "metadata"} {
		cmd.Flags().Lookup(name).Hidden = true
	}
	return cmd
}

// readPairs reads what to store, and says of the first entry that cannot be stored
// what is wrong with it.
func readPairs(path string) ([]explorer.KeyValue, error) {
	var entries []json.RawMessage
	if err := readJSONFile(path, &entries); err != nil {
		return nil, err
	}
	pairs := make([]explorer.KeyValue, len(entries))
	for i, raw := range entries {
		var has struct{ Key, Value *string }
		if err := json.Unmarshal(raw, &has); err != nil || has.Key == nil || has.Value == nil {
			return nil, fmt.Errorf(`%s: entry %d must be an object with a "key" and a "value", both strings, not %s`, path, i, raw)
		}
		if err := json.Unmarshal(raw, &pairs[i]); err != nil {
			return nil, fmt.Errorf("%s: entry %d: %w", path, i, err)
		}
	}
	return pairs, nil
}

// callJSON sends v.
func (s *stored) callJSON(ctx context.Context, method, path string, v, result any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.Call(ctx, explorer.Request{Method: method, Path: path, Body: bytes.NewReader(data), Length: int64(len(data))}, result, nil)
}

// keysOf reads a file of keys: strings, or objects with a name as list writes.
func keysOf(path string) ([]string, error) {
	var list []any
	if err := readJSONFile(path, &list); err != nil {
		return nil, err
	}
	keys := make([]string, len(list))
	for i, v := range list {
		switch v := v.(type) {
		case string:
			keys[i] = v
			continue
		case map[string]any:
			if name, ok := v["name"].(string); ok {
				keys[i] = name
				continue
			}
		}
		return nil, fmt.Errorf(`%s: entry %d must be a key, or an object with a "name"`, path, i)
	}
	return keys, nil
}

func newKVBulkGet(f *kvFlags, stdout, stderr io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "get FILE", Short: "Write the values of the keys in a JSON file, as JSON", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			keys, err := keysOf(args[0])
			if err != nil {
				return err
			}
			return f.do(func(s *stored, namespace string) error {
				all := map[string]*string{}
				err := batches(stderr, "reading", keys, 100, func(part []string) error { // what KV reads at once
					var result struct{ Values map[string]*string }
					if err := s.callJSON(cmd.Context(), http.MethodPost, namespace+"/bulk/get", map[string]any{"keys": part}, &result); err != nil {
						return err
					}
					for k, v := range result.Values {
						all[k] = v
					}
					return nil
				})
				if err != nil {
					return err
				}
				return writeValues(stdout, keys, all)
			})
		},
	}
}

// writeValues writes an object of values in the order of the keys.
func writeValues(w io.Writer, keys []string, values map[string]*string) error {
	var b bytes.Buffer
	b.WriteByte('{')
	written := map[string]bool{}
	for _, key := range keys {
		if written[key] {
			continue
		}
		if len(written) > 0 {
			b.WriteByte(',')
		}
		written[key] = true
		valueJSON(&b, key)
		b.WriteString(`:{"value":`)
		if v := values[key]; v != nil {
			valueJSON(&b, *v)
		} else {
			b.WriteString("null")
		}
		b.WriteByte('}')
	}
	b.WriteByte('}')
	return writeIndented(w, json.RawMessage(b.Bytes()))
}

func newKVBulkDelete(f *kvFlags, stdout, stderr io.Writer) *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use: "delete FILE", Short: "Delete the keys in a JSON file", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			keys, err := keysOf(args[0])
			if err != nil {
				return err
			}
			return f.do(func(s *stored, namespace string) error {
				err := batches(stderr, "deleting", keys, kvBatch, func(part []string) error {
					return s.callJSON(cmd.Context(), http.MethodPost, namespace+"/bulk/delete", part, nil)
				})
				if err == nil {
					fmt.Fprintf(stdout, "deleted %d keys\n", len(keys))
				}
				return err
			})
		},
	}
	cmd.Flags().BoolVarP(&force, "force", "f", false, "accepted, changes nothing: there are no questions")
	cmd.Flags().Lookup("force").Hidden = true
	return cmd
}
