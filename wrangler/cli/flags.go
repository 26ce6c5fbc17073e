package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// idleFlag is a flag of wrangler that miniworker knows and does nothing about:
// it is accepted with a notice, or refused with the reason.
type idleFlag struct {
	name, short string
	// takes is set for flags with a value; list flags may be repeated.
	takes bool
	// note completes "--flag changes nothing here: …".
	note string
	// refuse says why the flag cannot be honoured and what to do instead; the
	// command fails. when limits that to some values.
	refuse string
	when   func(value string) bool
	hidden bool
}

// idleFlags are those of `wrangler dev` that have no effect or are refused. The
// rest of wrangler's flags are implemented: see devFlags.
var idleFlags = []idleFlag{
	{name: "latest", note: "the newest compatibility date known is always the default"},
	{name: "local", short: "l", note: "everything always runs locally"},
	{name: "inspector-port", takes: true, note: "the engine has no inspector; errors show source and stack, and console output is in the terminal"},
	{name: "inspector-ip", takes: true, note: "the engine has no inspector"},
	{name: "local-upstream", takes: true, note: "requests keep the host they were made with"},
	{name: "upstream-protocol", takes: true, note: "requests keep the scheme they were made with"},
	{name: "types", note: "types are not generated; `wrangler types` reads the same configuration"},
	{name: "enable-containers", note: "containers are never started", hidden: true},
	{name: "profile", takes: true, note: "there is no account to choose"},
	{name: "install-skills", note: "there is nothing to install"},
	{name: "experimental-provision", note: "nothing is provisioned", hidden: true},
	{name: "experimental-auto-create", note: "resources exist as soon as they are used", hidden: true},

	{name: "remote", short: "r", when: isTrue, refuse: "workers run on this machine only: leave it out, and resources are simulated locally; for remote ones use wrangler dev --remote"},
	{name: "tunnel", when: isTrue, refuse: "no tunnel is opened: run `cloudflared tunnel --url http://localhost:8787` beside this"},
	{name: "tunnel-name", takes: true, refuse: "no tunnel is opened: run `cloudflared tunnel run NAME` beside this"},
	{name: "site", takes: true, hidden: true, refuse: "Workers Sites is gone: use --assets DIRECTORY, or \"assets\" in the configuration"},
	{name: "site-include", takes: true, hidden: true, refuse: "Workers Sites is gone: list what to leave out in .assetsignore"},
	{name: "site-exclude", takes: true, hidden: true, refuse: "Workers Sites is gone: list what to leave out in .assetsignore"},
	{name: "node-compat", hidden: true, when: isTrue, refuse: "that polyfill is gone: use --compatibility-flags nodejs_compat"},
	{name: "experimental-new-config", hidden: true, when: isTrue, refuse: "cloudflare.config.ts is not read: keep a wrangler.jsonc"},
	{name: "x-new-config", hidden: true, when: isTrue, refuse: "cloudflare.config.ts is not read: keep a wrangler.jsonc"},
}

func isTrue(v string) bool { return v != "false" }

// addIdleFlags declares them. wrangler's booleans have a --no- form.
func addIdleFlags(fl *pflag.FlagSet) {
	for _, f := range idleFlags {
		usage := "accepted, changes nothing: " + f.note
		if f.refuse != "" {
			usage = "not available: " + f.refuse
		}
		switch {
		case f.takes:
			fl.StringArrayP(f.name, f.short, nil, usage)
		default:
			fl.BoolP(f.name, f.short, false, usage)
			fl.Bool("no-"+f.name, false, usage)
			fl.Lookup("no-" + f.name).Hidden = true
		}
		// Only what does something is worth the reader's time in --help.
		fl.Lookup(f.name).Hidden = true
	}
}

// negation is the --no- form that wrangler gives each of its switches.
type negation struct{ pflag.Value }

func (n negation) Set(v string) error {
	b, err := strconv.ParseBool(v)
	if err != nil {
		return err
	}
	return n.Value.Set(strconv.FormatBool(!b))
}

func addNegations(fl *pflag.FlagSet) {
	var switches []*pflag.Flag
	fl.VisitAll(func(f *pflag.Flag) {
		if f.Value.Type() == "bool" && !strings.HasPrefix(f.Name, "no-") && fl.Lookup("no-"+f.Name) == nil {
			switches = append(switches, f)
		}
	})
	for _, f := range switches {
		no := fl.VarPF(negation{f.Value}, "no-"+f.Name, "", "")
		no.NoOptDefVal, no.Hidden = "true", true
	}
}

// checkIdleFlags gives the notices of the flags that were used, or the first
// refusal.
func checkIdleFlags(cmd *cobra.Command) (notices []string, err error) {
	for _, f := range idleFlags {
		used := cmd.Flags().Lookup(f.name)
		if !used.Changed {
			if no := cmd.Flags().Lookup("no-" + f.name); no != nil && no.Changed && f.refuse == "" {
				notices = append(notices, fmt.Sprintf("--no-%s changes nothing here: %s", f.name, f.note))
			}
			continue
		}
		value := strings.Trim(used.Value.String(), "[]")
		if f.refuse != "" {
			if f.when == nil || f.when(value) {
				return nil, fmt.Errorf("--%s is not available: %s", f.name, f.refuse)
			}
			continue
		}
		notices = append(notices, fmt.Sprintf("--%s changes nothing here: %s", f.name, f.note))
	}
	return notices, nil
}

// flagNames are the names a mistyped flag is compared with.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	add := func(f *pflag.Flag) {
		if !strings.HasPrefix(f.Name, "no-") || !f.Hidden {
			names = append(names, f.Name)
		}
	}
	cmd.Flags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	slices.Sort(names)
	return slices.Compact(names)
}
