package clock

import (
	"slices"
	"testing"
	"time"
)

func TestFakeRunsDueTimersInOrder(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c := NewFake(start)
	var got []string
	c.AfterFunc(3*time.Second, func() { got = append(got, "c") })
	c.AfterFunc(time.Second, func() {
		got = append(got, "a@"+c.Now().Sub(start).String())
		c.AfterFunc(time.Second, func() { got = append(got, "b") })
	})
	stopped := c.AfterFunc(2*time.Second, func() { got = append(got, "never") })
	if !stopped.Stop() || stopped.Stop() {
		t.Fatal("Stop must report true exactly once")
	}
	c.AfterFunc(time.Hour, func() { got = append(got, "late") })
	c.Advance(5 * time.Second)
	if want := []string{"a@1s", "b", "c"}; !slices.Equal(got, want) {
		t.Fatalf("ran %v, want %v", got, want)
	}
	if d := c.Now().Sub(start); d != 5*time.Second {
		t.Fatalf("clock stands at +%v", d)
	}
}
