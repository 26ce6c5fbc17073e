// Package wire holds the values that travel between isolates, bindings and the
// server: requests, responses, bodies and sockets. They are plain Go, safe to
// hand from one goroutine to another, and know neither the engine nor HTTP
// sockets. A body is a capability (an io.ReadCloser), never bytes: crossing a
// boundary costs a pointer.
package wire

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync/atomic"
)

// Request is one HTTP request on its way to something that answers.
// Header keys are in canonical MIME form. Ownership passes with the value: the
// receiver may change or keep Header and must close Body.
type Request struct {
	Method string
	// URL is absolute and WHATWG-serialised, exactly what the worker reads as
	// request.url.
	URL    string
	Header http.Header
	// Body is nil when there is none. Its Close cancels the sender.
	Body Body
	// Redirect is "follow", "manual" or "error"; empty means "manual", which is
	// what a worker sees on an incoming request.
	Redirect string
	// CF is request.cf as JSON, or nil.
	CF []byte
	// Zone is the zone by which the outermost request came in; same-zone fetch
	// rules need it (routing spec, section 7).
	Zone string
	// Hops counts the workers reached by fetch since the request came in. Calls
	// counts what was invoked through bindings since the last of them, by all of
	// those together; nil is none so far. Each has its limit.
	Hops  int
	Calls *Calls
	// Entry is the request that came to the project by its routes, nil if none
	// did (a cron event). It is shared and never changed.
	Entry *Entry
	// Span is the trace span that caused this request, 0 for none.
	Span uint64
}

// Calls counts the invocations that one request leads to.
type Calls struct{ n atomic.Int32 }

// Add counts one more and gives how many there are now.
func (c *Calls) Add() int { return int(c.n.Add(1)) }

// Count is how many there are now; none for nil.
func (c *Calls) Count() int {
	if c == nil {
		return 0
	}
	return int(c.n.Load())
}

// Inside begins a count of its own for what one more invocation leads to.
func (c *Calls) Inside() *Calls {
	in := new(Calls)
	in.n.Store(int32(c.Count()) + 1)
	return in
}

// Entry says how a request came to the project, by its routes or by a fetch
// that was routed. The Worker it started, and what that one calls through
// bindings, decide by it where their own fetches go.
type Entry struct {
	// Worker was started, by Via ("route", "custom_domain", "workers_dev").
	Worker, Via string
	// Host is the hostname that was routed, in lower case without port;
	// Authority is what the URL said, which on localhost is something else.
	Host, Authority string
	// ClientIP is the address of the client.
	ClientIP string
}

// Response is the answer to a Request; the same ownership rules hold.
type Response struct {
	Status     int
	StatusText string
	Header     http.Header
	// Body is nil for a null body. The receiver must close it.
	Body Body
	// WebSocket is set on a 101 answer to an upgrade: the client's end.
	WebSocket *Socket
	// URL is the final URL after redirects, empty where unknown.
	URL string
	// Redirected reports whether redirects were followed.
	Redirected bool
	// Encoded says that Body already carries the Content-Encoding in Header
	// (encodeBody: "manual"), so nobody may encode it again.
	Encoded bool
	// By says who answered a global fetch, for traces: a worker or an origin and
	// the routing rule; empty for the network.
	By string
}

// Body is a stream of bytes. Read follows io.Reader; Close may be called at any
// time, from any goroutine, and cancels the producer.
type Body interface {
	io.ReadCloser
	// Len is the number of bytes Read will yield in total, or -1 if unknown.
	// A known length decides Content-Length and is required by R2 puts.
	Len() int64
}

// Canceler is implemented by bodies that can tell their producer why.
type Canceler interface {
	Cancel(reason error)
}

// Fetcher answers requests: a worker, an asset layer, a Durable Object stub,
// the network. Implementations are safe for concurrent use. An error means the
// callee produced no response (it threw, or was cancelled).
type Fetcher interface {
	Fetch(ctx context.Context, req *Request) (*Response, error)
}

// Dialer is implemented by the Fetcher of a worker's global fetch if the worker
// may open connections of its own.
type Dialer interface {
	// Dial connects to host:port by TCP.
	Dial(ctx context.Context, address string) (net.Conn, error)
	// TLS is the client's end of a TLS connection to host over conn.
	TLS(conn net.Conn, host string) *tls.Conn
}

// FetcherFunc adapts a function to Fetcher.
type FetcherFunc func(ctx context.Context, req *Request) (*Response, error)

// Fetch calls f.
func (f FetcherFunc) Fetch(ctx context.Context, req *Request) (*Response, error) {
	return f(ctx, req)
}

// NewBody gives r a length.
func NewBody(r io.ReadCloser, length int64) Body { return sizedBody{r, length} }

type sizedBody struct {
	io.ReadCloser
	length int64
}

func (b sizedBody) Len() int64 { return b.length }

// WriteTo keeps sendfile and other copy shortcuts of the wrapped reader.
func (b sizedBody) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, b.ReadCloser) }

// BytesBody is a Body over bytes already in memory. Receivers may use Bytes to
// skip the copy.
type BytesBody struct {
	data   []byte
	off    int
	closed atomic.Bool // Close may come while another goroutine reads
}

// NewBytesBody returns a body of data, which must not change afterwards.
func NewBytesBody(data []byte) *BytesBody { return &BytesBody{data: data} }

// Bytes returns what is left to read, without consuming it.
func (b *BytesBody) Bytes() []byte {
	if b.closed.Load() {
		return nil
	}
	return b.data[b.off:]
}

// InMemory reports whether b is a BytesBody: reading it waits for nobody.
func InMemory(b Body) bool { _, ok := b.(*BytesBody); return ok }

// Len implements Body.
func (b *BytesBody) Len() int64 { return int64(len(b.data)) }

// Read implements io.Reader.
func (b *BytesBody) Read(p []byte) (int, error) {
	if b.off >= len(b.data) || b.closed.Load() {
		return 0, io.EOF
	}
	n := copy(p, b.data[b.off:])
	b.off += n
	return n, nil
}

// WriteTo writes the rest in one call.
func (b *BytesBody) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(b.Bytes())
	b.off += n
	return int64(n), err
}

// Close implements io.Closer.
func (b *BytesBody) Close() error { b.closed.Store(true); return nil }
