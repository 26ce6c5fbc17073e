package browsertest

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/miniworker/miniworker/internal/localca"
	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/dev"
)

// patience is for a browser on a busy machine.
const patience = 90 * time.Second

// browsers are the names Chromium goes by.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

func browser(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path
	}
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("this test needs Chromium, and none of %s is in PATH: install the package chromium (Debian, Fedora, Arch) or set CHROMIUM to the program", strings.Join(browsers, ", "))
	return ""
}

// serve runs the share example with the proxy on a port of its own.
func serve(t *testing.T) (addr string) {
	t.Helper()
	t.Setenv(localca.DirVar, filepath.Join(t.TempDir(), "ca"))
	var locations []config.Location
	for _, name := range []string{"web", "sessions"} {
		path, err := filepath.Abs(filepath.Join("../../examples/share/packages", name, "wrangler.jsonc"))
		if err != nil {
			t.Fatal(err)
		}
		locations = append(locations, config.Location{Path: path, UserPath: path})
	}
	return session(t, dev.Options{Locations: locations, Edge: dev.Edge{Proxy: true, Offline: true}})
}

// session runs a dev session on a port of its own until the test ends.
func session(t *testing.T, o dev.Options) (addr string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ready := make(chan net.Addr, 1)
	done := make(chan error, 1)
	o.Load = config.LoadOptions{NoVarFiles: true}
	o.Primary = o.Load
	o.IP, o.PersistTo, o.Out, o.Level, o.HideBanner = "127.0.0.1", t.TempDir(), t.Output(), dev.Warn, true
	o.Ready = func(a net.Addr) { ready <- a }
	go func() { done <- dev.Run(ctx, o) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("the dev session: %v", err)
		}
	})
	select {
	case a := <-ready:
		return a.String()
	case err := <-done:
		done <- err
		t.Fatalf("the dev session did not start: %v", err)
	case <-time.After(patience):
		t.Fatal("the dev session did not start")
	}
	return ""
}

// spki names the authority's key as Chromium's command line wants it.
func spki(t *testing.T) string {
	t.Helper()
	dir, err := localca.Dir()
	if err != nil {
		t.Fatal(err)
	}
	a, _, err := localca.Open(dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(a.Certificate().RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// open starts a browser with the given proxy settings.
func open(t *testing.T, options ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	opts := append([]chromedp.ExecAllocatorOption{
		chromedp.ExecPath(browser(t)), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless,
		chromedp.NoSandbox, // containers of CI run as root
		chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true), chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("ignore-certificate-errors-spki-list", spki(t)),
	}, options...)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, patience)
	t.Cleanup(cancel)
	return ctx
}

// share makes a document, joins its room twice over wss, edits in one socket and
// waits for the edit in the other.
const share = `(async () => {
  const made = await (await fetch("/api/share", { method: "POST", headers: { "Content-Type": "text/plain" }, body: "first" })).json();
  const join = () => new Promise((resolve, reject) => {
    const socket = new WebSocket("wss://" + location.host + "/ws/" + made.id);
    socket.seen = [];
    socket.waiting = [];
    socket.onmessage = (e) => {
      const m = JSON.parse(e.data);
      socket.seen.push(m);
      socket.waiting = socket.waiting.filter(([test, done]) => !(test(m) && (done(m), true)));
    };
    socket.until = (test) => new Promise((done) => {
      const m = socket.seen.find(test);
      m ? done(m) : socket.waiting.push([test, done]);
    });
    socket.onopen = () => resolve(socket);
    socket.onerror = () => reject(new Error("the socket failed"));
  });
  const [a, b] = [await join(), await join()];
  const snapshot = await b.until((m) => m.type === "snapshot");
  a.send(JSON.stringify({ type: "edit", content: "second", base: snapshot.document.seq }));
  const edit = await b.until((m) => m.type === "edit");
  a.close(); b.close();
  return { origin: location.origin, secure: isSecureContext, link: made.url, before: snapshot.document.content, after: edit.content };
})()`

type shared struct {
	Origin, Link, Before, After string
	Secure                      bool
}

// TestRealHostname opens the share example under its real hostname.
func TestRealHostname(t *testing.T) {
	addr := serve(t)
	for name, option := range map[string]chromedp.ExecAllocatorOption{
		"PAC file":    chromedp.Flag("proxy-pac-url", "http://"+addr+server.PACPath),
		"fixed proxy": chromedp.ProxyServer("http://" + addr),
	} {
		t.Run(name, func(t *testing.T) {
			ctx := open(t, option)
			resp, err := chromedp.RunResponse(ctx, chromedp.Navigate("https://share.example.com/"))
			if err != nil {
				t.Fatal(err)
			}
			if resp.Status != http.StatusOK || !strings.Contains(fmt.Sprint(resp.Headers["X-Miniworker-Route"], resp.Headers["x-miniworker-route"]), "worker=web; via=route; pattern=share.example.com/*") {
				t.Errorf("status %d, headers %v", resp.Status, resp.Headers)
			}
			if resp.Protocol != "h2" {
				t.Errorf("protocol %q", resp.Protocol)
			}
			title, err := chromedp.Run(ctx, chromedp.Text("h1"))
			if err != nil {
				t.Fatal(err)
			}
			got, err := chromedp.Run(ctx, chromedp.Evaluate[shared](share, chromedp.EvalAwaitPromise))
			if err != nil {
				t.Fatal(err)
			}
			if title != "Write together" || got.Origin != "https://share.example.com" || !got.Secure || got.Before != "first" || got.After != "second" ||
				!strings.HasPrefix(got.Link, "https://share.example.com/s/") {
				t.Errorf("page %q, %+v", title, got)
			}
		})
	}
}

// TestForeignHostname: a fixed proxy that is for the project alone says so.
func TestForeignHostname(t *testing.T) {
	addr := serve(t)
	ctx := open(t, chromedp.ProxyServer("http://"+addr))
	if _, err := chromedp.Run(ctx, chromedp.Navigate("http://other.example.org/")); err != nil {
		t.Fatal(err)
	}
	text, err := chromedp.Run(ctx, chromedp.Text("body"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "403 Forbidden") || !strings.Contains(text, "--proxy-all") {
		t.Errorf("%q", text)
	}
	if _, err := chromedp.Run(ctx, chromedp.Navigate("https://other.example.org/")); err == nil || !strings.Contains(err.Error(), "ERR_TUNNEL_CONNECTION_FAILED") {
		t.Errorf("a tunnel to a foreign host: %v", err)
	}
}
