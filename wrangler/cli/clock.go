package cli

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/wrangler/control"
)

func newClock(stdout io.Writer) *cobra.Command {
	var f dataFlags
	cmd := &cobra.Command{
		Use: "clock", Short: "Hold, move or release the clock of the dev session of a project",
		Long: `Date, timers, alarms, expirations and queues of a dev session take their time from one clock. It can be stopped,
and moved: everything that falls due on the way runs in order.

  miniworker clock freeze
  miniworker clock advance 3d
  miniworker clock set 2026-12-31T23:59:00Z
  miniworker clock resume`,
	}
	f.declare(cmd.PersistentFlags())
	add := func(use, short, param string) {
		c := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs}
		if param != "" {
			c.Args = cobra.ExactArgs(1)
		}
		c.RunE = func(cmd *cobra.Command, args []string) error {
			method, q := http.MethodPost, url.Values{}
			path := "clock/" + cmd.Name()
			if cmd.Name() == "show" {
				method, path = http.MethodGet, "clock"
			}
			if param != "" {
				q.Set(param, args[0])
			}
			c, running, closing, err := f.controlled()
			if err != nil {
				return err
			}
			defer closing()
			if !running {
				return errors.New("no dev session of this project is running: the clock is the session's")
			}
			var now control.Clock
			if err := c.Call(cmd.Context(), method, path, q, &now); err != nil {
				return err
			}
			printClock(stdout, now)
			return nil
		}
		cmd.AddCommand(c)
	}
	add("show", "Show the time", "")
	add("freeze", "Stop the clock", "")
	add("advance DURATION", "Move the clock on: 90s, 1h30m, 3d, 2w", "by")
	add("set TIME", "Move the clock to a time, also back", "to")
	add("resume", "Let the clock run on from where it stands", "")
	add("reset", "Let the clock show the machine's time again", "")
	return cmd
}

func printClock(w io.Writer, c control.Clock) {
	text := c.Now.UTC().Format("2006-01-02 15:04:05.000") + " UTC"
	if c.Frozen {
		text += ", frozen"
	}
	if ahead := (time.Duration(c.OffsetMillis) * time.Millisecond).Round(time.Second); ahead > 0 {
		text += fmt.Sprintf(", %v ahead of the machine's", ahead)
	} else if ahead < 0 {
		text += fmt.Sprintf(", %v behind the machine's", -ahead)
	}
	fmt.Fprintln(w, text)
}
