package cache

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// wrapAnswer makes the Response to a request with those headers.
func wrapAnswer(js *jsg.Scope, request http.Header, h *Hit) (jsg.Value, error) {
	w, err := answer(isolate.Of(js).Clock().Now(), request, h)
	h.Close()
	if err != nil {
		return nil, err
	}
	if c := iocontext.Current(js); c != nil && w.Body != nil && !inMemory(w.Body) {
		context.AfterFunc(c.Context(), func() { w.Body.Close() }) // in case nobody reads it
	}
	return fetch.WrapResponse(js, w), nil
}

// answer evaluates ranges and conditions, as the platform does in this order:
// a bad range, then the conditions, then the range.
func answer(now time.Time, request http.Header, h *Hit) (*wire.Response, error) {
	var spans []span
	if r := request.Get("Range"); r != "" {
		var ok bool
		if spans, ok = parseRanges(r, h.Size); !ok {
			return finish(&wire.Response{Status: 416, Body: emptyBody(), Header: http.Header{
				"Content-Range": {fmt.Sprintf("bytes */%d", h.Size)}, "Cf-Cache-Status": {"HIT"}}}), nil
		}
	}
	w := &wire.Response{Status: h.Status, Header: h.Header.Clone()}
	w.Header["Age"] = []string{strconv.FormatInt(int64((h.Age+now.Sub(h.Stored))/time.Second), 10)}
	w.Header["Date"] = []string{now.UTC().Format(http.TimeFormat)}
	w.Header["Cf-Cache-Status"] = []string{"HIT"}
	if notModified(request, h.Header) {
		w.Status = http.StatusNotModified
		return finish(w), nil
	}
	var err error
	switch len(spans) {
	case 0:
		w.Body, err = h.Open(0, h.Size)
	case 1:
		s := spans[0]
		w.Status = http.StatusPartialContent
		w.Header.Set("Content-Range", s.contentRange(h.Size))
		w.Header.Set("Content-Length", strconv.FormatInt(s.length, 10))
		w.Body, err = h.Open(s.offset, s.length)
	default:
		err = multipart(w, h, spans)
	}
	return finish(w), err
}

func finish(w *wire.Response) *wire.Response {
	w.StatusText = http.StatusText(w.Status)
	if w.Status == http.StatusRequestedRangeNotSatisfiable {
		w.StatusText = "Range Not Satisfiable" // RFC 9110's name
	}
	return w
}

// notModified is RFC 9110 §13.1.2 and §13.1.3.
func notModified(request, h http.Header) bool {
	if want, tag := request.Get("If-None-Match"), etag(h.Get("Etag")); want != "" && tag != "" {
		if strings.TrimSpace(want) == "*" {
			return true
		}
		for part := range strings.SplitSeq(strings.Join(request.Values("If-None-Match"), ","), ",") {
			if etag(part) == tag {
				return true
			}
		}
	}
	since, err := http.ParseTime(request.Get("If-Modified-Since"))
	if err != nil {
		return false
	}
	modified, err := http.ParseTime(h.Get("Last-Modified"))
	return err == nil && !modified.After(since)
}

// etag is the opaque part of an entity tag, "" if text is none.
func etag(text string) string {
	text = strings.TrimPrefix(strings.TrimSpace(text), "W/")
	if len(text) < 3 || text[0] != '"' || text[len(text)-1] != '"' {
		return ""
	}
	return text[1 : len(text)-1]
}

// span is a range of bytes.
type span struct{ offset, length int64 }

func (s span) contentRange(size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", s.offset, s.offset+s.length-1, size)
}

// parseRanges reads a Range header; ok is false if any of its ranges cannot be
// served. No spans mean the whole content.
func parseRanges(header string, size int64) (spans []span, ok bool) {
	unit, list, found := strings.Cut(header, "=")
	if !found || !strings.EqualFold(strings.TrimSpace(unit), "bytes") {
		return nil, false
	}
	if strings.TrimSpace(list) == "" {
		return nil, true
	}
	for part := range strings.SplitSeq(list, ",") {
		s, ok := parseRange(part, size)
		switch {
		case !ok:
			return nil, false
		case s == all:
			return nil, true
		case s.length > 0:
			spans = append(spans, s)
		}
	}
	return spans, true
}

// all is what a suffix as long as the content, or longer, asks for.
var all = span{-1, -1}

// parseRange reads one range. The empty suffix gives the empty span, which is
// skipped.
func parseRange(text string, size int64) (span, bool) {
	first, last, found := strings.Cut(text, "-")
	first, last = strings.TrimSpace(first), strings.TrimSpace(last)
	if !found || first == "" && last == "" {
		return span{}, false
	}
	end := size - 1
	if last != "" {
		n, err := strconv.ParseUint(last, 10, 62)
		if err != nil {
			return span{}, false
		}
		if first == "" {
			if int64(n) >= size {
				return all, true
			}
			return span{size - int64(n), int64(n)}, true
		}
		end = min(int64(n), end)
		if start, err := strconv.ParseUint(first, 10, 62); err == nil && start > n {
			return span{}, false
		}
	}
	start, err := strconv.ParseUint(first, 10, 62)
	if err != nil || int64(start) >= size {
		return span{}, false
	}
	return span{int64(start), end - int64(start) + 1}, true
}

// multipart makes w carry several ranges (RFC 9110 §14.6).
func multipart(w *wire.Response, h *Hit, spans []span) error {
	boundary := "miniworker-" + rand.Text()
	var readers []io.Reader
	var parts []wire.Body
	var length int64
	text := func(s string) {
		readers = append(readers, strings.NewReader(s))
		length += int64(len(s))
	}
	for _, s := range spans {
		part, err := h.Open(s.offset, s.length)
		if err != nil {
			for _, p := range parts {
				p.Close()
			}
			return err
		}
		head := "--" + boundary + "\r\n"
		if t := h.Header.Get("Content-Type"); t != "" {
			head += "Content-Type: " + t + "\r\n"
		}
		text(head + "Content-Range: " + s.contentRange(h.Size) + "\r\n\r\n")
		readers, parts = append(readers, part), append(parts, part)
		length += s.length
		text("\r\n")
	}
	text("--" + boundary + "--")
	w.Status = http.StatusPartialContent
	w.Header.Set("Content-Type", "multipart/byteranges; boundary="+boundary)
	w.Header.Set("Content-Length", strconv.FormatInt(length, 10))
	w.Body = wire.NewBody(&partsReader{r: io.MultiReader(readers...), parts: parts}, length)
	return nil
}

// partsReader reads parts that never wait, so that Close may wait for a Read.
type partsReader struct {
	mu     sync.Mutex
	r      io.Reader
	parts  []wire.Body
	closed bool
}

func (p *partsReader) Read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return 0, io.ErrClosedPipe
	}
	return p.r.Read(b)
}

func (p *partsReader) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	for _, b := range p.parts {
		b.Close()
	}
	return nil
}
