package trace

import (
	"slices"
	"testing"
)

func TestBus(t *testing.T) {
	var none *Bus
	none.Emit(Record{})
	if none.Active() {
		t.Fatal("a nil bus has no listeners")
	}
	var b Bus
	var got []string
	cancel := b.Subscribe(func(r Record) { got = append(got, "1:"+r.Name) })
	b.Subscribe(func(r Record) { got = append(got, "2:"+r.Name) })
	b.Emit(Record{Name: "x"})
	cancel()
	cancel()
	b.Emit(Record{Name: "y"})
	if want := []string{"1:x", "2:x", "2:y"}; !slices.Equal(got, want) || !b.Active() {
		t.Fatalf("got %v", got)
	}
}
