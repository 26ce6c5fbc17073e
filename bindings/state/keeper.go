package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Keeper keeps the snapshots of one state directory, which nobody else may use
// meanwhile. It is not safe for concurrent use.
type Keeper struct {
	dir, pool string

	// refs counts the snapshots that a file of the pool is part of; nil until
	// the first use.
	refs map[string]int
	// known are the databases that are as a file of the pool is.
	known map[string]identity
}

// identity says that a database has the content of a file while it looks like
// that.
type identity struct {
	look look
	file File
}

// look is what changes with a database: for this process its generation, for
// others, which may write to those of D1, the dates of its files.
type look struct {
	generation store.Generation
	dates      string
}

func lookAt(path string, db *store.DB) look {
	if db != nil {
		return look{generation: db.Generation()}
	}
	l := look{generation: store.GenerationOf(path)}
	for _, name := range []string{path, path + "-wal"} {
		if info, err := os.Stat(name); err == nil {
			l.dates += fmt.Sprintln(info.Size(), info.ModTime().UnixNano())
		}
	}
	return l
}

// matches compares two looks; an open database has no dates to compare.
func (l look) matches(o look) bool {
	return l.generation == o.generation && (l.dates == o.dates || l.dates == "" || o.dates == "")
}

// NewKeeper returns the keeper of the state in dir. Nothing is read or written
// until it is used.
func NewKeeper(dir string) *Keeper {
	return &Keeper{dir: dir, pool: filepath.Join(dir, snapshotsFolder, poolFolder), known: map[string]identity{}}
}

// Dir is the state directory.
func (k *Keeper) Dir() string { return k.dir }

// use reads which snapshots there are, and removes files of the pool that a
// process left which could not do so itself.
func (k *Keeper) use() error {
	if k.refs != nil {
		return nil
	}
	list, err := List(k.dir)
	if err != nil {
		return err
	}
	k.refs = map[string]int{}
	for _, s := range list {
		k.retain(s)
	}
	entries, err := os.ReadDir(k.pool)
	if errors.Is(err, fs.ErrNotExist) {
		err = os.MkdirAll(k.pool, 0o755)
	}
	for _, e := range entries {
		if k.refs[e.Name()] == 0 {
			err = errors.Join(err, os.RemoveAll(filepath.Join(k.pool, e.Name())))
		}
	}
	return store.FileError(k.pool, err)
}

// Close removes what only snapshots without a name needed.
func (k *Keeper) Close() error {
	if k.refs == nil {
		return nil
	}
	k.refs = nil
	return k.use()
}

func (k *Keeper) retain(s *Snapshot) {
	s.keeper = k
	for _, f := range s.Files {
		k.refs[f.ID]++
	}
}

// drop gives up the files of a snapshot.
func (k *Keeper) drop(s *Snapshot) error {
	var errs []error
	for _, f := range s.Files {
		if k.refs[f.ID]--; k.refs[f.ID] > 0 {
			continue
		}
		delete(k.refs, f.ID)
		if id, ok := k.known[f.Path]; ok && id.file.ID == f.ID {
			delete(k.known, f.Path)
		}
		if err := os.Remove(filepath.Join(k.pool, f.ID)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, store.FileError(k.pool, err))
		}
	}
	s.Files = nil
	return errors.Join(errs...)
}

// Release gives a snapshot without a name up; it must not be used any more.
func (s *Snapshot) Release() error {
	if s.keeper == nil || s.Name != "" {
		return nil
	}
	return s.keeper.drop(s)
}

// Find gives a named snapshot.
func (k *Keeper) Find(name string) (*Snapshot, error) {
	if err := k.use(); err != nil {
		return nil, err
	}
	return read(k.dir, name)
}

// Remove deletes a named snapshot; one that is not there is no error.
func (k *Keeper) Remove(name string) error {
	s, err := k.Find(name)
	if errors.Is(err, ErrNoSnapshot) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.Remove(manifest(k.dir, name)); err != nil {
		return store.FileError(manifest(k.dir, name), err)
	}
	return k.drop(s)
}

