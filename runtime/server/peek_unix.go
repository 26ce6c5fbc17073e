//go:build unix

package server

import (
	"errors"
	"io"
	"net"
	"syscall"
)

// peekByte looks at the first byte of a connection and leaves it there; ok is
// false if that is not possible for this kind of connection.
func peekByte(conn net.Conn) (first byte, ok bool, err error) {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return 0, false, nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return 0, false, nil
	}
	var n int
	var perr error
	buf := make([]byte, 1)
	err = raw.Read(func(fd uintptr) bool {
		for {
			n, _, perr = syscall.Recvfrom(int(fd), buf, syscall.MSG_PEEK)
			if perr != syscall.EINTR {
				break
			}
		}
		return perr != syscall.EAGAIN && perr != syscall.EWOULDBLOCK
	})
	if err = errors.Join(err, perr); err == nil && n == 0 {
		err = io.EOF
	}
	return buf[0], true, err
}
