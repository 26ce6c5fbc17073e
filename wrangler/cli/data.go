package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/dev"
)

// dataFlags are what the commands that read and write stored data share, named
// as wrangler's.
type dataFlags struct {
	configs, envFiles      []string
	env, persistTo, cwd    string
	local, remote, preview bool
}

func (f *dataFlags) declare(fl *pflag.FlagSet) {
	fl.SortFlags = false
	fl.StringArrayVarP(&f.configs, "config", "c", nil, "configuration file; repeat for several workers, as for dev")
	fl.StringVarP(&f.env, "env", "e", "", "environment to read")
	fl.StringArrayVar(&f.envFiles, "env-file", nil, "file of variables, instead of .env; repeatable")
	fl.StringVar(&f.persistTo, "persist-to", "", "directory of the state (default .miniworker/state beside the configuration)")
	fl.StringVar(&f.cwd, "cwd", "", "run as if started in this directory")
	fl.BoolVar(&f.local, "local", false, "accepted, changes nothing: the data are always those on this machine")
	fl.BoolVar(&f.preview, "preview", false, "accepted, changes nothing: the preview id is used where there is one, as by dev")
	fl.BoolVar(&f.remote, "remote", false, "not available")
	for _, name := range []string{"local", "preview", "remote", "env-file"} {
		fl.Lookup(name).Hidden = true
	}
}

// project is the configurations of the project the command is about, and its
// state directory, both as dev would find them.
func (f *dataFlags) project() (configs []*config.Config, state string, err error) {
	if f.remote && f.local {
		return nil, "", errors.New("--local and --remote contradict each other")
	}
	if f.remote {
		return nil, "", errors.New("--remote is not available: miniworker works on this machine only; use wrangler for the data at Cloudflare")
	}
	if f.cwd != "" {
		if err := os.Chdir(f.cwd); err != nil {
			return nil, "", fmt.Errorf("--cwd: %w", err)
		}
	}
	cwd, err := os.Getwd()
	if err != nil {
		return nil, "", err
	}
	files, err := (&devFlags{configs: f.configs}).locations(cwd, nil)
	if err != nil {
		return nil, "", err
	}
	load := config.LoadOptions{Env: f.env, EnvFiles: f.envFiles, Environ: os.LookupEnv, EnvironNames: environNames, Now: time.Now(), Cwd: cwd}
	for _, file := range files {
		c, diags := file.Load(load)
		if diags.HasErrors() || c == nil {
			return nil, "", diags
		}
		configs = append(configs, c)
	}
	state = f.persistTo
	if state == "" {
		state = dev.StateDir(configs[0])
	}
	state, err = filepath.Abs(state)
	return configs, state, err
}

// names lists configuration files for a message.
func names(configs []*config.Config) string {
	var out []string
	for _, c := range configs {
		out = append(out, filepath.Base(filepath.Dir(c.Path))+"/"+filepath.Base(c.Path))
	}
	return strings.Join(out, ", ")
}
