package server

import (
	"bufio"
	"net"
	"net/http"
	"sync"
)

// cork is a connection that can hold back what is written to it, so that many
// small frames leave in one call of the system.
type cork struct {
	net.Conn
	mu   sync.Mutex
	held bool
	buf  []byte
}

// maxHeld is how many bytes are held back at most.
const maxHeld = 64 << 10

// hold keeps what is written from now on until release.
func (c *cork) hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = true
}

// release writes what was held.
func (c *cork) release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = false
	return c.flush()
}

// Write implements net.Conn.
func (c *cork) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held && len(c.buf)+len(p) <= maxHeld {
		c.buf = append(c.buf, p...)
		return len(p), nil
	}
	if err := c.flush(); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// flush is called with mu held. What a broken connection did not take is gone.
func (c *cork) flush() error {
	if len(c.buf) == 0 {
		return nil
	}
	_, err := c.Conn.Write(c.buf)
	if c.buf = c.buf[:0]; cap(c.buf) > maxHeld/4 {
		c.buf = nil // most sockets are quiet most of the time
	}
	return err
}

// corker puts a cork on the connection that is taken over from w.
type corker struct {
	http.ResponseWriter
	cork *cork
}

// Hijack implements http.Hijacker.
func (w *corker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.cork = &cork{Conn: conn}
	return w.cork, bufio.NewReadWriter(rw.Reader, bufio.NewWriter(w.cork)), nil
}
