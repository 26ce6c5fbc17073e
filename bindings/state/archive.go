package state

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// manifestFile is the first file of an archive.
const manifestFile = "miniworker-state.json"

// Export writes a snapshot as one file, a compressed tar archive. Unpacked it is
// a state directory.
func (k *Keeper) Export(s *Snapshot, w io.Writer) error {
	z := gzip.NewWriter(w)
	t := tar.NewWriter(z)
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	add := func(name string, size int64, r io.Reader) error {
		if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: size, ModTime: s.Created}); err != nil {
			return err
		}
		_, err := io.Copy(t, r)
		return err
	}
	if err := add(manifestFile, int64(len(text)), bytes.NewReader(text)); err != nil {
		return err
	}
	for _, f := range s.Files {
		in, err := os.Open(filepath.Join(k.pool, f.ID))
		if err != nil {
			return store.FileError(k.pool, err)
		}
		err = errors.Join(add(f.Path, f.Size, in), in.Close())
		if err != nil {
			return err
		}
	}
	return errors.Join(t.Close(), z.Close())
}

// Import makes a snapshot of what Export wrote.
func (k *Keeper) Import(name string, r io.Reader) (*Snapshot, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	if err := k.use(); err != nil {
		return nil, err
	}
	s := &Snapshot{Created: time.Now().UTC()}
	err := k.unpack(s, r)
	k.retain(s)
	if err == nil {
		err = k.name(s, name)
	}
	if err != nil {
		return nil, errors.Join(err, k.drop(s))
	}
	return s, nil
}

func (k *Keeper) unpack(s *Snapshot, r io.Reader) error {
	z, err := gzip.NewReader(r)
	if err != nil {
		return fmt.Errorf("this is no exported state: %w", err)
	}
	t := tar.NewReader(z)
	for first := true; ; first = false {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF) && !first:
			return nil
		case err != nil:
			return fmt.Errorf("this is no exported state: %w", err)
		case first && h.Name != manifestFile:
			return errors.New("this is no exported state: it does not begin with " + manifestFile)
		case first:
			var from Snapshot
			if err := json.NewDecoder(t).Decode(&from); err != nil {
				return fmt.Errorf("this is no exported state: %w", err)
			}
			s.Created = from.Created
			continue
		case h.Typeflag != tar.TypeReg || !filepath.IsLocal(filepath.FromSlash(h.Name)):
			return fmt.Errorf("this is no exported state: it holds %q", h.Name)
		}
		f, err := k.take(h.Name, t)
		if err != nil {
			return err
		}
		s.Files = append(s.Files, f)
		s.Bytes += f.Size
		s.Copied += f.Size
	}
}

// take brings a file of an archive into the pool.
func (k *Keeper) take(path string, r io.Reader) (f File, err error) {
	f = File{Path: path, ID: store.RandomID()}
	if id := filepath.Base(path); store.IsContent(id) {
		f.ID = id
	}
	to := filepath.Join(k.pool, f.ID)
	if k.refs[f.ID] > 0 { // the content is known already
		f.Size, err = io.Copy(io.Discard, r)
		return f, err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return f, store.FileError(to, err)
	}
	f.Size, err = io.Copy(out, r)
	return f, store.FileError(to, errors.Join(err, out.Close()))
}

// Extract writes a snapshot to an empty directory, as a state directory of its
// own.
func (k *Keeper) Extract(s *Snapshot, dir string) error {
	for _, f := range s.Files {
		from, to := filepath.Join(k.pool, f.ID), filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return store.FileError(to, err)
		}
		if store.IsContent(f.ID) && !isDatabase(f.Path) && os.Link(from, to) == nil {
			continue
		}
		if _, err := copyFile(from, to); err != nil {
			return err
		}
	}
	return nil
}
