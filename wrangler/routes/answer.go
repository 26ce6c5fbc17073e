package routes

import (
	"context"
	"net/http"
	"strings"

	"github.com/miniworker/miniworker/bindings/assets"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Answer is an explanation taken one step further: whether the Worker's code
// or its assets answer.
type Answer struct {
	routing.Explanation
	// Assets is what the asset layer does, nil if the Worker has none or no
	// Worker was reached.
	Assets *AssetAnswer `json:"assets,omitempty"`
}

// AssetAnswer is the decision of an asset layer.
type AssetAnswer struct {
	// Code is true if the Worker's code runs, false if the assets answer.
	Code bool `json:"code"`
	// Rule and Detail say what decided.
	Rule   string `json:"rule"`
	Detail string `json:"detail,omitempty"`
	// Status, Asset and Location describe an answer from the assets.
	Status   int    `json:"status,omitempty"`
	Asset    string `json:"asset,omitempty"`
	Location string `json:"location,omitempty"`
	// Headers are the headers of that answer.
	Headers http.Header `json:"headers,omitempty"`
}

// Explain says who answers req: which Worker, and there its code or an asset.
// The directory of the Worker reached is read anew; what is wrong in it is
// returned beside the answer.
func Explain(t *routing.Table, configs []*config.Config, req *wire.Request, opts routing.ExplainOptions) (Answer, diag.List, error) {
	x, err := t.Explain(req.URL, opts)
	if err != nil {
		return Answer{}, nil, err
	}
	ans := Answer{Explanation: x}
	c := find(configs, x.Worker)
	if x.Outcome != routing.RunWorker || c == nil {
		return ans, nil, nil
	}
	cfg, ok := assets.ConfigOf(c)
	if !ok {
		return ans, nil, nil
	}
	layer, diags := assets.New(cfg)
	at := *req
	at.URL = x.URL
	ans.Assets = assetAnswer(layer, cfg, x, &at)
	return ans, diags, nil
}

func assetAnswer(layer *assets.Layer, cfg assets.Config, x routing.Explanation, req *wire.Request) *AssetAnswer {
	d := layer.Decide(req)
	out := &AssetAnswer{Code: d.Worker, Rule: d.Rule, Detail: d.Detail}
	if d.Worker {
		if cfg.RunWorkerFirst {
			// A redirect that code in front keeps from working is worth naming.
			if o := layer.Resolve(req); o.Rule == "R112" {
				out.Rule, out.Detail = "R112", o.Detail+" is not in front of code that runs first"
			}
		}
	} else {
		out.Status, out.Asset, out.Location = d.Outcome.Status, d.Outcome.Asset, d.Outcome.Location
		out.Headers = answerHeaders(layer, req)
		switch {
		case strings.EqualFold(req.Header.Get("Upgrade"), "websocket"):
			out.Rule, out.Detail = "R97", "an upgrade to a path that has an asset gets the asset"
		case out.Rule == "R100" && hasOwnHeaders(out.Headers):
			out.Rule, out.Detail = "R113", "_headers adds to the answer"
		}
	}
	if (out.Rule == "R100" || out.Rule == "R103") && !cfg.RunWorkerFirst && mounted(x) {
		out.Rule, out.Detail = "R115", "the path of the route is part of the asset's path"
	}
	return out
}

// answerHeaders asks the layer and keeps the headers only; nil if the file
// cannot be read, which serving it will report.
func answerHeaders(layer *assets.Layer, req *wire.Request) http.Header {
	ask := *req
	ask.Body = nil
	res, err := layer.Fetch(context.Background(), &ask)
	if err != nil {
		return nil
	}
	if res.Body != nil {
		res.Body.Close()
	}
	return res.Header
}

// hasOwnHeaders reports headers that the layer does not set by itself.
func hasOwnHeaders(h http.Header) bool {
	for name := range h {
		switch name {
		case "Etag", "Content-Type", "Cache-Control", "Cf-Cache-Status", "Location":
		default:
			return true
		}
	}
	return false
}

// mounted reports that the Worker was reached by a route below the root.
func mounted(x routing.Explanation) bool {
	if x.Via != routing.ViaRoute {
		return false
	}
	p, _ := routing.Parse(x.Pattern)
	return strings.Trim(p.Path, "/") != ""
}
