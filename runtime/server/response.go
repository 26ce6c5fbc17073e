package server

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/andybalholm/brotli"

	"github.com/miniworker/miniworker/runtime/wire"
)

// hopHeaders belong to one connection and never come from a worker.
var hopHeaders = []string{"Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade", "Te", "Trailer"}

// writeResponse writes a worker's answer. After an error the caller must break
// the connection, so that the client cannot take half a body for a whole one.
func writeResponse(w http.ResponseWriter, r *http.Request, resp *wire.Response) error {
	body := resp.Body
	if body != nil {
		defer body.Close()
	}
	h := w.Header()
	for k, v := range resp.Header {
		h[k] = v
	}
	for _, k := range hopHeaders {
		delete(h, k)
	}
	encoded := encode(h, resp)
	if r.Method != http.MethodHead {
		delete(h, "Content-Length")
		if n := bodyLength(body); n >= 0 && !encoded && bodyAllowed(resp.Status) {
			h["Content-Length"] = []string{strconv.FormatInt(n, 10)}
		}
	}
	if _, ok := h["Content-Type"]; !ok {
		h["Content-Type"] = nil // no sniffing: a worker's answer has the type it says
	}
	if r.ProtoMajor == 1 && r.ContentLength != 0 && body != nil && !wire.InMemory(body) {
		// The worker may still read the request while its answer goes out.
		_ = http.NewResponseController(w).EnableFullDuplex()
		defer drain(r.Body)
	}
	w.WriteHeader(resp.Status)
	if body == nil || r.Method == http.MethodHead || !bodyAllowed(resp.Status) {
		return nil
	}
	var err error
	switch {
	case encoded:
		err = writeEncoded(w, h.Get("Content-Encoding"), body)
	case body.Len() >= 0:
		_, err = io.Copy(w, body)
	default:
		err = stream(w, body)
	}
	return err
}

// maxDrain is how much of a request nobody read is thrown away so that the
// connection can be used again; net/http does the same where it is not told
// that reading and writing go on at once.
const maxDrain = 256 << 10

func drain(body io.Reader) { _, _ = io.CopyN(io.Discard, body, maxDrain) }

func bodyLength(b wire.Body) int64 {
	if b == nil {
		return 0
	}
	return b.Len()
}

func bodyAllowed(status int) bool { return status >= 200 && status != 204 && status != 304 }

var buffers = sync.Pool{New: func() any { b := make([]byte, 64<<10); return &b }}

// stream passes each piece on as it comes.
func stream(w http.ResponseWriter, body io.Reader) error {
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	flush := http.NewResponseController(w).Flush
	if err := flush(); err != nil {
		return err
	}
	for {
		n, err := body.Read(*buf)
		if n > 0 {
			if _, err := w.Write((*buf)[:n]); err != nil {
				return err
			}
			if err := flush(); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// encode reports whether the body must be compressed here: the worker set a
// Content-Encoding and left the encoding to the platform.
func encode(h http.Header, resp *wire.Response) bool {
	if resp.Encoded || resp.Body == nil {
		return false
	}
	switch h.Get("Content-Encoding") {
	case "gzip", "br":
		return true
	}
	return false
}

// writeEncoded compresses while it streams.
func writeEncoded(w http.ResponseWriter, encoding string, body io.Reader) error {
	flush := http.NewResponseController(w).Flush
	var enc interface {
		io.WriteCloser
		Flush() error
	}
	if encoding == "br" {
		enc = brotli.NewWriterLevel(w, 4)
	} else {
		enc = gzip.NewWriter(w)
	}
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	for {
		n, err := body.Read(*buf)
		if n > 0 {
			if _, err := enc.Write((*buf)[:n]); err != nil {
				return err
			}
			if err := enc.Flush(); err != nil {
				return err
			}
			if err := flush(); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return enc.Close()
		}
		if err != nil {
			return err
		}
	}
}
