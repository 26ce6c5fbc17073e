package r2

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
)

// serve is the thinnest server over a bucket: what is left of the storage's
// speed behind HTTP.
func serve(b *Bucket) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			if _, err := b.Put(r.Context(), r.URL.Path, r.Body, r.ContentLength, PutOptions{}); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
			return
		}
		_, body, err := b.Get(r.Context(), r.URL.Path, GetOptions{})
		if err != nil || body == nil {
			http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
			return
		}
		defer body.Close()
		w.Header().Set("Content-Length", strconv.FormatInt(body.Len(), 10))
		_, _ = body.WriteTo(w) // the client may be gone
	}
}

// benchmarkHTTP sends requests over 16 connections.
func benchmarkHTTP(b *testing.B, method string, size int) {
	bucket := newBucket(b)
	server := httptest.NewServer(serve(bucket))
	defer server.Close()
	data := bytes.Repeat([]byte("x"), size)
	keys := int64(max(1, min(100, 64<<20/size)))
	for i := range keys {
		put(b, bucket, fmt.Sprint("/", i), string(data))
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 16, MaxConnsPerHost: 16}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	var next atomic.Int64
	b.SetBytes(int64(size))
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			req, err := http.NewRequest(method, fmt.Sprint(server.URL, "/", next.Add(1)%keys), bytes.NewReader(data))
			if method == http.MethodGet {
				req, err = http.NewRequest(method, fmt.Sprint(server.URL, "/", next.Add(1)%keys), nil)
			}
			if err != nil {
				b.Error(err)
				return
			}
			resp, err := client.Do(req)
			if err != nil {
				b.Error(err)
				return
			}
			n, err := io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			if err != nil || resp.StatusCode != http.StatusOK || method == http.MethodGet && n != int64(size) {
				b.Error(resp.Status, n, err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

func BenchmarkHTTPPut1K(b *testing.B)   { benchmarkHTTP(b, http.MethodPut, 1<<10) }
func BenchmarkHTTPGet1K(b *testing.B)   { benchmarkHTTP(b, http.MethodGet, 1<<10) }
func BenchmarkHTTPGet100M(b *testing.B) { benchmarkHTTP(b, http.MethodGet, 100<<20) }
