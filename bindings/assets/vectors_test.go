package assets

import (
	"encoding/json"
	"os"
	"testing"
)

// The vectors of the routing specification that the layer alone decides, kept
// in testdata/vectors.json.
func TestRoutingSpecification(t *testing.T) {
	raw, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		ID, Title string
		Files     []string
		Redirects string
		Headers   string
		Config    struct {
			HTMLHandling     HTMLHandling     `json:"html_handling"`
			NotFoundHandling NotFoundHandling `json:"not_found_handling"`
			RunWorkerFirst   json.RawMessage  `json:"run_worker_first"`
			Date             string           `json:"compatibility_date"`
			AssetsOnly       bool             `json:"assets_only"`
		}
		Binding bool
		Request struct {
			URL, Method string
			Headers     map[string]string
		}
		Expect struct {
			Outcome, Asset, Location string
			Status                   int
			Headers                  map[string]string
		}
	}
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 25 {
		t.Fatalf("only %d vectors", len(vectors))
	}
	for _, v := range vectors {
		t.Run(v.ID, func(t *testing.T) {
			cfg := Config{HTMLHandling: v.Config.HTMLHandling, NotFoundHandling: v.Config.NotFoundHandling,
				HasWorker:               !v.Config.AssetsOnly,
				NavigationPrefersAssets: NavigationPrefersAssets(v.Config.Date, nil)}
			if json.Unmarshal(v.Config.RunWorkerFirst, &cfg.RunWorkerFirst) != nil {
				json.Unmarshal(v.Config.RunWorkerFirst, &cfg.RunWorkerFirstRules)
			}
			files := map[string]string{}
			for _, f := range v.Files {
				files[f] = "contents of " + f
			}
			if v.Redirects != "" {
				files["_redirects"] = v.Redirects
			}
			if v.Headers != "" {
				files["_headers"] = v.Headers
			}
			l := newLayer(t, cfg, files)
			req := request(v.Request.Method, v.Request.URL)
			for k, val := range v.Request.Headers {
				req.Header.Set(k, val)
			}
			d := l.Decide(req)
			if got := d.Worker; !v.Binding && got != (v.Expect.Outcome == "worker") {
				t.Fatalf("%s: runs the Worker: %v, want outcome %s (%+v)", v.Title, got, v.Expect.Outcome, d)
			}
			if v.Expect.Outcome == "worker" {
				return
			}
			o := l.Resolve(req)
			if o.Asset != v.Expect.Asset || o.Location != v.Expect.Location || o.Status != v.Expect.Status {
				t.Errorf("%s: got %+v, want %+v", v.Title, o, v.Expect)
			}
			if !v.Binding && d.Outcome != o {
				t.Errorf("%s: Decide found %+v, Resolve %+v", v.Title, d.Outcome, o)
			}
			res := fetch(t, l, req)
			for k, want := range v.Expect.Headers {
				if got := res.header.Get(k); got != want {
					t.Errorf("%s: header %s is %q, want %q", v.Title, k, got, want)
				}
			}
			want := ""
			if o.Asset != "" {
				want = "contents of " + o.Asset
			}
			if res.status != v.Expect.Status || res.body != want || res.header.Get("Location") != v.Expect.Location {
				t.Errorf("%s: answered %+v", v.Title, res)
			}
		})
	}
}
