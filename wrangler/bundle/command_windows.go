package bundle

import "os/exec"

// ownGroup leaves the default: cancelling ends the shell.
func ownGroup(*exec.Cmd) {}
