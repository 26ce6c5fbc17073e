package server

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// wireRequest is r as a worker sees it (rule R130).
func (s *Server) wireRequest(r *http.Request, url, zone string) *wire.Request {
	h := r.Header
	encoding := h.Get("Accept-Encoding")
	ip := clientIP(r.RemoteAddr)
	h["Host"] = []string{r.Host}
	h["Accept-Encoding"] = acceptEncoding
	h["Cf-Connecting-Ip"] = []string{ip}
	h["X-Real-Ip"] = h["Cf-Connecting-Ip"]
	if prior := h.Get("X-Forwarded-For"); prior != "" {
		h["X-Forwarded-For"] = []string{prior + ", " + ip}
	} else {
		h["X-Forwarded-For"] = h["Cf-Connecting-Ip"]
	}
	if r.TLS != nil {
		h["X-Forwarded-Proto"], h["Cf-Visitor"] = protoHTTPS, visitorHTTPS
	} else {
		h["X-Forwarded-Proto"], h["Cf-Visitor"] = protoHTTP, visitorHTTP
	}
	h["Cf-Ray"] = []string{rayID()}
	h["Cf-Ipcountry"] = country
	req := &wire.Request{Method: r.Method, URL: url, Header: h, CF: s.cf.get(encoding, r.Proto), Zone: zone, Span: trace.SpanOf(r.Context())}
	if r.ContentLength != 0 && r.Body != http.NoBody {
		req.Body = &requestBody{r: r.Body, length: r.ContentLength}
	}
	return req
}

// Header values that never change, shared by all requests.
var (
	acceptEncoding = []string{"br, gzip"}
	protoHTTP      = []string{"http"}
	protoHTTPS     = []string{"https"}
	visitorHTTP    = []string{`{"scheme":"http"}`}
	visitorHTTPS   = []string{`{"scheme":"https"}`}
	country        = []string{"US"}
)

func clientIP(remote string) string {
	for i := len(remote) - 1; i >= 0; i-- {
		if remote[i] == ':' {
			host := remote[:i]
			if len(host) > 1 && host[0] == '[' {
				return host[1 : len(host)-1]
			}
			return host
		}
	}
	return remote
}

func rayID() string {
	return strconv.FormatUint(rand.Uint64()|1<<63, 16) + "-SFO"
}

// requestBody is the client's body. Closing it must not close the connection
// for the response, so it only stops reading.
type requestBody struct {
	mu     sync.Mutex
	r      io.ReadCloser
	length int64
	closed bool
}

func (b *requestBody) Len() int64 { return b.length }

func (b *requestBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	closed := b.closed
	b.mu.Unlock()
	if closed {
		return 0, io.ErrClosedPipe
	}
	n, err := b.r.Read(p)
	if err != nil && err != io.EOF {
		err = &jsg.Error{Name: "Error", Message: "Network connection lost.", Cause: err}
	}
	return n, err
}

func (b *requestBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return nil
}

// cfCache keeps the JSON of request.cf for the few combinations that occur.
type cfCache struct {
	m sync.Map
	n atomic.Int32
}

type cfKey struct{ encoding, proto string }

// maxCF bounds the cache against clients that send ever new headers.
const maxCF = 64

func (c *cfCache) get(encoding, proto string) []byte {
	k := cfKey{encoding, proto}
	if v, ok := c.m.Load(k); ok {
		return v.([]byte)
	}
	v := CF(encoding, proto)
	if len(encoding) < 128 && c.n.Add(1) <= maxCF {
		c.m.Store(k, v)
	}
	return v
}

// CF is a usable request.cf: made-up but plausible, and the same each time.
func CF(encoding, proto string) []byte {
	out, err := json.Marshal(map[string]any{
		"asOrganization": "", "asn": 395747, "colo": "SFO", "city": "Austin", "region": "Texas", "regionCode": "TX", "metroCode": "635",
		"postalCode": "78701", "country": "US", "continent": "NA", "timezone": "America/Chicago", "latitude": "30.27130", "longitude": "-97.74260",
		"clientTcpRtt": 0, "httpProtocol": proto, "requestPriority": "weight=192;exclusive=0;group=3;group-weight=127",
		"tlsCipher": "AEAD-AES128-GCM-SHA256", "tlsVersion": "TLSv1.3", "clientAcceptEncoding": encoding,
		"tlsClientAuth": map[string]any{
			"certIssuerDNLegacy": "", "certIssuerSKI": "", "certSubjectDNRFC2253": "", "certSubjectDNLegacy": "", "certFingerprintSHA256": "",
			"certNotBefore": "", "certSKI": "", "certSerial": "", "certIssuerDN": "", "certVerified": "NONE", "certNotAfter": "", "certSubjectDN": "",
			"certPresented": "0", "certRevoked": "0", "certIssuerSerial": "", "certIssuerDNRFC2253": "", "certFingerprintSHA1": "",
			"certRFC9440": "", "certRFC9440TooLarge": false, "certChainRFC9440": "", "certChainRFC9440TooLarge": false,
		},
		"edgeRequestKeepAliveStatus": 0, "clientTrustScore": 99,
		"botManagement": map[string]any{"corporateProxy": false, "verifiedBot": false, "ja3Hash": "25b4882c2bcb50cd6b469ff28c596742", "staticResource": false, "detectionIds": []int{}, "score": 99},
	})
	if err != nil {
		return nil
	}
	return out
}
