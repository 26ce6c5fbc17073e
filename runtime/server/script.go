package server

import (
	"bytes"
	"html"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"

	"github.com/miniworker/miniworker/runtime/wire"
)

// documentScript is the script that the document r asks for is to load; "" if r
// is not a browser's navigation, or nothing is to be loaded.
func (s *Server) documentScript(r *http.Request) string {
	if s.opts.Script == nil || r.Method == http.MethodHead || !navigates(r.Header) {
		return ""
	}
	src := s.opts.Script()
	if src != "" {
		// What the browser has kept was made without, or with another, script.
		r.Header.Del("If-None-Match")
		r.Header.Del("If-Modified-Since")
	}
	return src
}

// navigates tells a page in a tab from what pages load. Browsers that speak
// plain HTTP to a name other than localhost do not say.
func navigates(h http.Header) bool {
	if mode := h.Get("Sec-Fetch-Mode"); mode != "" {
		return mode == "navigate" && h.Get("Sec-Fetch-Dest") == "document"
	}
	return strings.Contains(h.Get("Accept"), "text/html") && h.Get("X-Requested-With") == ""
}

// appendScript makes an HTML document load a script at its end. Everything else
// is left alone, and so is a document nobody here can decode.
func appendScript(resp *wire.Response, src string) {
	if resp.Body == nil || !bodyAllowed(resp.Status) || resp.Status == http.StatusPartialContent || !isDocument(resp.Header) {
		return
	}
	var text io.Reader = resp.Body
	length := resp.Body.Len()
	if encoding := resp.Header.Get("Content-Encoding"); encoding != "" && resp.Encoded {
		switch encoding {
		case "gzip":
			text = &lazyGzip{src: resp.Body}
		case "br":
			text = brotli.NewReader(resp.Body)
		default:
			return
		}
		length = -1
		resp.Header.Del("Content-Encoding")
	}
	tag := []byte(scriptTag(src, resp.Header))
	if length >= 0 {
		length += int64(len(tag))
	}
	resp.Body = wire.NewBody(struct {
		io.Reader
		io.Closer
	}{io.MultiReader(text, bytes.NewReader(tag)), resp.Body}, length)
	resp.Header.Del("ETag")
	resp.Header.Del("Last-Modified")
	resp.Header.Set("Cache-Control", "no-store")
}

// isDocument reports whether a browser shows the answer as a page.
func isDocument(h http.Header) bool {
	media, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return media == "text/html" && !strings.HasPrefix(strings.ToLower(h.Get("Content-Disposition")), "attachment")
}

var nonce = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`'nonce-([A-Za-z0-9+/_=-]+)'`) })

// scriptTag carries the nonce of the page's own policy, if it has one.
func scriptTag(src string, h http.Header) string {
	tag := `<script async src="` + html.EscapeString(src) + `"`
	for _, policy := range h["Content-Security-Policy"] {
		if m := nonce().FindStringSubmatch(policy); m != nil {
			tag += ` nonce="` + m[1] + `"`
			break
		}
	}
	return tag + "></script>"
}
