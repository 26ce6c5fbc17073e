package jsg

import "testing"

func TestPropsKeepTheirOrder(t *testing.T) {
	p := Props{}.With("zeta", 1).With("durableObjectReset", true).With("alpha", 2).With("remote", true).With("zeta", 3)
	text := ""
	for _, q := range p {
		text += q.Name + " "
	}
	if want := "zeta alpha remote durableObjectReset "; text != want || p.Get("zeta") != 3 || p.Get("none") != nil {
		t.Errorf("%s %v, want %s", text, p, want)
	}
	if q := p.With("remote", false); p.Get("remote") != true || q.Get("remote") != false {
		t.Error("With changed the original")
	}
}
