package wire

import (
	"sync"
	"unicode/utf8"
)

// Message is one WebSocket message. Data must not change after it was sent.
type Message struct {
	Text bool
	Data []byte
}

// SocketHandler receives what the other end of a Socket does. Calls come one
// at a time and in order, on the goroutine of the sender: a handler must hand
// the work on (to its loop, to a writer queue) and return.
type SocketHandler interface {
	// SocketMessage is called for each message.
	SocketMessage(Message)
	// SocketClose is called once when the other end closed, with the code and
	// reason it gave. Code 1005 means none was given, 1006 that the connection
	// broke.
	SocketClose(code int, reason string)
}

// Socket is one end of a WebSocket inside the process. The two ends of a pair
// call each other directly: coupling one end to a network connection, or
// passing it through any number of workers, adds no copy and no goroutine.
// All methods are safe for concurrent use.
type Socket struct {
	shared *sync.Mutex
	peer   *Socket

	handler  SocketHandler
	queue    []event // what arrived before a handler was attached
	draining bool
	closed   bool // this end has sent its close
	buffered func() int
}

type event struct {
	msg    Message
	close  bool
	code   int
	reason string
}

// NewSocketPair returns two connected ends.
func NewSocketPair() (*Socket, *Socket) {
	mu := new(sync.Mutex)
	a, b := &Socket{shared: mu}, &Socket{shared: mu}
	a.peer, b.peer = b, a
	return a, b
}

// Attach makes h receive what the other end sends, first of all what is
// already queued. Attaching again moves the socket to a new handler (a
// hibernated object waking up); nil queues until the next Attach.
func (s *Socket) Attach(h SocketHandler) {
	s.shared.Lock()
	s.handler = h
	s.shared.Unlock()
	s.drain()
}

// Send passes m to the other end. It never blocks; it reports false once this
// end has closed.
func (s *Socket) Send(m Message) bool {
	s.shared.Lock()
	if s.closed {
		s.shared.Unlock()
		return false
	}
	s.peer.queue = append(s.peer.queue, event{msg: m})
	s.shared.Unlock()
	s.peer.drain()
	return true
}

// Close closes this end's direction. Further calls do nothing and report false.
func (s *Socket) Close(code int, reason string) bool {
	s.shared.Lock()
	if s.closed {
		s.shared.Unlock()
		return false
	}
	s.closed = true
	s.peer.queue = append(s.peer.queue, event{close: true, code: code, reason: reason})
	s.shared.Unlock()
	s.peer.drain()
	return true
}

// Closed reports whether this end has closed.
func (s *Socket) Closed() bool {
	s.shared.Lock()
	defer s.shared.Unlock()
	return s.closed
}

// SetBuffered lets the carrier of this end (a network writer) tell how many
// bytes wait there; Buffered on the other end reports it.
func (s *Socket) SetBuffered(f func() int) {
	s.shared.Lock()
	s.buffered = f
	s.shared.Unlock()
}

// Buffered is the number of bytes sent on this end that have not left yet.
func (s *Socket) Buffered() int {
	s.shared.Lock()
	f := s.peer.buffered
	n := 0
	for _, e := range s.peer.queue {
		n += len(e.msg.Data)
	}
	s.shared.Unlock()
	if f != nil {
		n += f()
	}
	return n
}

// drain delivers queued events in order; one goroutine at a time does so, and
// events that arrive meanwhile are delivered by it.
func (s *Socket) drain() {
	s.shared.Lock()
	if s.draining {
		s.shared.Unlock()
		return
	}
	s.draining = true
	for s.handler != nil && len(s.queue) > 0 {
		e := s.queue[0]
		s.queue = s.queue[1:]
		h := s.handler
		s.shared.Unlock()
		if e.close {
			h.SocketClose(e.code, e.reason)
		} else {
			h.SocketMessage(e.msg)
		}
		s.shared.Lock()
	}
	if len(s.queue) == 0 {
		s.queue = nil
	}
	s.draining = false
	s.shared.Unlock()
}

// ValidClose checks the arguments of WebSocket close(): code 1000 or
// 3000–4999, and a reason of at most 123 bytes of UTF-8.
func ValidClose(code int, reason string) bool {
	return (code == 1000 || code >= 3000 && code <= 4999) && len(reason) <= 123 && utf8.ValidString(reason)
}
