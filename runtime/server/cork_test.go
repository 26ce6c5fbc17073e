package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/miniworker/miniworker/runtime/wire"
)

// writes records each call.
type writes struct {
	net.Conn
	list []string
	err  error
}

func (w *writes) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	w.list = append(w.list, string(p))
	return len(p), nil
}

func TestCork(t *testing.T) {
	t.Parallel()
	w := &writes{}
	c := &cork{Conn: w}
	big := strings.Repeat("x", maxHeld)
	c.Write([]byte("1"))
	c.hold()
	c.Write([]byte("2"))
	c.Write([]byte("3"))
	c.Write([]byte(big))
	c.Write([]byte("4"))
	if err := c.release(); err != nil {
		t.Fatal(err)
	}
	c.Write([]byte("5"))
	if got, want := fmt.Sprint(w.list), fmt.Sprint([]string{"1", "23", big, "4", "5"}); got != want {
		t.Errorf("%.80s, want %.80s", got, want)
	}
	w.err = errors.New("broken")
	c.hold()
	if _, err := c.Write([]byte("6")); err != nil {
		t.Errorf("held: %v", err)
	}
	if err := c.release(); err != w.err {
		t.Errorf("release: %v", err)
	}
}

// TestBurst: what a worker sends in a burst arrives whole and in order, its
// close last.
func TestBurst(t *testing.T) {
	t.Parallel()
	client, ours := wire.NewSocketPair()
	srv := httptest.NewServer(pageServer(func(context.Context, *wire.Request) (*wire.Response, error) {
		return &wire.Response{Status: http.StatusSwitchingProtocols, Header: http.Header{}, WebSocket: client}, nil
	}))
	defer srv.Close()
	conn, _, err := websocket.Dial(t.Context(), strings.Replace(srv.URL, "http", "ws", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	conn.SetReadLimit(-1)
	const n = 2000
	message := func(i int) []byte { return bytes.Repeat([]byte{byte(i)}, 1+i*i%5000) }
	go func() {
		for i := range n {
			ours.Send(wire.Message{Data: message(i)})
		}
		ours.Close(4000, "done")
	}()
	for i := range n {
		if _, data, err := conn.Read(t.Context()); err != nil || !bytes.Equal(data, message(i)) {
			t.Fatalf("message %d: %d bytes, %v", i, len(data), err)
		}
	}
	var end websocket.CloseError
	if _, _, err := conn.Read(t.Context()); !errors.As(err, &end) || end.Code != 4000 || end.Reason != "done" {
		t.Errorf("the end: %v", err)
	}
}
