package main

import (
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var probes = filepath.Join("..", "..", "testdata", "conformance")

// TestAnswers compares with what workerd answered when it was last asked.
func TestAnswers(t *testing.T) {
	names, err := areas(probes)
	if err != nil {
		t.Fatal(err)
	}
	recorded := &recording{}
	if err := readJSON(recordingFile(probes), recorded); err != nil {
		t.Fatal(err)
	}
	if recorded.Date != date {
		t.Errorf("recorded.json is of compatibility date %q, the probes are of %q: record again", recorded.Date, date)
	}
	accepted, err := readDifferences(probes)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			ours, err := ask(t.Context(), probes, name)
			if err != nil {
				t.Fatal(err)
			}
			_, found := compare(name, ours, recorded.Areas[name], accepted[name])
			for _, f := range found {
				t.Error(f)
			}
		})
	}
	for name := range accepted {
		if recorded.Areas[name] == nil {
			t.Errorf("differences.json has an area %q that there is not", name)
		}
	}
}

func TestCompare(t *testing.T) {
	text := func(s string) *string { return &s }
	tests := []struct {
		name         string
		ours, theirs answers
		accepted     map[string]difference
		want         string // of the only finding, "" for none
	}{
		{"same", answers{"p": "1"}, answers{"p": "1"}, nil, ""},
		{"differs", answers{"p": "1"}, answers{"p": "2"}, nil, "differs"},
		{"accepted", answers{"p": "1"}, answers{"p": "2"}, map[string]difference{"p": {text("1"), "why"}}, ""},
		{"accepted, whatever it is", answers{"p": "1"}, answers{"p": "2"}, map[string]difference{"p": {nil, "why"}}, ""},
		{"accepted, whatever it is, and the same by chance", answers{"p": "2"}, answers{"p": "2"}, map[string]difference{"p": {nil, "why"}}, ""},
		{"changed", answers{"p": "3"}, answers{"p": "2"}, map[string]difference{"p": {text("1"), "why"}}, "differs in another way"},
		{"vanished", answers{"p": "2"}, answers{"p": "2"}, map[string]difference{"p": {text("1"), "why"}}, "no longer differs"},
		{"no reason", answers{"p": "1"}, answers{"p": "2"}, map[string]difference{"p": {text("1"), " "}}, "without a reason"},
		{"no probe", answers{"p": "1"}, answers{"p": "1"}, map[string]difference{"q": {text("1"), "why"}}, "no such probe"},
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
