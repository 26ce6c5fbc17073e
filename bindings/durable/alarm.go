package durable

import (
	"github.com/miniworker/miniworker/bindings/internal/appsql"
	"github.com/miniworker/miniworker/bindings/internal/store"
)

// metaAlarm is the key of the alarm in _cf_METADATA.
const metaAlarm = 1

// GetAlarm returns the pending alarm in milliseconds since 1970.
func (s *Storage) GetAlarm() (at int64, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.getAlarm()
}

func (s *Storage) getAlarm() (at int64, ok bool, err error) {
	if there, err := s.use(false); err != nil || !there || !s.hasMeta {
		return 0, false, err
	}
	ok, err = s.db.Row("SELECT value FROM _cf_METADATA WHERE key = ?", func(r *store.Stmt) { at = r.Int64(0) }, metaAlarm)
	return at, ok, err
}

// SetAlarm sets the one alarm of the object.
func (s *Storage) SetAlarm(at int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.write(); err != nil {
		return err
	}
	return s.withAlarm(func() error {
		if !s.hasMeta {
			if err := s.db.Exec(appsql.CreateMetadata); err != nil {
				return err
			}
			s.hasMeta = true
		}
		return s.db.Exec("INSERT OR REPLACE INTO _cf_METADATA VALUES (?, ?)", metaAlarm, at)
	})
}

// DeleteAlarm removes the alarm if there is one.
func (s *Storage) DeleteAlarm() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok, err := s.getAlarm(); err != nil || !ok {
		return err
	}
	if err := s.write(); err != nil {
		return err
	}
	return s.withAlarm(func() error {
		return s.db.Exec("DELETE FROM _cf_METADATA WHERE key = ?", metaAlarm)
	})
}

// withAlarm runs change, which alters the alarm: the index follows with the
// commit of the open transaction, or at once.
func (s *Storage) withAlarm(change func() error) error {
	if s.open {
		s.alarmChanged = true
		return change()
	}
	return s.changeAlarm(change)
}

// changeAlarm runs commit, which makes a change of the alarm permanent, between
// the two updates of the index that keep it safe (see index).
func (s *Storage) changeAlarm(commit func() error) error {
	ix, err := s.ns.useIndex(true)
	if err != nil {
		return err
	}
	if err := ix.unsettle(s.id); err != nil {
		return err
	}
	if err := commit(); err != nil {
		return err
	}
	// From here on the change is made. An entry that stays unsettled costs
	// the next reader a look into this file, nothing else.
	if at, ok, err := s.getAlarm(); err == nil {
		_ = ix.settle(s.id, at, ok)
	}
	return nil
}

// settleAlarm brings the index in line with the object. An open transaction
// does so itself when it ends; what it changed is not the truth yet.
func (s *Storage) settleAlarm(ix *index) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open {
		return nil
	}
	at, ok, err := s.getAlarm()
	if err != nil {
		return err
	}
	return ix.settle(s.id, at, ok)
}
