package durable

import "github.com/miniworker/miniworker/runtime/jsg"

// transactionObject is the argument of a transaction's callback.
type transactionObject struct {
	access
	level      int
	over       bool
	rolledBack bool
}

// check refuses what is called once the transaction is over.
func (t *transactionObject) check(method string) error {
	switch {
	case t.rolledBack:
		return jsg.Errorf("Cannot %s() on rolled back transaction", method)
	case t.over:
		return jsg.Errorf("Cannot call %s() on transaction that has already committed: did you move `txn` outside of the closure?", method)
	}
	return nil
}

var transactionClass = &jsg.Class[transactionObject]{Name: "DurableObjectTransaction"}

// transaction runs a callback in a transaction that spans its turns. Other
// events wait meanwhile.
func (s *storageObject) transaction(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	f := a.Value(0)
	if !jsg.IsFunction(f) {
		a.Mismatch(0, "function")
		return nil, a.Err()
	}
	t := &transactionObject{access: s.access}
	return s.in.Exclusive(js, func(js *jsg.Scope) (jsg.Value, error) {
		store, err := s.storage()
		if err != nil {
			return nil, err
		}
		s.in.BeginTransaction()
		if t.level, err = store.Savepoint(); err != nil {
			s.in.EndTransaction()
			return nil, storageError(err)
		}
		return js.Call(f, jsg.Undefined, transactionClass.Wrap(js, t))
	}, func(js *jsg.Scope, v jsg.Value, err error) (jsg.Value, error) {
		if t.level == 0 {
			return v, err
		}
		defer s.in.EndTransaction()
		if end := t.end(err == nil); err == nil {
			err = end
		}
		return v, err
	}), nil
}

// end closes the transaction; a rolled back one is closed already.
func (t *transactionObject) end(keep bool) error {
	store, err := t.storage()
	if err != nil || t.over {
		return err
	}
	t.over = true
	if keep {
		return storageError(store.ReleaseSavepoint(t.level))
	}
	return storageError(store.RollbackSavepoint(t.level))
}

func (t *transactionObject) rollback(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if t.over && !t.rolledBack {
		return nil, t.check("rollback")
	}
	t.rolledBack = true
	return jsg.Undefined, t.end(false)
}

func (s *storageObject) transactionSync(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	f := a.Value(0)
	if !jsg.IsFunction(f) {
		a.Mismatch(0, "function")
		return nil, a.Err()
	}
	store, err := s.storage()
	if err != nil {
		return nil, err
	}
	level, err := store.Savepoint()
	if err != nil {
		return nil, storageError(err)
	}
	v, err := js.Call(f, jsg.Undefined)
	if err != nil {
		if e := store.RollbackSavepoint(level); e != nil {
			return nil, storageError(e)
		}
		return nil, err
	}
	return v, storageError(store.ReleaseSavepoint(level))
}
