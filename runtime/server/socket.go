package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
)

// maxMessage is the largest WebSocket message taken from a client, as in
// production: 32 MiB.
const maxMessage = 32 << 20

// maxQueue is how many bytes may wait for a client that does not read before
// its connection is given up: a worker cannot be made to wait.
const maxQueue = 256 << 20

// closeWait is how long the other end may take for its closing handshake.
const closeWait = 5 * time.Second

// upgrade answers an upgrade request with the socket a worker returned.
func (s *Server) upgrade(w http.ResponseWriter, r *http.Request, resp *wire.Response, m routing.Match, span trace.Span) {
	if r.Header.Get("Upgrade") == "" {
		resp.WebSocket.Close(1006, "")
		s.opts.Failed(w, r, m.Worker, errors.New("the worker returned a WebSocket, but the client did not ask for an upgrade (send Upgrade: websocket)"))
		return
	}
	opts := &websocket.AcceptOptions{InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled}
	if p := resp.Header.Get("Sec-Websocket-Protocol"); p != "" {
		opts.Subprotocols = []string{p}
	}
	for k, v := range resp.Header {
		switch k {
		case "Sec-Websocket-Protocol", "Sec-Websocket-Accept", "Sec-Websocket-Extensions", "Connection", "Upgrade", "Content-Length":
		default:
			w.Header()[k] = v
		}
	}
	take := &corker{ResponseWriter: w}
	conn, err := s.accept(take, r, opts)
	if err != nil {
		resp.WebSocket.Close(1006, "")
		return
	}
	defer s.sockets.Delete(conn)
	s.opts.Trace.Emit(trace.Record{Kind: trace.Socket, Span: trace.NewSpan(), Parent: span, Worker: m.Worker, Time: s.opts.Clock.Now(), Name: "open"})
	code, reason := couple(r.Context(), conn, take.cork, resp.WebSocket)
	s.opts.Trace.Emit(trace.Record{Kind: trace.Socket, Span: trace.NewSpan(), Parent: span, Worker: m.Worker, Time: s.opts.Clock.Now(), Name: "close",
		Attrs: map[string]string{"reason": reason}, Status: code})
}

// accept answers the handshake and registers the connection in one step for
// CloseSockets: a client that has its 101 is told of a stop.
func (s *Server) accept(w http.ResponseWriter, r *http.Request, opts *websocket.AcceptOptions) (*websocket.Conn, error) {
	s.upgrades.RLock()
	defer s.upgrades.RUnlock()
	conn, err := websocket.Accept(w, r, opts)
	if err == nil {
		s.sockets.Store(conn, nil)
	}
	return conn, err
}

// Accept answers the handshake of a socket of the control endpoints, which does
// not count as a request under way. The caller calls release at its end.
func (s *Server) Accept(w http.ResponseWriter, r *http.Request, opts *websocket.AcceptOptions) (conn *websocket.Conn, release func(), err error) {
	if conn, err = s.accept(w, r, opts); err != nil {
		return nil, nil, err
	}
	s.leave()
	return conn, func() {
		s.sockets.Delete(conn)
		conn.CloseNow()
		s.busy.Add(1)
	}, nil
}

// closeAllWait is how long clients may take to answer the close frame of
// CloseSockets.
const closeAllWait = 250 * time.Millisecond

// CloseSockets ends all WebSockets of clients, and waits for it.
func (s *Server) CloseSockets(code int, reason string) {
	s.upgrades.Lock()
	defer s.upgrades.Unlock()
	var wg sync.WaitGroup
	s.sockets.Range(func(k, _ any) bool {
		conn := k.(*websocket.Conn)
		wg.Go(func() {
			timeout := time.AfterFunc(closeAllWait, func() { conn.CloseNow() })
			defer timeout.Stop()
			_ = conn.Close(websocket.StatusCode(code), reason)
		})
		return true
	})
	wg.Wait()
}

// Couple connects a network connection with one end of a socket until both
// directions are closed. It reports how the connection's side ended.
func Couple(ctx context.Context, conn *websocket.Conn, end *wire.Socket) (code int, reason string) {
	return couple(ctx, conn, nil, end)
}

