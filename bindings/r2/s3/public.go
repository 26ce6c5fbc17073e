package s3

import (
	"net/http"
	"strings"
)

// PublicPrefix is where buckets are read without a signature, as a public
// bucket's r2.dev address or custom domain would be: PREFIX/BUCKET/KEY.
const PublicPrefix = "/cdn-cgi/local/r2/public/"

// Public serves buckets to everyone who may use the dev port. It reads only.
type Public struct {
	Bucket func(name string) (Bucket, bool)
}

// ServeHTTP implements http.Handler.
func (p *Public) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "405 Method Not Allowed: a public bucket is read only", http.StatusMethodNotAllowed)
		return
	}
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, PublicPrefix), "/")
	b, ok := p.Bucket(name)
	if !ok || key == "" {
		http.Error(w, "404 Not Found: the address is "+PublicPrefix+"BUCKET/KEY", http.StatusNotFound)
		return
	}
	q := &request{Request: r, w: w, bucket: name, key: key, store: b.Store}
	if err := q.getObject(); err != nil {
		e := describe(err)
		w.Header().Del("Content-Length")
		if e.Status == http.StatusNotModified {
			w.WriteHeader(e.Status)
			return
		}
		w.Header().Del("ETag")
		http.Error(w, http.StatusText(e.Status)+": "+e.Message, e.Status)
	}
}
