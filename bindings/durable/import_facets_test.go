package durable

import (
	"reflect"
	"testing"
)

func TestFacetPaths(t *testing.T) {
	const magic = "\x57\xef\xb0\xc5\x5b\xce\xcd\xc4"
	for _, c := range []struct {
		index string
		want  [][]string
	}{
		{"", nil},
		{"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00a", nil},
		{magic, nil},
		{magic + "\x00\x00\x01\x00a\x01\x00\x02\x00bc\x02\x00\x01\x00d", [][]string{{"a"}, {"a", "bc"}, {"a", "bc", "d"}}},
		{magic + "\x00\x00\x01\x00a\x00\x00\x02\x00b", [][]string{{"a"}}}, // a name that is cut off
		{magic + "\x00\x00\x01\x00a\x02\x00\x01\x00b", [][]string{{"a"}}}, // a parent that is none
		{magic + "\x00\x00\x01\x00a\x00\x00\x00\x00", [][]string{{"a"}}},  // no name
		{magic + "\x00\x00\x01\x00a\x00\x00\x01", [][]string{{"a"}}},      // an entry that is cut off
	} {
		if got := facetPaths([]byte(c.index)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: %v, want %v", c.index, got, c.want)
		}
	}
}
