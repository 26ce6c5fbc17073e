//go:build unix

package crashtest

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
)

// WithReadOnly runs f while this process may not write to dir. Tests using it
// cannot run in parallel with others.
func WithReadOnly(t *testing.T, dir string, f func()) {
	t.Helper()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Error(err)
		}
	}()
	if os.Geteuid() == 0 {
		// Permissions do not stop root: be nobody for a while.
		const nobody = 65534
		letThrough(t, filepath.Dir(dir))
		if err := syscall.Seteuid(nobody); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := syscall.Seteuid(0); err != nil {
				t.Fatal(err)
			}
		}()
	}
	f()
}

// letThrough makes the temporary directories around dir passable for others.
func letThrough(t *testing.T, dir string) {
	t.Helper()
	for top := filepath.Clean(os.TempDir()); len(dir) > len(top); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// WithFullDisk runs f while no file can grow beyond limit bytes, which writers
// experience much like a full disk. Tests using it cannot run in parallel with
// others.
func WithFullDisk(t *testing.T, limit int64, f func()) {
	t.Helper()
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	small := old
	// The field is signed on some systems.
	setCur(&small.Cur, limit)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Fatal(err)
		}
	}()
	f()
}

func setCur[N int64 | uint64](field *N, limit int64) { *field = N(limit) }
