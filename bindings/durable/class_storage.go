package durable

import (
	"errors"
	"math"
	"strconv"

	"github.com/miniworker/miniworker/bindings/internal/appsql"
	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// access is what the storage classes work on: the storage of an instance.
// Calls are answered in the turn that makes them; promises are for form.
type access struct {
	ns    *namespace
	in    *actor.Instance
	facet *facet // nil for objects with an address
}

// storage opens the object's storage; a broken object has none any more.
func (x *access) storage() (*Storage, error) {
	s, err := x.in.Storage()
	if err != nil {
		return nil, err
	}
	return s.(objectStore).Storage, nil
}

// storageObject is ctx.storage.
type storageObject struct{ access }

var storageClass = &jsg.Class[storageObject]{Name: "DurableObjectStorage"}

func newStorage(js *jsg.Scope, x access) *jsg.Object {
	o := storageClass.Wrap(js, &storageObject{x})
	js.DefineLazy(o, "sql", true, func(js *jsg.Scope) jsg.Value { return sqlClass.Wrap(js, &sqlObject{x}) })
	js.DefineLazy(o, "kv", true, func(js *jsg.Scope) jsg.Value { return kvClass.Wrap(js, &kvObject{access: x}) })
	return o
}

// operation is a key-value method both storage and transactions have.
type operation struct {
	name string
	call func(x *access, js *jsg.Scope, a *jsg.Args) (jsg.Value, error)
}

// run calls the operation. What it gives arrives some microtasks later, as on
// Cloudflare, where only the alarm's time is known at once.
func (op *operation) run(x *access, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	v, err := op.call(x, js, a)
	if err != nil || op.name == "getAlarm" {
		return v, err
	}
	return later(js, v), nil
}

// later is a promise of v that settles as one does that follows another.
func later(js *jsg.Scope, v jsg.Value) jsg.Value {
	p := js.NewPromise()
	p.Resolve(js.Resolved(v))
	return p.Promise()
}

var operations = []operation{
	{"get", (*access).get}, {"list", (*access).list}, {"put", (*access).put}, {"delete", (*access).delete},
	{"deleteAll", (*access).deleteAll},
	{"getAlarm", (*access).getAlarm}, {"setAlarm", (*access).setAlarm}, {"deleteAlarm", (*access).deleteAlarm},
}

func init() {
	for _, op := range operations {
		op.call = traced(op.name, func(x *access) *access { return x }, op.call)
		storageClass.Members = append(storageClass.Members, jsg.Async(op.name, 0, func(s *storageObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return op.run(&s.access, js, a)
		}))
		transactionClass.Members = append(transactionClass.Members, jsg.Async(op.name, 0, func(t *transactionObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if err := t.check(op.name); err != nil {
				return nil, err
			}
			return op.run(&t.access, js, a)
		}))
	}
	transactionClass.Members = append(transactionClass.Members, jsg.Method("rollback", 0, (*transactionObject).rollback))
	storageClass.Members = append(storageClass.Members,
		jsg.Async("transaction", 0, (*storageObject).transaction),
		jsg.Method("transactionSync", 0, (*storageObject).transactionSync),
		jsg.Async("sync", 0, (*storageObject).sync),
		jsg.Async("getCurrentBookmark", 0, func(s *storageObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			st, err := s.storage()
			if err != nil {
				return nil, err
			}
			s.in.CommitNow()
			mark, err := st.Bookmark()
			return js.String(mark), storageError(err)
		}),
		jsg.Async("getBookmarkForTime", 0, func(s *storageObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if _, ok := jsg.DateOf(a.Value(0)); !ok && !jsg.IsNumber(a.Value(0)) {
				a.Mismatch(0, "date")
				return nil, a.Err()
			}
			return nil, errNoPointInTime
		}),
		jsg.Async("onNextSessionRestoreBookmark", 0, func(*storageObject, *jsg.Scope, *jsg.Args) (jsg.Value, error) { return nil, errNoPointInTime }),
	)
}

// errNoPointInTime is what workerd says of everything that needs a history.
var errNoPointInTime = jsg.Errorf("This Durable Object's storage back-end does not implement point-in-time recovery.")

// storageError is what applications see of a failure: SQLite's own texts, and
// nothing of the disk's.
func storageError(err error) error {
	var e *appsql.Error
	if errors.As(err, &e) {
		return &jsg.Error{Name: "Error", Message: e.Message, Cause: err}
	}
	return err
}

// options checks the options of a call. None of them changes anything here:
// nothing waits for the storage (allowConcurrency), what is written is durable
// before the answer leaves (allowUnconfirmed), and the cache is SQLite's (noCache).
func options(a *jsg.Args, i int, name string) error {
	a.DictNamed(i, name)
	return a.Err()
}

func decode(js *jsg.Scope, data []byte) (jsg.Value, error) { return clone.Message{Data: data}.Read(js) }

func encode(js *jsg.Scope, v jsg.Value) ([]byte, error) {
	m, err := clone.Write(js, v, clone.Options{})
	return m.Data, err
}

// keyList reads an array of keys; ok is false for anything else.
func keyList(v jsg.Value) (keys []string, ok bool) {
	if !jsg.IsArray(v) {
		return nil, false
	}
	o := v.(*jsg.Object)
	for i := range o.Get("length").ToInteger() {
		keys = append(keys, o.Get(strconv.FormatInt(i, 10)).String())
	}
	return keys, true
}

func (x *access) get(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if !a.Has(0) {
		a.Mismatch(0, "string or Array")
		return nil, a.Err()
	}
	if err := options(a, 1, "GetOptions"); err != nil {
		return nil, err
	}
	s, err := x.storage()
	if err != nil {
		return nil, err
	}
	if keys, ok := keyList(a.Value(0)); ok {
		entries, err := s.GetMulti(keys)
		if err != nil {
			return nil, storageError(err)
		}
		return entryMap(js, entries)
	}
	key := a.String(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	data, ok, err := s.Get(key)
	if err != nil || !ok {
		return jsg.Undefined, storageError(err)
	}
	return decode(js, data)
}

func entryMap(js *jsg.Scope, entries []Entry) (jsg.Value, error) {
	m, err := js.Construct(js.Global().Get("Map"))
	if err != nil {
		return nil, err
	}
	set, err := js.Get(m, "set")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		v, err := decode(js, e.Value)
		if err != nil {
			return nil, err
		}
		if _, err := js.Call(set, m, js.String(e.Key), v); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (x *access) put(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	s, err := x.storage()
	if err != nil {
		return nil, err
	}
	if o, ok := jsg.IsObject(a.Value(0)); ok && !jsg.IsArray(o) {
		if v := a.Value(1); !jsg.IsNullish(v) {
			if _, ok := jsg.IsObject(v); !ok {
				return nil, jsg.TypeErrorf("put() may only be called with a single key-value pair and optional options as put(key, value, options) or with multiple key-value pairs and optional options as put(entries, options)")
			}
		}
		entries, err := putEntries(js, o)
		if err != nil {
			return nil, err
		}
		return jsg.Undefined, storageError(s.Put(entries...))
	}
	e, err := putEntry(js, a)
	if err != nil {
		return nil, err
	}
	return jsg.Undefined, storageError(s.Put(e))
}

func putEntry(js *jsg.Scope, a *jsg.Args) (e Entry, err error) {
	if !a.Has(0) {
		a.Mismatch(0, "string")
	}
	e.Key = a.String(0)
	if err := a.Err(); err != nil {
		return e, err
	}
	if !a.Has(1) {
		return e, jsg.TypeErrorf("put() called with undefined value.")
	}
	if err := options(a, 2, "PutOptions"); err != nil {
		return e, err
	}
	e.Value, err = encode(js, a.Value(1))
	return e, err
}

// putEntries reads an object of values; undefined ones are left out.
func putEntries(js *jsg.Scope, o *jsg.Object) (out []Entry, err error) {
	for _, key := range o.Keys() {
		v, err := js.Get(o, key)
		if err != nil {
			return nil, err
		}
		if jsg.IsUndefined(v) {
			continue
		}
		data, err := encode(js, v)
		if err != nil {
			return nil, err
		}
		out = append(out, Entry{key, data})
	}
	return out, nil
}

func (x *access) delete(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if !a.Has(0) {
		a.Mismatch(0, "string or Array")
		return nil, a.Err()
	}
	if err := options(a, 1, "PutOptions"); err != nil {
		return nil, err
	}
	s, err := x.storage()
	if err != nil {
		return nil, err
	}
	if keys, ok := keyList(a.Value(0)); ok {
		n, err := s.Delete(keys...)
		return js.Int(int64(n)), storageError(err)
	}
	key := a.String(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	n, err := s.Delete(key)
	return js.Bool(n > 0), storageError(err)
}

// listRange reads the options of list().
func listRange(a *jsg.Args) (r Range, err error) {
	d := a.DictNamed(0, "ListOptions")
	r.Start, r.StartAfter, r.End, r.Prefix = d.String("start", ""), d.String("startAfter", ""), d.String("end", ""), d.String("prefix", "")
	r.HasAfter, r.HasEnd = d.Has("startAfter"), d.Has("end")
	r.Reverse = d.Bool("reverse", false)
	if d.Has("start") && r.HasAfter {
		a.Fail(jsg.TypeErrorf("list() cannot be called with both start and startAfter values."))
	}
	if d.Has("limit") {
		if r.Limit = int(d.Int("limit", 0)); r.Limit <= 0 {
			a.Fail(jsg.TypeErrorf("List limit must be positive."))
		}
	}
	return r, a.Err()
}

func (x *access) list(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	r, err := listRange(a)
	if err != nil {
		return nil, err
	}
	s, err := x.storage()
	if err != nil {
		return nil, err
	}
	entries, err := s.List(r)
	if err != nil {
		return nil, storageError(err)
	}
	return entryMap(js, entries)
}

func (x *access) deleteAll(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if err := options(a, 0, "PutOptions"); err != nil {
		return nil, err
	}
	s, err := x.storage()
	if err != nil {
		return nil, err
	}
	if f, ok := x.in.Local.(*facets); ok && !s.InSavepoint() {
		for name := range f.running {
			f.end(js, name, errFacetDeleted)
		}
	}
	if err := s.DeleteAll(); err != nil {
		return nil, storageError(err)
	}
	x.in.AlarmChanged()
	return jsg.Undefined, nil
}

func (x *access) getAlarm(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if err := options(a, 0, "GetAlarmOptions"); err != nil {
		return nil, err
	}
	s, err := x.storage()
	if err != nil {
		return nil, err
	}
	at, ok, err := s.GetAlarm()
	if err != nil || !ok || x.in.AlarmHidden() {
		return jsg.Null, storageError(err)
	}
	return js.Int(at), nil
}

func (x *access) setAlarm(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	var at float64
	if t, ok := a.Value(0).(*jsg.Object); ok && t.ClassName() == "Date" {
		at = t.ToFloat()
	} else if jsg.IsNumber(a.Value(0)) {
		at = a.Float(0)
	} else {
		a.Mismatch(0, "date")
	}
	switch err := options(a, 1, "SetAlarmOptions"); {
	case err != nil:
		return nil, err
	case math.IsNaN(at) || math.Abs(at) > 8.64e15:
		return nil, jsg.TypeErrorf("The value cannot be converted because it is not a valid Date.")
	case at <= 0:
		return nil, jsg.TypeErrorf("setAlarm() cannot be called with an alarm time <= 0")
	case x.facet != nil:
		return nil, jsg.Errorf("Facets currently cannot set alarms.")
	case !x.in.HasAlarmHandler(js):
		return nil, jsg.TypeErrorf("Your Durable Object class must have an alarm() handler in order to call setAlarm()")
	}
	s, err := x.storage()
	if err != nil {
		return nil, err
	}
	if err := s.SetAlarm(int64(at)); err != nil {
		return nil, storageError(err)
	}
	x.in.AlarmChanged()
	return jsg.Undefined, nil
}

func (x *access) deleteAlarm(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if err := options(a, 0, "SetAlarmOptions"); err != nil {
		return nil, err
	}
	s, err := x.storage()
	if err != nil {
		return nil, err
	}
	if err := s.DeleteAlarm(); err != nil {
		return nil, storageError(err)
	}
	x.in.AlarmChanged()
	return jsg.Undefined, nil
}

// sync resolves once everything written is durable.
func (s *storageObject) sync(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	p := js.NewPromise()
	s.in.AfterCommit(js, func(js *jsg.Scope) { p.Resolve(jsg.Undefined) })
	return later(js, p.Promise()), nil
}
