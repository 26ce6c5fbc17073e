package wire

import (
	"context"
	"errors"
	"io"
	"sync"
)

// Conn is one end of a connection: each direction can be closed by itself.
// Close may be called at any time, from any goroutine.
type Conn interface {
	io.ReadWriteCloser
	// CloseWrite tells the other end that no more comes.
	CloseWrite() error
}

// Connection is a TCP connection on its way to the connect handler of a worker.
type Connection struct {
	// Address is what the client connected to, host:port.
	Address string
	// Client is where it comes from, "" for one made by a worker.
	Client string
	// Conn is the handler's end.
	Conn Conn
	// Gone is closed when the client has given up the connection altogether.
	Gone <-chan struct{}

	// The rest is as in Request.
	Zone  string
	Hops  int
	Calls *Calls
	Entry *Entry
	Span  uint64
}

// Connector is implemented by a Fetcher that takes connections too: a worker, a
// Durable Object.
type Connector interface {
	// Connect returns once the connection has a handler, which runs on by itself
	// and then closes Conn. With an error nobody has it.
	Connect(ctx context.Context, c *Connection) error
}

// ErrDisconnected is what the handler's end of a connection gives once the
// client is gone.
var ErrDisconnected = errors.New("the client disconnected")

// NewConn makes a connection inside the process and gives the client's end of
// it. What one end writes waits until the other one reads it.
func NewConn(c *Connection) Conn {
	toHandler, fromClient := io.Pipe()
	toClient, fromHandler := io.Pipe()
	gone := make(chan struct{})
	c.Conn = &pipe{PipeReader: toHandler, w: fromHandler, broken: io.ErrClosedPipe}
	c.Gone = gone
	return &pipe{PipeReader: toClient, w: fromClient, broken: ErrDisconnected, closed: sync.OnceFunc(func() { close(gone) })}
}

// pipe is one end.
type pipe struct {
	*io.PipeReader
	w *io.PipeWriter
	// broken is what the other end's calls fail with after a Close.
	broken error
	closed func()
}

func (p *pipe) Write(b []byte) (int, error) { return p.w.Write(b) }

// CloseWrite implements Conn.
func (p *pipe) CloseWrite() error { return p.w.Close() }

// Close implements Conn. A handler that has ended leaves what it wrote, and an end of it.
func (p *pipe) Close() error {
	if p.closed == nil {
		p.w.Close()
	} else {
		p.closed()
		p.w.CloseWithError(p.broken)
	}
	return p.PipeReader.CloseWithError(p.broken)
}
