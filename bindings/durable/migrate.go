package durable

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/wrangler/config"
)

// keyName is the file of a namespace that was renamed: what its ids were made
// with, so that they stay valid.
const keyName = "key"

// Migrate brings what a worker's objects stored in line with its configuration:
// classes that were renamed or transferred keep their objects, those of deleted
// classes go. It must run before any of the namespaces is used. What it did is
// returned for the log.
//
// A step of `migrations` is taken once; which were is kept in a file beside the
// namespaces. State without one dates from before: a step is then taken only if
// the class does not exist in the end. `exports` says how things are, and is
// followed as often as it is read.
func Migrate(root string, cfg *config.Config) (did []string, err error) {
	m := &migration{root: filepath.Join(root, "do"), worker: cfg.Name}
	if _, err := os.Stat(m.root); errors.Is(err, fs.ErrNotExist) {
		return nil, nil // nothing is stored
	}
	if len(cfg.Migrations) > 0 {
		err = m.steps(cfg)
	}
	for _, e := range cfg.Exports {
		if err != nil || e.Type != "durable-object" {
			continue
		}
		switch e.State {
		case "deleted":
			err = m.delete(e.Name)
		case "renamed":
			err = m.move(m.dir(m.worker, e.Name), m.dir(m.worker, e.RenamedTo), e.Name, e.RenamedTo)
		case "transferred":
			err = m.move(m.dir(m.worker, e.Name), m.dir(e.TransferredTo, e.Name), e.Name, "the worker "+e.TransferredTo)
		}
	}
	return m.did, err
}

type migration struct {
	root, worker string
	did          []string
}

func (m *migration) dir(worker, class string) string {
	return filepath.Join(m.root, worker+"-"+class)
}

// steps takes those of `migrations` that were not yet.
func (m *migration) steps(cfg *config.Config) error {
	record := filepath.Join(m.root, m.worker+".migrations.json")
	var taken []string
	data, err := os.ReadFile(record)
	known := err == nil
	if known {
		err = json.Unmarshal(data, &taken)
	} else if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return store.FileError(record, err)
	}
	alive := cfg.ObjectClasses()
	due := func(tag, class string) bool {
		_, exists := alive[class]
		return !slices.Contains(taken, tag) && (known || !exists)
	}
	var tags []string
	for _, step := range cfg.Migrations {
		tags = append(tags, step.Tag)
		for _, r := range step.RenamedClasses {
			if due(step.Tag, r.From) {
				if err := m.move(m.dir(m.worker, r.From), m.dir(m.worker, r.To), r.From, r.To); err != nil {
					return err
				}
			}
		}
		for _, class := range step.DeletedClasses {
			if due(step.Tag, class) {
				if err := m.delete(class); err != nil {
					return err
				}
			}
		}
	}
	if slices.Equal(tags, taken) {
		return nil
	}
	if data, err = json.Marshal(tags); err != nil {
		return err
	}
	return store.WriteFile(record, append(data, '\n'))
}

// move renames a namespace, which keeps the key of its ids.
func (m *migration) move(from, to, class, target string) error {
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("the objects of %s cannot become those of %s, which has objects already: remove %s or %s", class, target, from, to)
	}
	if _, err := os.Stat(filepath.Join(from, keyName)); errors.Is(err, fs.ErrNotExist) {
		if err := store.WriteFile(filepath.Join(from, keyName), []byte(filepath.Base(from))); err != nil {
			return err
		}
	}
	m.did = append(m.did, fmt.Sprintf("the objects of the Durable Object class %s are those of %s now", class, target))
	return store.FileError(from, os.Rename(from, to))
}

func (m *migration) delete(class string) error {
	dir := m.dir(m.worker, class)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	m.did = append(m.did, "the objects of the Durable Object class "+class+" were deleted, as the configuration says")
	return store.FileError(dir, os.RemoveAll(dir))
}

// Key is what the ids of the namespace are made with.
func (n *Namespace) Key() (string, error) {
	path := filepath.Join(n.dir, keyName)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return filepath.Base(n.dir), nil
	}
	return string(data), store.FileError(path, err)
}
