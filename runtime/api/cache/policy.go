package cache

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/runtime/wire"
)

// Entry is a stored response without its content.
type Entry struct {
	Status int
	Header http.Header
	// Age is how old the response said it was when it was stored.
	Age             time.Duration
	Stored, Expires time.Time
}

// newEntry decides whether and how long a shared cache may keep the response to
// a request with those headers; nil is not at all.
func newEntry(now time.Time, request http.Header, w *wire.Response) *Entry {
	h := w.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	cc := parseDirectives(h.Values("Cache-Control"))
	if h.Get("Cache-Control") == "" && strings.Contains(h.Get("Pragma"), "no-cache") {
		cc["no-cache"] = ""
	}
	if strings.EqualFold(cc["private"], "set-cookie") {
		// The cookie is private, the rest is not.
		delete(cc, "private")
		delete(h, "Set-Cookie")
		h.Set("Cache-Control", dropDirective(h.Values("Cache-Control"), "private"))
	}
	if !storable(w.Status, request, h, cc) {
		return nil
	}
	e := &Entry{Status: w.Status, Stored: now, Age: seconds(h.Get("Age"))}
	life := freshness(now, h, cc) - e.Age
	ttl := max(life, life+seconds(cc["stale-if-error"]), life+seconds(cc["stale-while-revalidate"]))
	if ttl <= 0 {
		return nil
	}
	e.Expires = now.Add(ttl)
	dropHopByHop(h)
	delete(h, "Age")
	if n := bodyLen(w.Body); n >= 0 {
		h.Set("Content-Length", strconv.FormatInt(n, 10))
	}
	e.Header = h
	return e
}

func bodyLen(b wire.Body) int64 {
	if b == nil {
		return 0
	}
	return b.Len()
}

// directives are those of Cache-Control, names in lower case.
type directives map[string]string

func (d directives) has(name string) bool { _, ok := d[name]; return ok }

func parseDirectives(values []string) directives {
	d := directives{}
	for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
		name, value, _ := strings.Cut(part, "=")
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			d[name] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return d
}

func dropDirective(values []string, name string) string {
	var kept []string
	for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
		part = strings.TrimSpace(part)
		if n, _, _ := strings.Cut(part, "="); part != "" && !strings.EqualFold(strings.TrimSpace(n), name) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ", ")
}

// storable is RFC 9111 §3, with the platform's additions: no cookies, and only
// these statuses.
func storable(status int, request, h http.Header, cc directives) bool {
	switch status {
	case 200, 203, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501:
	default:
		return false
	}
	if cc.has("no-store") || cc.has("private") || len(h.Values("Set-Cookie")) > 0 {
		return false
	}
	return request.Get("Authorization") == "" || cc.has("must-revalidate") || cc.has("public") || cc.has("s-maxage")
}

// immutableLife is what "immutable" without a lifetime stands for.
const immutableLife = 24 * time.Hour

// freshness is RFC 9111 §4.2.1 and §4.2.2, counted from the response's Date.
func freshness(now time.Time, h http.Header, cc directives) time.Duration {
	switch {
	case cc.has("no-cache"), cc.has("proxy-revalidate"):
		return 0
	case cc["s-maxage"] != "":
		return seconds(cc["s-maxage"])
	case cc["max-age"] != "":
		return seconds(cc["max-age"])
	}
	date := now
	if d, err := http.ParseTime(h.Get("Date")); err == nil {
		date = d
	}
	least := time.Duration(0)
	if cc.has("immutable") {
		least = immutableLife
	}
	if text := h.Get("Expires"); text != "" {
		expires, err := http.ParseTime(text)
		if err != nil || expires.Before(date) {
			return 0
		}
		return max(least, expires.Sub(date))
	}
	if modified, err := http.ParseTime(h.Get("Last-Modified")); err == nil && date.After(modified) {
		return max(least, date.Sub(modified)/10)
	}
	return least
}

// seconds reads a count of seconds; anything else is none.
func seconds(text string) time.Duration {
	digits := strings.TrimSpace(text)
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			digits = digits[:i]
			break
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return time.Duration(min(n, 1<<31)) * time.Second
}

func dropHopByHop(h http.Header) {
	for part := range strings.SplitSeq(strings.Join(h.Values("Connection"), ","), ",") {
		if name := strings.TrimSpace(part); name != "" {
			h.Del(name)
		}
	}
	for _, name := range []string{"Date", "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade"} {
		delete(h, name)
	}
}
