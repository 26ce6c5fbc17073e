package durable

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/wrangler/config"
)

// storedBy gives each class an object that stored its name, and the object's id.
func storedBy(t *testing.T, root string, classes ...string) {
	t.Helper()
	for _, class := range classes {
		n, err := OpenNamespace(root, "w", class)
		noError(t, err)
		s, err := n.Object(testID(1))
		noError(t, err)
		noError(t, s.Put(Entry{"class", []byte(class)}))
		noError(t, n.Close())
	}
}

// stored is what the object of a class has stored, "" for nothing.
func stored(t *testing.T, root, worker, class string) string {
	t.Helper()
	n, err := OpenNamespace(root, worker, class)
	noError(t, err)
	defer func() { noError(t, n.Close()) }()
	s, err := n.Object(testID(1))
	noError(t, err)
	v, _, err := s.Get("class")
	noError(t, err)
	return string(v)
}

func migrated(t *testing.T, root string, cfg *config.Config) string {
	t.Helper()
	cfg.Name = "w"
	did, err := Migrate(root, cfg)
	noError(t, err)
	return strings.Join(did, "; ")
}

func TestMigrations(t *testing.T) {
	root := t.TempDir()
	cfg := &config.Config{Migrations: []config.Migration{{Tag: "v1", NewSQLiteClasses: []string{"A", "Old"}}}}
	if did := migrated(t, root, cfg); did != "" {
		t.Error(did)
	}
	if entries, _ := os.ReadDir(root); len(entries) > 0 {
		t.Error("something was written although nothing is stored")
	}
	storedBy(t, root, "A", "Old")
	migrated(t, root, cfg)
	cfg.Migrations = append(cfg.Migrations, config.Migration{Tag: "v2", RenamedClasses: []config.RenamedClass{{From: "A", To: "B"}}, DeletedClasses: []string{"Old"}},
		config.Migration{Tag: "v3", RenamedClasses: []config.RenamedClass{{From: "B", To: "C"}}, NewSQLiteClasses: []string{"Old"}})
	if did := migrated(t, root, cfg); !strings.Contains(did, "A are those of B") || !strings.Contains(did, "B are those of C") || !strings.Contains(did, "Old were deleted") {
		t.Error(did)
	}
	if a, c, old := stored(t, root, "w", "A"), stored(t, root, "w", "C"), stored(t, root, "w", "Old"); a != "" || c != "A" || old != "" {
		t.Errorf("A %q, C %q, Old %q", a, c, old)
	}
	n, err := OpenNamespace(root, "w", "C")
	noError(t, err)
	if key, err := n.Key(); key != "w-A" || err != nil {
		t.Errorf("the ids of C are made with %q, %v", key, err)
	}
	// What has happened does not happen again.
	storedBy(t, root, "Old", "A")
	if did := migrated(t, root, cfg); did != "" || stored(t, root, "w", "Old") != "Old" {
		t.Error(did)
	}
}

// Of state that dates from before there was a record, only what is of no use any
// more is touched.
func TestMigrationsOfOldState(t *testing.T) {
	root := t.TempDir()
	storedBy(t, root, "Gone", "Again", "Was")
	migrated(t, root, &config.Config{Migrations: []config.Migration{
		{Tag: "v1", NewClasses: []string{"Gone", "Again", "Was"}}, {Tag: "v2", DeletedClasses: []string{"Gone", "Again"}},
		{Tag: "v3", NewClasses: []string{"Again"}, RenamedClasses: []config.RenamedClass{{From: "Was", To: "Is"}}},
	}})
	if gone, again, is := stored(t, root, "w", "Gone"), stored(t, root, "w", "Again"), stored(t, root, "w", "Is"); gone != "" || again != "Again" || is != "Was" {
		t.Errorf("Gone %q, Again %q, Is %q", gone, again, is)
	}
}

func TestExportsMigrate(t *testing.T) {
	root := t.TempDir()
	storedBy(t, root, "A", "Old", "Moved", "Kept")
	object := func(name, state string) config.Export {
		return config.Export{Name: name, Type: "durable-object", State: state, RenamedTo: "B", TransferredTo: "other"}
	}
	cfg := &config.Config{Exports: []config.Export{object("A", "renamed"), object("Old", "deleted"), object("Moved", "transferred"), object("Kept", "created")}}
	for range 2 {
		migrated(t, root, cfg)
		if b, old, moved, kept := stored(t, root, "w", "B"), stored(t, root, "w", "Old"), stored(t, root, "other", "Moved"), stored(t, root, "w", "Kept"); b != "A" || old != "" || moved != "Moved" || kept != "Kept" {
			t.Errorf("B %q, Old %q, Moved %q, Kept %q", b, old, moved, kept)
		}
	}
	storedBy(t, root, "A")
	if _, err := Migrate(root, cfg); err == nil || !strings.Contains(err.Error(), "which has objects already") {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(root, "do", "w-A")); err != nil {
		t.Error("objects are gone:", err)
	}
}

// An object is found under its name after its class was renamed.
func TestRenamedClassKeepsIDs(t *testing.T) {
	dir := t.TempDir()
	code := func(class string) string {
		return `class ` + class + ` extends DurableObject { async fetch(r) { const n = ((await this.ctx.storage.get("n")) ?? 0) + 1; await this.ctx.storage.put("n", n); return new Response(String(n)); } }
const worker = { fetch(r, env) { return env.` + strings.ToUpper(class) + `.getByName("one").fetch(r); } };`
	}
	p := newProject(t, dir)
	p.load("w", code("First"), "First")
	p.want("/", "1")
	p.close()
	_, err := Migrate(dir, &config.Config{Name: "w", Exports: []config.Export{{Name: "First", Type: "durable-object", State: "renamed", RenamedTo: "Second"}}})
	noError(t, err)
	p = newProject(t, dir)
	p.load("w", code("Second"), "Second")
	p.want("/", "2")
}
