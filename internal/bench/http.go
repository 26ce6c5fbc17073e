//go:build linux

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// conn is one client connection. It knows just enough HTTP/1.1 for the answers
// of the scenarios, and allocates nothing per request.
type conn struct {
	net.Conn
	r *bufio.Reader
}

func dial(addr string) (*conn, error) {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return nil, err
	}
	return &conn{c, bufio.NewReaderSize(c, 64<<10)}, nil
}

// get is one request on a connection of its own.
func get(addr, path string, timeout time.Duration) (status int, body []byte, err error) {
	return roundTrip(addr, request("GET", path, addr, nil), timeout)
}

func roundTrip(addr string, req []byte, timeout time.Duration) (status int, body []byte, err error) {
	c, err := dial(addr)
	if err != nil {
		return 0, nil, err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(max(timeout, time.Second)))
	if _, err := c.Write(req); err != nil {
		return 0, nil, err
	}
	var buf bytes.Buffer
	status, _, err = c.response(&buf)
	return status, buf.Bytes(), err
}

// request is the text of a request.
func request(method, path, host string, body []byte) []byte {
	b := fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: bench\r\nAccept: */*\r\n", method, path, host)
	if body != nil {
		b = fmt.Appendf(b, "Content-Length: %d\r\n", len(body))
	}
	b = append(b, "\r\n"...)
	return append(b, body...)
}

var (
	contentLength = []byte("content-length:")
	chunkedCoding = []byte("transfer-encoding: chunked")
	errMalformed  = errors.New("malformed response")
)

// head reads status line and header; length is -1 for a chunked body.
func (c *conn) head() (status int, length int64, err error) {
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return 0, 0, err
	}
	if len(line) < 12 {
		return 0, 0, errMalformed
	}
	status, err = strconv.Atoi(string(line[9:12]))
	if err != nil {
		return 0, 0, errMalformed
	}
	for {
		line, err = c.r.ReadSlice('\n')
		if err != nil {
			return 0, 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case len(line) == 0:
			return status, length, nil
		case len(line) > len(contentLength) && bytes.EqualFold(line[:len(contentLength)], contentLength):
			length, err = strconv.ParseInt(string(bytes.TrimSpace(line[len(contentLength):])), 10, 64)
			if err != nil {
				return 0, 0, errMalformed
			}
		case bytes.EqualFold(line, chunkedCoding):
			length = -1
		}
	}
}

// response reads one response, its body into w (nil drops it).
func (c *conn) response(w io.Writer) (status int, n int64, err error) {
	status, length, err := c.head()
	if err != nil {
		return 0, 0, err
	}
	if length >= 0 {
		return status, length, c.body(w, length)
	}
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return 0, 0, err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 64)
		if err != nil {
			return 0, 0, errMalformed
		}
		if err := c.body(w, size); err != nil {
			return 0, 0, err
		}
		if _, err := c.r.Discard(2); err != nil {
			return 0, 0, err
		}
		n += size
		if size == 0 {
			return status, n, nil
		}
	}
}

func (c *conn) body(w io.Writer, n int64) error {
	if w == nil {
		_, err := c.r.Discard(int(n))
		return err
	}
	_, err := io.CopyN(w, c.r, n)
	return err
}
