package r2

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/runtime/worker"
)

const benchWorker = `(loader) => loader.exports({ default: () => ({ async fetch(request, env) {
	const key = new URL(request.url).pathname.slice(1);
	switch (request.method) {
	case "PUT":
		await env.STORE.put(key, await request.text());
		return new Response("ok");
	case "POST":
		await env.STORE.put(key, request.body);
		return new Response("ok");
	case "GET":
		const o = await env.STORE.get(key);
		return o ? new Response(o.body) : new Response("none", { status: 404 });
	}
	return new Response("hello");
} }) })`

// benchmarkWorker sends requests to a worker with a bucket over 16 connections.
func benchmarkWorker(b *testing.B, method string, size int) {
	bucket := Open(filepath.Join(b.TempDir(), "b"), clock.Real)
	defer bucket.Close()
	for i := range 100 {
		put(b, bucket, fmt.Sprint(i), strings.Repeat("x", size))
	}
	w, err := worker.Load(worker.Options{
		Name: "w", Script: &isolate.Script{Program: jsg.MustCompile("w.js", benchWorker)}, Flag: func(string) bool { return true },
		Env: []worker.EnvEntry{{Name: "STORE", Make: func(js *jsg.Scope) (jsg.Value, error) {
			return bucketClass.Wrap(js, &binding{name: "STORE", bucket: bucket}), nil
		}}},
	})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Kill()
	s := server.New(server.Options{})
	s.SetGraph(&server.Graph{Table: routing.NewTable(routing.World{}), Workers: map[string]wire.Fetcher{"w": wire.FetcherFunc(w.Fetch)}, DefaultWorker: "w"})
	srv := httptest.NewServer(s)
	defer srv.Close()
	addr := srv.Listener.Addr().String()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.SetBytes(int64(size))
	b.ResetTimer()
	for range 16 {
		wg.Go(func() {
			c, err := net.Dial("tcp", addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			r := bufio.NewReader(c)
			payload := ""
			if method == "PUT" || method == "POST" {
				payload = strings.Repeat("y", size)
			}
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				fmt.Fprintf(c, "%s /%d HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n%s", method, n%100, addr, len(payload), payload)
				resp, err := http.ReadResponse(r, nil)
				if err != nil || resp.StatusCode != 200 {
					b.Error(err, resp)
					return
				}
				if _, err := io.Copy(io.Discard, resp.Body); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

// BenchmarkWorker: DELETE touches no bucket, PUT stores text, POST the body as
// it comes.
func BenchmarkWorker(b *testing.B) {
	for _, size := range []int{1 << 10, 10 << 20} {
		for _, method := range []string{"DELETE", "GET", "PUT", "POST"} {
			b.Run(fmt.Sprint(method, "/", size), func(b *testing.B) { benchmarkWorker(b, method, size) })
		}
	}
}
