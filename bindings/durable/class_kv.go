package durable

import "github.com/miniworker/miniworker/runtime/jsg"

// kvObject is ctx.storage.kv, the synchronous key-value methods.
type kvObject struct{ access }

var listIteratorClass = jsg.IteratorClass("ListIterator")

var kvClass = &jsg.Class[kvObject]{Name: "SyncKvStorage"}

func init() {
	method := func(name string, length int, call func(*kvObject, *jsg.Scope, *jsg.Args) (jsg.Value, error)) jsg.Member[kvObject] {
		return jsg.Method(name, length, traced("kv."+name, func(k *kvObject) *access { return &k.access }, call))
	}
	kvClass.Members = jsg.Members[kvObject]{
		method("get", 1, func(k *kvObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			s, key, err := k.key(a)
			if err != nil {
				return nil, err
			}
			data, ok, err := s.Get(key)
			if err != nil || !ok {
				return jsg.Undefined, storageError(err)
			}
			return decode(js, data)
		}),
		method("put", 1, func(k *kvObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			s, _, err := k.key(a)
			if err != nil {
				return nil, err
			}
			e, err := putEntry(js, a)
			if err != nil {
				return nil, err
			}
			return jsg.Undefined, storageError(s.Put(e))
		}),
		method("delete", 1, func(k *kvObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			s, key, err := k.key(a)
			if err != nil {
				return nil, err
			}
			n, err := s.Delete(key)
			return js.Bool(n > 0), storageError(err)
		}),
		method("list", 0, (*kvObject).list),
	}
}

// key opens the storage and reads the key.
func (k *kvObject) key(a *jsg.Args) (*Storage, string, error) {
	key := a.String(0)
	if err := a.Err(); err != nil {
		return nil, "", err
	}
	if !k.ns.sqlite.Load() {
		return nil, "", errNoKV
	}
	s, err := k.storage()
	return s, key, err
}

func (k *kvObject) list(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	r, err := listRange(a)
	if err != nil {
		return nil, err
	}
	if !k.ns.sqlite.Load() {
		return nil, errNoKV
	}
	s, err := k.storage()
	if err != nil {
		return nil, err
	}
	entries, err := s.List(r)
	if err != nil {
		return nil, storageError(err)
	}
	return listIteratorClass.Wrap(js, &jsg.Iterator{Next: func(js *jsg.Scope) (jsg.Value, bool, error) {
		if len(entries) == 0 {
			return nil, false, nil
		}
		e := entries[0]
		entries = entries[1:]
		v, err := decode(js, e.Value)
		if err != nil {
			return nil, false, err
		}
		return js.NewArray(js.String(e.Key), v), true, nil
	}}), nil
}
