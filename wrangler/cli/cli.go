// Package cli is the command line: flags, exit codes, and nothing else.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/nearest"
	"github.com/miniworker/miniworker/wrangler/dev"
	"github.com/miniworker/miniworker/wrangler/progress"
)

// Main runs the program and returns its exit code.
func Main(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the program at once, whatever it is doing.
	defer context.AfterFunc(ctx, stop)()
	root := newRoot(stdout, stderr)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	code := 1
	if e, ok := errors.AsType[*exitError](err); ok {
		code, err = e.code, e.err
	}
	if err != nil && !errors.Is(err, dev.ErrConfig) { // else already printed
		fmt.Fprintf(stderr, "miniworker: %v\n", err)
	}
	return code
}

func newRoot(stdout, stderr io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:           "miniworker",
		Short:         "Run Cloudflare Workers locally, routed as they would be deployed",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(nearestFlag)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		newDev(stdout), newTest(stdout), newRoutes(stdout, stderr), newD1(stdout, stderr), newSecretsStore(stdout), newKV(stdout, stderr),
		newR2(stdout, stderr), newWorkflows(stdout), newState(stdout, stderr),
		newClock(stdout), newExec(stdout, stderr), newCA(stdout), newTypes(stdout, stderr), newEmail(stdout), newVersion(stdout),
	)
	addRefusals(root)
	explainUsage(root)
	root.Version = versionLine()
	root.SetVersionTemplate("{{.Version}}\n")
	return root
}

// colors reports whether w is a terminal that wants colours.
func colors(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(f.Fd()))
}

// nearestFlag adds the flag that was probably meant.
func nearestFlag(cmd *cobra.Command, err error) error {
	_, name, ok := strings.Cut(err.Error(), "unknown flag: --")
	if !ok {
		return err
	}
	if near := nearest.Word(name, flagNames(cmd)); near != "" {
		return fmt.Errorf("%w (did you mean --%s?)", err, near)
	}
	return fmt.Errorf("%w (see %s --help)", err, cmd.CommandPath())
}

// newProgress is the line that shows how far a command is.
func newProgress(stderr io.Writer) *progress.Line { return progress.New(stderr, clock.Real) }
