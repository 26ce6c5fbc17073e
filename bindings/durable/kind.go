package durable

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/internal/appsql"
	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is Durable Object namespaces.
var Kind = bindings.Kind{Name: "durable", Bind: bind}

func bind(cfg *config.Config, b *bindings.Builder) error {
	if err := migrateOnce(cfg, b); err != nil {
		return err
	}
	classes := cfg.ObjectClasses()
	for name, sqlite := range classes {
		ns, err := own(b, name, sqlite, diag.Position{})
		if err != nil {
			return err
		}
		b.Loopback(name, func(js *jsg.Scope) (jsg.Value, error) {
			return loopbackClass.Wrap(js, &loopbackNamespace{namespaceObject{ns: ns, binding: "exports." + name}}), nil
		})
	}
	for _, d := range cfg.DurableObjects {
		var ns *namespace
		var err error
		if target := scriptOf(d); target == "" || target == b.Name {
			ns, err = own(b, d.ClassName, classes[d.ClassName], d.Pos)
			if err == nil {
				ns.container.Store(slices.Contains(cfg.ContainerClasses(), d.ClassName))
			}
		} else if b.Worker(target) != nil {
			ns, err = open(b.Session, target, d.ClassName)
		} else {
			b.Report(diag.Diagnostic{
				Severity: diag.Warning, Code: "durable_object_script_missing", Pos: d.Pos,
				Message: fmt.Sprintf("The Durable Object binding %s names the worker %q, which is not part of this project.", d.Name, target),
				Hint:    fmt.Sprintf("add its configuration with -c, or correct \"script_name\"; the workers here are: %s", b.WorkerNames()),
			})
		}
		if err != nil {
			return err
		}
		b.Env(d.Name, func(js *jsg.Scope) (jsg.Value, error) {
			if ns == nil {
				return js.Refusing(func(string) error {
					return jsg.Errorf("The Durable Object binding %s has no target: no worker named %q runs in this project. Start it too, with another -c.", d.Name, scriptOf(d))
				}), nil
			}
			return namespaceClass.Wrap(js, &namespaceObject{ns: ns, binding: d.Name}), nil
		})
	}
	return nil
}

// migrateOnce brings the stored objects of a worker in line with its
// configuration, which stays the same for as long as the session lives.
func migrateOnce(cfg *config.Config, b *bindings.Builder) error {
	_, err := bindings.Shared(b.Session, "durable/migrations/"+b.Name, func() (bool, error) {
		did, err := Migrate(b.State, cfg)
		for _, text := range did {
			b.Trace.Emit(trace.Record{Kind: trace.Log, Level: "warn", Worker: b.Name, Time: b.Clock.Now(), Name: text})
		}
		return true, err
	})
	return err
}

// Classes are the classes of this package, for lists of what exists.
func Classes() []jsg.AnyClass {
	return []jsg.AnyClass{namespaceClass, idClass, stubClass, stateClass, storageClass, transactionClass, sqlClass, cursorClass, kvClass, alarmInfoClass, facetsClass}
}

// Find gives the objects of a class, to the server, command line and tests.
func Find(s *bindings.Session, workerName, class string) (*actor.Namespace, error) {
	ns, err := open(s, workerName, class)
	if err != nil {
		return nil, err
	}
	return ns.Namespace, nil
}

// Open is Find with the storage of the objects.
func Open(s *bindings.Session, workerName, class string) (*actor.Namespace, *Namespace, error) {
	ns, err := open(s, workerName, class)
	if err != nil {
		return nil, nil, err
	}
	return ns.Namespace, ns.store, nil
}

// Each calls f with the namespaces of a session, by WORKER-CLASS.
func Each(s *bindings.Session, f func(key string, ns *actor.Namespace, store *Namespace) error) error {
	return s.Each(func(_ string, v any) error {
		if ns, ok := v.(*namespace); ok {
			return f(ns.worker+"-"+ns.class, ns.Namespace, ns.store)
		}
		return nil
	})
}

// scriptOf is the worker that hosts a binding's class, "" for the binding one.
func scriptOf(d config.DurableObjectBinding) string {
	if d.ScriptName != "" && d.Environment != "" {
		return d.ScriptName + "-" + d.Environment
	}
	return d.ScriptName
}

// namespace is a namespace of the session, across reloads and bindings.
type namespace struct {
	*actor.Namespace
	store   *Namespace
	session *bindings.Session
	worker  string
	class   string
	// sqlite tells the backend; the legacy one differs in what the classes
	// allow.
	sqlite atomic.Bool
	// container is set where the configuration gives the class a container.
	container atomic.Bool
	// pos is where the class is bound first, for messages.
	pos atomic.Pointer[diag.Position]
}

// own opens a namespace of the worker being configured.
func own(b *bindings.Builder, class string, sqlite bool, pos diag.Position) (*namespace, error) {
	ns, err := open(b.Session, b.Name, class)
	if err != nil {
		return nil, err
	}
	ns.sqlite.Store(sqlite)
	if pos.File != "" {
		ns.pos.Store(&pos)
	}
	return ns, nil
}

