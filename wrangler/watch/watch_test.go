package watch

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func next(t *testing.T, w *Watcher) Batch {
	t.Helper()
	select {
	case b := <-w.Batches():
		return b
	case err := <-w.Errors():
		t.Fatal(err)
	case <-time.After(time.Minute):
		t.Fatal("nothing was reported")
	}
	return nil
}

func TestWatcher(t *testing.T) {
	w, err := New()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	root := t.TempDir()
	sub := filepath.Join(root, "sub")
	// sub does not exist: its parent is watched instead.
	if fresh, err := w.Watch([]string{sub}); err != nil || !fresh[root] {
		t.Fatal(fresh, err)
	}
	a := filepath.Join(root, "a")
	write(t, a, "1")
	if b := next(t, w); !b.Has(a) || !b.Structural() || !b.Under(root) || b.Under(sub) {
		t.Error(b)
	}
	write(t, a, "2")
	if b := next(t, w); !b.Has(a) || b.Structural() {
		t.Error(b)
	}
	if err := os.Mkdir(sub, 0o755); err != nil {
		t.Fatal(err)
	}
	if b := next(t, w); !b.Has(sub) {
		t.Error(b)
	}
	if fresh, err := w.Watch([]string{sub}); err != nil || !fresh[sub] || len(fresh) != 1 {
		t.Fatal(fresh, err)
	}
	write(t, a, "3") // no longer watched
	inside := filepath.Join(sub, "b")
	write(t, inside, "1")
	if b := next(t, w); !b.Has(inside) || b.Has(a) {
		t.Error(b)
	}
	w.Missed(a)
	if b := next(t, w); !b.Has(a) {
		t.Error(b)
	}
}

func TestTree(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{"a/b", "node_modules/x", "c"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, dir := range Tree(root) {
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(rel))
	}
	want := []string{".", "a", "a/b", "c"}
	if len(got) != len(want) {
		t.Fatal(got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Error(got)
		}
	}
}
