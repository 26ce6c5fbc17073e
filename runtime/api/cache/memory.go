package cache

import (
	"bytes"
	"container/list"
	"context"
	"errors"
	"io"
	"os"
	"sync"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Storage keeps responses by the name of a cache and a key. It is safe for
// concurrent use.
type Storage interface {
	// Match returns the response kept under key, nil if there is none or it has
	// expired.
	Match(cache, key string) (*Hit, error)
	// Put keeps e with the content read from body, replacing what is there once
	// all has arrived. It may decide not to keep it.
	Put(ctx context.Context, cache, key string, e *Entry, body io.Reader) error
	// Delete forgets a response and reports whether there was one.
	Delete(cache, key string) (bool, error)
}

// Hit is a stored response. It must be closed; bodies it opened live on.
type Hit struct {
	*Entry
	Size int64
	// Open gives a part of the content.
	Open func(offset, length int64) (wire.Body, error)
	// Close gives the content up; more than once is fine.
	Close func()
}

// MemoryOptions bound a Memory.
type MemoryOptions struct {
	Clock clock.Clock
	// Dir is where contents over 256 KiB go, as files; "" keeps all in memory.
	Dir string
	// Keep writes every response to Dir, where the next process finds it.
	Keep bool
	// MaxMemory and MaxDisk bound contents in bytes; 0 is 64 MiB and 1 GiB.
	MaxMemory, MaxDisk int64
}

// maxInMemory is the largest content kept in memory where there is a directory.
const maxInMemory = 256 << 10

// Memory is a Storage that lasts as long as the process, or longer if its options
// say Keep. The least recently used responses make room for new ones.
type Memory struct {
	o MemoryOptions

	mu           sync.Mutex
	items        map[id]*list.Element // of *item
	recent       *list.List           // most recent first
	memory, disk int64
	loaded       bool
}

type id struct{ cache, key string }

type item struct {
	id
	entry *Entry
	size  int64
	data  []byte
	file  *spool
	kept  string // the file of save, "" if there is none
}

// NewMemory returns an empty storage.
func NewMemory(o MemoryOptions) *Memory {
	if o.Clock == nil {
		o.Clock = clock.Real
	}
	if o.MaxMemory == 0 {
		o.MaxMemory = 64 << 20
	}
	if o.MaxDisk == 0 {
		o.MaxDisk = 1 << 30
	}
	return &Memory{o: o, items: map[id]*list.Element{}, recent: list.New()}
}

// Match implements Storage.
func (m *Memory) Match(cache, key string) (*Hit, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.load()
	el := m.items[id{cache, key}]
	if el == nil {
		return nil, nil
	}
	it := el.Value.(*item)
	if !m.o.Clock.Now().Before(it.entry.Expires) {
		m.remove(el)
		return nil, nil
	}
	m.recent.MoveToFront(el)
	h := &Hit{Entry: it.entry, Size: it.size, Close: func() {}}
	if it.file == nil {
		h.Open = func(offset, length int64) (wire.Body, error) {
			return wire.NewBytesBody(it.data[offset : offset+length]), nil
		}
		return h, nil
	}
	it.file.hold()
	h.Close = sync.OnceFunc(it.file.release)
	h.Open = it.file.open
	return h, nil
}

// Put implements Storage.
func (m *Memory) Put(ctx context.Context, cache, key string, e *Entry, body io.Reader) error {
	m.mu.Lock()
	m.load() // before there is a file of this one
	m.mu.Unlock()
	it := &item{id: id{cache, key}, entry: e}
	limit := m.o.MaxMemory
	if m.o.Dir != "" {
		limit = min(limit, maxInMemory)
	}
	var head bytes.Buffer
	n, err := io.Copy(&head, io.LimitReader(body, limit+1))
	switch {
	case err != nil:
		return err
	case n <= limit:
		it.data, it.size = bytes.Clone(head.Bytes()), n
	case m.o.Dir == "":
		_, err := io.Copy(io.Discard, body) // too large to keep
		return err
	default:
		if it.file, it.size, err = newSpool(ctx, m.o.Dir, io.MultiReader(&head, body), m.o.MaxDisk); err != nil {
			if errors.Is(err, errTooLarge) {
				_, err = io.Copy(io.Discard, body)
			}
			return err
		}
	}
	if err := m.save(it); err != nil {
		if it.file != nil {
			it.file.release()
		}
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if old := m.items[it.id]; old != nil {
		m.remove(old)
	}
	m.items[it.id] = m.recent.PushFront(it)
	m.count(it, 1)
	m.shrink()
	return nil
}

func (m *Memory) shrink() {
	for m.memory > m.o.MaxMemory || m.disk > m.o.MaxDisk {
		m.remove(m.recent.Back())
	}
}

// Delete implements Storage.
func (m *Memory) Delete(cache, key string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.load()
	el := m.items[id{cache, key}]
	if el == nil {
		return false, nil
	}
	there := m.o.Clock.Now().Before(el.Value.(*item).entry.Expires)
	m.remove(el)
	return there, nil
}

// Close forgets everything, but for what is kept.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.o.Keep {
		m.items, m.recent, m.loaded = map[id]*list.Element{}, list.New(), false
		m.memory, m.disk = 0, 0
		return nil
	}
	for m.recent.Len() > 0 {
		m.remove(m.recent.Back())
	}
	return nil
}

