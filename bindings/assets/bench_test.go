package assets

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/miniworker/miniworker/runtime/wire"
)

func benchDir(b *testing.B, files, size int) string {
	dir := b.TempDir()
	data := make([]byte, size)
	for i := range files {
		d := filepath.Join(dir, fmt.Sprintf("d%d", i/100))
		if i%100 == 0 {
			if err := os.Mkdir(d, 0o755); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(d, fmt.Sprintf("f%d.html", i)), data, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// One request for a 100 KB page, decision and answer, without copying it out.
func BenchmarkServe100KB(b *testing.B) {
	l, diags := New(Config{Directory: benchDir(b, 1, 100<<10), HasWorker: true})
	if len(diags) > 0 {
		b.Fatal(diags)
	}
	req := request("GET", "/d0/f0")
	b.ReportAllocs()
	for b.Loop() {
		if l.Decide(req).Worker {
			b.Fatal("the Worker would run")
		}
		res, err := l.Fetch(context.Background(), req)
		if err != nil {
			b.Fatal(err)
		}
		if n := len(res.Body.(*wire.BytesBody).Bytes()); n != 100<<10 {
			b.Fatalf("%d bytes", n)
		}
		res.Body.Close()
	}
}

func BenchmarkServe10MB(b *testing.B) {
	l, diags := New(Config{Directory: benchDir(b, 1, 10<<20)})
	if len(diags) > 0 {
		b.Fatal(diags)
	}
	req := request("GET", "/d0/f0")
	b.SetBytes(10 << 20)
	b.ReportAllocs()
	for b.Loop() {
		res, err := l.Fetch(context.Background(), req)
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, res.Body); n != 10<<20 || err != nil {
			b.Fatal(n, err)
		}
		res.Body.Close()
	}
}

func BenchmarkDecideMiss(b *testing.B) {
	l, _ := New(Config{Directory: benchDir(b, 1000, 1), HasWorker: true})
	req := request("GET", "/api/users/17")
	b.ReportAllocs()
	for b.Loop() {
		if !l.Decide(req).Worker {
			b.Fatal("the assets would answer")
		}
	}
}

func BenchmarkRefresh10000Files(b *testing.B) {
	l, _ := New(Config{Directory: benchDir(b, 10000, 1)})
	b.ReportAllocs()
	for b.Loop() {
		l.Refresh()
	}
	if l.Files() != 10000 {
		b.Fatal(l.Files())
	}
}
