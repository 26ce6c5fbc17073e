package rpc

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/wrangler/harness"
)

func TestAccounts(t *testing.T) {
	h := harness.Start(t, harness.Config{Configs: []string{"web/wrangler.jsonc", "ledger/wrangler.jsonc"}})
	for _, step := range []struct{ method, path, body, want string }{
		{"GET", "/ann", "", `{"bank":"First Example","balance":0}`},
		{"POST", "/ann/deposit", "5", `{"balance":5}`},
		{"POST", "/ann/withdraw", "7", `{"error":"The account lacks 2.","missing":2}`},
		{"POST", "/ann/withdraw", "3", `{"balance":2}`},
		{"GET", "/ann/history", "", "+5\n-3"},
		{"GET", "/ben", "", `{"bank":"First Example","balance":0}`},
	} {
		req, err := http.NewRequest(step.method, "https://bank.example.com"+step.path, strings.NewReader(step.body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := h.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != step.want {
			t.Errorf("%s %s: %s, want %s", step.method, step.path, got, step.want)
		}
	}
}
