package ordered

import (
	"slices"
	"testing"
)

func TestSetKeepsTheOrder(t *testing.T) {
	var s Set[string]
	if s.Len() != 0 || s.Members() != nil || s.Has("a") {
		t.Error("the zero value is not empty")
	}
	for _, k := range []string{"d", "b", "a", "c", "b"} {
		s.Add(k)
	}
	s.Delete("a")
	s.Delete("none")
	s.Add("a")
	if all, want := slices.Sorted(s.All()), []string{"a", "b", "c", "d"}; !slices.Equal(all, want) {
		t.Errorf("all are %v, want %v", all, want)
	}
	if want := []string{"d", "b", "c", "a"}; !slices.Equal(s.Members(), want) || s.Len() != 4 || !s.Has("a") {
		t.Errorf("got %v, want %v", s.Members(), want)
	}
}
