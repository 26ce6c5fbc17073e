package dev

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/project"
)

// state is the directory a session keeps everything persistent in. While the
// session runs it holds a lock on a file there, since two sessions writing the
// same databases and buckets would spoil both.
type state struct {
	dir  string
	lock *os.File
}

// errLocked is what tryLock returns while another process has the lock.
var errLocked = errors.New("locked")

// openState creates and locks the directory: --persist-to, or the default one
// beside the first configuration.
func openState(persistTo string, first *config.Config) (*state, error) {
	dir := persistTo
	if dir == "" {
		dir = StateDir(first)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, stateError(dir, err)
	}
	if own := filepath.Dir(dir); filepath.Base(own) == ownDir {
		IgnoreInGit(own)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return nil, stateError(dir, err)
	}
	probe.Close()
	if err := os.Remove(probe.Name()); err != nil {
		return nil, stateError(dir, err)
	}
	if _, err := os.ReadDir(dir); err != nil {
		return nil, stateError(dir, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "session.lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, stateError(dir, err)
	}
	if err := tryLock(f); err != nil {
		defer f.Close()
		if !errors.Is(err, errLocked) {
			return nil, stateError(dir, err)
		}
		return nil, &inUse{dir, holder(f)}
	}
	return &state{dir, f}, nil
}

func stateError(dir string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("the state directory %s cannot be used: %w; make it readable and writable, or choose another with --persist-to", shownDir(dir), err)
}

func shownDir(dir string) string {
	wd, err := os.Getwd()
	if err != nil {
		return dir
	}
	return project.Display(wd, dir)
}

// holder is what the session that has the lock wrote about itself.
func holder(f *os.File) string {
	text, err := io.ReadAll(io.LimitReader(f, 256))
	if line := strings.TrimSpace(firstLine(string(text))); err == nil && line != "" {
		return line
	}
	return ""
}

// describe tells other sessions who has the lock.
func (s *state) describe(url string) {
	if s.lock.Truncate(0) == nil {
		_, _ = s.lock.WriteAt(fmt.Appendf(nil, "process %d, %s\n", os.Getpid(), url), 0)
	}
}

// IgnoreInGit keeps a directory of ours out of commits.
func IgnoreInGit(dir string) {
	path := filepath.Join(dir, ".gitignore")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		_ = os.WriteFile(path, []byte("*\n"), 0o644)
	}
}

func (s *state) close() { s.lock.Close() }