// entryOverhead is what an entry costs beside its content.
const entryOverhead = 1 << 10

func (m *Memory) count(it *item, sign int64) {
	m.memory += sign * (int64(len(it.data)) + entryOverhead)
	if it.file != nil {
		m.disk += sign * it.size
	}
}

func (m *Memory) remove(el *list.Element) {
	it := m.recent.Remove(el).(*item)
	delete(m.items, it.id)
	m.count(it, -1)
	it.forget()
	if it.file != nil {
		it.file.release()
	}
}

// spool is a content in a file, which goes with its last user.
type spool struct {
	path string
	mu   sync.Mutex
	refs int
}

var errTooLarge = errors.New("cache: the response is larger than the cache")

// newSpool writes r to a file, held once.
func newSpool(ctx context.Context, dir string, r io.Reader, limit int64) (*spool, int64, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, 0, err
	}
	f, err := os.CreateTemp(dir, spoolPrefix+"*")
	if err != nil {
		return nil, 0, err
	}
	s := &spool{path: f.Name(), refs: 1}
	n, err := io.Copy(f, io.LimitReader(r, limit+1))
	err = errors.Join(err, f.Close(), ctx.Err())
	if err == nil && n > limit {
		err = errTooLarge
	}
	if err != nil {
		s.release()
		return nil, 0, err
	}
	return s, n, nil
}

func (s *spool) hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refs++
}

func (s *spool) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refs--; s.refs == 0 {
		_ = os.Remove(s.path) // a temporary file; the system's cleaner gets what stays
	}
}

// open reads a part of the file; the caller holds s.
func (s *spool) open(offset, length int64) (wire.Body, error) {
	f, err := os.Open(s.path)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		_ = f.Close() // only read from
		return nil, err
	}
	s.hold()
	b := &fileBody{file: f, left: length, release: sync.OnceFunc(s.release)}
	return wire.NewBody(b, length), nil
}

// fileBody is a part of a file. Only Close may be called while another call is
// under way.
type fileBody struct {
	file    *os.File
	left    int64
	release func()
}

func (b *fileBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, io.EOF
	}
	n, err := b.file.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// WriteTo lets a network connection have the kernel copy.
func (b *fileBody) WriteTo(w io.Writer) (int64, error) {
	n, err := io.Copy(w, &io.LimitedReader{R: b.file, N: b.left})
	b.left -= n
	return n, err
}

func (b *fileBody) Close() error {
	err := b.file.Close()
	b.release()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
