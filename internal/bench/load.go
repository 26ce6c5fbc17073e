//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// scenario is one load on an app.
type scenario struct {
	name, app string
	conns     []int
	// run applies the load and reports what it came to.
	run func(s *server, conns int, d time.Duration) (result, error)
	// prepare runs once per server before the first load.
	prepare func(s *server) error
}

// result is one run.
type result struct {
	count     int
	bytes     int64
	latencies []time.Duration
	elapsed   time.Duration
}

// requests repeats a request on each connection; body gives the i-th request
// of a connection.
func requests(req func(host string, conn, i int) []byte, size int64) func(*server, int, time.Duration) (result, error) {
	return func(s *server, conns int, d time.Duration) (result, error) {
		return parallel(conns, func(n int, l *latencies) (int64, error) {
			c, err := dial(s.addr)
			if err != nil {
				return 0, err
			}
			defer c.Close()
			var total int64
			begin := time.Now()
			until := begin.Add(d)
			c.SetDeadline(until.Add(startTimeout))
			for i, now := 0, begin; now.Before(until); i++ {
				if _, err := c.Write(req(s.addr, n, i)); err != nil {
					return total, err
				}
				status, got, err := c.response(nil)
				if err != nil {
					return total, err
				}
				if status != 200 || size >= 0 && got != size {
					return total, fmt.Errorf("status %d with %d bytes", status, got)
				}
				end := time.Now()
				l.add(end.Sub(now))
				now = end
				total += got
			}
			return total, nil
		})
	}
}

// parallel runs f on n connections and adds up.
func parallel(n int, f func(i int, l *latencies) (int64, error)) (result, error) {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		res   result
		first error
	)
	begin := time.Now()
	for i := range n {
		wg.Go(func() {
			var l latencies
			total, err := f(i, &l)
			mu.Lock()
			defer mu.Unlock()
			res.latencies = append(res.latencies, l.all...)
			res.bytes += total
			if first == nil {
				first = err
			}
		})
	}
	wg.Wait()
	res.elapsed, res.count = time.Since(begin), len(res.latencies)
	slices.Sort(res.latencies)
	return res, first
}

// gets is the simplest load: one path, again and again.
func gets(path string, size int64) func(*server, int, time.Duration) (result, error) {
	var once sync.Once
	var text []byte
	return requests(func(host string, _, _ int) []byte {
		once.Do(func() { text = request("GET", path, "localhost", nil) })
		return text
	}, size)
}

// puts stores a KB under a few names.
func puts(method, path string) func(*server, int, time.Duration) (result, error) {
	body := bytes.Repeat([]byte("k"), 1024)
	return requests(func(host string, conn, i int) []byte {
		return request(method, fmt.Sprintf("%s%d-%d", path, conn, i%16), "localhost", body)
	}, -1)
}

// upload sends size bytes while it reads the answer.
func upload(method, path string, size, answer int64) func(*server, int, time.Duration) (result, error) {
	chunk := bytes.Repeat([]byte("0123456789abcdef"), 16<<10)
	return func(s *server, conns int, d time.Duration) (result, error) {
		return parallel(conns, func(n int, l *latencies) (int64, error) {
			var total int64
			for until := time.Now().Add(d); total == 0 || time.Now().Before(until); {
				begin := time.Now()
				if err := uploadOnce(s.addr, method, path, size, answer, chunk); err != nil {
					return total, err
				}
				l.add(time.Since(begin))
				total += size
			}
			return total, nil
		})
	}
}

func uploadOnce(addr, method, path string, size, answer int64, chunk []byte) error {
	c, err := dial(addr)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(startTimeout))
	fmt.Fprintf(c, "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", method, path, size)
	sent := make(chan error, 1)
	go func() {
		for left := size; left > 0; {
			n, err := c.Write(chunk[:min(left, int64(len(chunk)))])
			if err != nil {
				sent <- err
				return
			}
			left -= int64(n)
		}
		sent <- nil
	}()
	status, got, err := c.response(io.Discard)
	if err == nil && (status != 200 || got != answer) {
		err = fmt.Errorf("status %d with %d of %d bytes", status, got, answer)
	}
	if err != nil {
		c.Close()
		<-sent
		return err
	}
	return <-sent
}

func echo(path string) func(*server, int, time.Duration) (result, error) {
	return func(s *server, conns int, d time.Duration) (result, error) {
		return parallel(conns, func(n int, l *latencies) (int64, error) {
			c, err := openSocket(s.addr, path)
			if err != nil {
				return 0, err
			}
			defer c.Close()
			return 0, c.echoes(time.Now().Add(d), l)
		})
	}
}

func room(path string) func(*server, int, time.Duration) (result, error) {
	return func(s *server, members int, d time.Duration) (result, error) {
		var l latencies
		begin := time.Now()
		err := fanout(s.addr, path, members, d, &l)
		slices.Sort(l.all)
		return result{count: len(l.all), latencies: l.all, elapsed: time.Since(begin)}, err
	}
}

const (
	mega     = 1_000_000
	download = 10 * mega
	large    = 100 * mega
)

// seed stores what the read scenarios read.
func seed(s *server) error {
	for path, size := range map[string]int{"/api/store/small": 1024, "/api/store/big": download} {
		status, body, err := roundTrip(s.addr, request("PUT", path, "localhost", bytes.Repeat([]byte("s"), size)), startTimeout)
		if err != nil || status != 200 {
			return fmt.Errorf("storing %s: status %d, %q, %w", path, status, firstLine(string(body)), err)
		}
	}
	return nil
}

