package durable

import "github.com/miniworker/miniworker/runtime/jsg"

// kvObject is ctx.storage.kv, the synchronous key-value methods.
type kvObject struct {
	access
	lists int // how often list() was called
}

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
			s, key, err := k.key(a)
			if err != nil {
				return nil, err
			}
			if a.Len() < 2 { // undefined can be put here
				a.Mismatch(1, "Value")
				return nil, a.Err()
			}
			data, err := encode(js, a.Value(1))
			if err != nil {
				return nil, err
			}
			return jsg.Undefined, storageError(s.Put(Entry{key, data}))
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

var errListInvalid = jsg.Errorf("kv.list() iterator was invalidated because a new call to kv.list() was started. Only one kv.list() iterator can exist at a time.")

// list gives an iterator of what is there as it goes on, not of what was there
// when it was made. The next call ends it.
func (k *kvObject) list(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	r, err := listRange(a)
	if err != nil {
		return nil, err
	}
	if !k.ns.sqlite.Load() {
		return nil, errNoKV
	}
	if _, err := k.storage(); err != nil {
		return nil, err
	}
	k.lists++
	mine, left, over := k.lists, r.Limit, false
	limited := r.Limit > 0
	r.Limit = 1
	return listIteratorClass.Wrap(js, &jsg.Iterator{Next: func(js *jsg.Scope) (jsg.Value, bool, error) {
		if mine != k.lists {
			return nil, false, errListInvalid
		}
		if over || limited && left == 0 {
			return nil, false, nil
		}
		s, err := k.storage()
		if err != nil {
			return nil, false, err
		}
		entries, err := s.List(r)
		if err != nil || len(entries) == 0 {
			over = true
			return nil, false, storageError(err)
		}
		left--
		r.resume(entries[0].Key)
		v, err := decode(js, entries[0].Value)
		if err != nil {
			return nil, false, err
		}
		return js.NewArray(js.String(entries[0].Key), v), true, nil
	}}), nil
}
