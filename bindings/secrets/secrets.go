// Package secrets is Secrets Store: secrets of an account that workers bind one by
// one and read with get().
//
// What it emulates: the binding, and a store of secrets on this machine that the
// command line fills. A secret may be added or changed while workers run.
//
// What it deliberately does not: encryption. The file is readable by its owner
// alone, like the other files with secrets of a project; keep real ones out of it.
//
// Where the truth is: https://developers.cloudflare.com/secrets-store/ and, for
// texts, wrangler 4.164.
//
// Files: <root>/secrets-store/<store id>.json, a map of names to values.
package secrets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/internal/op"
	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is secrets_store_secrets.
var Kind = bindings.Kind{Name: folder, Bind: bind}

// folder holds the stores, in the state directory.
const folder = "secrets-store"

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, c := range cfg.SecretsStore {
		s, err := Open(b.State, c.StoreID)
		if err != nil {
			b.Report(diag.Diagnostic{Severity: diag.Error, Code: "secrets_store_id", Pos: c.Pos, Message: err.Error()})
			continue
		}
		b.Env(c.Binding, func(js *jsg.Scope) (jsg.Value, error) {
			return class.Wrap(js, &binding{name: c.Binding, secret: c.SecretName, store: s}), nil
		})
	}
	return nil
}

// Store is a store of secrets. Changes replace its file as a whole.
type Store struct{ path string }

// Open gives the store with that id below a state directory. Nothing is read or
// written yet.
func Open(state, id string) (*Store, error) {
	if !bindings.IsFolderName(id) {
		return nil, fmt.Errorf("the store id %q cannot be used as the name of a file", id)
	}
	return &Store{filepath.Join(state, folder, id+".json")}, nil
}

// All are the secrets by name.
func (s *Store) All() (map[string]string, error) {
	data, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}, nil
	}
	all := map[string]string{}
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	return all, store.FileError(s.path, err)
}

// Change replaces the secrets by what change makes of them.
func (s *Store) Change(change func(all map[string]string) error) error {
	all, err := s.All()
	if err == nil {
		err = change(all)
	}
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return store.WriteSecret(s.path, append(data, '\n'))
}

// binding is env.NAME.
type binding struct {
	name, secret string
	store        *Store
}

var class = &jsg.Class[binding]{Name: "SecretsStoreSecret"}

func init() {
	class.Members = jsg.Members[binding]{jsg.Async("get", 0, (*binding).get)}
}

func (b *binding) get(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
	k := op.Call{Binding: b.name, Method: "get", Error: func(err error) error { return err }}
	return op.Run(js, k, func(context.Context) (string, error) {
		all, err := b.store.All()
		if err != nil {
			return "", err
		}
		value, ok := all[b.secret]
		if !ok {
			// As the error of a remote call, which it is on the platform.
			return "", &jsg.Error{Name: "Error", Message: fmt.Sprintf("Secret %q not found", b.secret), Props: jsg.Flags("remote")}
		}
		return value, nil
	}, func(js *jsg.Scope, value string) (jsg.Value, error) { return js.String(value), nil }), nil
}
