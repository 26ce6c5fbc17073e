package durable

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/miniworker/miniworker/runtime/wire"
)

// TestReloadUnderLoad reloads and evicts while objects are busy: an answer is
// given or refused, and what was answered is never forgotten or given twice.
func TestReloadUnderLoad(t *testing.T) {
	p := newProject(t, t.TempDir())
	body := strings.TrimSuffix(counter, counterWorker) + `
const worker = { async fetch(request, env) {
	try { return await env.COUNTER.getByName(new URL(request.url).pathname).fetch(request); }
	catch (e) { return new Response(String(e)); }
} };`
	p.load("w", body, "Counter")
	var stop atomic.Bool
	var answered, refused atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			path, last := fmt.Sprintf("/%d", i), 0
			for !stop.Load() {
				text := p.get(path)
				n, err := strconv.Atoi(text)
				switch {
				case err == nil && n > last:
					last = n
					answered.Add(1)
				case err == nil:
					t.Errorf("%s: %d after %d", path, n, last)
				case strings.Contains(text, "was updated"), strings.Contains(text, "was stopped"):
					refused.Add(1)
				default:
					t.Errorf("%s: %s", path, text)
					return
				}
			}
		})
	}
	ns := p.namespace("Counter")
	for round := range 20 {
		before := answered.Load()
		p.settle(func() bool { return answered.Load() > before+50 })
		if round%2 == 0 {
			p.load("w", body, "Counter")
			continue
		}
		for i := range 8 {
			ns.Evict(ns.FromName(fmt.Sprintf("/%d", i)))
		}
	}
	stop.Store(true)
	wg.Wait()
	t.Logf("%d answered, %d refused", answered.Load(), refused.Load())
}

// TestSocketsUnderReload sends while objects are replaced: every connection
// ends with a close, and none is left open on either side.
func TestSocketsUnderReload(t *testing.T) {
	p := roomProject(t)
	var stop atomic.Bool
	var wg sync.WaitGroup
	var sent atomic.Int32
	var mu sync.Mutex
	var all []*client
	for i := range 4 {
		wg.Go(func() {
			for !stop.Load() {
				c := p.connect(fmt.Sprintf("/r%d/ws?tag=a", i))
				mu.Lock()
				all = append(all, c)
				mu.Unlock()
				for range 20 {
					c.Send(wire.Message{Text: true, Data: []byte("x")})
					sent.Add(1)
				}
			}
		})
	}
	for range 5 {
		before := sent.Load()
		p.settle(func() bool { return sent.Load() > before+200 })
		for i := range 4 {
			p.namespace("Room").Evict(p.namespace("Room").FromName(fmt.Sprint("r", i)))
		}
	}
	stop.Store(true)
	wg.Wait()
	for _, c := range all {
		p.settle(func() bool { return strings.Count(c.text(), ":x") == 20 })
	}
	p.load("w", room, "Room")
	for _, c := range all {
		p.settle(func() bool {
			return strings.HasSuffix(c.text(), "close 1012 Durable Object reset because its code was updated.")
		})
	}
}
