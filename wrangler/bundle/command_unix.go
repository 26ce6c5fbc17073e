//go:build !windows

package bundle

import (
	"os/exec"
	"syscall"
)

// ownGroup makes cancelling end what the shell started, not the shell alone.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
