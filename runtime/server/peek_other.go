//go:build !unix

package server

import "net"

// peekByte cannot look ahead here; the first byte is read and given back.
func peekByte(net.Conn) (first byte, ok bool, err error) { return 0, false, nil }
