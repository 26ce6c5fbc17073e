package durable

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/runtime/wire"
)

// TestManyObjects interleaves a hundred requests to each of a thousand objects,
// and then asks a new session what each of them counted.
func TestManyObjects(t *testing.T) {
	const objects = 1000
	dir := t.TempDir()
	code := fmt.Sprintf(`
class Counter extends DurableObject {
	async inc() { const n = (this.ctx.storage.kv.get("n") ?? 0) + 1; this.ctx.storage.kv.put("n", n); return n; }
	async n() { return this.ctx.storage.kv.get("n"); }
}
const worker = { async fetch(request, env) {
	const each = (f) => Promise.all(Array.from({ length: %d }, (_, i) => f(env.COUNTER.getByName("o" + i))));
	if (request.url.endsWith("/n")) return new Response([...new Set(await each(s => s.n()))].join());
	return new Response([...new Set(await each(s => s.inc()))].join());
} };`, objects)
	p := newProject(t, dir)
	p.load("w", code, "Counter")
	for round := 1; round <= loadRounds; round++ {
		p.want("/", fmt.Sprint(round))
	}
	ns, err := open(p.session, "w", "Counter")
	noError(t, err)
	if n := ns.store.OpenDatabases(); n > MaxOpenObjects {
		t.Errorf("%d databases are open", n)
	}
	p.close()
	p = newProject(t, dir)
	p.load("w", code, "Counter")
	p.want("/n", fmt.Sprint(loadRounds))
}

// maxSocketBytes is what a hibernating socket may cost, both of its ends and the
// test's own record of it included.
const maxSocketBytes = 16 << 10

// TestManySockets keeps 5,000 sockets in 50 objects that hibernate, and wakes all
// of them by broadcasting.
func TestManySockets(t *testing.T) {
	const objects, sockets = 50, 100
	p := roomProject(t)
	before := heap()
	var all []*client
	for i := range objects {
		for range sockets {
			all = append(all, p.connect(fmt.Sprintf("/r%d/ws?tag=a", i)))
		}
	}
	ns := p.namespace("Room")
	for i := range objects {
		ns.Evict(ns.FromName(fmt.Sprint("r", i)))
	}
	p.settle(ns.Idle)
	per := (heap() - before) / int64(len(all))
	t.Logf("%d bytes for each of %d sockets", per, len(all))
	if per > maxSocketBytes {
		t.Errorf("a hibernating socket takes %d bytes, more than %d", per, maxSocketBytes)
	}
	for i := range objects {
		all[i*sockets].Send(wire.Message{Text: true, Data: []byte("broadcast")})
	}
	for _, c := range all {
		p.settle(func() bool { return strings.Contains(c.text(), "hello all") })
	}
	for i := range objects {
		p.want(fmt.Sprintf("/r%d/list?tag=none", i), "[1]") // constructed anew for the one message
	}
	runtime.KeepAlive(all)
}

// heap is the memory in use after a collection.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
