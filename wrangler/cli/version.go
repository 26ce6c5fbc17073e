package cli

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// Version is set by release builds; others tell the revision they were built
// from.
var Version string

// versionLine is what `miniworker --version` prints.
func versionLine() string {
	v, revision := Version, ""
	if v == "" {
		v = version()
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				revision = ", " + s.Value[:12]
			}
		}
	}
	if v == "" {
		v = "devel"
	}
	return fmt.Sprintf("miniworker %s (%s%s, %s/%s)", v, runtime.Version(), revision, runtime.GOOS, runtime.GOARCH)
}

func newVersion(stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(stdout, versionLine())
			return err
		},
	}
}
