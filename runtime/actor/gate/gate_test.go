package gate

import (
	"slices"
	"strings"
	"testing"
)

// world runs posted turns one after the other, as an isolate does.
type world struct {
	*Gate
	turns []func()
	log   []string
}

func newWorld() *world {
	w := &world{}
	w.Gate = New(func(turn func()) { w.turns = append(w.turns, turn) })
	return w
}

func (w *world) note(s string) func() { return func() { w.log = append(w.log, s) } }

// run runs posted turns until there are none.
func (w *world) run() {
	for len(w.turns) > 0 {
		turn := w.turns[0]
		w.turns = w.turns[1:]
		turn()
		w.note(".")()
	}
}

func TestOrder(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(w *world)
		want string
	}{
		{"open gate runs at once", func(w *world) {
			w.Admit(nil, w.note("a"))
			w.Admit(nil, w.note("b"))
		}, "a b"},
		{"a section's body is a later turn", func(w *world) {
			w.Enter(nil, func(s *Section) { w.note("body")(); s.End() })
			w.note("rest")()
		}, "rest body ."},
		{"others wait from the call on, then run in order, a turn each", func(w *world) {
			w.Enter(nil, func(s *Section) { w.note("body")(); w.Admit(s, w.note("own")); s.End() })
			w.Admit(nil, w.note("a"))
			w.Admit(nil, w.note("b"))
		}, "body own . a . b ."},
		{"turns of the section run while it is open", func(w *world) {
			var s *Section
			w.Enter(nil, func(x *Section) { s = x })
			w.run()
			w.Admit(nil, w.note("other"))
			w.Admit(s, w.note("own1"))
			w.Admit(s, w.note("own2"))
			s.End()
		}, ". own1 own2 other ."},
		{"nested: the outer one's turns wait for the inner", func(w *world) {
			w.Enter(nil, func(outer *Section) {
				w.Enter(outer, func(inner *Section) {
					w.Admit(nil, w.note("other"))
					w.Admit(outer, func() { w.note("outer")(); outer.End() })
					w.Admit(inner, w.note("inner"))
					inner.End()
				})
			})
		}, ". inner . outer . other ."},
		{"two sections of one turn follow each other", func(w *world) {
			for _, name := range []string{"one", "two"} {
				w.Enter(nil, func(s *Section) {
					w.note(name)()
					w.Admit(s, w.note(name+"'"))
					s.End()
				})
			}
		}, "one one' . two two' ."},
		{"a waiting event that opens a section holds up the next", func(w *world) {
			w.Enter(nil, func(s *Section) { s.End() })
			w.Admit(nil, func() {
				w.note("a")()
				w.Enter(nil, func(s *Section) { w.note("a-section")(); s.End() })
			})
			w.Admit(nil, w.note("b"))
		}, ". a . a-section . b ."},
		{"nobody overtakes", func(w *world) {
			w.Enter(nil, func(s *Section) {
				w.Admit(nil, w.note("first"))
				s.End()
				w.Admit(nil, w.note("second"))
			})
		}, ". first . second ."},
		{"code left over from a section belongs to the one around it", func(w *world) {
			var s *Section
			w.Enter(nil, func(x *Section) { s = x; s.End() })
			w.run()
			w.Admit(s, w.note("late"))
			w.Enter(nil, func(x *Section) { w.note("next")(); x.End() })
			w.Admit(s, w.note("later"))
		}, ". late next . later ."},
		{"ending twice is ending once", func(w *world) {
			w.Enter(nil, func(s *Section) { s.End(); s.End() })
			w.Admit(nil, w.note("a"))
		}, ". a ."},
		{"outputs pass while nothing was written", func(w *world) { w.Output(w.note("a")) }, "a"},
		{"outputs wait for the commit, in order", func(w *world) {
			w.Output(w.note("before"))
			w.Wrote()
			w.Output(w.note("a"))
			w.Output(w.note("b"))
			w.note("commit")()
			w.Committed()
			w.Output(w.note("c"))
		}, "before commit a b c"},
		{"what is sent while releasing goes out", func(w *world) {
			w.Wrote()
			w.Output(func() { w.note("a")(); w.Output(w.note("b")) })
			w.Committed()
		}, "a b"},
		{"a broken gate lets nothing through", func(w *world) {
			w.Wrote()
			w.Output(w.note("held"))
			w.Enter(nil, func(*Section) { w.note("body")() })
			w.Admit(nil, w.note("waiting"))
			w.Break()
			w.Committed()
			w.Admit(nil, w.note("turn"))
			w.Output(w.note("output"))
			w.Enter(nil, func(*Section) { w.note("body2")() })
		}, "."},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			test.do(w)
			w.run()
			if got := strings.Join(w.log, " "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if w.Closed() && !w.Broken() {
				t.Error("a section is still open")
			}
		})
	}
}

func TestManyWaitersKeepOrder(t *testing.T) {
	w := newWorld()
	var open *Section
	w.Enter(nil, func(s *Section) { open = s })
	w.run()
	var got, want []int
	for i := range 1000 {
		w.Admit(nil, func() { got = append(got, i) })
		want = append(want, i)
	}
	open.End()
	w.run()
	if !slices.Equal(got, want) {
		t.Error("turns ran out of order")
	}
}
