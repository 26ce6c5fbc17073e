package harness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/bindings/d1"
	"github.com/miniworker/miniworker/bindings/durable"
	"github.com/miniworker/miniworker/bindings/kv"
	"github.com/miniworker/miniworker/bindings/r2"
	"github.com/miniworker/miniworker/bindings/state"
	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/project"
)

func copyState(from, to string) error { return state.NewKeeper(from).Fork(to, nil) }

// R2 is the bucket behind a binding that a worker of the project has; where two
// workers use the name for different buckets, ask Worker.
func (h *Harness) R2(binding string) *r2.Bucket {
	h.t.Helper()
	return shared(h, h.project.Members(), "R2 bucket", binding, buckets, h.bucket)
}

// KV is the namespace behind a binding.
func (h *Harness) KV(binding string) *kv.Namespace {
	h.t.Helper()
	return shared(h, h.project.Members(), "KV namespace", binding, namespaces, h.namespace)
}

// D1 is the database behind a binding.
func (h *Harness) D1(binding string) *d1.Database {
	h.t.Helper()
	return shared(h, h.project.Members(), "D1 database", binding, databases, h.database)
}

// DurableObject is the object of a name, behind a binding.
func (h *Harness) DurableObject(binding, name string) *DurableObject {
	h.t.Helper()
	return shared(h, h.project.Members(), "Durable Object", binding, classes, func(class string) (*DurableObject, error) { return h.object(class, name) })
}

func (h *Harness) bucket(name string) (*r2.Bucket, error) {
	return r2.SharedBucket(h.project.Session(), name)
}

func (h *Harness) namespace(id string) (*kv.Namespace, error) {
	return kv.SharedNamespace(h.project.Session(), id)
}

func (h *Harness) database(id string) (*d1.Database, error) {
	return d1.SharedDatabase(h.project.Session(), id)
}

func (h *Harness) object(class, name string) (*DurableObject, error) {
	worker, class, _ := strings.Cut(class, " ")
	ns, storage, err := durable.Open(h.project.Session(), worker, class)
	if err != nil {
		return nil, err
	}
	return &DurableObject{h: h, ns: ns, storage: storage, id: ns.FromName(name)}, nil
}

// What a binding of a configuration stands for, by its name.

func buckets(c *config.Config) (out []config.Pair) {
	for _, b := range c.R2Buckets {
		out = append(out, config.Pair{Key: b.Binding, Value: b.Bucket})
	}
	return out
}

func namespaces(c *config.Config) (out []config.Pair) {
	for _, b := range c.KVNamespaces {
		out = append(out, config.Pair{Key: b.Binding, Value: b.ID})
	}
	return out
}

func databases(c *config.Config) (out []config.Pair) {
	for _, b := range c.D1Databases {
		out = append(out, config.Pair{Key: b.Binding, Value: b.ID})
	}
	return out
}

func classes(c *config.Config) (out []config.Pair) {
	for _, b := range c.DurableObjects {
		worker := c.Name
		if b.ScriptName != "" {
			worker = b.ScriptName
			if b.Environment != "" {
				worker += "-" + b.Environment
			}
		}
		out = append(out, config.Pair{Key: b.Name, Value: worker + " " + b.ClassName})
	}
	return out
}

// shared opens what the workers call binding.
func shared[T any](h *Harness, members []*project.Member, what, binding string, in func(*config.Config) []config.Pair, open func(name string) (T, error)) T {
	h.t.Helper()
	found, names := "", []string(nil)
	for _, m := range members {
		for _, p := range in(m.Config) {
			names = append(names, p.Key)
			if p.Key != binding {
				continue
			}
			if found != "" && found != p.Value {
				h.t.Fatalf("harness: workers use %s for different things: ask for it with h.Worker(name)", binding)
			}
			found = p.Value
		}
	}
	if found == "" {
		h.t.Fatalf("harness: no %s is bound as %s; there are: %s", what, binding, fmt.Sprint(slices.Compact(slices.Sorted(slices.Values(names)))))
	}
	v, err := open(found)
	if err != nil {
		h.t.Fatalf("harness: %s: %v", binding, err)
	}
	return v
}

// DurableObject is one object of the project.
type DurableObject struct {
	h       *Harness
	ns      *actor.Namespace
	storage *durable.Namespace
	id      actor.ID
}

// ID is the object's id, 64 hex digits.
func (o *DurableObject) ID() string { return o.id.Hex }

// SQL runs statements on the object's database and gives the rows of the last
// one: nil, int64, float64, string or []byte per column. An object that is
// running may cache what it read before.
func (o *DurableObject) SQL(query string, params ...any) [][]any {
	o.h.t.Helper()
	s, err := o.storage.Object(o.id.Hex)
	if err != nil {
		o.h.t.Fatalf("harness: %v", err)
	}
	c, err := s.Exec(query, widened(params))
	if err != nil {
		o.h.t.Fatalf("harness: %s: %v", query, err)
	}
	defer c.Close()
	var rows [][]any
	for {
		row, more, err := c.Next()
		if err != nil {
			o.h.t.Fatalf("harness: %s: %v", query, err)
		}
		if !more {
			return rows
		}
		rows = append(rows, row)
	}
}

// widened lets tests write 1 for int64(1).
func widened(params []any) []any {
	out := make([]any, len(params))
	for i, p := range params {
		switch v := p.(type) {
		case int:
			out[i] = int64(v)
		case bool:
			out[i] = int64(0)
			if v {
				out[i] = int64(1)
			}
		default:
			out[i] = p
		}
	}
	return out
}

// Evict drops the object's instance if it is idle, as after a time without
// events; accepted WebSockets hibernate. It reports whether it did.
func (o *DurableObject) Evict() bool { return o.ns.Evict(o.id) }

// RunAlarm runs the object's pending alarm now; false if there is none.
func (o *DurableObject) RunAlarm() bool {
	o.h.t.Helper()
	if !o.ns.RunAlarm(o.id) {
		return false
	}
	o.h.Settle()
	return true
}

// Running reports whether the object has an instance.
func (o *DurableObject) Running() bool {
	return slices.ContainsFunc(o.ns.Running(), func(id actor.ID) bool { return id.Hex == o.id.Hex })
}
