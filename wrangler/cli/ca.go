package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/internal/localca"
)

func newCA(stdout io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ca",
		Short: "Manage the certificate authority of this machine, for https on real hostnames",
		Long: `The authority signs certificates for the hostnames of the project that runs, and
for localhost. It is made on this machine when it is first needed; its key stays
in its directory, readable by you alone. Nothing trusts it until you say so.`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(newCAInstall(stdout), newCAExport(stdout), newCARemove(stdout), newCAStatus(stdout))
	return cmd
}

// linuxAnchors is where Debian and its kin keep additional authorities.
const linuxAnchors = "/usr/local/share/ca-certificates"

func newCAInstall(stdout io.Writer) *cobra.Command {
	var yes bool
	anchors := linuxAnchors
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Print the commands that make this machine trust the authority; with --yes, run them",
		Long: `Makes the authority if there is none, and prints the commands that make this
machine trust it. Nothing is changed without --yes, which needs root and a Linux
with update-ca-certificates; elsewhere copy the commands.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := openCA(stdout)
			if err != nil {
				return err
			}
			path, err := a.CertFile()
			if err != nil {
				return err
			}
			if !yes {
				_, err := fmt.Fprint(stdout, installHelp(runtime.GOOS, path))
				return err
			}
			return installLinux(cmd, stdout, a, anchors)
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "run the commands (root, Linux)")
	cmd.Flags().StringVar(&anchors, "anchors", linuxAnchors, "directory that update-ca-certificates reads")
	cmd.Flags().Lookup("anchors").Hidden = true
	return cmd
}

// openCA opens the authority, and makes it if there is none.
func openCA(stdout io.Writer) (*localca.Authority, error) {
	dir, err := localca.Dir()
	if err != nil {
		return nil, err
	}
	a, made, err := localca.Open(dir, time.Now())
	if made {
		fmt.Fprintf(stdout, "Made a certificate authority in %s\n", dir)
	}
	return a, err
}

// installHelp is what to type to trust the certificate at path.
func installHelp(goos, path string) string {
	q := shellQuote(path)
	var b strings.Builder
	b.WriteString("Nothing was changed. To trust the authority on this machine:\n\n")
	switch goos {
	case "darwin":
		fmt.Fprintf(&b, "  security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db %s\n", q)
	case "windows":
		fmt.Fprintf(&b, "  certutil -user -addstore Root \"%s\"\n", path)
	default:
		fmt.Fprintf(&b, "  # Debian, Ubuntu, Alpine (or, as root: miniworker ca install --yes)\n")
		fmt.Fprintf(&b, "  sudo cp %s %s && sudo update-ca-certificates\n", q, filepath.Join(linuxAnchors, anchorName))
		fmt.Fprintf(&b, "  # Fedora, Arch\n  sudo trust anchor %s\n", q)
		fmt.Fprintf(&b, "  # Chromium and Chrome on Linux (package libnss3-tools)\n")
		fmt.Fprintf(&b, "  certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n miniworker -i %s\n", q)
	}
	b.WriteString("\nOnly for one program:\n\n")
	fmt.Fprintf(&b, "  curl --cacert %s …\n  NODE_EXTRA_CA_CERTS=%s node …\n", q, q)
	b.WriteString("  Firefox: Settings, Certificates, Authorities, Import\n\nUndo by the same means, then: miniworker ca remove\n")
	return b.String()
}

const anchorName = "miniworker.crt"

func shellQuote(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-:@", r))
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func installLinux(cmd *cobra.Command, stdout io.Writer, a *localca.Authority, anchors string) error {
	switch tool, err := exec.LookPath("update-ca-certificates"); {
	case runtime.GOOS != "linux":
		return fmt.Errorf("--yes works on Linux only; run the commands that miniworker ca install prints")
	case os.Geteuid() != 0 && anchors == linuxAnchors:
		return errors.New("--yes needs root; run the commands that miniworker ca install prints, they use sudo")
	case err != nil:
		return errors.New("update-ca-certificates is not installed (package ca-certificates); run the commands that miniworker ca install prints")
	default:
		target := filepath.Join(anchors, anchorName)
		if err := os.WriteFile(target, a.PEM(), 0o644); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "Wrote %s\nRunning %s\n", target, tool)
		run := exec.CommandContext(cmd.Context(), tool)
		run.Stdout, run.Stderr = stdout, cmd.ErrOrStderr()
		return run.Run()
	}
}

func newCAExport(stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "export",
		Short: "Print the authority's certificate as PEM; the key is never printed",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := openCA(cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			_, err = stdout.Write(a.PEM())
			return err
		},
	}
}

func newCARemove(stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "remove",
		Short: "Delete the authority's key and certificate",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := localca.Dir()
			if err != nil {
				return err
			}
			_, err = localca.Load(dir)
			missing := errors.Is(err, fs.ErrNotExist)
			if err := localca.Remove(dir); err != nil {
				return err
			}
			if missing {
				_, err = fmt.Fprintf(stdout, "There is no certificate authority in %s\n", dir)
				return err
			}
			fmt.Fprintf(stdout, "Deleted the certificate authority in %s\n", dir)
			if _, err := os.Stat(filepath.Join(linuxAnchors, anchorName)); err == nil {
				fmt.Fprintf(stdout, "This machine still trusts its certificate: sudo rm %s && sudo update-ca-certificates --fresh\n", filepath.Join(linuxAnchors, anchorName))
				return nil
			}
			_, err = fmt.Fprintln(stdout, "If you installed its certificate somewhere, remove it there too; it is of no use to anybody without the key.")
			return err
		},
	}
}

func newCAStatus(stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Say where the authority is, until when, and whether this machine trusts it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := localca.Dir()
			if err != nil {
				return err
			}
			a, err := localca.Load(dir)
			if errors.Is(err, fs.ErrNotExist) {
				_, err := fmt.Fprintf(stdout, "No certificate authority in %s; it is made when it is first needed.\n", dir)
				return err
			}
			if err != nil {
				return err
			}
			path, err := a.CertFile()
			if err != nil {
				return err
			}
			trusted := "no (see miniworker ca install)"
			if a.Trusted() {
				trusted = "yes"
			}
			c := a.Certificate()
			_, err = fmt.Fprintf(stdout, "certificate  %s\nname         %s\nSHA-256      %s\nvalid until  %s\ntrusted by this machine  %s\n",
				path, c.Subject.CommonName, a.Fingerprint(), c.NotAfter.UTC().Format(time.DateOnly), trusted)
			return err
		},
	}
}
