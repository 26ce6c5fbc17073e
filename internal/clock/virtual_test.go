package clock

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"
)

func settled(context.Context) error { return nil }

func TestVirtualFollows(t *testing.T) {
	base := NewFake(time.Unix(1000, 0))
	c := NewVirtual(base)
	ran := make(chan string, 10)
	c.AfterFunc(2*time.Second, func() { ran <- "b" })
	c.AfterFunc(time.Second, func() { ran <- "a" })
	stopped := c.AfterFunc(time.Second, func() { ran <- "stopped" })
	if !stopped.Stop() || stopped.Stop() {
		t.Error("Stop")
	}
	base.Advance(time.Second)
	if got := <-ran; got != "a" || !c.Now().Equal(base.Now()) {
		t.Error(got, c.Now())
	}
	c.Freeze()
	base.Advance(time.Hour)
	if len(ran) != 0 || !c.Now().Equal(time.Unix(1001, 0)) {
		t.Error("time passed while frozen")
	}
	c.Resume()
	if c.Offset() != -time.Hour {
		t.Error(c.Offset())
	}
	base.Advance(time.Second)
	if got := <-ran; got != "b" || !c.Now().Equal(time.Unix(1002, 0)) {
		t.Error(got, c.Now())
	}
	c.Reset()
	if !c.Now().Equal(base.Now()) || c.Pending() != 0 {
		t.Error(c.Now(), c.Pending())
	}
}

// Everything due runs in order, at its time, also what is set on the way.
func TestVirtualAdvance(t *testing.T) {
	c := NewVirtual(NewFake(time.Unix(0, 0)))
	c.Freeze()
	var got []string
	note := func(s string) { got = append(got, fmt.Sprintf("%s@%d", s, c.Now().Unix())) }
	c.AfterFunc(3*time.Second, func() { note("c") })
	c.AfterFunc(time.Second, func() {
		note("a")
		c.AfterFunc(time.Second, func() { note("b") })
	})
	c.AfterFunc(time.Hour, func() { note("late") })
	steps := 0
	if err := c.Advance(t.Context(), 4*time.Second, func(context.Context) error { steps++; return nil }); err != nil {
		t.Fatal(err)
	}
	if want := []string{"a@1", "b@2", "c@3"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if c.Now().Unix() != 4 || !c.Frozen() || steps != 5 {
		t.Error(c.Now(), c.Frozen(), steps)
	}
	// What a step brings about may be more that is due at the same time.
	got = nil
	more := true
	err := c.Advance(t.Context(), 0, func(context.Context) error {
		if more {
			more = false
			c.AfterFunc(time.Nanosecond, func() { note("soon") })
		}
		return nil
	})
	if err != nil || len(got) != 0 {
		t.Error(err, got)
	}
	if err := c.Set(t.Context(), time.Unix(1, 0), settled); err != nil || c.Now().Unix() != 1 {
		t.Error("set back:", err, c.Now())
	}
	if err := c.Set(t.Context(), time.Unix(7200, 0), settled); err != nil || !reflect.DeepEqual(got, []string{"soon@7200", "late@7200"}) {
		t.Error(err, got)
	}
	if c.Advance(t.Context(), -1, settled) == nil {
		t.Error("advanced backwards")
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"3d": 72 * time.Hour, "2w": 14 * 24 * time.Hour, "1d12h": 36 * time.Hour, "90s": 90 * time.Second, "1500": 1500 * time.Millisecond,
		"1h30m": 90 * time.Minute, "0": 0, "1.5d": 36 * time.Hour, "5ms": 5 * time.Millisecond,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%s: %v %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "d", "3 moons", "xd"} {
		if _, err := ParseDuration(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}