// seedLarge stores the large object as it is read, in pieces.
func seedLarge(s *server) error {
	_, err := upload("PUT", "/api/store/large", large, int64(len("stored")))(s, 1, 0)
	return err
}

// setUp has the app make its tables and values.
func setUp(s *server) error {
	status, body, err := get(s.addr, "/setup", startTimeout)
	if err == nil && status != 200 {
		err = fmt.Errorf("setting up: status %d, %q", status, firstLine(string(body)))
	}
	return err
}

// syncing keeps a few sockets open in the room that sync broadcasts to.
func syncing(s *server, conns int, d time.Duration) (result, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for range 4 {
		c, err := openSocket(s.addr, "/api/room/sync")
		if err != nil {
			return result{}, err
		}
		context.AfterFunc(ctx, func() { c.Close() })
		go func() {
			for {
				if _, err := c.readFrame(); err != nil {
					return
				}
			}
		}()
	}
	return puts("POST", "/api/sync/s")(s, conns, d)
}

// scenarios are all loads, by app so that each tool starts once per app.
var scenarios = []*scenario{
	{name: "hello", app: "hello", conns: []int{1, 16, 64}, run: gets("/", 12)},
	{name: "hono", app: "hono", conns: []int{1, 16, 64}, run: gets("/api/hello/you", 10)},
	{name: "cpu-template", app: "cpu", conns: []int{1}, run: gets("/template", -1)},
	{name: "cpu-transform", app: "cpu", conns: []int{1}, run: gets("/transform", -1)},
	{name: "cpu-regex", app: "cpu", conns: []int{1}, run: gets("/regex", -1)},
	{name: "cpu-checksum", app: "cpu", conns: []int{1}, run: gets("/checksum", -1)},
	{name: "web-hello", app: "share", conns: []int{16}, run: gets("/api/hello", 12)},
	{name: "json", app: "share", conns: []int{1, 16, 64}, run: gets("/api/json", -1)},
	{name: "asset", app: "share", conns: []int{1, 16, 64}, run: gets("/asset.js", assetSize)},
	{name: "hop", app: "share", conns: []int{1, 16, 64}, run: gets("/api/hop", 12)},
	{name: "direct", app: "sessions", conns: []int{1, 16, 64}, run: gets("/api/hop", 12)},
	{name: "do", app: "sessions", conns: []int{1, 16, 64}, run: gets("/api/counter/one", -1)},
	{name: "do-spread", app: "sessions", conns: []int{1, 16, 64}, run: requests(func(host string, conn, i int) []byte {
		return request("GET", fmt.Sprintf("/api/counter/%d-%d", conn, i%8), "localhost", nil)
	}, -1)},
	{name: "r2-put", app: "sessions", conns: []int{1, 16, 64}, run: puts("PUT", "/api/store/p")},
	{name: "r2-get", app: "sessions", conns: []int{1, 16, 64}, run: gets("/api/store/small", 1024), prepare: seed},
	{name: "sync", app: "sessions", conns: []int{1, 16, 64}, run: syncing},
	{name: "r2-get-10m", app: "sessions", conns: []int{1, 4}, run: gets("/api/store/big", download), prepare: seed},
	{name: "r2-get-100m", app: "sessions", conns: []int{1}, run: gets("/api/store/large", large), prepare: seedLarge},
	{name: "r2-put-100m", app: "sessions", conns: []int{1}, run: upload("PUT", "/api/store/written", large, int64(len("stored")))},
	{name: "upload-100m", app: "sessions", conns: []int{1}, run: upload("POST", "/api/upload", large, large)},
	{name: "upload-pipe", app: "sessions", conns: []int{1}, run: upload("POST", "/api/pipe", large, large)},
	{name: "kv-get", app: "bindings", conns: []int{1, 16}, run: gets("/kv-get", 4), prepare: setUp},
	{name: "kv-put", app: "bindings", conns: []int{1, 16}, run: gets("/kv-put", 6), prepare: setUp},
	{name: "d1-query", app: "bindings", conns: []int{1, 16}, run: gets("/d1-query", 7), prepare: setUp},
	{name: "d1-batch", app: "bindings", conns: []int{1, 16}, run: gets("/d1-batch", 7), prepare: setUp},
	{name: "do-sql", app: "bindings", conns: []int{1, 16}, run: gets("/do-sql", 7), prepare: setUp},
	{name: "rpc", app: "bindings", conns: []int{1, 16}, run: gets("/rpc", 1), prepare: setUp},
	{name: "rpc-chain", app: "bindings", conns: []int{1, 16}, run: gets("/rpc-chain", 5), prepare: setUp},
	{name: "queue-send", app: "bindings", conns: []int{1, 16}, run: gets("/queue-send", 4), prepare: setUp},
	{name: "ws-echo", app: "sessions", conns: []int{1, 16, 64}, run: echo("/api/echo/one")},
	{name: "ws-echo-plain", app: "sessions", conns: []int{1, 16, 64}, run: echo("/api/plain-echo")},
	{name: "ws-fanout", app: "sessions", conns: []int{200}, run: room("/api/room/one")},
}
