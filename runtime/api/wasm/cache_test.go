package wasm

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestDiskCache compiles a module as two processes would. A second that did not
// find what the first left would write it anew.
func TestDiskCache(t *testing.T) {
	dir := t.TempDir()
	data := read(t, "probe.wasm")
	start := func() map[string]os.FileInfo {
		c := newCache(dir)
		defer c.Close(context.Background())
		e := &engine{rt: newRuntime(c)}
		defer e.rt.Close(context.Background())
		if _, err := e.compile(data); err != nil {
			t.Fatal(err)
		}
		files := map[string]os.FileInfo{}
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				files[path], err = d.Info()
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	first := start()
	if len(first) == 0 {
		t.Fatal("nothing was kept on disk")
	}
	second := start()
	if len(second) != len(first) {
		t.Fatalf("%d files, then %d", len(first), len(second))
	}
	for path, info := range first {
		if again := second[path]; again == nil || !os.SameFile(info, again) || !info.ModTime().Equal(again.ModTime()) {
			t.Errorf("%s was written again", path)
		}
	}
	for path := range first {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	if third := start(); len(third) != len(first) {
		t.Errorf("%d files after they were removed, want %d", len(third), len(first))
	}
}

// BenchmarkCompile is the first start of a module, and the next ones.
func BenchmarkCompile(b *testing.B) {
	data := read(b, "probe.wasm")
	for _, kept := range []bool{false, true} {
		name := map[bool]string{false: "first", true: "kept"}[kept]
		b.Run(name, func(b *testing.B) {
			dir := b.TempDir()
			b.SetBytes(int64(len(data)))
			for range b.N {
				if !kept {
					dir = b.TempDir()
				}
				c := newCache(dir)
				e := &engine{rt: newRuntime(c)}
				if _, err := e.compile(data); err != nil {
					b.Fatal(err)
				}
				e.rt.Close(context.Background())
				c.Close(context.Background())
			}
		})
	}
}
