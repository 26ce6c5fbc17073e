package actor

import (
	"encoding/hex"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The ids are those of workerd for the same namespace, observed 2026-11.
func TestIDFromName(t *testing.T) {
	for _, test := range []struct{ key, name, want string }{
		{"orc-A", "foo", "113513f6d0c71691a82443588250b4bf00ec1c60e203080a989e4ec5690577e6"},
		{"orc-A", "", "f4e86e32adce157ff9e84ed641298c96ecd8b2e74f41ffc3aeb36a9eac7e74ef"},
		{"orc-B", "foo", "54ab2912928e67c3d15e6f506cfcde8d65603b31360f7e0a403fe0d4703baa64"},
	} {
		if id := newIDs(test.key).fromName(test.name); id.Hex != test.want || id.Name != test.name || !id.Named {
			t.Errorf("%s %q: %+v", test.key, test.name, id)
		}
	}
}

func TestIDUnique(t *testing.T) {
	k := newIDs("a-B")
	a, b := k.unique(), k.unique()
	if a == b || a.Named || len(a.Hex) != 64 {
		t.Errorf("%+v %+v", a, b)
	}
	if got, err := k.parse(a.Hex); err != nil || got != a {
		t.Errorf("%+v %v", got, err)
	}
}

func FuzzIDParse(f *testing.F) {
	k := newIDs("a-B")
	f.Add(k.fromName("x").Hex)
	f.Add(strings.ToUpper(k.fromName("x").Hex))
	f.Add(newIDs("a-C").fromName("x").Hex)
	f.Add("")
	f.Add(strings.Repeat("g", 64))
	f.Fuzz(func(t *testing.T, s string) {
		id, err := k.parse(s)
		if err != nil {
			if id != (ID{}) {
				t.Errorf("%q: an id and an error: %+v", s, id)
			}
			return
		}
		raw, _ := hex.DecodeString(id.Hex)
		if id.Hex != strings.ToLower(s) || k.seal(raw[:idHalf]) != id.Hex {
			t.Errorf("%q is taken for %s", s, id.Hex)
		}
	})
}
