// Package cache is the Cache API: caches.default, caches.open() and the three
// methods of Cache that Workers have. What may be stored, and for how long, is
// decided as by a shared HTTP cache; content streams between bodies and the
// storage without entering JavaScript.
//
// Deliberately not here: add, addAll, matchAll, keys and the methods of
// CacheStorage other than open (they reject as on the platform), Vary (the
// platform ignores it too, but for "*"), revalidation, and the edge cache in
// front of fetch().
//
// Where the truth is: https://developers.cloudflare.com/workers/runtime-apis/cache/,
// RFC 9111, and the cache of wrangler 4.164 as seen from a worker.
package cache

import (
	"context"
	"io"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Cache is one named cache; the default one has no name.
type Cache struct {
	jsg.Instance
	name string
}

// storageObject is the CacheStorage object.
type storageObject struct{ jsg.Instance }

var (
	cacheClass   = &jsg.Class[Cache]{Name: "Cache"}
	storageClass = &jsg.Class[storageObject]{Name: "CacheStorage"}
)

// Globals are the classes of this package.
func Globals() []jsg.AnyClass { return []jsg.AnyClass{cacheClass, storageClass} }

func init() {
	cacheClass.Members = append(jsg.Members[Cache]{
		jsg.Async("match", 0, (*Cache).match),
		jsg.Async("put", 0, (*Cache).put),
		jsg.Async("delete", 0, (*Cache).delete),
	}, missing[Cache]("Cache", "add", "addAll", "matchAll", "keys")...)
	storageClass.Members = append(jsg.Members[storageObject]{
		jsg.Async("open", 0, func(_ *storageObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if a.Len() == 0 {
				a.Mismatch(0, "string")
			}
			name := "named:" + a.String(0)
			return cacheClass.Wrap(js, &Cache{name: name}), a.Err()
		}),
	}, missing[storageObject]("CacheStorage", "match", "has", "keys", "delete")...)
}

// missing are methods that the platform has in name only.
func missing[T any](class string, names ...string) (m jsg.Members[T]) {
	for _, name := range names {
		m = append(m, jsg.Async(name, 0, func(*T, *jsg.Scope, *jsg.Args) (jsg.Value, error) {
			return nil, jsg.Errorf("Failed to execute '%s' on '%s': the method is not implemented.", name, class)
		}))
	}
	return m
}

// Install defines caches.
func Install(js *jsg.Scope) {
	js.DefineLazy(js.Global(), "caches", true, func(js *jsg.Scope) jsg.Value {
		o := storageClass.Wrap(js, &storageObject{})
		js.DefineReadOnly(o, "default", cacheClass.Wrap(js, &Cache{}))
		return o
	})
}

var storages = jsg.NewLocal[Storage]()

// SetStorage says where an isolate keeps responses. Isolates that share one see
// each other's. Without it each isolate has a small memory of its own.
func SetStorage(js *jsg.Scope, s Storage) { storages.Set(js, s) }

func storageOf(js *jsg.Scope) Storage {
	s := storages.Get(js)
	if s == nil {
		s = NewMemory(MemoryOptions{Clock: isolate.Of(js).Clock()})
		storages.Set(js, s)
	}
	return s
}

// quickSize is how large a content in memory may be to be stored at once, not
// on a goroutine of its own.
const quickSize = 64 << 10

func (c *Cache) put(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	q, err := requestArg(js, a, 0)
	if err != nil {
		return nil, err
	}
	r, err := responseArg(js, a, 1)
	if err != nil {
		return nil, err
	}
	if err := q.refuse(r); err != nil {
		return nil, err
	}
	w, err := r.ToWire(js)
	if err != nil {
		return nil, err
	}
	e := newEntry(isolate.Of(js).Clock().Now(), q.header, w)
	s, body := storageOf(js), w.Body
	return run(js, "put "+q.url, inMemory(body), func(ctx context.Context) (struct{}, string, error) {
		if body == nil {
			body = emptyBody()
		}
		defer body.Close()
		if e == nil {
			_, err := io.Copy(io.Discard, body) // let the producer finish
			return struct{}{}, "BYPASS", err
		}
		return struct{}{}, "", s.Put(ctx, c.name, q.key, e, body)
	}, func(*jsg.Scope, struct{}) (jsg.Value, error) { return jsg.Undefined, nil }), nil
}

func (c *Cache) match(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	q, err := requestArg(js, a, 0)
	if err != nil {
		return nil, err
	}
	found, err := q.wanted(a.Dict(1))
	if err := first(err, a.Err()); err != nil {
		return nil, err
	}
	s := storageOf(js)
	return run(js, "match "+q.url, true, func(ctx context.Context) (*Hit, string, error) {
		if !found {
			return nil, "MISS", nil
		}
		hit, err := s.Match(c.name, q.key)
		if hit == nil {
			return nil, "MISS", err
		}
		context.AfterFunc(ctx, hit.Close) // in case the event ends before finish
		return hit, "HIT", err
	}, func(js *jsg.Scope, h *Hit) (jsg.Value, error) {
		if h == nil {
			return jsg.Undefined, nil
		}
		return wrapAnswer(js, q.header, h)
	}), nil
}

func (c *Cache) delete(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	q, err := requestArg(js, a, 0)
	if err != nil {
		return nil, err
	}
	found, err := q.wanted(a.Dict(1))
	if err := first(err, a.Err()); err != nil {
		return nil, err
	}
	s := storageOf(js)
	return run(js, "delete "+q.url, true, func(ctx context.Context) (bool, string, error) {
		if !found {
			return false, "", nil
		}
		there, err := s.Delete(c.name, q.key)
		return there, "", err
	}, func(js *jsg.Scope, there bool) (jsg.Value, error) { return js.Bool(there), nil }), nil
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// run does work, at once if it is quick, and gives the promise of what finish
// makes of its result in a later turn. work also says how the cache served.
func run[T any](js *jsg.Scope, what string, quick bool, work func(ctx context.Context) (T, string, error), finish func(js *jsg.Scope, v T) (jsg.Value, error)) jsg.Value {
	c, err := iocontext.Require(js)
	if err != nil {
		return js.Rejected(err)
	}
	if _, err := c.Subrequest(js); err != nil {
		return js.Rejected(err)
	}
	p, op := js.NewPromise(), c.Begin(js)
	iso := isolate.Of(js)
	rec := trace.Record{Kind: trace.Binding, Span: trace.NewSpan(), Parent: iocontext.CurrentFrame(js).Span, Worker: iso.Name(),
		Time: iso.Clock().Now(), Name: "caches." + what, Target: "caches"}
	do := func() {
		v, status, err := work(c.Context())
		report(iso, rec, status, err)
		op.Finish(func(js *jsg.Scope) {
			if err != nil {
				p.Reject(js, jsError(err))
				return
			}
			if out, err := finish(js, v); err != nil {
				p.Reject(js, err)
			} else {
				p.Resolve(out)
			}
		})
	}
	if quick && c.Gate == nil {
		do()
	} else {
		c.Output(func() {
			done := c.Isolate().Working()
			go func() { defer done(); do() }()
		})
	}
	return p.Promise()
}

func report(iso *isolate.Isolate, rec trace.Record, status string, err error) {
	if !iso.Trace().Active() {
		return
	}
	rec.Duration = iso.Clock().Now().Sub(rec.Time)
	if status != "" {
		rec.Attrs = map[string]string{"cache": status}
	}
	if err != nil {
		rec.Error = err.Error()
	}
	iso.Trace().Emit(rec)
}

// jsError keeps errors made for JavaScript, those of a body it made; others are
// of the host.
func jsError(err error) error {
	if _, ok := err.(*jsg.Error); ok {
		return err
	}
	return &jsg.Error{Name: "Error", Message: "Cache storage failed.", Cause: err}
}