func couple(ctx context.Context, conn *websocket.Conn, c *cork, end *wire.Socket) (code int, reason string) {
	// Closing the connection is what ends reads and writes: a context that can
	// be cancelled would cost the library a registration per message.
	ctx = context.WithoutCancel(ctx)
	out := &writer{conn: conn, cork: c, ctx: ctx, ready: make(chan struct{}, 1), done: make(chan struct{})}
	go out.run()
	end.SetBuffered(out.buffered)
	end.Attach(out)
	code, reason = readInto(ctx, conn, end)
	end.Close(code, reason)
	if code == int(websocket.StatusMessageTooBig) {
		_ = conn.Close(websocket.StatusMessageTooBig, reason)
	}
	out.readEnded(code)
	<-out.done
	conn.CloseNow()
	return code, reason
}

// readInto passes messages from the network to the socket until either fails.
func readInto(ctx context.Context, conn *websocket.Conn, end *wire.Socket) (code int, reason string) {
	conn.SetReadLimit(-1) // ours has a reason a reader understands
	for {
		typ, data, err := readMessage(ctx, conn)
		if err != nil {
			var ce websocket.CloseError
			if errors.As(err, &ce) {
				return int(ce.Code), ce.Reason
			}
			if errors.Is(err, websocket.ErrMessageTooBig) {
				return int(websocket.StatusMessageTooBig), "Message is too big: the limit is 32 MiB"
			}
			return 1006, "WebSocket disconnected without sending Close frame."
		}
		if !end.Send(wire.Message{Text: typ == websocket.MessageText, Data: data}) {
			return 1006, ""
		}
	}
}

func readMessage(ctx context.Context, conn *websocket.Conn) (websocket.MessageType, []byte, error) {
	typ, r, err := conn.Reader(ctx)
	if err != nil {
		return 0, nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, maxMessage+1))
	if err == nil && len(data) > maxMessage {
		err = websocket.ErrMessageTooBig
	}
	return typ, data, err
}

// writer is the queue between a worker, which never waits, and the network.
type writer struct {
	conn *websocket.Conn
	cork *cork // nil if conn has none
	ctx  context.Context

	mu      sync.Mutex
	queue   []wire.Message
	bytes   int
	closing bool
	code    int
	reason  string
	ended   bool // the network side is gone
	ready   chan struct{}
	done    chan struct{}
}

// SocketMessage implements wire.SocketHandler.
func (o *writer) SocketMessage(m wire.Message) {
	o.mu.Lock()
	full := o.bytes > maxQueue
	if !full {
		o.queue = append(o.queue, m)
		o.bytes += len(m.Data)
	}
	o.mu.Unlock()
	if full {
		o.conn.CloseNow() // the reader sees it and tells the worker: 1006
		return
	}
	o.wake()
}

// SocketClose implements wire.SocketHandler.
func (o *writer) SocketClose(code int, reason string) {
	o.mu.Lock()
	o.closing, o.code, o.reason = true, code, reason
	o.mu.Unlock()
	o.wake()
}

func (o *writer) readEnded(code int) {
	o.mu.Lock()
	o.ended = true
	o.mu.Unlock()
	o.wake()
}

func (o *writer) wake() {
	select {
	case o.ready <- struct{}{}:
	default:
	}
}

func (o *writer) buffered() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bytes
}

func (o *writer) run() {
	defer close(o.done)
	var batch []wire.Message
	for {
		o.mu.Lock()
		batch, o.queue = o.queue, batch[:0]
		closing, ended := o.closing, o.ended
		o.mu.Unlock()
		together := len(batch) > 1 && o.cork != nil
		if together {
			o.cork.hold()
		}
		for i, m := range batch {
			batch[i] = wire.Message{}
			o.write(m)
		}
		if together {
			_ = o.cork.release() // as for a failed write
		}
		switch {
		case len(batch) > 0:
			continue
		case closing:
			o.sendClose()
			return
		case ended:
			return
		}
		<-o.ready
	}
}

func (o *writer) write(m wire.Message) {
	typ := websocket.MessageBinary
	if m.Text {
		typ = websocket.MessageText
	}
	// A failed write also fails the reader, which ends the coupling.
	_ = o.conn.Write(o.ctx, typ, m.Data)
	o.mu.Lock()
	o.bytes -= len(m.Data)
	o.mu.Unlock()
}

// sendClose writes the close frame; the reader sees the client's answer.
func (o *writer) sendClose() {
	o.mu.Lock()
	code, reason, ended := o.code, o.reason, o.ended
	o.mu.Unlock()
	if code == 1006 || ended {
		o.conn.CloseNow()
		return
	}
	timeout := time.AfterFunc(closeWait, func() { o.conn.CloseNow() })
	defer timeout.Stop()
	if code == 1005 {
		code = int(websocket.StatusNoStatusRcvd)
	}
	_ = o.conn.Close(websocket.StatusCode(code), reason)
}
