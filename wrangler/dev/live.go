package dev

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/miniworker/miniworker/internal/diag"
)

const (
	// livePath is where pages learn how the builds stand; the address and
	// wranglerProtocol are wrangler's.
	livePath   = "/cdn-cgi/live-reload"
	scriptPath = "/cdn-cgi/local/live.js"
	// buildPath shows why the newest version does not serve.
	buildPath = "/cdn-cgi/local/build"

	// wranglerProtocol gets the word reload for each version, liveProtocol a
	// liveStatus in JSON.
	wranglerProtocol = "WRANGLER_PROXYWORKER_LIVE_RELOAD_PROTOCOL"
	liveProtocol     = "miniworker.live"
)

// live is what open pages wait for: builds, and the versions they lead to.
type live struct {
	session string // tells the versions of a session from those of the one before

	mu              sync.Mutex
	version, builds int
	changed         chan struct{} // closed at the next build
}

func newLive(started time.Time) *live {
	return &live{session: strconv.FormatInt(started.UnixMilli(), 36), changed: make(chan struct{})}
}

// built tells pages of a build, and whether they are out of date with it.
func (l *live) built(fresh bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.builds++
	if fresh {
		l.version++
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

// liveStatus is what pages are told.
type liveStatus struct {
	// Version is that of everything that serves.
	Version string `json:"version"`
	// Stale are the workers whose newest version does not serve, Build names the
	// errors they have.
	Stale []string `json:"stale"`
	Build int      `json:"build"`
}

func (l *live) now() (st liveStatus, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return liveStatus{Version: l.session + "." + strconv.Itoa(l.version), Build: l.builds}, l.changed
}

// script is the address of the script for a page that is made now. With reload
// the page loads anew when a newer version serves.
func (l *live) script(reload bool) string {
	st, _ := l.now()
	q := url.Values{"version": {st.Version}}
	if reload {
		q.Set("reload", "")
	}
	return scriptPath + "?" + q.Encode()
}

// pageScript is the script that documents of workers load: always for live
// reload, else while a version does not build.
func (s *Session) pageScript() string {
	if !s.opts.LiveReload && len(s.staleWorkers()) == 0 {
		return ""
	}
	return s.live.script(s.opts.LiveReload)
}

func (s *Session) liveScript(w http.ResponseWriter, r *http.Request) {
	text, err := pageFiles.ReadFile("pages/live.js")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
}

// liveSocket tells a page of builds until it is left.
func (s *Session) liveSocket(w http.ResponseWriter, r *http.Request) {
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		http.Error(w, "426 Upgrade Required: this is the WebSocket of live reload", http.StatusUpgradeRequired)
		return
	}
	before, _ := s.live.now()
	last := before.Version
	conn, release, err := s.server.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: []string{liveProtocol, wranglerProtocol}, CompressionMode: websocket.CompressionDisabled,
		InsecureSkipVerify: true, // the guard of /cdn-cgi/ has looked at the origin
	})
	if err != nil {
		return
	}
	defer release()
	gone := conn.CloseRead(context.Background())
	wrangler := conn.Subprotocol() == wranglerProtocol
	for {
		st, changed := s.live.now()
		st.Stale = s.staleWorkers()
		text, send := []byte("reload"), last != st.Version
		if !wrangler {
			text, _ = json.Marshal(st)
			send = true
		}
		if send && conn.Write(gone, websocket.MessageText, text) != nil {
			return
		}
		last = st.Version
		select {
		case <-changed:
		case <-gone.Done():
			return
		}
	}
}

// staleWorkers are those that serve an older version than their files.
func (s *Session) staleWorkers() []string {
	if list := s.stale.Load(); list != nil {
		return *list
	}
	return []string{}
}

// buildPage shows the errors of the workers that serve an older version; pages
// show it over themselves.
func (s *Session) buildPage(w http.ResponseWriter, r *http.Request) {
	stale := s.staleWorkers()
	pg := &page{Status: http.StatusOK, Kind: "Build", Tone: "calm", Title: "Every worker serves its newest version"}
	if len(stale) > 0 {
		pg.Kind, pg.Tone, pg.Worker = "Build failed", "bad", strings.Join(stale, ", ")
		pg.Title = strings.Join(stale, ", ") + ": the newest version does not build"
		pg.Lead = "The last good version keeps serving. This goes away with the next save that builds."
	}
	for _, name := range stale {
		s.mu.Lock()
		res := s.results[name]
		s.mu.Unlock()
		if res == nil {
			continue // the project was exchanged meanwhile
		}
		pg.Findings = append(pg.Findings, s.errorsOf(res.Diags)...)
		if res.Err != nil {
			pg.Findings = append(pg.Findings, s.startFinding(name, res.Err))
		}
	}
	w.Header().Set("Cross-Origin-Embedder-Policy", "require-corp")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	s.render(w, r, pg)
}

// startFinding is the finding of a version that threw while it was loaded.
func (s *Session) startFinding(worker string, err error) finding {
	f := s.explain(worker, err.Error(), stackOf(err))
	out := finding{
		Severity: diag.Error.String(), Code: "failed_to_start", Message: err.Error() + ", thrown while the worker was loaded",
		Hint: strings.Join(f.Hints, "\n"), Excerpt: s.excerptView(f.Excerpt),
	}
	if top := f.top(); top != nil {
		out.Place = s.link(top.Path, top.Line, top.Col)
		out.text = top.label() + ": "
	}
	out.text += out.Message
	return out
}
