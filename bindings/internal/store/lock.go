package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// lockName is the file whose lock says that a state directory is taken. It
// stays behind; only the lock on it counts, and that dies with the process.
const lockName = ".lock"

// errHeld is what lockFile returns when another process has the lock.
var errHeld = errors.New("locked")

// Lock is the exclusive right of this process to a state directory.
type Lock struct{ f *os.File }

// LockDir creates dir if needed and takes it for this process. The error for a
// directory in use matches ErrInUse and names the other process.
func LockDir(dir string) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, FileError(dir, err)
	}
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, FileError(path, err)
	}
	if err := lockFile(f); err != nil {
		defer f.Close()
		if errors.Is(err, errHeld) {
			return nil, fmt.Errorf("%s: %w%s%s", dir, ErrInUse, holder(f), advice(ErrInUse))
		}
		return nil, FileError(path, err)
	}
	// Who holds it is only a courtesy to the next one's error text.
	if f.Truncate(0) == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return &Lock{f}, nil
}

// holder is ": process N" if the lock file tells.
func holder(f *os.File) string {
	text, err := io.ReadAll(io.LimitReader(f, 32))
	pid := strings.TrimSpace(string(text))
	if _, bad := strconv.Atoi(pid); err != nil || bad != nil {
		return ""
	}
	return ": process " + pid
}

// Release gives the directory up.
func (l *Lock) Release() error { return l.f.Close() }
