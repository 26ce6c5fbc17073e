package url

import (
	"iter"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// SearchParams is URLSearchParams: a list of pairs, written back to the URL it
// belongs to, if any.
type SearchParams struct {
	jsg.Instance
	list []Pair
	url  *URL
}

// SearchParamsClass is the global URLSearchParams.
var SearchParamsClass = &jsg.Class[SearchParams]{Name: "URLSearchParams"}

// The members refer to the class themselves, which an initialiser may not.
func init() {
	SearchParamsClass.New = newSearchParams
	SearchParamsClass.Members = jsg.Members[SearchParams]{
		jsg.Getter("size", func(s *SearchParams, js *jsg.Scope) (jsg.Value, error) { return js.Int(int64(len(s.list))), nil }),
		jsg.Method("append", 0, (*SearchParams).append),
		jsg.Method("delete", 0, (*SearchParams).delete),
		jsg.Method("get", 0, (*SearchParams).get),
		jsg.Method("getAll", 0, (*SearchParams).getAll),
		jsg.Method("has", 0, (*SearchParams).has),
		jsg.Method("set", 0, (*SearchParams).set),
		jsg.Method("sort", 0, (*SearchParams).sort),
		jsg.Iterable((*SearchParams).pairs),
		jsg.Method("toString", 0, func(s *SearchParams, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return js.String(formatForm(s.list)), nil
		}),
	}
}

// Pairs are the pairs in order. They must not be changed.
func (s *SearchParams) Pairs() []Pair { return s.list }

// String is the serialised form, for a request body.
func (s *SearchParams) String() string { return formatForm(s.list) }

func newSearchParams(js *jsg.Scope, a *jsg.Args) (*SearchParams, error) {
	if other, ok := SearchParamsClass.From(a.Value(0)); ok {
		return &SearchParams{list: slices.Clone(other.list)}, nil
	}
	if o, ok := a.Value(0).(*jsg.Object); ok && !jsg.IsFunction(o) {
		list, err := PairsOf(js, o)
		return &SearchParams{list: list}, err
	}
	s := a.OptString(0, "")
	return &SearchParams{list: parseForm(strings.TrimPrefix(s, "?"))}, a.Err()
}

// PairsOf reads pairs from a sequence of pairs, or from the properties of an
// object.
func PairsOf(js *jsg.Scope, o *jsg.Object) (list []Pair, err error) {
	if iterator, err := js.GetSymbol(o, jsg.SymIterator); err != nil || !jsg.IsNullish(iterator) {
		if err != nil {
			return nil, err
		}
		err = js.Iterate(o, func(item jsg.Value) (bool, error) {
			p, err := pairOf(js, item)
			list = append(list, p)
			return true, err
		})
		return list, err
	}
	for _, k := range o.Keys() {
		v, err := js.Get(o, k)
		if err != nil {
			return nil, err
		}
		if jsg.IsSymbol(v) {
			return nil, jsg.TypeErrorf("Cannot convert a Symbol value to a string")
		}
		list = append(list, Pair{k, v.String()})
	}
	return list, nil
}

func pairOf(js *jsg.Scope, item jsg.Value) (Pair, error) {
	o, ok := item.(*jsg.Object)
	if !ok {
		return Pair{}, jsg.TypeErrorf("Incorrect type: the provided value is not of type 'Sequence'.")
	}
	var parts []string
	err := js.Iterate(o, func(v jsg.Value) (bool, error) {
		parts = append(parts, v.String())
		return len(parts) <= 2, nil
	})
	if err == nil && len(parts) != 2 {
		err = jsg.TypeErrorf("Invalid URL search params sequence.")
	}
	if err != nil {
		return Pair{}, err
	}
	return Pair{parts[0], parts[1]}, nil
}

// changed writes the list back to the URL.
func (s *SearchParams) changed() {
	if s.url != nil {
		s.url.parsed = s.url.parsed.withQuery(formatForm(s.list))
	}
}

func (s *SearchParams) append(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	p := Pair{required(a, 0, "USVString"), required(a, 1, "USVString")}
	if a.Err() != nil {
		return nil, a.Err()
	}
	s.list = append(s.list, p)
	s.changed()
	return jsg.Undefined, nil
}

// matcher tells which pairs a name, and a value if given, mean.
func matcher(a *jsg.Args) func(Pair) bool {
	name := required(a, 0, "USVString")
	if !a.Has(1) {
		return func(p Pair) bool { return p.Name == name }
	}
	value := a.String(1)
	return func(p Pair) bool { return p.Name == name && p.Value == value }
}

func (s *SearchParams) delete(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	match := matcher(a)
	if a.Err() != nil {
		return nil, a.Err()
	}
	s.list = slices.DeleteFunc(s.list, match)
	s.changed()
	return jsg.Undefined, nil
}

func (s *SearchParams) has(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	match := matcher(a)
	return js.Bool(slices.ContainsFunc(s.list, match)), a.Err()
}

func (s *SearchParams) get(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	name := required(a, 0, "USVString")
	if i := slices.IndexFunc(s.list, func(p Pair) bool { return p.Name == name }); i >= 0 {
		return js.String(s.list[i].Value), a.Err()
	}
	return jsg.Null, a.Err()
}

func (s *SearchParams) getAll(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	name := required(a, 0, "USVString")
	var values []jsg.Value
	for _, p := range s.list {
		if p.Name == name {
			values = append(values, js.String(p.Value))
		}
	}
	return js.NewArray(values...), a.Err()
}

func (s *SearchParams) set(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	name, value := required(a, 0, "USVString"), required(a, 1, "USVString")
	if a.Err() != nil {
		return nil, a.Err()
	}
	i := slices.IndexFunc(s.list, func(p Pair) bool { return p.Name == name })
	if i < 0 {
		s.list = append(s.list, Pair{name, value})
	} else {
		s.list[i].Value = value
		rest := slices.DeleteFunc(s.list[i+1:], func(p Pair) bool { return p.Name == name })
		s.list = s.list[:i+1+len(rest)]
	}
	s.changed()
	return jsg.Undefined, nil
}

func (s *SearchParams) sort(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	sortPairs(s.list)
	s.changed()
	return jsg.Undefined, nil
}

func (s *SearchParams) pairs(js *jsg.Scope) iter.Seq2[jsg.Value, jsg.Value] {
	return func(yield func(k, v jsg.Value) bool) {
		for i := 0; i < len(s.list); i++ {
			if !yield(js.String(s.list[i].Name), js.String(s.list[i].Value)) {
				return
			}
		}
	}
}
