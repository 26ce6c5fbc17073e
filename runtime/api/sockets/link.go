package sockets

import (
	"errors"
	"net"
	"sync"
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

var (
	errClosed = jsg.TypeErrorf("This socket has been closed.")
	errFailed = jsg.Errorf("Stream was cancelled.") // a read that waited for the connection
	errNoTLS  = jsg.Errorf("startTls() is not supported on this connection.")
	errLost   = &jsg.Error{Name: "Error", Message: "Network connection lost.", Props: jsg.Flags("retryable")}
	errGone   = jsg.TypeErrorf("Can't read from request stream because client disconnected.")
)

// lost is what JavaScript is told of a connection that broke.
func lost(err error) error {
	if errors.Is(err, wire.ErrDisconnected) {
		return errGone
	}
	return errLost
}

// link is the connection of a socket, safe for concurrent use: there once it is
// established, and gone once it is closed or another socket has taken it.
type link struct {
	ready chan struct{} // closed when conn or err is there
	over  chan struct{} // closed by close

	mu      sync.Mutex
	conn    wire.Conn
	err     error
	why     error // of close
	closing bool  // no further reads
	taken   bool

	reading sync.Mutex // held during a Read

	forget func() bool // called by close
}

func newLink() *link { return &link{ready: make(chan struct{}), over: make(chan struct{})} }

// settle says how connecting went. A link that was closed meanwhile closes the
// connection.
func (l *link) settle(c wire.Conn, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn, l.err = c, err
	if l.why != nil && c != nil {
		c.Close()
	}
	close(l.ready)
}

// connected waits for the connection.
func (l *link) connected() (wire.Conn, error) {
	select {
	case <-l.ready:
	case <-l.over:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.why != nil:
		return nil, l.why
	case l.taken:
		return nil, errClosed
	}
	return l.conn, l.err
}

func (l *link) read(c wire.Conn, p []byte) (int, error) {
	l.reading.Lock()
	defer l.reading.Unlock()
	if l.released() {
		return 0, errClosed
	}
	return c.Read(p)
}

// refuse makes further reads fail.
func (l *link) refuse() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closing = true
}

func (l *link) refused() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closing || l.why != nil
}

func (l *link) released() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.taken
}

// close ends the connection; what is under way fails.
func (l *link) close(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.why != nil {
		return
	}
	l.why = why
	close(l.over)
	if l.forget != nil {
		l.forget()
	}
	if l.conn != nil && !l.taken {
		l.conn.Close()
	}
}

// failed reports whether there will be no connection.
func (l *link) failed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err != nil
}

// take gives the connection away; this link is of no use any more.
func (l *link) take() (wire.Conn, error) {
	c, err := l.connected()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken = true
	return c, nil
}

// release is take of a connection to the network, after ending a read under way.
func (l *link) release() (net.Conn, error) {
	c, err := l.take()
	if err != nil {
		return nil, err
	}
	nc, ok := c.(net.Conn)
	if !ok {
		return nil, errNoTLS
	}
	nc.SetReadDeadline(time.Unix(1, 0))
	l.reading.Lock()
	defer l.reading.Unlock()
	return nc, nc.SetReadDeadline(time.Time{})
}
