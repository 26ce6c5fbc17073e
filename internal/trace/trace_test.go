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

func TestDetail(t *testing.T) {
	var none *Bus
	var b Bus
	var plain, all int
	b.Subscribe(func(Record) { plain++ })
	if none.Detailed() || b.Detailed() {
		t.Error("nobody asked for details")
	}
	cancel := b.SubscribeDetail(func(Record) { all++ })
	if !b.Detailed() {
		t.Error("somebody asked for details")
	}
	b.Emit(Record{Kind: Storage})
	b.Emit(Record{Kind: Binding})
	cancel()
	if b.Detailed() || plain != 1 || all != 2 {
		t.Errorf("%v, %d and %d records", b.Detailed(), plain, all)
	}
}
