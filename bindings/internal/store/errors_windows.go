package store

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// isFull recognises every way Windows says that a file cannot grow.
func isFull(n syscall.Errno) bool {
	return n == windows.ERROR_DISK_FULL || n == windows.ERROR_HANDLE_DISK_FULL || n == windows.ERROR_DISK_QUOTA_EXCEEDED
}
