package analytics

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPointsAreTraced(t *testing.T) {
	b := bindings.NewBuilder(&bindings.Session{}, "w")
	if err := Kind.Bind(&config.Config{AnalyticsEngine: []config.AnalyticsEngineDataset{{Binding: "AE", Dataset: "clicks"}}}, b); err != nil {
		t.Fatal(err)
	}
	env, _ := b.Result()
	bus := &trace.Bus{}
	var got []trace.Record
	defer bus.Subscribe(func(r trace.Record) { got = append(got, r) })()
	iso := isolate.New(isolate.Options{Name: "w", Trace: bus, Install: []func(*jsg.Scope){iocontext.Install}})
	defer func() { iso.Dispose(); <-iso.Done() }()
	err := iso.Do(func(js *jsg.Scope) {
		v, err := env[0].Make(js)
		if err != nil {
			t.Error(err)
			return
		}
		big, err := js.JSONParse(`{"blobs": ["a"], "doubles": [1.5], "indexes": ["i"]}`)
		if err != nil {
			t.Error(err)
			return
		}
		for _, point := range []jsg.Value{big, jsg.Undefined} {
			if r, err := js.Invoke(v.(*jsg.Object), "writeDataPoint", point); err != nil || !jsg.IsUndefined(r) {
				t.Error(r, err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Attrs["point"] != `{"blobs":["a"],"doubles":[1.5],"indexes":["i"]}` || got[0].Attrs["dataset"] != "clicks" || got[0].Target != "AE" {
		t.Errorf("%+v", got)
	}
}
