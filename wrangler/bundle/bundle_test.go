package bundle

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected parts of testdata")

// TestRun bundles each testdata/run/*.txtar, runs it, calls its default export
// and compares what it logged. An options.json holds Options; the files "log",
// "exports" and "diagnostics" are what to expect.
func TestRun(t *testing.T) {
	files, err := filepath.Glob("testdata/run/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) {
			runCase(t, f)
		})
	}
}

func runCase(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	want := map[string]string{}
	o := Options{Dir: dir, Getenv: func(string) string { return "" }}
	for _, f := range ar.Files {
		switch f.Name {
		case "log", "exports", "diagnostics":
			want[f.Name] = string(f.Data)
			continue
		case "options.json":
			if err := json.Unmarshal(f.Data, &o); err != nil {
				t.Fatal(err)
			}
			continue
		}
		p := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
		if o.Entry == "" {
			o.Entry = f.Name
		}
	}
	o.Check = gojaCheck
	got := outcome(t, o)
	if *update {
		writeBack(t, file, ar, got)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if got[name] != want[name] {
			t.Errorf("%s:\n--- got\n%s--- want\n%s", name, got[name], want[name])
		}
	}
	for name := range want {
		if _, ok := got[name]; !ok {
			t.Errorf("no %s, want\n%s", name, want[name])
		}
	}
}

// outcome builds and runs, and returns the files to compare.
func outcome(t *testing.T, o Options) map[string]string {
	b, err := New(o)
	if err != nil {
		return map[string]string{"diagnostics": err.Error() + "\n"}
	}
	defer b.Dispose()
	got := map[string]string{}
	out, list := b.Build(t.Context())
	if len(list) > 0 {
		var s strings.Builder
		for _, d := range list {
			s.WriteString(strings.ReplaceAll(d.Error(), o.Dir, "$DIR") + " [" + d.Code + "]\n")
		}
		got["diagnostics"] = s.String()
	}
	if out == nil {
		return got
	}
	e := newEngine(t, out)
	if out.Format == FormatModules {
		e.main(t)
		got["exports"] = strings.Join(out.Exports, " ") + "\n"
	} else if e.getters != nil {
		t.Errorf("a service worker registered exports")
	}
	got["log"] = strings.Join(e.log, "\n") + "\n"
	return got
}

func writeBack(t *testing.T, file string, ar *txtar.Archive, got map[string]string) {
	ar.Files = slices.DeleteFunc(ar.Files, func(f txtar.File) bool {
		return f.Name == "log" || f.Name == "exports" || f.Name == "diagnostics"
	})
	for _, name := range slices.Sorted(maps.Keys(got)) {
		ar.Files = append(ar.Files, txtar.File{Name: name, Data: []byte(got[name])})
	}
	if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
		t.Fatal(err)
	}
}
