package cli

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/dev"
	"github.com/miniworker/miniworker/wrangler/routes"
)

// routesFlags are what all routes commands share.
type routesFlags struct {
	configs, zones      []string
	env, subdomain, cwd string
	allEnvs, json       bool
}

func newRoutes(stdout, stderr io.Writer) *cobra.Command {
	var f routesFlags
	cmd := &cobra.Command{
		Use:   "routes",
		Short: "Show the routes of a project, who answers a URL, and what is wrong",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := f.load(stderr, f.allEnvs)
			if err != nil {
				return err
			}
			if f.json {
				return routes.PrintJSON(stdout, p.table, p.root)
			}
			return routes.Print(stdout, p.table, p.root)
		},
	}
	fl := cmd.PersistentFlags()
	fl.StringArrayVarP(&f.configs, "config", "c", nil, "configuration file; repeat for several workers")
	fl.StringVarP(&f.env, "env", "e", "", "environment to read")
	fl.BoolVar(&f.allEnvs, "all-envs", false, "read the top level and every environment")
	fl.StringArrayVar(&f.zones, "zone", nil, "a zone of the account; repeat to give them all (default: inferred from the routes)")
	fl.StringVar(&f.subdomain, "workers-dev-subdomain", "", "SUB in NAME.SUB.workers.dev (default: any)")
	fl.StringVar(&f.cwd, "cwd", "", "run as if started in this directory")
	fl.BoolVar(&f.json, "json", false, "write JSON")
	cmd.AddCommand(newExplain(&f, stdout, stderr), newLint(&f, stdout), newCoverage(&f, stdout, stderr))
	return cmd
}

// routesProject is a project as far as its files tell, nothing bundled.
type routesProject struct {
	root    string
	files   []config.Location
	sources []routes.Source
	configs []*config.Config
	table   *routing.Table
}

// load reads the project. Its errors mean that the input is of no use; what was
// wrong with files is printed to errs.
func (f *routesFlags) load(errs io.Writer, allEnvs bool) (*routesProject, error) {
	if f.cwd != "" {
		if err := os.Chdir(f.cwd); err != nil {
			return nil, unusable(err)
		}
	}
	if f.env != "" && f.allEnvs {
		return nil, unusable(errors.New("--env and --all-envs exclude each other"))
	}
	cwd, err := os.Getwd()
	if err != nil {
		return nil, unusable(err)
	}
	p := &routesProject{root: cwd}
	if p.files, err = (&devFlags{configs: f.configs}).locations(cwd, nil); err != nil {
		return nil, unusable(err)
	}
	p.sources = routes.Load(p.files, f.env, allEnvs)
	if bad := routes.Unreadable(p.sources); bad.HasErrors() {
		for _, d := range bad {
			fmt.Fprintln(errs, shortened(d, cwd).Error())
		}
		return nil, &exitError{code: exitUnusable, err: dev.ErrConfig}
	}
	p.configs = routes.Configs(p.sources)
	p.table = routes.Table(p.configs, routes.Account{Zones: f.zones, WorkersDevSubdomain: f.subdomain})
	return p, nil
}

// shortened gives d with its file relative to dir where that is below it.
func shortened(d diag.Diagnostic, dir string) diag.Diagnostic {
	if rel, err := filepath.Rel(dir, d.Pos.File); err == nil && filepath.IsLocal(rel) {
		d.Pos.File = filepath.ToSlash(rel)
	}
	return d
}

// explainFlags are those of routes explain.
type explainFlags struct {
	method, from, enteredBy string
	headers                 []string
	nearMisses              int
}

func newExplain(f *routesFlags, stdout, stderr io.Writer) *cobra.Command {
	var x explainFlags
	cmd := &cobra.Command{
		Use:   "explain URL",
		Short: "Say who answers a URL, by which rule, what lost, and what nearly matched",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := f.load(stderr, f.allEnvs)
			if err != nil {
				return err
			}
			j, err := x.explain(p, args[0], stderr)
			if err != nil {
				return unusable(err)
			}
			if f.json {
				return routes.JourneyJSON(stdout, j, p.root)
			}
			return routes.JourneyText(stdout, j, p.root)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&x.method, "method", "GET", "method of the request")
	fl.StringArrayVar(&x.headers, "header", nil, "header as NAME:VALUE; repeatable")
	fl.StringVar(&x.from, "from", "", "explain a fetch() made by this worker instead of a request from outside")
	fl.StringVar(&x.enteredBy, "entered-by", "", "URL by which the worker of --from was called (default: its first zone)")
	fl.IntVar(&x.nearMisses, "near-misses", 5, "how many near misses to list")
	return cmd
}

func (x *explainFlags) explain(p *routesProject, target string, stderr io.Writer) (routes.Journey, error) {
	if x.from != "" {
		return x.explainFetch(p, target)
	}
	if x.enteredBy != "" {
		return routes.Journey{}, errors.New("--entered-by needs --from")
	}
	target, err := deployed(target)
	if err != nil {
		return routes.Journey{}, err
	}
	req := &wire.Request{Method: strings.ToUpper(x.method), URL: target, Header: http.Header{}}
	for _, h := range x.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok || name == "" {
			return routes.Journey{}, fmt.Errorf("--header %q is not of the form NAME:VALUE", h)
		}
		req.Header.Add(name, strings.TrimSpace(value))
	}
	limit := x.nearMisses
	if limit == 0 {
		limit = -1 // 0 is the default of the library
	}
	a, diags, err := routes.Explain(p.table, p.configs, req, routing.ExplainOptions{MaxNearMisses: limit})
	if err != nil {
		return routes.Journey{}, err
	}
	for _, d := range diags {
		fmt.Fprintln(stderr, shortened(d, p.root).Error())
	}
	return routes.Continue(p.table, p.configs, a), nil
}

