package assets

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/nlnwa/whatwg-url/url"
)

// exchange is a line of the transcript: a fixture, or a request to it with the
// recorded answer.
type exchange struct {
	Fixture string
	Worker  bool
	Assets  struct {
		HTMLHandling     HTMLHandling     `json:"html_handling"`
		NotFoundHandling NotFoundHandling `json:"not_found_handling"`
		RunWorkerFirst   json.RawMessage  `json:"run_worker_first"`
	}
	Files   []string
	Special map[string]string

	Method, Path string
	With         map[string]string
	Code         bool
	Status       int
	Asset        string
	Usual        bool
	Header       map[string]any
}

// TestTranscript replays what wrangler answered.
func TestTranscript(t *testing.T) {
	in, err := os.Open("testdata/transcript.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var l *Layer
	var fixture string
	n := 0
	for sc := bufio.NewScanner(in); sc.Scan(); {
		var x exchange
		if err := json.Unmarshal(sc.Bytes(), &x); err != nil {
			t.Fatalf("%v in %s", err, sc.Text())
		}
		switch {
		case x.Fixture != "":
			fixture, l = x.Fixture, x.layer()
		case x.Path != "":
			n++
			if want, got := x.recorded(), x.replay(t, l); got != want {
				t.Errorf("%s: %s %s %v\n got %s\nwant %s", fixture, x.Method, x.Path, x.With, got, want)
			}
		}
	}
	if n < 1500 {
		t.Fatalf("only %d exchanges were replayed", n)
	}
}

func (x *exchange) layer() *Layer {
	cfg := Config{HTMLHandling: x.Assets.HTMLHandling, NotFoundHandling: x.Assets.NotFoundHandling,
		HasWorker: x.Worker, NavigationPrefersAssets: true}
	if json.Unmarshal(x.Assets.RunWorkerFirst, &cfg.RunWorkerFirst) != nil {
		json.Unmarshal(x.Assets.RunWorkerFirst, &cfg.RunWorkerFirstRules)
	}
	files := maps.Clone(x.Special)
	for _, f := range x.Files {
		files[f] = "contents of /" + f
	}
	cfg.FS = memory(files)
	l, _ := New(cfg) // the fixtures hold wrong rules on purpose
	return l
}

// recorded and replay give both answers the same text form.
func (x *exchange) recorded() string {
	if x.Code {
		return "code"
	}
	h := http.Header{}
	for k, v := range x.Header {
		switch v := v.(type) {
		case string:
			h.Set(k, v)
		case []any:
			for _, e := range v {
				h.Add(k, fmt.Sprint(e))
			}
		}
	}
	if x.Usual {
		h.Set("Etag", "*")
		h.Set("Cache-Control", "public, max-age=0, must-revalidate")
		h.Set("Cf-Cache-Status", "HIT")
	}
	return describe(x.Status, x.Asset, h)
}

func (x *exchange) replay(t *testing.T, l *Layer) string {
	host := "localhost:8787"
	if h, ok := x.With["host"]; ok {
		host = h
	}
	u, err := url.Parse("http://" + host + x.Path)
	if err != nil {
		t.Fatal(err)
	}
	req := request(x.Method, u.Href(true))
	for k, v := range x.With {
		if strings.Contains(v, "@etag") {
			v = strings.ReplaceAll(v, "@etag", fetch(t, l, request("GET", req.URL)).header.Get("Etag"))
		}
		req.Header.Set(k, v)
	}
	if x.With["x-via"] == "" && l.Decide(req).Worker {
		return "code"
	}
	a := fetch(t, l, req)
	if a.header.Get("Etag") != "" {
		a.header.Set("Etag", "*")
	}
	return describe(a.status, strings.TrimPrefix(a.body, "contents of "), a.header)
}

func describe(status int, asset string, h http.Header) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %q", status, asset)
	for _, k := range slices.Sorted(maps.Keys(h)) {
		fmt.Fprintf(&b, " %s=%q", k, h[k])
	}
	return b.String()
}
