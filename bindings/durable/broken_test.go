package durable

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

const breaking = `
class Obj extends DurableObject {
	async fetch(request) {
		if (request.url.endsWith("/break")) await this.ctx.blockConcurrencyWhile(async () => { throw new RangeError("in a block"); });
		return new Response("ok");
	}
}
const worker = {};`

// fetched asks f and says how it ended.
func fetched(f wire.Fetcher, path string) string {
	resp, err := f.Fetch(context.Background(), &wire.Request{Method: "GET", URL: "http://x" + path, Header: http.Header{}})
	var e *jsg.Error
	switch {
	case errors.As(err, &e):
		return fmt.Sprintf("%s: %s remote=%v", e.Name, e.Message, e.Props.Get("remote") == true)
	case err != nil:
		return "not for JavaScript: " + err.Error()
	}
	if resp.Body != nil {
		resp.Body.Close()
	}
	return fmt.Sprint(resp.Status)
}

// A request that took its place before the object broke ends as one the object
// had; a later one is told that its stub is broken.
func TestPlaceInABrokenObject(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", breaking, "Obj")
	ns := p.namespace("Obj")
	ref := ns.Ref(ns.FromName("x"))
	first, second := ref.Ticket(), ref.Ticket()
	const reached = "RangeError: in a block remote=true"
	if got := fetched(first, "/break"); got != reached {
		t.Errorf("the breaking request: %s", got)
	}
	if got := fetched(second, "/"); got != reached {
		t.Errorf("the one behind it: %s", got)
	}
	if got := fetched(ref.Order(), "/"); got != "RangeError: in a block remote=false" {
		t.Errorf("a later one on the same stub: %s", got)
	}
	if got := fetched(ns.Ref(ns.FromName("x")).Order(), "/"); got != "200" {
		t.Errorf("another stub: %s", got)
	}
}

// Whatever the moment at which an object breaks under many callers, each gets
// an answer of a sound object or why it broke.
func TestBreaksUnderCallers(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", breaking, "Obj")
	ns := p.namespace("Obj")
	for round := range 50 {
		id := ns.FromName(fmt.Sprint(round))
		refs := []*actor.Ref{ns.Ref(id), ns.Ref(id), ns.Ref(id)}
		var all sync.WaitGroup
		for i := range 12 {
			path := "/"
			if i%4 == 2 {
				path = "/break"
			}
			all.Go(func() {
				switch got := fetched(refs[i%3].Order(), path); got {
				case "200", "RangeError: in a block remote=true", "RangeError: in a block remote=false":
				default:
					t.Errorf("%s: %s", path, got)
				}
			})
		}
		all.Wait()
	}
}