// deployed maps a URL of the dev server to the one it stands for.
func deployed(target string) (string, error) {
	text := target
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return target, nil // said better by the router
	}
	host := strings.ToLower(u.Hostname())
	if name, ok := strings.CutSuffix(host, ".localhost"); ok && strings.Contains(name, ".") {
		u.Scheme, u.Host = "https", name
		return u.String(), nil
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return "", fmt.Errorf("%s is a name of the dev server; ask for the deployed URL, such as https://example.com%s, or for HOST.localhost", host, u.RequestURI())
	}
	return target, nil
}

// explainFetch follows a fetch() by a Worker.
func (x *explainFlags) explainFetch(p *routesProject, target string) (routes.Journey, error) {
	c := routes.Find(p.configs, x.from)
	if c == nil {
		var names []string
		for _, c := range p.configs {
			names = append(names, c.Name)
		}
		return routes.Journey{}, fmt.Errorf("no worker is called %q; there are %s", x.from, strings.Join(names, ", "))
	}
	if !strings.Contains(target, "://") {
		target = "https://" + target
	}
	u, err := url.Parse(target)
	if err != nil || u.Hostname() == "" {
		return routes.Journey{}, fmt.Errorf("%q is not a URL", target)
	}
	by := routes.Caller{Hops: 1}
	if x.enteredBy != "" {
		e, err := p.table.Explain(x.enteredBy, routing.ExplainOptions{MaxNearMisses: -1})
		if err != nil {
			return routes.Journey{}, err
		}
		entered, err := url.Parse(e.URL)
		if err != nil {
			return routes.Journey{}, err
		}
		by.Zone, by.Via, by.Host = e.Zone, e.Via, entered.Hostname()
	}
	return routes.ContinueHop(p.table, p.configs, routes.Fetch(p.table, c, u, by), by), nil
}

// lintFlags are those of routes lint.
type lintFlags struct {
	format, show, failOn, baseline string
	update                         bool
}

func newLint(f *routesFlags, stdout io.Writer) *cobra.Command {
	var l lintFlags
	cmd := &cobra.Command{
		Use:   "lint",
		Short: "Check what the workers' routes do to each other",
		Long: `Checks every route, custom domain and environment of the project against each
other, from the configuration files alone. All environments are read unless
--env names one.

Exit codes: 0 nothing at or above --severity, 1 findings, 2 unusable input.`,
		Args: func(cmd *cobra.Command, args []string) error { return unusable(cobra.NoArgs(cmd, args)) },
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.json && l.format == "" {
				l.format = string(routes.JSON)
			}
			return l.run(f, stdout, cmd.ErrOrStderr())
		},
	}
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return unusable(nearestFlag(cmd, err)) })
	fl := cmd.Flags()
	fl.StringVar(&l.format, "format", "", "text, json, sarif or github (default text)")
	fl.StringVar(&l.failOn, "severity", "warning", "least severity that fails the run: info, warning or error")
	fl.StringVar(&l.show, "show", "info", "least severity that is written")
	fl.StringVar(&l.baseline, "baseline", "", "file of accepted findings")
	fl.BoolVar(&l.update, "update-baseline", false, "accept all findings: write them to --baseline")
	return cmd
}

func (l *lintFlags) run(f *routesFlags, stdout, stderr io.Writer) error {
	o := routes.LintOptions{Baseline: l.baseline, UpdateBaseline: l.update, Version: version()}
	var err error
	if o.Format, err = routes.ParseFormat(l.format); err != nil {
		return unusable(err)
	}
	if o.Show, err = routes.ParseSeverity(l.show); err != nil {
		return unusable(err)
	}
	if o.FailOn, err = routes.ParseSeverity(l.failOn); err != nil {
		return unusable(err)
	}
	if l.update && l.baseline == "" {
		return unusable(errors.New("--update-baseline needs --baseline FILE"))
	}
	p, err := f.load(stderr, f.env == "")
	if err != nil {
		return err
	}
	o.Root = p.root
	res, err := routes.LintRun(stdout, p.table, p.sources, o)
	switch {
	case err != nil:
		return unusable(err)
	case l.update:
		fmt.Fprintf(stdout, "%s accepts %d findings\n", l.baseline, res.Accepted)
	case res.Failed:
		return &exitError{code: exitFindings}
	}
	return nil
}

// version of the program, as the build knows it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return ""
}

func newCoverage(f *routesFlags, stdout, stderr io.Writer) *cobra.Command {
	var persistTo string
	var onlyMissed bool
	cmd := &cobra.Command{
		Use:   "coverage",
		Short: "Show which routes dev sessions have hit, and which never",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := f.load(stderr, f.allEnvs)
			if err != nil {
				return err
			}
			dir := persistTo
			if dir == "" {
				dir = dev.StateDir(p.configs[0])
			}
			hits, err := routes.ReadCoverage(dir)
			if err != nil {
				return unusable(err)
			}
			list := routes.Coverage(p.table, hits)
			if onlyMissed {
				list = slices.DeleteFunc(list, func(c routes.Covered) bool { return c.Requests+c.Fetches > 0 || !c.Enabled })
			}
			if f.json {
				return routes.CoverageJSON(stdout, list, p.root)
			}
			return routes.PrintCoverage(stdout, list, p.root)
		},
	}
	cmd.Flags().StringVar(&persistTo, "persist-to", "", "directory for state, as given to dev")
	cmd.Flags().BoolVar(&onlyMissed, "never", false, "list only patterns that never answered")
	return cmd
}
