package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/miniworker/miniworker/runtime/heap"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/dev"
)

// devFlags are the flags of dev, named as wrangler's.
type devFlags struct {
	configs, envFiles, vars, defines, aliases, routes, compatFlags     []string
	env, ip, port, persistTo, host, logLevel, name                     string
	compatDate, assets, cwd, tsconfig, jsxFactory, jsxFragment         string
	watch, noBundle, bundle, minify, testScheduled, sticky, liveReload bool
	interactive                                                        bool
	memory                                                             uint64
	edge                                                               edgeFlags
}

// declareMemory declares the limit of memory, for the commands that run workers.
func (f *devFlags) declareMemory(fl *pflag.FlagSet) {
	fl.Uint64Var(&f.memory, "memory-limit", heap.DefaultLimit>>20, "megabytes all workers together may hold; code that allocates beyond is stopped")
}

func newDev(stdout io.Writer) *cobra.Command {
	var f devFlags
	cmd := &cobra.Command{
		Use:   "dev [script]",
		Short: "Serve the workers of a project on one port and reload them as they are edited",
		Long: `Serve the workers of a project on one port and reload them as they are edited.

Without -c the configuration is searched upward from here (or from the script);
if there is none, every configuration in the folders below makes up the project.
With a script and no configuration at all, the script is the project.

On a terminal single keys do things: b opens a browser, r restarts the workers,
c clears the screen, x exits. Ctrl-C and SIGTERM stop the session cleanly: the exit code is 0. It is 1 if the
session could not start.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(cmd, args)
			if err != nil {
				return err
			}
			events, err := openEvents()
			if err != nil {
				return err
			}
			if events != nil {
				defer events.Close()
				o.Events = events
			}
			o.Out, o.Color, o.ShortBanner = stdout, colors(stdout), os.Getenv("WRANGLER_HIDE_BANNER") == "true"
			if f.interactive {
				keys, restore := keyboard(cmd.Context(), os.Stdin, stdout)
				defer restore()
				o.Keyboard = keys
			}
			return dev.Run(cmd.Context(), o)
		},
	}
	f.declare(cmd.Flags())
	return cmd
}

func (f *devFlags) declare(fl *pflag.FlagSet) {
	fl.SortFlags = false
	fl.StringArrayVarP(&f.configs, "config", "c", nil, "configuration file; repeat for several workers")
	fl.StringVarP(&f.env, "env", "e", "", "environment to run")
	fl.StringArrayVar(&f.envFiles, "env-file", nil, "file of variables, instead of .dev.vars and .env; repeatable, later wins")
	fl.StringVar(&f.port, "port", "", "port to listen on; 0 for any free one (default 8787, or a free one)")
	fl.StringVar(&f.ip, "ip", "", `address to listen on; "*" for all (default localhost)`)
	fl.StringVar(&f.host, "host", "", "hostname that plain localhost stands for")
	fl.StringVar(&f.persistTo, "persist-to", "", "directory for state (default .miniworker/state beside the configuration)")
	fl.StringArrayVar(&f.vars, "var", nil, "variable as NAME:VALUE; repeatable")
	fl.StringArrayVar(&f.defines, "define", nil, "replacement in the code as NAME:VALUE; repeatable")
	fl.StringArrayVar(&f.aliases, "alias", nil, "module to use for another as FROM:TO; repeatable")
	fl.StringVar(&f.name, "name", "", "name of the worker")
	fl.StringVar(&f.compatDate, "compatibility-date", "", "compatibility date, as YYYY-MM-DD")
	fl.StringSliceVar(&f.compatFlags, "compatibility-flags", nil, "compatibility flags; repeatable")
	fl.StringVar(&f.assets, "assets", "", "directory of static assets")
	fl.StringArrayVar(&f.routes, "routes", nil, "route pattern, replacing those of the configuration; repeatable")
	fl.BoolVar(&f.noBundle, "no-bundle", false, "run the script as it is")
	fl.BoolVar(&f.bundle, "bundle", true, "bundle the script")
	fl.BoolVar(&f.minify, "minify", false, "minify the bundle")
	fl.StringVar(&f.tsconfig, "tsconfig", "", "tsconfig.json to use")
	fl.StringVar(&f.jsxFactory, "jsx-factory", "", "function that JSX calls")
	fl.StringVar(&f.jsxFragment, "jsx-fragment", "", "function for JSX fragments")
	f.declareMemory(fl)
	fl.BoolVar(&f.sticky, "sticky", false, "keep hibernatable WebSockets when code changes, and hand them to the new code")
	fl.BoolVar(&f.testScheduled, "test-scheduled", false, "answer /__scheduled by running the scheduled handler")
	f.edge.declare(fl)
	fl.StringVar(&f.logLevel, "log-level", "", "debug, info, log, warn, error or none (default log, or WRANGLER_LOG)")
	fl.BoolVar(&f.watch, "watch", true, "reload on edits")
	fl.BoolVar(&f.liveReload, "live-reload", false, "make pages in the browser load anew when a new version serves")
	fl.BoolVar(&f.interactive, "show-interactive-dev-session", true, "act on single keys, on a terminal and outside of CI")
	fl.StringVar(&f.cwd, "cwd", "", "run as if started in this directory")
	fl.Lookup("bundle").Hidden = true
	addIdleFlags(fl)
	addNegations(fl)
	aliases := map[string]string{"route": "routes", "compatibility-flag": "compatibility-flags"}
	fl.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if full, ok := aliases[name]; ok {
			name = full
		}
		return pflag.NormalizedName(name)
	})
}

// openEvents opens the file that other programs watch a session by.
func openEvents() (*os.File, error) {
	path := os.Getenv("WRANGLER_OUTPUT_FILE_PATH")
	if dir := os.Getenv("WRANGLER_OUTPUT_FILE_DIRECTORY"); path == "" && dir != "" {
		path = filepath.Join(dir, fmt.Sprintf("wrangler-output-%s-%d.json", time.Now().UTC().Format("2006-01-02_15-04-05"), os.Getpid()))
	}
	if path == "" {
		return nil, nil
	}
	f, err := dev.OpenEvents(path)
	if err != nil {
		return nil, fmt.Errorf("WRANGLER_OUTPUT_FILE_PATH: %w", err)
	}
	return f, nil
}

func (f *devFlags) options(cmd *cobra.Command, args []string) (dev.Options, error) {
	var o dev.Options
	notices, err := checkIdleFlags(cmd)
	if err != nil {
		return o, err
	}
	if f.cwd != "" {
		if err := os.Chdir(f.cwd); err != nil {
			return o, fmt.Errorf("--cwd: %w", err)
		}
	}
	o = dev.Options{PersistTo: f.persistTo, Host: f.host, Watch: f.watch, IP: f.ip, Notices: notices, TestScheduled: f.testScheduled, Memory: f.memory << 20, Sticky: f.sticky, LiveReload: f.liveReload}
	if o.Level, err = f.level(); err != nil {
		return o, err
	}
	if err := f.edge.apply(&o); err != nil {
		return o, err
	}
	if f.port != "" {
		n, err := strconv.ParseUint(f.port, 10, 16)
		if err != nil {
			return o, fmt.Errorf("--port %s is not a port: use a number from 0 to 65535", f.port)
		}
		o.Port, o.PortFixed = int(n), true
	}
	cwd, err := os.Getwd()
	if err != nil {
		return o, err
	}
	if err := f.loadOptions(&o, cwd, args); err != nil {
		return o, err
	}
	if err := f.locate(&o, cwd, args); err != nil {
		return o, err
	}
	f.address(&o)
	return o, nil
}

func (f *devFlags) level() (dev.Level, error) {
	name := f.logLevel
	if name == "" {
		name = strings.ToLower(os.Getenv("WRANGLER_LOG"))
	}
	if name == "" {
		name = "log"
	}
	return dev.ParseLevel(name)
}

// loadOptions says how the configurations are read. Flags about one worker
// apply to the first.
func (f *devFlags) loadOptions(o *dev.Options, cwd string, args []string) error {
	vars, err := parsePairs("var", f.vars)
	if err != nil {
		return err
	}
	o.Load = config.LoadOptions{Env: f.env, EnvFiles: f.envFiles, Environ: os.LookupEnv, EnvironNames: environNames, Now: time.Now(), Cwd: cwd}
	o.Primary = o.Load
	o.Primary.Vars = map[string]string{}
	for _, v := range vars {
		o.Primary.Vars[v.Key] = v.Value
	}
	o.Primary.Name, o.Primary.AssetsDir, o.Primary.CompatibilityDate = f.name, f.assets, f.compatDate
	if len(f.compatFlags) > 0 {
		o.Primary.CompatibilityFlags = f.compatFlags
	}
	if len(f.routes) > 0 {
		o.Primary.Routes = f.routes
	}
	if len(args) > 0 {
		o.Primary.Main = args[0]
	}
	o.Override, err = f.override(cwd)
	return err
}

// override is the part of the flags that the configuration reader does not know.
func (f *devFlags) override(cwd string) (func(*config.Config), error) {
	defines, err := parsePairs("define", f.defines)
	if err != nil {
		return nil, err
	}
	aliases, err := parsePairs("alias", f.aliases)
	if err != nil {
		return nil, err
	}
	return func(c *config.Config) {
		c.Define, c.Alias = merge(c.Define, defines), merge(c.Alias, aliases)
		c.NoBundle = c.NoBundle || f.noBundle || !f.bundle
		c.Minify = c.Minify || f.minify
		if f.tsconfig != "" {
			c.TSConfig = f.tsconfig
			if !filepath.IsAbs(c.TSConfig) {
				c.TSConfig = filepath.Join(cwd, c.TSConfig)
			}
		}
		if f.jsxFactory != "" {
			c.JSXFactory = f.jsxFactory
		}
		if f.jsxFragment != "" {
			c.JSXFragment = f.jsxFragment
		}
	}, nil
}

// merge puts the pairs of flags in place of those with the same key.
func merge(list, flags []config.Pair) []config.Pair {
	var out []config.Pair
	for _, p := range list {
		replaced := false
		for _, q := range flags {
			replaced = replaced || q.Key == p.Key
		}
		if !replaced {
			out = append(out, p)
		}
	}
	return append(out, flags...)
}

// locations are the configuration files named by -c, or found.
func (f *devFlags) locations(cwd string, args []string) ([]config.Location, error) {
	var o dev.Options
	err := f.locate(&o, cwd, args)
	return o.Locations, err
}

// locate fills in the configuration files named by -c, or found, or none where
// a script or assets say it all.
func (f *devFlags) locate(o *dev.Options, cwd string, args []string) error {
	for _, c := range f.configs {
		path, err := filepath.Abs(c)
		if err != nil {
			return err
		}
		o.Locations = append(o.Locations, config.Location{Path: path, UserPath: path})
	}
	if len(f.configs) > 0 {
		return nil
	}
	if len(args) == 0 && f.assets == "" {
		return f.findWorkspace(o, cwd)
	}
	dir := cwd
	if len(args) > 0 {
		dir = filepath.Dir(args[0])
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(cwd, dir)
		}
	}
	loc, err := config.Find(dir)
	if errors.Is(err, config.ErrNotFound) {
		f.unwritten(o, cwd, args)
		return nil
	}
	o.Locations = []config.Location{loc}
	return err
}

func (f *devFlags) findWorkspace(o *dev.Options, cwd string) error {
	found, err := config.FindWorkspace(cwd)
	if errors.Is(err, config.ErrNotFound) {
		return fmt.Errorf("%w\nName one with -c, or a script: miniworker dev src/index.ts", err)
	}
	o.Locations = found
	if len(found) > 1 || len(found) == 1 && filepath.Dir(found[0].UserPath) != cwd {
		o.Found = "found above"
		if rel, rerr := filepath.Rel(cwd, found[0].UserPath); rerr == nil && !strings.HasPrefix(rel, "..") {
			o.Found = "found below, in the order of their paths; -c chooses"
		}
	}
	return err
}

// unwritten describes the worker that a script, or a directory of assets, is
// without a configuration.
func (f *devFlags) unwritten(o *dev.Options, cwd string, args []string) {
	path := filepath.Join(cwd, "wrangler.jsonc")
	o.Locations, o.Unwritten = []config.Location{{Path: path, UserPath: path}}, true
	if o.Primary.CompatibilityDate == "" {
		o.Primary.CompatibilityDate = config.DefaultCompatibilityDate
	}
	if o.Primary.Name == "" {
		o.Primary.Name = workerName(filepath.Base(cwd))
	}
}

// workerName makes a valid worker name of a directory's.
func workerName(dir string) string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, dir), "-")
	if name == "" {
		return "worker"
	}
	return name
}

// address fills in where to listen: flags, then the first configuration's dev
// section, then the defaults. What is wrong with the file is said later.
func (f *devFlags) address(o *dev.Options) {
	var c *config.Config
	if !o.Unwritten {
		c, _ = o.Locations[0].Load(o.Primary)
	}
	if c != nil {
		if o.IP == "" {
			o.IP = c.Dev.IP
		}
		if !o.PortFixed && c.Dev.Port != 0 {
			o.Port, o.PortFixed = c.Dev.Port, true
		}
		if o.Host == "" {
			o.Host = c.Dev.Host
		}
		if c.Dev.LocalProtocol == "https" && f.edge.protocol == "" {
			o.Edge.HTTPS = true
		}
	}
	switch o.IP {
	case "":
		o.IP = "localhost"
	case "*":
		o.IP = ""
	}
	if !o.PortFixed {
		o.Port = defaultPort
	}
}

const defaultPort = 8787

// parsePairs reads flags of the form NAME:VALUE.
func parsePairs(flag string, list []string) ([]config.Pair, error) {
	var out []config.Pair
	for _, v := range list {
		name, value, ok := strings.Cut(v, ":")
		if !ok || name == "" {
			return nil, fmt.Errorf("--%s %q is not of the form NAME:VALUE", flag, v)
		}
		out = append(out, config.Pair{Key: name, Value: value})
	}
	return out, nil
}

func environNames() []string {
	var names []string
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		names = append(names, name)
	}
	return names
}
