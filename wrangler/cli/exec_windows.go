package cli

import (
	"os"
	"os/exec"
)

// family is a command and what it starts.
type family struct{ cmd *exec.Cmd }

func startFamily(cmd *exec.Cmd) (*family, error) { return &family{cmd}, cmd.Start() }

func (f *family) wait() error { return f.cmd.Wait() }

// signal does nothing: the console gives its interrupts to all that run in it.
func (f *family) signal(os.Signal) {}

func (f *family) end() {}

func exitCode(e *exec.ExitError) int { return e.ExitCode() }
