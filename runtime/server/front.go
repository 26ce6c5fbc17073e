package server

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/localca"
)

// Front accepts connections for an http.Server: plain ones, TLS ones on the same
// port, told apart by their first byte, and the inside of CONNECT tunnels. It is
// a net.Listener; give the http.Server the configuration TLSConfig returns, so
// that it speaks HTTP/2.
type Front struct {
	config *tls.Config
	conns  chan net.Conn
	done   chan struct{}
	close  sync.Once
	wg     sync.WaitGroup

	mu        sync.Mutex
	listeners []net.Listener
	failed    error
	pending   map[net.Conn]struct{} // not yet known what they speak
}

// firstByteWait is how long a client may be silent before its first byte.
const firstByteWait = time.Minute

// NewFront returns a Front with no listeners yet.
func NewFront(config *tls.Config) *Front {
	return &Front{config: config, conns: make(chan net.Conn), done: make(chan struct{}), pending: map[net.Conn]struct{}{}}
}

// TLSConfig is what the http.Server must be given.
func (f *Front) TLSConfig() *tls.Config { return f.config }

// Add accepts from l until Close.
func (f *Front) Add(l net.Listener) {
	f.mu.Lock()
	f.listeners = append(f.listeners, l)
	f.mu.Unlock()
	f.wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				f.fail(err)
				return
			}
			f.Inject(conn)
		}
	})
}

// Inject serves a connection that came another way.
func (f *Front) Inject(conn net.Conn) {
	f.mu.Lock()
	select {
	case <-f.done:
		f.mu.Unlock()
		conn.Close()
		return
	default:
	}
	f.pending[conn] = struct{}{}
	f.wg.Add(1)
	f.mu.Unlock()
	go func() {
		defer f.wg.Done()
		f.sniff(conn)
	}()
}

// sniff waits for the first byte and hands the connection on as what it is.
func (f *Front) sniff(conn net.Conn) {
	_ = conn.SetReadDeadline(time.Now().Add(firstByteWait))
	out, first, err := firstByte(conn)
	_ = conn.SetReadDeadline(time.Time{})
	f.mu.Lock()
	delete(f.pending, conn)
	f.mu.Unlock()
	if err != nil {
		conn.Close()
		return
	}
	if first == tlsHandshake {
		out = tls.Server(out, f.config)
	}
	select {
	case f.conns <- out:
	case <-f.done:
		conn.Close()
	}
}

// tlsHandshake is the first byte of a TLS connection, which no HTTP request
// begins with.
const tlsHandshake = 0x16

// firstByte waits for the first byte of a connection and gives a connection
// that still has it: the same one where the system can look ahead.
func firstByte(conn net.Conn) (net.Conn, byte, error) {
	if first, ok, err := peekByte(conn); ok {
		return conn, first, err
	}
	var buf [1]byte
	if _, err := io.ReadFull(conn, buf[:]); err != nil {
		return conn, 0, err
	}
	return &peeked{Conn: conn, first: buf[:]}, buf[0], nil
}

// peeked gives back what was read to find out.
type peeked struct {
	net.Conn
	first []byte
}

func (c *peeked) Read(p []byte) (int, error) {
	if len(c.first) == 0 {
		return c.Conn.Read(p)
	}
	n := copy(p, c.first)
	c.first = c.first[n:]
	return n, nil
}

// Accept implements net.Listener.
func (f *Front) Accept() (net.Conn, error) {
	select {
	case c := <-f.conns:
		return c, nil
	case <-f.done:
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.failed != nil {
			return nil, f.failed
		}
		return nil, net.ErrClosed
	}
}

func (f *Front) fail(err error) {
	select {
	case <-f.done:
		return
	default:
	}
	if !errors.Is(err, net.ErrClosed) {
		f.mu.Lock()
		f.failed = err
		f.mu.Unlock()
	}
	f.stop()
}

func (f *Front) stop() {
	f.close.Do(func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		close(f.done)
		for _, l := range f.listeners {
			l.Close()
		}
		for c := range f.pending {
			c.Close()
		}
	})
}

// Close implements net.Listener. It waits for what it started.
func (f *Front) Close() error {
	f.stop()
	f.wg.Wait()
	return nil
}

// Addr implements net.Listener: the first listener's.
func (f *Front) Addr() net.Addr {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.listeners) == 0 {
		return &net.TCPAddr{}
	}
	return f.listeners[0].Addr()
}

// Certificates says what TLS connections are answered with.
type Certificates struct {
	// Own is the user's certificate for everything, nil to sign with the
	// authority in Dir.
	Own *tls.Certificate
	// Dir is where the authority is, or is made when the first TLS connection
	// comes.
	Dir string
	// Made is called when an authority was made.
	Made  func(a *localca.Authority)
	Clock clock.Clock
}

// TLSConfig answers TLS connections for the hostnames of the project, localhost
// and what is below it, and refuses all others.
func (s *Server) TLSConfig(c Certificates) *tls.Config {
	if c.Clock == nil {
		c.Clock = clock.Real
	}
	out := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
	if c.Own != nil {
		out.Certificates = []tls.Certificate{*c.Own}
		return out
	}
	ca := &lazyCA{Certificates: c}
	out.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		host := strings.TrimSuffix(strings.ToLower(hello.ServerName), ".")
		if host == "" { // an address: clients do not name those
			host = "localhost"
		}
		if !s.signs(host) {
			return nil, fmt.Errorf("%s is not a hostname of this project; miniworker signs for no other", host)
		}
		a, err := ca.open()
		if err != nil {
			return nil, err
		}
		return a.Leaf(host, c.Clock.Now())
	}
	return out
}

// signs reports whether a certificate for host may be made.
func (s *Server) signs(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return len(host) < 250 && !strings.ContainsAny(host, "*/\\ @:")
	}
	g := s.graph.Load()
	return g != nil && s.owns(g, host)
}

// lazyCA opens the authority when it is first needed, and again after a failure.
type lazyCA struct {
	Certificates
	mu sync.Mutex
	a  *localca.Authority
}

func (l *lazyCA) open() (*localca.Authority, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.a != nil {
		return l.a, nil
	}
	if l.Dir == "" {
		return nil, errors.New("there is no directory for the certificate authority: set " + localca.DirVar)
	}
	a, made, err := localca.Open(l.Dir, l.Clock.Now())
	if err != nil {
		return nil, err
	}
	if l.a = a; made && l.Made != nil {
		l.Made(a)
	}
	return a, nil
}

// tunnel is a hijacked connection with what its buffer already holds.
type tunnel struct {
	net.Conn
	r *bufio.Reader
}

func (t *tunnel) Read(p []byte) (int, error) { return t.r.Read(p) }

// CloseWrite ends one direction, as the connection below can.
func (t *tunnel) CloseWrite() error {
	if c, ok := t.Conn.(interface{ CloseWrite() error }); ok {
		return c.CloseWrite()
	}
	return t.Conn.Close()
}
