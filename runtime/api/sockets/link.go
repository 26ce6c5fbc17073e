package sockets

import (
	"net"
	"sync"
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// conn is a connection of which each direction can be closed.
type conn interface {
	net.Conn
	CloseWrite() error
}

var (
	errClosed = jsg.TypeErrorf("This socket has been closed.")
	errLost   = jsg.Errorf("Network connection lost.")
)

// link is the connection of a socket, safe for concurrent use: there once it is
// established, and gone once it is closed or another socket has taken it.
type link struct {
	ready chan struct{} // closed when conn or err is there
	over  chan struct{} // closed by close

	mu      sync.Mutex
	conn    conn
	err     error
	why     error // of close
	closing bool  // no further reads
	taken   bool

	reading sync.Mutex // held during a Read
}

func newLink() *link { return &link{ready: make(chan struct{}), over: make(chan struct{})} }

// settle says how connecting went. A link that was closed meanwhile closes the
// connection.
func (l *link) settle(c conn, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn, l.err = c, err
	if l.why != nil && c != nil {
		c.Close()
	}
	close(l.ready)
}

// connected waits for the connection.
func (l *link) connected() (conn, error) {
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

func (l *link) read(c conn, p []byte) (int, error) {
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
	if l.conn != nil && !l.taken {
		l.conn.Close()
	}
}

// release gives the connection away, after ending a read under way.
func (l *link) release() (conn, error) {
	c, err := l.connected()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.taken = true
	l.mu.Unlock()
	c.SetReadDeadline(time.Unix(1, 0))
	l.reading.Lock()
	defer l.reading.Unlock()
	return c, c.SetReadDeadline(time.Time{})
}
