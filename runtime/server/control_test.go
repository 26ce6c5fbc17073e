package server

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
)

func controlServer(hosts ...string) *Server {
	s := New(Options{Control: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "in") })})
	s.SetGraph(&Graph{Table: routing.NewTable(routing.World{}), Workers: map[string]wire.Fetcher{"api": nil}, Hosts: hosts})
	return s
}

// TestControlGuard tries to reach /cdn-cgi/ the ways pages of other sites can.
func TestControlGuard(t *testing.T) {
	t.Parallel()
	s := controlServer("shop.example.com", "*.apps.example.com", "*example.org", "*", "*.com")
	for _, c := range []struct {
		name, host string
		header     map[string]string
		ok         bool
	}{
		{"localhost", "localhost:8787", nil, true},
		{"localhost without port", "localhost", nil, true},
		{"upper case and dot", "LocalHost.:8787", nil, true},
		{"IPv4", "127.0.0.1:8787", nil, true},
		{"IPv6", "[::1]:8787", nil, true},
		{"worker name", "api.localhost:8787", nil, true},
		{"host name as localhost", "shop.example.com.localhost:8787", nil, true},
		{"host name", "shop.example.com", nil, true},
		{"subdomain of wildcard", "a.b.apps.example.com", nil, true},
		{"apex of glued wildcard", "example.org", nil, true},
		{"subdomain of glued wildcard", "www.example.org", nil, true},

		{"rebound name", "evil.test:8787", nil, false},
		{"name glued to a wildcard", "evilexample.org", nil, false},
		{"apex of a subdomain wildcard", "apps.example.com", nil, false},
		{"name under a top-level wildcard", "evil.com", nil, false},
		{"unknown name under localhost", "evil.localhost", nil, false},
		{"name that begins like one of ours", "shop.example.com.evil.test", nil, false},
		{"name that begins like localhost", "localhost.evil.test", nil, false},
		{"address on the network", "192.168.1.4:8787", nil, false},
		{"other loopback spelling", "127.1", nil, false},

		{"own origin", "localhost:8787", map[string]string{"Origin": "http://localhost:8787"}, true},
		{"project's origin", "localhost:8787", map[string]string{"Origin": "https://shop.example.com"}, true},
		{"foreign origin", "localhost:8787", map[string]string{"Origin": "https://evil.test"}, false},
		{"opaque origin", "localhost:8787", map[string]string{"Origin": "null"}, false},
		{"malformed origin", "localhost:8787", map[string]string{"Origin": "http://[::1"}, false},
		{"image on a foreign page", "localhost:8787", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, false},
		{"link on a foreign page", "localhost:8787", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/cdn-cgi/local/ready", nil)
			r.Host = c.host
			for k, v := range c.header {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if got := w.Code == 200 && w.Body.String() == "in"; got != c.ok {
				t.Errorf("Host %s %v: status %d %q, want reached %v", c.host, c.header, w.Code, w.Body, c.ok)
			}
			if !c.ok && w.Code != http.StatusForbidden {
				t.Errorf("status %d, want 403", w.Code)
			}
		})
	}
}

func TestControlRefusesFormOfForeignPage(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/cdn-cgi/local/scheduled", nil)
	r.Host = "localhost"
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	w := httptest.NewRecorder()
	controlServer().ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("status %d", w.Code)
	}
}

// FuzzCovers holds that a guard pattern never vouches for a foreign name.
func FuzzCovers(f *testing.F) {
	f.Add("*.example.com", "a.example.com")
	f.Add("*", "x")
	f.Fuzz(func(t *testing.T, pattern, host string) {
		if covers(pattern, host) && len(host) < len(pattern)-2 {
			t.Errorf("%q covers %q", pattern, host)
		}
	})
}
