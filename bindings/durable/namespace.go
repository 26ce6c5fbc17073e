package durable

import (
	"container/list"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// MaxOpenObjects bounds how many objects of one namespace keep their database
// open at once; beyond it the one unused for longest is closed and opened
// again when needed. Each costs up to two file handles.
const MaxOpenObjects = 1024

// Namespace is the storage of all objects of one class of one worker: a
// directory with one database per object and an index of alarms and names.
// It is safe for concurrent use.
type Namespace struct {
	dir string

	mu      sync.Mutex
	index   *index
	objects map[string]*Storage
	open    *list.List    // *Storage with an open database, least recently opened first
	still   chan struct{} // while nothing may be added: closed when that ends
	closed  bool
}

// Object is a known object of a namespace.
type Object struct {
	ID   string // 64 hex digits
	Name string // what it was derived from, "" if unknown
}

// idPattern keeps ids from being anything else than a file name of ours.
var idPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// OpenNamespace returns the storage of class in worker below the state
// directory root. Nothing is read or written until it is used.
func OpenNamespace(root, worker, class string) (*Namespace, error) {
	folder := worker + "-" + class
	if worker == "" || class == "" || folder != filepath.Base(folder) || strings.ContainsAny(folder, `/\:`) {
		return nil, fmt.Errorf("%q is not a possible Durable Object namespace", folder)
	}
	dir := filepath.Join(root, "do", folder)
	return &Namespace{
		dir:     dir,
		index:   &index{path: filepath.Join(dir, indexName)},
		objects: map[string]*Storage{},
		open:    list.New(),
	}, nil
}

// Dir is the directory that holds the namespace.
func (n *Namespace) Dir() string { return n.dir }

// Object returns the storage of the object with the given id; every call with
// one id returns the same Storage until it is closed.
func (n *Namespace) Object(id string) (*Storage, error) {
	if !idPattern.MatchString(id) {
		return nil, fmt.Errorf("%q is not a Durable Object id", id)
	}
	n.lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, errClosed
	}
	s := n.objects[id]
	if s == nil {
		s = &Storage{ns: n, id: id, path: filepath.Join(n.dir, id+".sqlite")}
		n.objects[id] = s
	}
	return s, nil
}

// RememberName records that id was derived from name, for listings.
func (n *Namespace) RememberName(id, name string) error {
	ix, err := n.useIndex(true)
	if err != nil {
		return err
	}
	return ix.remember(id, name)
}

// Objects lists the objects that have stored something, ordered by id.
func (n *Namespace) Objects() ([]Object, error) {
	entries, err := os.ReadDir(n.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, store.FileError(n.dir, err)
	}
	names := map[string]string{}
	ix, err := n.useIndex(false)
	if err != nil {
		return nil, err
	}
	if ix != nil {
		if names, err = ix.names(); err != nil {
			return nil, err
		}
	}
	var out []Object
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), ".sqlite"); ok && idPattern.MatchString(id) {
			out = append(out, Object{id, names[id]})
		}
	}
	return out, nil
}

// Name is the name id was derived from, or "".
func (n *Namespace) Name(id string) (string, error) {
	ix, err := n.useIndex(false)
	if err != nil || ix == nil {
		return "", err
	}
	return ix.name(id)
}

// Alarms lists all pending alarms of the namespace, earliest first. After a
// crash it settles the entries whose commit was under way by reading those
// objects; otherwise it reads only the index.
func (n *Namespace) Alarms() ([]Alarm, error) {
	ix, err := n.useIndex(false)
	if err != nil || ix == nil {
		return nil, err
	}
	unsettled, err := ix.unsettled()
	if err != nil {
		return nil, err
	}
	for _, id := range unsettled {
		if err := n.settle(ix, id); err != nil {
			return nil, err
		}
	}
	return ix.alarms()
}

func (n *Namespace) settle(ix *index, id string) error {
	s, err := n.Object(id)
	if err != nil {
		return err
	}
	if err := s.settleAlarm(ix); err != nil {
		return err
	}
	if err := s.Release(); err != nil && !errors.Is(err, ErrBusy) {
		return err
	}
	return nil
}

// useIndex opens the index. Without create it is nil while no file exists.
func (n *Namespace) useIndex(create bool) (*index, error) {
	n.lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, errClosed
	}
	if !create && !n.index.exists() {
		return nil, nil
	}
	return n.index, nil
}

// opened notes that s opened its database and closes idle ones beyond the
// bound. The caller holds s.mu.
func (n *Namespace) opened(s *Storage) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return errClosed
	}
	s.place = n.open.PushBack(s)
	over := n.open.Len() - MaxOpenObjects
	for e := n.open.Front(); e != nil && over > 0; {
		old, next := e.Value.(*Storage), e.Next()
		// An object that is running right now holds its lock: skip it.
		if old != s && old.mu.TryLock() {
			if old.idle() {
				n.open.Remove(e)
				old.place = nil
				err := old.closeDB()
				over--
				if err != nil {
					old.mu.Unlock()
					return err
				}
			}
			old.mu.Unlock()
		}
		e = next
	}
	return nil
}

// forget drops s from the list of open databases. The caller holds s.mu.
func (n *Namespace) forget(s *Storage) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if s.place != nil {
		n.open.Remove(s.place)
		s.place = nil
	}
}

// drop forgets s altogether. The caller holds s.mu.
func (n *Namespace) drop(s *Storage) {
	n.forget(s)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.objects[s.id] == s {
		delete(n.objects, s.id)
	}
}

// OpenDatabases is the number of objects whose database is open.
func (n *Namespace) OpenDatabases() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.open.Len()
}

// Close interrupts and closes every object, rolling back what is not
// committed, and the index.
func (n *Namespace) Close() error {
	n.lock()
	n.closed = true
	var all []*Storage
	for _, s := range n.objects {
		all = append(all, s)
	}
	n.mu.Unlock()

	var errs []error
	for _, s := range all {
		s.Interrupt()
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, n.index.close())...)
}

// Destroy closes the namespace and deletes everything in it, as a migration
// with deleted_classes does.
func (n *Namespace) Destroy() error {
	if err := n.Close(); err != nil {
		return err
	}
	return store.FileError(n.dir, os.RemoveAll(n.dir))
}

// ListNamespaces names the folders ("worker-Class") that hold objects below
// the state directory root, in order.
func ListNamespaces(root string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(root, "do"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, store.FileError(root, err)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() {
			out = append(out, e.Name())
		}
	}
	slices.Sort(out)
	return out, nil
}
