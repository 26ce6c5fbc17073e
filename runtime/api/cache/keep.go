package cache

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Kept responses are files, each a line of JSON and the content; a large content
// is in the file of its spool instead. They are written under another name
// first, so that what is half there is never taken for a response.
const (
	keptPrefix  = "entry-"
	spoolPrefix = "response-"
	partPrefix  = "part-"
)

// record is the first line of a kept response.
type record struct {
	Cache, Key string
	Entry      *Entry
	Size       int64
	Spool      string `json:",omitempty"` // name of the file with the content
}

// save writes it for later processes.
func (m *Memory) save(it *item) error {
	if !m.o.Keep || it.kept != "" {
		return nil
	}
	if err := os.MkdirAll(m.o.Dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(m.o.Dir, partPrefix+"*")
	if err != nil {
		return err
	}
	r := record{Cache: it.cache, Key: it.key, Entry: it.entry, Size: it.size}
	if it.file != nil {
		r.Spool = filepath.Base(it.file.path)
	}
	w := bufio.NewWriter(f)
	err = json.NewEncoder(w).Encode(r)
	if err == nil {
		_, err = w.Write(it.data)
	}
	kept := filepath.Join(m.o.Dir, keptPrefix+strings.TrimPrefix(filepath.Base(f.Name()), partPrefix))
	if err = errors.Join(err, w.Flush(), f.Close()); err == nil {
		err = os.Rename(f.Name(), kept)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the write failed already
		return err
	}
	it.kept = kept
	return nil
}

// forget undoes save.
func (it *item) forget() {
	if it.kept != "" {
		_ = os.Remove(it.kept) // at worst it comes back with the next process, as a cache may
		it.kept = ""
	}
}

// load takes over what the process before has kept, once. The caller holds m.
// What cannot be read is dropped: it is a cache.
func (m *Memory) load() {
	if m.loaded || !m.o.Keep {
		return
	}
	m.loaded = true
	files, err := os.ReadDir(m.o.Dir)
	if err != nil {
		return // there is none yet
	}
	spools := map[string]bool{}
	var items []*item
	for _, f := range files {
		path := filepath.Join(m.o.Dir, f.Name())
		switch name := f.Name(); {
		case strings.HasPrefix(name, spoolPrefix):
			spools[path] = false
		case strings.HasPrefix(name, partPrefix):
			_ = os.Remove(path)
		case strings.HasPrefix(name, keptPrefix):
			it, err := m.read(path)
			if err != nil || !m.o.Clock.Now().Before(it.entry.Expires) {
				_ = os.Remove(path)
				continue
			}
			items = append(items, it)
		}
	}
	slices.SortFunc(items, func(a, b *item) int { return b.entry.Stored.Compare(a.entry.Stored) })
	for _, it := range items {
		if m.items[it.id] != nil { // an older one, of which the removal was cut off
			it.forget()
			continue
		}
		if it.file != nil {
			spools[it.file.path] = true
		}
		m.items[it.id] = m.recent.PushBack(it)
		m.count(it, 1)
	}
	for path, used := range spools {
		if !used {
			_ = os.Remove(path)
		}
	}
	m.shrink()
}

// read reads a kept response.
func (m *Memory) read(path string) (*item, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := bufio.NewReader(f)
	line, err := r.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var rec record
	if err := json.Unmarshal(line, &rec); err != nil {
		return nil, err
	}
	if rec.Entry == nil {
		return nil, errors.New("cache: an entry without a head")
	}
	it := &item{id: id{rec.Cache, rec.Key}, entry: rec.Entry, size: rec.Size, kept: path}
	if rec.Spool != "" {
		spoolPath := filepath.Join(m.o.Dir, filepath.Base(rec.Spool))
		if info, err := os.Stat(spoolPath); err != nil || info.Size() != rec.Size {
			return nil, errors.New("cache: the content is gone")
		}
		it.file = &spool{path: spoolPath, refs: 1}
		return it, nil
	}
	var content bytes.Buffer
	if _, err := io.Copy(&content, r); err != nil {
		return nil, err
	}
	if it.data = content.Bytes(); int64(len(it.data)) != rec.Size {
		return nil, errors.New("cache: the content is cut off")
	}
	return it, nil
}
