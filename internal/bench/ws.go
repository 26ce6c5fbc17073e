//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// openSocket performs a WebSocket handshake.
func openSocket(addr, path string) (*conn, error) {
	c, err := dial(addr)
	if err != nil {
		return nil, err
	}
	c.SetDeadline(time.Now().Add(startTimeout))
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", path, addr)
	status, _, err := c.head()
	if err == nil && status != 101 {
		err = fmt.Errorf("status %d to a WebSocket handshake", status)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	c.SetDeadline(time.Time{})
	return c, nil
}

// textFrame is a masked text frame; the mask is zero, which changes nothing.
func textFrame(payload []byte) []byte {
	if len(payload) > 125 {
		panic("bench messages are short")
	}
	b := []byte{0x81, 0x80 | byte(len(payload)), 0, 0, 0, 0}
	return append(b, payload...)
}

// readFrame reads one data frame; the result is good until the next call.
func (c *conn) readFrame() ([]byte, error) {
	for {
		h, err := c.r.Peek(2)
		if err != nil {
			return nil, err
		}
		op, size, skip := h[0]&0x0f, int(h[1]&0x7f), 2
		switch size {
		case 126:
			if h, err = c.r.Peek(4); err != nil {
				return nil, err
			}
			size, skip = int(binary.BigEndian.Uint16(h[2:])), 4
		case 127:
			return nil, fmt.Errorf("a frame larger than any that was sent")
		}
		c.r.Discard(skip)
		payload, err := c.r.Peek(size)
		if err != nil {
			return nil, err
		}
		c.r.Discard(size)
		switch op {
		case 1, 2:
			return payload, nil
		case 8:
			return nil, io.EOF
		}
	}
}

// echoes sends a message and waits for it to come back, until the deadline.
func (c *conn) echoes(until time.Time, l *latencies) error {
	want := []byte("a message as short as most of them")
	frame := textFrame(want)
	c.SetDeadline(until.Add(startTimeout))
	for now := time.Now(); now.Before(until); {
		if _, err := c.Write(frame); err != nil {
			return err
		}
		got, err := c.readFrame()
		if err != nil {
			return err
		}
		if !bytes.Equal(got, want) {
			return fmt.Errorf("echo of %q is %q", want, got)
		}
		end := time.Now()
		l.add(end.Sub(now))
		now = end
	}
	return nil
}

// fanout is a room: one member sends a message, all get it, then the next.
func fanout(addr, path string, members int, duration time.Duration, l *latencies) error {
	conns := make([]*conn, 0, members)
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	for range members {
		c, err := openSocket(addr, path)
		if err != nil {
			return err
		}
		c.SetDeadline(time.Now().Add(duration + startTimeout))
		conns = append(conns, c)
	}
	type arrival struct {
		at  time.Time
		err error
	}
	arrived := make(chan arrival, members)
	for _, c := range conns {
		go func() {
			for {
				_, err := c.readFrame()
				arrived <- arrival{time.Now(), err}
				if err != nil {
					return
				}
			}
		}()
	}
	frame := textFrame([]byte("something changed in the room"))
	// Readers end when their connections close; none may be left sending.
	defer func() {
		for _, c := range conns {
			c.Close()
		}
		for range conns {
			for a := range arrived {
				if a.err != nil {
					break
				}
			}
		}
	}()
	for until := time.Now().Add(duration); ; {
		sent := time.Now()
		if !sent.Before(until) {
			return nil
		}
		if _, err := conns[0].Write(frame); err != nil {
			return err
		}
		for range conns {
			a := <-arrived
			if a.err != nil {
				arrived <- a
				return a.err
			}
			l.add(a.at.Sub(sent))
		}
	}
}