// name gives a snapshot a name, replacing the one that has it.
func (k *Keeper) name(s *Snapshot, name string) error {
	old, err := read(k.dir, name)
	if err != nil && !errors.Is(err, ErrNoSnapshot) {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := store.WriteFile(manifest(k.dir, name), text); err != nil {
		return err
	}
	s.Name = name
	if old != nil {
		return k.drop(old)
	}
	return nil
}

// Save saves the state as it is; nobody may change it meanwhile. open are the
// databases in use. A name of "" makes a snapshot that lasts until its Release
// or the end of the process.
func (k *Keeper) Save(name string, now time.Time, open []*store.DB) (*Snapshot, error) {
	if name != "" {
		if err := checkName(name); err != nil {
			return nil, err
		}
	}
	if err := k.use(); err != nil {
		return nil, err
	}
	s := &Snapshot{Created: now.UTC()}
	used := k.databases(open)
	err := walk(k.dir, func(rel string) error {
		f, copied, err := k.keep(rel, used[rel])
		if err == nil && f.ID != "" {
			s.Files = append(s.Files, f)
			s.Bytes += f.Size
			s.Copied += copied
		}
		return err
	})
	k.retain(s)
	if err == nil && name != "" {
		err = k.name(s, name)
	}
	if err != nil {
		return nil, errors.Join(err, k.drop(s))
	}
	return s, nil
}

// databases are the open ones by path.
func (k *Keeper) databases(open []*store.DB) map[string]*store.DB {
	out := map[string]*store.DB{}
	for _, db := range open {
		if rel, err := filepath.Rel(k.dir, db.Path()); err == nil {
			out[filepath.ToSlash(rel)] = db
		}
	}
	return out
}

// keep brings a file into the pool, unless it is there; copied is what that
// cost. Files that are part of another one get no ID.
func (k *Keeper) keep(rel string, db *store.DB) (f File, copied int64, err error) {
	path := filepath.Join(k.dir, filepath.FromSlash(rel))
	switch {
	case isDatabase(rel):
		return k.keepDatabase(rel, path, db)
	case besideDatabase(rel):
		return File{}, 0, nil
	case store.IsContent(filepath.Base(rel)):
		return k.keepContent(rel, path)
	}
	f = File{Path: rel, ID: store.RandomID()}
	f.Size, err = copyFile(path, filepath.Join(k.pool, f.ID))
	return f, f.Size, err
}

func (k *Keeper) keepContent(rel, path string) (f File, copied int64, err error) {
	f = File{Path: rel, ID: filepath.Base(rel)}
	info, err := os.Stat(path)
	if err != nil {
		return File{}, 0, store.FileError(path, err)
	}
	f.Size = info.Size()
	to := filepath.Join(k.pool, f.ID)
	if k.refs[f.ID] > 0 || os.Link(path, to) == nil {
		return f, 0, nil
	}
	copied, err = copyFile(path, to)
	return f, copied, err
}

func (k *Keeper) keepDatabase(rel, path string, db *store.DB) (f File, copied int64, err error) {
	if id, ok := k.known[rel]; ok && id.look.matches(lookAt(path, db)) {
		return id.file, 0, nil
	}
	f = File{Path: rel, ID: store.RandomID()}
	to := filepath.Join(k.pool, f.ID)
	if f.Size, err = copyDatabase(path, to, db); err != nil {
		return File{}, 0, err
	}
	k.known[rel] = identity{lookAt(path, db), f}
	return f, f.Size, nil
}

// copyDatabase makes one file of a database.
func copyDatabase(path, to string, db *store.DB) (size int64, err error) {
	if db == nil && !exists(path+"-wal") && !exists(path+"-journal") {
		return copyFile(path, to)
	}
	if db == nil {
		if db, err = store.Open(path, store.Options{Exclusive: true, MustExist: true, KeepWAL: true}); err != nil {
			return 0, err
		}
		defer db.Close()
	}
	if err := db.CopyTo(to); err != nil {
		return 0, err
	}
	info, err := os.Stat(to)
	if err != nil {
		return 0, store.FileError(to, err)
	}
	return info.Size(), nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// copyFile copies to a file that must not exist; the system may let the two
// share their blocks.
func copyFile(from, to string) (size int64, err error) {
	in, err := os.Open(from)
	if err != nil {
		return 0, store.FileError(from, err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return 0, store.FileError(to, err)
	}
	size, err = io.Copy(out, in)
	return size, store.FileError(to, errors.Join(err, out.Close()))
}

// Fork writes the state as it is to another directory, which must not hold any.
// The copy has databases of its own and shares the content files.
func (k *Keeper) Fork(to string, open []*store.DB) error {
	if err := empty(to); err != nil {
		return err
	}
	used := k.databases(open)
	return walk(k.dir, func(rel string) error {
		from, to := filepath.Join(k.dir, filepath.FromSlash(rel)), filepath.Join(to, filepath.FromSlash(rel))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return store.FileError(to, err)
		}
		var err error
		switch {
		case isDatabase(rel):
			_, err = copyDatabase(from, to, used[rel])
		case besideDatabase(rel), store.IsContent(filepath.Base(rel)) && os.Link(from, to) == nil:
		default:
			_, err = copyFile(from, to)
		}
		return err
	})
}

// empty refuses a directory that holds state.
func empty(dir string) error {
	return walk(dir, func(rel string) error {
		return fmt.Errorf("%s holds state already: choose an empty directory", dir)
	})
}
