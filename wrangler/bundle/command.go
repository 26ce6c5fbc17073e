package bundle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/miniworker/miniworker/internal/diag"
)

// Command is the custom build of the `build` key. When to run it again is the
// caller's decision.
type Command struct {
	Command string
	Dir     string    // absolute; where it runs
	Expect  string    // absolute; the file it has to leave behind, or empty
	Env     []string  // added to the process's environment
	Output  io.Writer // gets what the command prints, while it runs
	Config  string    // the configuration file, to show in diagnostics
}

// Run runs the command to its end. Cancelling ctx ends it.
func (c *Command) Run(ctx context.Context) diag.List {
	if st, err := os.Stat(c.Dir); err != nil || !st.IsDir() {
		return c.failed("build_command_cwd", fmt.Sprintf("has to run in %s, which is no directory", c.Dir), "correct `build.cwd`")
	}
	shell, flag := "sh", "-c"
	if runtime.GOOS == "windows" {
		shell, flag = "cmd", "/C"
	}
	cmd := exec.CommandContext(ctx, shell, flag, c.Command)
	cmd.Dir = c.Dir
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.Stdout, cmd.Stderr = c.Output, c.Output
	ownGroup(cmd)
	// A child that keeps the output open must not hold up the session.
	cmd.WaitDelay = 2 * time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return c.failed("build_command_cancelled", "was cancelled", "")
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return c.failed("build_command", fmt.Sprintf("failed with exit code %d", exit.ExitCode()), "its own output is above")
	case err != nil:
		return c.failed("build_command", "failed: "+err.Error(), "")
	}
	if c.Expect != "" {
		if _, err := os.Stat(c.Expect); err != nil {
			return c.failed("build_command_output", fmt.Sprintf("did not write the entry file %s", c.Expect),
				"make `main` in the configuration the file that the command writes")
		}
	}
	return nil
}

func (c *Command) failed(code, what, hint string) diag.List {
	return diag.List{{
		Severity: diag.Error, Code: code, Pos: diag.Position{File: c.Config},
		Message: fmt.Sprintf("the custom build command %q %s", c.Command, what), Hint: hint,
	}}
}
