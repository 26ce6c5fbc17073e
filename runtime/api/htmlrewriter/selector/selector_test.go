package selector

import (
	"slices"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type fake struct {
	name  string
	attrs map[string]string
	index int
}

func (f fake) Name() string                 { return f.name }
func (f fake) Attr(n string) (string, bool) { v, ok := f.attrs[n]; return v, ok }
func (f fake) Index() int                   { return f.index }
func (f fake) TypeIndex() int               { return f.index }

// TestMatchAcrossLevels checks what workerd's recorded answers do not: that
// several lists are matched at once, in order, and that the states of closed
// elements are gone.
func TestMatchAcrossLevels(t *testing.T) {
	var s Set
	for _, text := range []string{"div p", "p", "div > p, p", "div div p"} {
		l, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		s.Add(l)
	}
	_, div := s.Match(fake{name: "div", index: 1}, Open{})
	_, span := s.Match(fake{name: "span", index: 1}, div)
	_, inner := s.Match(fake{name: "div", index: 2}, span)
	for _, tt := range []struct {
		name   string
		parent Open
		want   []int
	}{
		{"alone", Open{}, []int{1, 2}},
		{"child", div, []int{0, 1, 2}},
		{"descendant", span, []int{0, 1, 2}},
		{"twice", inner, []int{0, 1, 2, 3}},
	} {
		if got, _ := s.Match(fake{name: "p", index: 1}, tt.parent); !slices.Equal(got, tt.want) {
			t.Errorf("%s: matched %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestNestingDoesNotMultiplyStates(t *testing.T) {
	var s Set
	l, err := Parse("p p p")
	if err != nil {
		t.Fatal(err)
	}
	s.Add(l)
	open := Open{}
	for range 1000 {
		_, open = s.Match(fake{name: "p", index: 1}, open)
	}
	if n := len(open.descendants); n != 2 {
		t.Errorf("%d states after 1000 levels, want 2", n)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"p", "a > b, c:not(.d, [e^='f' i])", "li:nth-child(-2n + 3)", `\31 x`, "*|*", "[a=", "p:nth-child(", "/*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Parse(text)
		if err == nil && len(l) == 0 {
			t.Error("no selector and no error")
		}
		var s Set
		s.Add(l)
		s.Match(fake{name: "p", attrs: map[string]string{"a": "b", "class": "c d"}, index: 3}, Open{})
	})
}
