package s3_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/miniworker/miniworker/internal/clock"
)

// TestVirtualHost: the SDK's own way to address buckets, by the host.
func TestVirtualHost(t *testing.T) {
	w := newWorld(t, func(o *sdk.Options) { o.UsePathStyle = false })
	address := strings.TrimPrefix(w.url, "http://")
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	w.http.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	at := func(o *sdk.Options) { o.BaseEndpoint = aws.String("http://s3.localhost:" + port) }
	for _, key := range awkward {
		must[*sdk.PutObjectOutput](w, "put "+key)(w.client.PutObject(t.Context(), &sdk.PutObjectInput{
			Bucket: aws.String("photos"), Key: &key, Body: strings.NewReader("at " + key)}, at))
		if got, _ := w.get(&sdk.GetObjectInput{Key: &key}); got != "at "+key { // in path style
			t.Errorf("%s: %q", key, got)
		}
	}
	list := must[*sdk.ListObjectsV2Output](w, "list")(w.client.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: aws.String("photos")}, at))
	if len(list.Contents) != len(awkward) {
		t.Errorf("%d objects, want %d", len(list.Contents), len(awkward))
	}
}

// TestAWS4Fetch answers requests that aws4fetch 1.0.20 signed, in the order of
// the file; changed ones are refused.
func TestAWS4Fetch(t *testing.T) {
	var list []struct {
		Name, Method, URL, Body string
		Headers                 map[string]string
	}
	data, err := os.ReadFile("testdata/aws4fetch.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	server, _ := newServer(t)
	server.Clock = clock.NewFake(time.Date(2026, 5, 1, 12, 0, 30, 0, time.UTC))
	ask := func(method, url, body string, headers map[string]string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
		for name, value := range headers {
			r.Header.Set(name, value)
		}
		rec := httptest.NewRecorder()
		server.ServeHTTP(rec, r)
		return rec
	}
	wanted := map[string]string{"get": "hello", "get an awkward key": "awkward", "range": "el", "presigned get": "hello", "virtual host get": "by host", "virtual host presigned": "by host"}
	for _, q := range list {
		forged := map[string]string{}
		for name, value := range q.Headers {
			forged[name] = value
		}
		forged["x-amz-date"] = "20260501T120001Z"
		url := strings.Replace(q.URL, "X-Amz-Date=20260501T120000Z", "X-Amz-Date=20260501T120001Z", 1)
		if got := ask(q.Method, url, q.Body, forged); got.Code != http.StatusForbidden {
			t.Errorf("%s, changed: %d %s", q.Name, got.Code, got.Body)
		}
		got := ask(q.Method, q.URL, q.Body, q.Headers)
		if want, ok := wanted[q.Name]; got.Code/100 != 2 || ok && got.Body.String() != want {
			t.Errorf("%s: %d %s, want %q", q.Name, got.Code, got.Body, want)
		}
		delete(wanted, q.Name)
	}
	if len(wanted) > 0 {
		t.Errorf("the file has no %v", wanted)
	}
}
