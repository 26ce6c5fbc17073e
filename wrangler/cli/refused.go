package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// refusal is a command of wrangler's about an account at Cloudflare, or about
// making projects, that there is nothing for here.
type refusal struct {
	// path is the command, below it everything is refused.
	path string
	// instead says what to do; without it, wrangler has to do.
	instead string
}

// refusals are the commands of wrangler 4.164 that are not implemented. Those of
// people who switch get the answer and not "unknown command".
var refusals = []refusal{
	{"deploy", ""}, {"versions", ""}, {"deployments", ""}, {"rollback", ""}, {"triggers", ""}, {"delete", ""}, {"preview", ""},
	{"tail", "the log of a session is in its terminal, and at /cdn-cgi/local/trace"},
	{"login", "miniworker needs no account"}, {"logout", "miniworker needs no account"}, {"auth", "miniworker needs no account"},
	{"whoami", "miniworker needs no account"},
	{"init", "npm create cloudflare@latest makes a project; miniworker dev SCRIPT runs a file without one"},
	{"setup", "miniworker dev runs a project as it is"},
	{"check", "miniworker routes lint checks the configuration; wrangler check startup profiles for the engine of Cloudflare"},
	{"docs", "https://developers.cloudflare.com/workers/"}, {"complete", "miniworker completion SHELL"},
	{"secret", "locally, secrets are lines NAME=value of .dev.vars beside the configuration, or of .env"},
	{"pages", "miniworker dev --assets DIRECTORY serves a directory; Pages Functions are not run"},
	{"queues", "queues exist as soon as the configuration names them; a session lists them, takes messages and delivers at once at /cdn-cgi/local/queues"},
	{"workflows delete", "instances go with miniworker workflows instances delete; a Workflow is what the configuration names"},
	{"hyperdrive", "locally, hyperdrive takes its localConnectionString"},
	{"containers", ""}, {"vectorize", ""}, {"pipelines", ""}, {"dispatch-namespace", ""}, {"ai", ""}, {"ai-search", ""}, {"agent-memory", ""},
	{"browser", ""}, {"flagship", ""}, {"artifacts", ""}, {"basin", ""}, {"k2", ""}, {"vpc", ""}, {"turnstile", ""},
	{"mtls-certificate", ""}, {"tunnel", "cloudflared tunnel --url http://localhost:8787"},
	{"cert", "certificates for this machine: miniworker ca"},
	{"d1 create", "a database exists as soon as d1_databases of the configuration names it"},
	{"d1 list", "the databases of a project are d1_databases of its configuration"},
	{"d1 info", `miniworker d1 execute DATABASE --command "PRAGMA table_list" tells what is in it`},
	{"d1 delete", "miniworker state reset empties all of a project; or delete its folder in .miniworker/state/d1"},
	{"d1 insights", "the log of a session with --log-level debug has every query, meta.rows_read what it cost"},
	{"d1 time-travel", "miniworker state snapshot NAME and state restore NAME"},
	{"kv namespace", "a namespace exists as soon as kv_namespaces of the configuration names it"},
	{"r2 bucket", "a bucket exists as soon as r2_buckets of the configuration names it; miniworker r2 object list BUCKET lists what is in it"},
	{"secrets-store store", "a store exists as soon as secrets_store_secrets of the configuration names it"},
	{"email routing", "miniworker email send FILE gives a message to email() of a worker"},
	{"email sending", "what a worker sends is kept in .miniworker/state/email"},
}

// addRefusals adds them below the commands there are.
func addRefusals(root *cobra.Command) {
	for _, r := range refusals {
		words := strings.Fields(r.path)
		parent := root
		for _, word := range words[:len(words)-1] {
			parent = child(parent, word)
		}
		name := words[len(words)-1]
		if child(parent, name) != nil {
			continue
		}
		parent.AddCommand(&cobra.Command{
			Use: name, Short: "not available", Hidden: true, DisableFlagParsing: true,
			RunE: func(_ *cobra.Command, args []string) error { return r.err(args) },
		})
	}
}

func child(parent *cobra.Command, name string) *cobra.Command {
	i := slices.IndexFunc(parent.Commands(), func(c *cobra.Command) bool { return c.Name() == name })
	if i < 0 {
		return nil
	}
	return parent.Commands()[i]
}

func (r refusal) err(args []string) error {
	command := r.path
	for _, a := range args {
		if strings.HasPrefix(a, "-") {
			break
		}
		command += " " + a
	}
	text := fmt.Sprintf("%s is not available: it is about an account at Cloudflare, and miniworker works on this machine only. Use wrangler %[1]s", command)
	if r.instead != "" {
		text += "\nhere: " + r.instead
	}
	return fmt.Errorf("%s", text)
}
