//go:build unix && !linux

package cli

import "syscall"

// dieWithParent does nothing: the system cannot.
func dieWithParent(*syscall.SysProcAttr) {}
