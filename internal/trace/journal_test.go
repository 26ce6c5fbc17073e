package trace

import (
	"strings"
	"testing"
)

// sample is a request of two parallel reads, the second of which ended first.
func sample() Records {
	l := NewJournal(0)
	id := strings.Repeat("ab", 32)
	l.Add(Record{Span: 4, Parent: 2, Kind: Binding, Worker: "api", Name: "STORE.get b", Target: "STORE"})
	l.Add(Record{Span: 3, Parent: 2, Kind: Binding, Worker: "api", Name: "STORE.get a", Target: "STORE", Error: "gone"})
	l.Add(Record{Span: 2, Parent: 1, Kind: Subrequest, Worker: "web", Name: "GET /" + id, Target: "api", Status: 200})
	l.Add(Record{Span: 1, Kind: Request, Worker: "web", Name: "GET /" + id, Status: 200})
	return l.All()
}

func TestTree(t *testing.T) {
	const want = `request GET /<id 1> [web] 200
  subrequest GET /<id 1> [web] → api 200
    binding STORE.get a [api] failed: gone
    binding STORE.get b [api]
`
	if got := sample().Tree(); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
	loop := Records{{Span: 1, Parent: 2, Kind: Request}, {Span: 2, Parent: 1, Kind: Request}, {Span: 3, Parent: 3, Kind: Log, Name: "self"}}
	if got := loop.Tree(); got != "log self\n" {
		t.Errorf("of a loop: %q", got)
	}
}

func TestFilter(t *testing.T) {
	rs := sample()
	for _, c := range []struct {
		f    Filter
		want int
	}{
		{Filter{}, 4}, {Filter{Kind: Binding}, 2}, {Filter{Worker: "web"}, 2}, {Filter{Target: "api"}, 1},
		{Filter{Kind: Binding, Op: "get", Target: "STORE"}, 2}, {Filter{Op: "put"}, 0}, {Filter{Op: "get", Name: " a"}, 1}, {Filter{Op: "GET"}, 2},
	} {
		if got := len(rs.Filter(c.f)); got != c.want {
			t.Errorf("%+v: %d, want %d", c.f, got, c.want)
		}
	}
	if n := rs.Count(Binding, "api", "get"); n != 2 {
		t.Errorf("counted %d", n)
	}
	if n := len(rs.Under(2)); n != 3 {
		t.Errorf("%d under the sub-request", n)
	}
}
