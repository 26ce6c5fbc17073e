package cli

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/wrangler/dev"
)

func newEmail(stdout io.Writer) *cobra.Command {
	var f dataFlags
	cmd := &cobra.Command{Use: "email", Short: "Give messages to the email() handler of a worker"}
	f.declare(cmd.PersistentFlags())
	cmd.AddCommand(newEmailSend(&f, stdout))
	return cmd
}

func newEmailSend(f *dataFlags, stdout io.Writer) *cobra.Command {
	var from, to, worker string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "send FILE", Short: "Give a message to email() of a worker of the session that runs; - is standard input", Args: cobra.ExactArgs(1),
		Long: `Give a message to email() of a worker of the dev session of this project. FILE is a message as mail programs save it (.eml).
Sender and recipient of the envelope are those of its From and To, unless --from and --to say others.

The exit code is 1 if the message was rejected or the handler failed.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			raw, err := readMessage(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			q := url.Values{"from": {cmp.Or(from, address(raw, "From"))}, "to": {cmp.Or(to, address(raw, "To"))}}
			for _, name := range []string{"from", "to"} {
				if q.Get(name) == "" {
					return fmt.Errorf("%s names no address in its headers: say it with --%s", args[0], name)
				}
			}
			if worker != "" {
				q.Set("worker", worker)
			}
			if asJSON {
				q.Set("format", "json")
			}
			session, err := f.session()
			if err != nil {
				return err
			}
			return sendMessage(cmd, session+"/cdn-cgi/local/email?"+q.Encode(), raw, stdout)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&from, "from", "", "sender of the envelope (default that of the From header)")
	fl.StringVar(&to, "to", "", "recipient of the envelope (default the first of the To header)")
	fl.StringVar(&worker, "worker", "", "name of the worker (default the first one)")
	fl.BoolVar(&asJSON, "json", false, "write what the handler did, as JSON")
	return cmd
}

// session is the address of the session that runs.
func (f *dataFlags) session() (string, error) {
	_, state, err := f.project()
	if err != nil {
		return "", err
	}
	unlock, session, err := dev.LockState(state)
	if err != nil {
		return "", err
	}
	if session == "" {
		unlock()
		return "", errors.New("no dev session of this project is running: start miniworker dev, which runs its workers")
	}
	return session, nil
}

func readMessage(stdin io.Reader, file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(file)
}

// address is the first address of a header, "" if there is none to be read.
func address(raw []byte, header string) string {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return ""
	}
	list, err := m.Header.AddressList(header)
	if err != nil {
		return ""
	}
	return list[0].Address
}

func sendMessage(cmd *cobra.Command, address string, raw []byte, stdout io.Writer) error {
	req, err := http.NewRequestWithContext(cmd.Context(), http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("the session does not answer: %w", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return err
	}
	asJSON := strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json")
	if resp.StatusCode >= 400 && !asJSON {
		return errors.New(string(bytes.TrimSpace(text)))
	}
	fmt.Fprintf(stdout, "%s\n", bytes.TrimSpace(text))
	if resp.StatusCode >= 400 {
		return &exitError{code: 1, err: errPrinted}
	}
	return nil
}
