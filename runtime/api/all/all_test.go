package all_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/jsg"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestBehaviour runs the behaviour files of what several packages make
// together: bodies, messages, sockets, timers.
func TestBehaviour(t *testing.T) { testworker.RunDir(t, "testdata", all.Install) }

// TestEveryClassIsWellFormed walks all global classes: names, lengths, tags,
// and getters that refuse a foreign this.
func TestEveryClassIsWellFormed(t *testing.T) {
	js := jsg.New(jsg.Options{Flag: func(string) bool { return true }})
	seen := map[string]bool{}
	for _, c := range all.Classes() {
		name := c.ClassName()
		if seen[name] {
			t.Errorf("%s is listed twice", name)
		}
		seen[name] = true
		ctor := c.Constructor(js)
		if got := ctor.Get("name").String(); got != name {
			t.Errorf("%s: its constructor is named %q", name, got)
		}
		js.Global().Set("C", ctor)
		v, err := js.Run(jsg.MustCompile("walk.js", `(() => {
			const bad = [];
			for (const key of Reflect.ownKeys(C.prototype)) {
				if (key === "constructor" || typeof key === "symbol") continue;
				const d = Object.getOwnPropertyDescriptor(C.prototype, key);
				const f = d.get ?? d.value;
				if (typeof f === "function") {
					const want = d.get ? "" : key; // workerd's getters have no name
					if (f.name !== want && key !== "entries") bad.push(key + " is named " + f.name);
					if (d.get) try { if (typeof f.call({}) !== "function") bad.push("get " + key + " takes a foreign this") } catch (e) { if (!(e instanceof TypeError)) bad.push(key + " throws " + e) }
				}
			}
			return bad.join("; ");
		})()`))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if v.String() != "" {
			t.Errorf("%s: %s", name, v)
		}
	}
}
