package explorer

import (
	"net/http"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/workflows"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestWorkflows(t *testing.T) {
	cfg := &config.Config{Name: "app", Workflows: []config.Workflow{{Binding: "FLOW", Name: "flow", ClassName: "Flow"}}}
	s := &bindings.Session{State: t.TempDir(), Clock: clock.Real}
	t.Cleanup(func() { s.Close() })
	c := Local(&API{Session: s, Configs: []*config.Config{cfg}})
	call := func(method, path, body string, result any) error {
		return c.Call(t.Context(), Request{Method: method, Path: path, Body: strings.NewReader(body), Length: int64(len(body))}, result, nil)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var in WorkflowInstance
	must(call("POST", "/workflows/flow/instances", `{"id":"a","params":{"n":1}}`, &in))
	if in.ID != "a" || in.Status != workflows.Queued {
		t.Error(in)
	}
	must(call("POST", "/workflows/flow/instances", "", &in))
	var list []WorkflowInstance
	must(call("GET", "/workflows/flow/instances", "", &list))
	if len(list) != 2 || list[0].ID != in.ID || list[1].ID != "a" {
		t.Error(list)
	}
	must(call("POST", "/workflows/flow/instances/a/events/go", `{"x":1}`, nil))
	must(call("PATCH", "/workflows/flow/instances/a/status", `{"status":"terminate"}`, &in))
	if in.Status != workflows.Terminated {
		t.Error(in)
	}
	must(call("GET", "/workflows/flow/instances/a", "", &in))
	if len(in.Log) != 3 || in.Log[2].Type != "workflow_terminated" || in.Ended == nil {
		t.Error(in)
	}
	var all []Workflow
	must(call("GET", "/workflows", "", &all))
	if len(all) != 1 || all[0].Class != "Flow" || all[0].Counts[workflows.Queued] != 1 || all[0].Counts[workflows.Terminated] != 1 {
		t.Error(all)
	}
	must(call("DELETE", "/workflows/flow/instances/a", "", nil))
	for path, want := range map[string]string{
		"/workflows/flow/instances/a": "There is no instance of that id.", "/workflows/other": "There is no Workflow of that name in the project.",
	} {
		if err := call(http.MethodGet, path, "", nil); err == nil || err.Error() != want {
			t.Error(path, err)
		}
	}
	if err := call("POST", "/workflows/flow/instances", `{"id":"a b"}`, nil); err == nil || !strings.Contains(err.Error(), "invalid id") {
		t.Error(err)
	}
}
