package unsupported

import (
	"strings"
	"testing"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestUsingOneThrowsItsName(t *testing.T) {
	cfg := &config.Config{
		Unsupported:   []config.Unsupported{{Binding: "AI", Kind: "ai", Reason: "has no local simulation", Alternative: "Mock it."}},
		Pipelines:     []config.Pipeline{{Binding: "DB"}},
		TailConsumers: []config.TailConsumer{{}},
	}
	b := bindings.NewBuilder(&bindings.Session{}, "w")
	if err := Kind.Bind(cfg, b); err != nil {
		t.Fatal(err)
	}
	env, _ := b.Result()
	js := jsg.New(jsg.Options{})
	var names []string
	for _, e := range env {
		v, err := e.Make(js)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, e.Name)
		_, err = js.Invoke(v.(*jsg.Object), "run")
		if err == nil || !strings.Contains(err.Error(), "env."+e.Name+".run: ") || !strings.Contains(err.Error(), "not simulated by miniworker") {
			t.Errorf("%s: %v", e.Name, err)
		}
		if state, _ := jsg.Settled(js.Resolved(v)); state != jsg.Fulfilled {
			t.Errorf("%s must survive being awaited", e.Name)
		}
	}
	if l := List(cfg); l[0].Why != "Mock it." {
		t.Errorf("the hint of a warning that already says what is missing: %q", l[0].Why)
	}
	if strings.Join(names, ",") != "AI,DB" {
		t.Errorf("bound %v", names)
	}
}