// open gives the session's namespace of a class.
func open(s *bindings.Session, workerName, class string) (*namespace, error) {
	created := false
	ns, err := bindings.Shared(s, "durable/"+workerName+"/"+class, func() (*namespace, error) {
		store, err := OpenNamespace(s.State, workerName, class)
		if err != nil {
			return nil, err
		}
		key, err := store.Key()
		if err != nil {
			return nil, err
		}
		ns := &namespace{store: store, session: s, worker: workerName, class: class}
		ns.Namespace, err = actor.New(actor.Options{
			Worker: workerName, Class: class, Key: key, Clock: s.Clock, Trace: s.Trace,
			Store: actorStore{store}, Surface: &surface{ns: ns}, Down: ns.down, Sticky: s.Sticky,
		})
		created = err == nil
		return ns, err
	})
	if err != nil || !created {
		return ns, err
	}
	if h := s.Worker(workerName); h != nil {
		h.OnSwap(ns.swap)
	}
	return ns, nil
}

func (ns *namespace) down() error {
	if h := ns.session.Worker(ns.worker); h != nil {
		return jsg.Errorf("The Durable Object class %s cannot run: %v", ns.class, h.Err())
	}
	return jsg.Errorf("The Durable Object class %s cannot run: the worker %s is not part of this project.", ns.class, ns.worker)
}

// swap moves the objects to a new version of the worker.
func (ns *namespace) swap(w *worker.Worker) {
	w.Isolate().Post(nil, func(js *jsg.Scope) {
		if w.Late() {
			return
		}
		if _, err := ns.constructor(js, w); err != nil {
			ns.session.Trace.Emit(trace.Record{Kind: trace.Log, Level: "error", Worker: ns.worker, Time: ns.session.Clock.Now(), Name: ns.located(err)})
		}
	})
	ns.Swap(host{w})
}

// located puts the position of the binding before a message.
func (ns *namespace) located(err error) string {
	e := actor.Portable(nil, err)
	if p := ns.pos.Load(); p != nil {
		return p.String() + ": " + e.Message
	}
	return e.Message
}

// constructor is the class as the worker exports it.
func (ns *namespace) constructor(js *jsg.Scope, w *worker.Worker) (jsg.Value, error) {
	v, ok, err := w.Export(js, ns.class)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, jsg.Errorf("The worker %q does not export the Durable Object class %q. Write `export class %s extends DurableObject { … }` in its entry file; it exports: %v.", ns.worker, ns.class, ns.class, w.ExportNames())
	}
	if !jsg.IsFunction(v) {
		return nil, jsg.TypeErrorf("The export %q of the worker %q is bound as a Durable Object class, but it is not a class.", ns.class, ns.worker)
	}
	return v, nil
}

// host is a version of a worker as objects see it.
type host struct{ *worker.Worker }

// Serve implements actor.Host: what the code threw becomes an error callers in
// other isolates see.
func (h host) Serve(ctx context.Context, req *wire.Request, handler func(js *jsg.Scope, c *iocontext.Context, request *jsg.Object) (jsg.Value, error)) (*wire.Response, error) {
	resp, err := h.Worker.Serve(ctx, req, handler)
	var se *worker.ScriptError
	switch {
	case errors.As(err, &se) && !se.Stopped:
		e := &jsg.Error{Name: se.Name, Message: se.Message, Cause: err}
		if e.Name == "" {
			e.Name = "Error"
		}
		return nil, actor.Remote(e)
	case se != nil, errors.Is(err, isolate.ErrDisposed):
		return nil, &jsg.Error{Name: "Error", Message: "The Durable Object's worker was stopped.", Cause: err, Props: jsg.Flags("retryable")}
	}
	return resp, err
}

// actorStore is the storage of a namespace as its objects' life sees it.
type actorStore struct{ *Namespace }

func (s actorStore) Object(id string) (actor.Storage, error) {
	o, err := s.Namespace.Object(id)
	if err != nil {
		return nil, err
	}
	return objectStore{o}, nil
}

// objectStore is the storage of an object as its life sees it.
type objectStore struct{ *Storage }

// Commit gives SQL's reasons not to (a deferred constraint) to the application.
// Commit implements actor.Storage.
func (s objectStore) Commit() error {
	err := s.Storage.Commit()
	translated := appsql.Translate(err)
	if store.IsConstraint(err) {
		return jsg.Errorf("Durable Object was reset and rolled back to its last known good state because the application left the database in a state where constraints were violated: %s", translated)
	}
	return storageError(translated)
}

func (s actorStore) Alarms(f func(id string, at int64)) error {
	list, err := s.Namespace.Alarms()
	for _, a := range list {
		f(a.ID, a.At)
	}
	return err
}
