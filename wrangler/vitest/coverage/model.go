package coverage

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// Position is a place in a file: lines from 1, columns in UTF-16 units from 0.
type Position struct{ Line, Column int }

// MarshalJSON writes no place, that of an else which is not there, as Istanbul.
func (p Position) MarshalJSON() ([]byte, error) {
	if p.Line == 0 {
		return []byte("{}"), nil
	}
	return []byte(`{"line":` + strconv.Itoa(p.Line) + `,"column":` + strconv.Itoa(p.Column) + `}`), nil
}

func (p Position) compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// Location is a part of a file.
type Location struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// Map is what was counted, by absolute path.
type Map map[string]*File

// File is what was counted in one file.
type File struct {
	Path       string
	statements map[Position]*statement
	functions  map[Position]*function
	branches   map[branchKey]*branch
}

type statement struct {
	at Location
	n  int
}

type function struct {
	name       string
	decl, body Location
	n          int
}

type branchKey struct {
	kind  string
	at    Position
	paths int
}

type branch struct {
	at    Location
	paths []Location
	n     []int
}

func (m Map) file(path string) *File {
	f := m[path]
	if f == nil {
		f = &File{Path: path, statements: map[Position]*statement{}, functions: map[Position]*function{}, branches: map[branchKey]*branch{}}
		m[path] = f
	}
	return f
}

// What begins at one place of a file is one thing, of which the bundler may have
// made several: the highest count is its.

func (f *File) statement(at Location, n int) {
	if s := f.statements[at.Start]; s != nil {
		s.n = max(s.n, n)
		return
	}
	f.statements[at.Start] = &statement{at, n}
}

func (f *File) function(name string, decl, body Location, n int) {
	if fn := f.functions[decl.Start]; fn != nil {
		fn.n = max(fn.n, n)
		return
	}
	f.functions[decl.Start] = &function{name, decl, body, n}
}

func (f *File) branch(kind string, at Location, paths []Location, n []int) {
	key := branchKey{kind, at.Start, len(paths)}
	if b := f.branches[key]; b != nil {
		for i := range n {
			b.n[i] = max(b.n[i], n[i])
		}
		return
	}
	f.branches[key] = &branch{at, paths, slices.Clone(n)}
}

// merge adds what another script counted.
func (m Map) merge(other Map) {
	for path, o := range other {
		f := m[path]
		if f == nil {
			m[path] = o
			continue
		}
		for k, s := range o.statements {
			if have := f.statements[k]; have != nil {
				s.n += have.n
			}
			f.statements[k] = s
		}
		for k, fn := range o.functions {
			if have := f.functions[k]; have != nil {
				fn.n += have.n
			}
			f.functions[k] = fn
		}
		for k, b := range o.branches {
			if have := f.branches[k]; have != nil {
				for i := range b.n {
					b.n[i] += have.n[i]
				}
			}
			f.branches[k] = b
		}
	}
}

// Files are the files in the order of their paths.
func (m Map) Files() (out []*File) {
	for _, path := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[path])
	}
	return out
}

func byPlace[T any](list map[Position]T) []T {
	var out []T
	for _, k := range slices.SortedFunc(maps.Keys(list), Position.compare) {
		out = append(out, list[k])
	}
	return out
}

type keyedBranch struct {
	branchKey
	*branch
}

func (f *File) sortedBranches() []keyedBranch {
	var out []keyedBranch
	for k, b := range f.branches {
		out = append(out, keyedBranch{k, b})
	}
	slices.SortFunc(out, func(a, b keyedBranch) int {
		return cmp.Or(a.branchKey.at.compare(b.branchKey.at), b.branch.at.End.compare(a.branch.at.End), cmp.Compare(a.kind, b.kind), cmp.Compare(a.branchKey.paths, b.branchKey.paths))
	})
	return out
}

// lines are how often each line with a statement ran.
func (f *File) lines() map[int]int {
	out := map[int]int{}
	for at, s := range f.statements {
		if n, ok := out[at.Line]; !ok || n < s.n {
			out[at.Line] = s.n
		}
	}
	return out
}

// MarshalJSON writes Istanbul's coverage object.
func (f *File) MarshalJSON() ([]byte, error) {
	type fn struct {
		Name string   `json:"name"`
		Decl Location `json:"decl"`
		Loc  Location `json:"loc"`
		Line int      `json:"line"`
	}
	type br struct {
		Loc       Location   `json:"loc"`
		Type      string     `json:"type"`
		Locations []Location `json:"locations"`
		Line      int        `json:"line"`
	}
	o := struct {
		Path         string              `json:"path"`
		StatementMap map[string]Location `json:"statementMap"`
		FnMap        map[string]fn       `json:"fnMap"`
		BranchMap    map[string]br       `json:"branchMap"`
		S            map[string]int      `json:"s"`
		F            map[string]int      `json:"f"`
		B            map[string][]int    `json:"b"`
	}{f.Path, map[string]Location{}, map[string]fn{}, map[string]br{}, map[string]int{}, map[string]int{}, map[string][]int{}}
	for i, s := range byPlace(f.statements) {
		key := strconv.Itoa(i)
		o.StatementMap[key], o.S[key] = s.at, s.n
	}
	for i, s := range byPlace(f.functions) {
		key := strconv.Itoa(i)
		o.FnMap[key], o.F[key] = fn{s.label(i), s.decl, s.body, s.decl.Start.Line}, s.n
	}
	for i, b := range f.sortedBranches() {
		key := strconv.Itoa(i)
		o.BranchMap[key], o.B[key] = br{b.branch.at, b.kind, b.branch.paths, b.branch.at.Start.Line}, b.n
	}
	return json.Marshal(o)
}

func (f *function) label(i int) string {
	if f.name != "" {
		return f.name
	}
	return "(anonymous_" + strconv.Itoa(i) + ")"
}
