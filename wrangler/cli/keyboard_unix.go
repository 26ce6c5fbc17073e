//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

var errBackground = errors.New("the program does not own its terminal")

// singleKeys makes a terminal give keys as they are pressed and show none of
// them. Signals and the form of output stay as they were. It is undone by
// restore, by signals that end the program, and while that is stopped.
func singleKeys(ctx context.Context, fd int) (restore func(), err error) {
	if !foreground(fd) {
		return nil, errBackground
	}
	before, err := term.GetState(fd)
	if err != nil {
		return nil, err
	}
	if err := noLines(fd); err != nil {
		return nil, err
	}
	// Reading in the background is an error then, and stops nobody.
	signal.Ignore(syscall.SIGTTIN, syscall.SIGTTOU)
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGQUIT, syscall.SIGHUP, syscall.SIGTSTP, syscall.SIGCONT)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			case sig := <-signals:
				switch {
				case sig == syscall.SIGCONT:
					if foreground(fd) {
						_ = noLines(fd)
					}
					continue
				case foreground(fd):
					_ = term.Restore(fd, before)
				}
				if sig == syscall.SIGTSTP {
					_ = syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
					continue
				}
				signal.Reset(sig)
				_ = syscall.Kill(syscall.Getpid(), sig.(syscall.Signal))
			}
		}
	})
	return sync.OnceFunc(func() {
		signal.Stop(signals)
		close(done)
		wg.Wait()
		if foreground(fd) {
			_ = term.Restore(fd, before)
		}
	}), nil
}

// foreground reports whether the terminal is this program's to use now.
func foreground(fd int) bool {
	group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// noLines turns off the line editing and the echo of a terminal.
func noLines(fd int) error {
	t, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return err
	}
	t.Lflag &^= unix.ICANON | unix.ECHO
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	return unix.IoctlSetTermios(fd, setTermios, t)
}
