package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/wrangler/dev"
)

func newExec(stdout, stderr io.Writer) *cobra.Command {
	var f devFlags
	cmd := &cobra.Command{
		Use:   "exec [flags] -- COMMAND [ARGUMENT]...",
		Short: "Run a command, such as a test suite, against the project",
		Long: `Starts the project on a free port, runs the command when it answers, and stops the project when the command ends.
The exit code is the command's. State is empty and thrown away afterwards, unless --persist-to names a directory.

The command finds the project in its environment:

  MINIWORKER_URL            http://localhost:PORT
  MINIWORKER_URL_WORKER     each worker by its name, in upper case with _ for other characters
  MINIWORKER_URL_HOST       each hostname of the routes likewise

  miniworker exec -c web/wrangler.jsonc -c api/wrangler.jsonc -- npm test`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.persistTo == "" {
				temp, err := os.MkdirTemp("", "miniworker-exec-*")
				if err != nil {
					return err
				}
				defer os.RemoveAll(temp)
				f.persistTo = temp
			}
			if f.port == "" {
				f.port = "0"
			}
			o, err := f.options(cmd, nil)
			if err != nil {
				return err
			}
			o.Out, o.Color, o.HideBanner, o.Watch = stderr, colors(stderr), true, false
			return against(o, args, stdout, stderr)
		},
	}
	f.declare(cmd.Flags())
	cmd.Flags().SetInterspersed(false)
	return cmd
}

// against runs a command while a session serves.
func against(o dev.Options, args []string, stdout, stderr io.Writer) error {
	// The session outlives signals: the command decides what they mean.
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	ready, ended := make(chan dev.Addresses, 1), make(chan error, 1)
	o.Ready = func(net.Addr) {}
	o.Serving = func(a dev.Addresses) { ready <- a }
	go func() { ended <- dev.Run(ctx, o) }()
	select {
	case a := <-ready:
		err := runCommand(args, environment(a), stdout, stderr, signals)
		stop()
		if stopped := <-ended; err == nil {
			err = stopped
		}
		return err
	case err := <-ended:
		if err == nil {
			err = errors.New("the session ended before it served")
		}
		return err
	case <-signals:
		stop()
		<-ended
		return &exitError{code: 130}
	}
}

// environment is what the command finds the project by.
func environment(a dev.Addresses) []string {
	env := append(os.Environ(), "MINIWORKER_URL="+a.URL)
	for name, address := range a.Workers {
		env = append(env, "MINIWORKER_URL_"+variable(name)+"="+address)
	}
	for host, address := range a.Hosts {
		env = append(env, "MINIWORKER_URL_"+variable(host)+"="+address)
	}
	return env
}

// variable is a name as environment variables can have it.
func variable(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(name))
}

// leaveGrace is how long what the command started may take to end after it.
const leaveGrace = 2 * time.Second

// runCommand runs a command to its end, with signals passed on.
func runCommand(args, env []string, stdout, stderr io.Writer, signals <-chan os.Signal) error {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = env, os.Stdin, stdout, stderr
	cmd.WaitDelay = leaveGrace
	family, err := startFamily(cmd)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	defer family.end()
	done := make(chan error, 1)
	go func() { done <- family.wait() }()
	for {
		select {
		case s := <-signals:
			family.signal(s)
		case err := <-done:
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				return &exitError{code: exitCode(exit)}
			}
			if errors.Is(err, exec.ErrWaitDelay) { // the command ended well; something it started holds its output open
				return nil
			}
			return err
		}
	}
}
