//go:build unix

package store

import "syscall"

// isFull recognises every way a Unix says that a file cannot grow.
func isFull(n syscall.Errno) bool {
	return n == syscall.ENOSPC || n == syscall.EDQUOT || n == syscall.EFBIG
}
