//go:build unix

package cli

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/term"
)

// family is a command and what it starts.
type family struct {
	cmd *exec.Cmd
	// group is set if the family is a process group of its own. On a terminal it
	// stays in ours, which gets what is typed.
	group bool
	ended chan error
}

// startFamily starts the command. Where the system can do so, the command ends
// with this process however that ends.
func startFamily(cmd *exec.Cmd) (*family, error) {
	f := &family{cmd: cmd, group: !term.IsTerminal(int(os.Stdin.Fd())), ended: make(chan error, 1)}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: f.group}
	dieWithParent(cmd.SysProcAttr)
	started := make(chan error, 1)
	go func() {
		// The system watches the thread that started the command, not the process.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			f.ended <- cmd.Wait()
		}
	}()
	return f, <-started
}

func (f *family) wait() error { return <-f.ended }

// signal passes a signal on. On a terminal the command has got an interrupt
// already.
func (f *family) signal(s os.Signal) {
	number, ok := s.(syscall.Signal)
	switch {
	case !ok:
	case f.group:
		_ = syscall.Kill(-f.cmd.Process.Pid, number) // may be gone
	case s != os.Interrupt:
		_ = f.cmd.Process.Signal(s) // may be gone
	}
}

// end stops what the command left behind.
func (f *family) end() {
	if f.group {
		_ = syscall.Kill(-f.cmd.Process.Pid, syscall.SIGKILL) // usually nothing is left
	}
}

// exitCode is as a shell gives it.
func exitCode(e *exec.ExitError) int {
	if st, ok := e.Sys().(syscall.WaitStatus); ok && st.Signaled() {
		return 128 + int(st.Signal())
	}
	return e.ExitCode()
}
