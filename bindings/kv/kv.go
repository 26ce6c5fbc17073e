// Package kv is KV namespaces: the storage and its binding.
//
// What it emulates: text, JSON, bytes and streams as values, metadata,
// expiration, listings with cursors, bulk reads, and the platform's limits and
// error texts.
//
// What it deliberately does not: eventual consistency (every write is seen at
// once), caching (cacheTtl is checked and has no effect, cacheStatus is null),
// and one write a second per key. An expiration beyond 2038 may be listed, which
// wrangler's simulator fails at.
//
// Where the truth is: https://developers.cloudflare.com/kv/api/ and, for limits
// and texts, the KV simulator of wrangler 4.164.
package kv

import (
	"fmt"
	"path/filepath"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is KV namespace bindings. Workers that bind the same id share one
// Namespace, kept in a folder of that name.
var Kind = bindings.Kind{Name: folder, Bind: bind}

// folder holds the namespaces, in the state directory.
const folder = "kv"

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, c := range cfg.KVNamespaces {
		if !bindings.IsFolderName(c.ID) {
			b.Report(diag.Diagnostic{
				Severity: diag.Error, Code: "kv_namespace_id", Pos: c.Pos,
				Message: fmt.Sprintf("The namespace id %q of %s cannot be used as the name of a folder.", c.ID, c.Binding),
				Hint:    "use the id that \"wrangler kv namespace create\" printed, or any word of letters and digits",
			})
			continue
		}
		ns, err := SharedNamespace(b.Session, c.ID)
		if err != nil {
			return err
		}
		b.Env(c.Binding, func(js *jsg.Scope) (jsg.Value, error) {
			return class.Wrap(js, &binding{name: c.Binding, ns: ns}), nil
		})
	}
	return nil
}

// SharedNamespace is the session's namespace of that id, for all that is not a
// worker: commands, tests, a dashboard.
func SharedNamespace(s *bindings.Session, id string) (*Namespace, error) {
	return bindings.Shared(s, "kv/"+id, func() (*Namespace, error) {
		return Open(filepath.Join(s.State, folder, id), s.Clock), nil
	})
}
