//go:build unix

package dev

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// tryLock takes flock, which ends with the process however that ends.
func tryLock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return errLocked
	}
	return err
}
