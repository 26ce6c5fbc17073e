package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/dev"
)

// devFlags are the flags of dev, named as wrangler's.
type devFlags struct {
	configs, envFiles, vars, routes, compatFlags []string
	env, ip, persistTo, host, logLevel, name     string
	compatDate, assets, cwd                      string
	port                                         int
	watch                                        bool
}

func newDev(stdout io.Writer) *cobra.Command {
	var f devFlags
	cmd := &cobra.Command{
		Use:   "dev [script]",
		Short: "Serve the workers of a project on one port and reload them as they are edited",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(cmd, args)
			if err != nil {
				return err
			}
			o.Out, o.Color = stdout, colors(stdout)
			return dev.Run(cmd.Context(), o)
		},
	}
	fl := cmd.Flags()
	fl.StringArrayVarP(&f.configs, "config", "c", nil, "configuration file; repeat for several workers")
	fl.StringVarP(&f.env, "env", "e", "", "environment to run")
	fl.StringArrayVar(&f.envFiles, "env-file", nil, "file of variables, instead of .dev.vars and .env; repeatable, later wins")
	fl.IntVar(&f.port, "port", 0, "port to listen on (default 8787, or a free one)")
	fl.StringVar(&f.ip, "ip", "", `address to listen on; "*" for all (default localhost)`)
	fl.StringVar(&f.persistTo, "persist-to", "", "directory for state (default .miniworker/state beside the configuration)")
	fl.StringArrayVar(&f.vars, "var", nil, "variable as NAME:VALUE; repeatable")
	fl.StringVar(&f.host, "host", "", "hostname that plain localhost stands for")
	fl.StringVar(&f.logLevel, "log-level", "log", "debug, info, log, warn, error or none")
	fl.StringVar(&f.name, "name", "", "name of the worker")
	fl.StringVar(&f.compatDate, "compatibility-date", "", "compatibility date, as YYYY-MM-DD")
	fl.StringArrayVar(&f.compatFlags, "compatibility-flags", nil, "compatibility flag; repeatable")
	fl.StringVar(&f.assets, "assets", "", "directory of static assets")
	fl.StringArrayVar(&f.routes, "routes", nil, "route pattern, replacing those of the configuration; repeatable")
	fl.StringVar(&f.cwd, "cwd", "", "run as if started in this directory")
	fl.BoolVar(&f.watch, "watch", true, "reload on edits")
	return cmd
}

func (f *devFlags) options(cmd *cobra.Command, args []string) (dev.Options, error) {
	if f.cwd != "" {
		if err := os.Chdir(f.cwd); err != nil {
			return dev.Options{}, err
		}
	}
	level, err := dev.ParseLevel(f.logLevel)
	if err != nil {
		return dev.Options{}, err
	}
	vars, err := parseVars(f.vars)
	if err != nil {
		return dev.Options{}, err
	}
	o := dev.Options{PersistTo: f.persistTo, Host: f.host, Level: level, Watch: f.watch, IP: f.ip, Port: f.port, PortFixed: cmd.Flags().Changed("port")}
	cwd, err := os.Getwd()
	if err != nil {
		return o, err
	}
	o.Load = config.LoadOptions{
		Env: f.env, EnvFiles: f.envFiles, Vars: vars, Environ: os.LookupEnv, EnvironNames: environNames, Now: time.Now(), Cwd: cwd,
	}
	o.Primary = o.Load
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
	o.Locations, err = f.locations(cwd, args)
	if err != nil {
		return o, err
	}
	return o, f.address(&o)
}

// locations are the configuration files named by -c, or found.
func (f *devFlags) locations(cwd string, args []string) ([]config.Location, error) {
	if len(f.configs) == 0 {
		dir := cwd
		if len(args) > 0 {
			dir = filepath.Dir(filepath.Join(cwd, args[0]))
		}
		return config.FindWorkspace(dir)
	}
	var out []config.Location
	for _, c := range f.configs {
		path, err := filepath.Abs(c)
		if err != nil {
			return nil, err
		}
		out = append(out, config.Location{Path: path, UserPath: path})
	}
	return out, nil
}

// address fills in where to listen: flags, then the first configuration's dev
// section, then the defaults.
func (f *devFlags) address(o *dev.Options) error {
	c, _ := o.Locations[0].Load(o.Primary)
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
	return nil
}

const defaultPort = 8787

func parseVars(list []string) (map[string]string, error) {
	vars := map[string]string{}
	for _, v := range list {
		name, value, ok := strings.Cut(v, ":")
		if !ok || name == "" {
			return nil, fmt.Errorf("--var %q is not of the form NAME:VALUE", v)
		}
		vars[name] = value
	}
	return vars, nil
}

func environNames() []string {
	var names []string
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		names = append(names, name)
	}
	return names
}
