package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	probes     = filepath.Join("..", "..", "testdata", "conformance")
	packages   = filepath.Join("..", "..", "testdata", "apps", "packages")
	frameworks = filepath.Join("..", "..", "testdata", "apps", "frameworks")
)

// TestAnswers compares with what workerd answered when it was last asked.
func TestAnswers(t *testing.T) { compareAreas(t, probes) }

// TestPackages does so for workers made of npm packages and by frameworks.
// "make packages" installs and builds those and insists on them.
func TestPackages(t *testing.T) {
	for _, needed := range []string{filepath.Join(packages, "node_modules"), filepath.Join(frameworks, "astro", "site", "dist")} {
		if _, err := os.Stat(needed); err != nil {
			if os.Getenv("PACKAGES") != "" {
				t.Fatal(err)
			}
			t.Skip("the packages are not installed; make packages does it")
		}
	}
	compareAreas(t, packages)
	compareAreas(t, frameworks)
}

func compareAreas(t *testing.T, dir string) {
	list, err := areas(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		t.Run(a.name, func(t *testing.T) {
			recorded, err := readRecording(dir, a.name)
			if err != nil {
				t.Fatal(err)
			}
			asOf, err := a.date()
			if err != nil {
				t.Fatal(err)
			}
			if recorded.Date != asOf {
				t.Errorf("the answers were recorded at compatibility date %q, the probes are of %q: record again", recorded.Date, asOf)
			}
			accepted, err := readDifferences(dir, a.name)
			if err != nil {
				t.Fatal(err)
			}
			ours, err := ask(t.Context(), dir, a)
			if err != nil {
				t.Fatal(err)
			}
			_, found := compare(a.name, ours, recorded.Answers, accepted)
			for _, f := range found {
				t.Error(f)
			}
		})
	}
}

// TestRecordingsHaveAreas fails on files left behind by an area that is gone.
func TestRecordingsHaveAreas(t *testing.T) {
	for _, dir := range []string{probes, packages, frameworks} {
		list, err := areas(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, pattern := range []string{"recorded/*.json", "differences/*.json"} {
			files, err := filepath.Glob(filepath.Join(dir, pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				if _, err := find(list, strings.TrimSuffix(filepath.Base(f), ".json")); err != nil {
					t.Errorf("%s: %v", f, err)
				}
			}
		}
	}
}

func TestCompare(t *testing.T) {
	text := func(s string) *string { return &s }
	tests := []struct {
		name         string
		ours, theirs answers
		accepted     differences
		want         string // of the only finding, "" for none
	}{
		{"same", answers{"p": "1"}, answers{"p": "1"}, nil, ""},
		{"differs", answers{"p": "1"}, answers{"p": "2"}, nil, "differs"},
		{"accepted", answers{"p": "1"}, answers{"p": "2"}, differences{"p": {text("1"), "why"}}, ""},
		{"accepted, whatever it is", answers{"p": "1"}, answers{"p": "2"}, differences{"p": {nil, "why"}}, ""},
		{"accepted, whatever it is, and the same by chance", answers{"p": "2"}, answers{"p": "2"}, differences{"p": {nil, "why"}}, ""},
		{"changed", answers{"p": "3"}, answers{"p": "2"}, differences{"p": {text("1"), "why"}}, "differs in another way"},
		{"vanished", answers{"p": "2"}, answers{"p": "2"}, differences{"p": {text("1"), "why"}}, "no longer differs"},
		{"no reason", answers{"p": "1"}, answers{"p": "2"}, differences{"p": {text("1"), " "}}, "without a reason"},
		{"no probe", answers{"p": "1"}, answers{"p": "1"}, differences{"q": {text("1"), "why"}}, "no such probe"},
		{"never asked", answers{"p": "1"}, answers{}, nil, "never asked"},
		{"no answer", answers{}, answers{"p": "1"}, nil, "differs"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, found := compare("area", tt.ours, tt.theirs, tt.accepted)
			if tt.want == "" && len(found) > 0 || tt.want != "" && (len(found) != 1 || !strings.Contains(found[0].String(), tt.want)) {
				t.Errorf("found %v, want %q", found, tt.want)
			}
			if s.failing != len(found) {
				t.Errorf("%d failing, %d found", s.failing, len(found))
			}
		})
	}
}

func TestShrink(t *testing.T) {
	text := func(s string) *string { return &s }
	d := differences{"gone": {text("1"), "why"}, "other": {text("1"), "why"}, "any": {nil, "why"}, "same": {text("1"), "why"}}
	ours := answers{"gone": "2", "other": "3", "any": "2", "same": "1", "new": "1"}
	if !d.shrink(ours, answers{"gone": "2", "other": "2", "any": "2", "same": "2", "new": "2"}) {
		t.Error("nothing changed")
	}
	want := differences{"other": {text("3"), "why"}, "any": {nil, "why"}, "same": {text("1"), "why"}}
	if !reflect.DeepEqual(d, want) {
		t.Errorf("%v, want %v", d, want)
	}
}
