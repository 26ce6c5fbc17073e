package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/envtypes"
	"github.com/miniworker/miniworker/wrangler/project"
)

// typesFlags are the flags of types, named as wrangler's.
type typesFlags struct {
	configs, envFiles                                      []string
	env, cwd, name                                         string
	includeRuntime, includeEnv, strictVars, main, upToDate bool
}

func newTypes(stdout, stderr io.Writer) *cobra.Command {
	var f typesFlags
	cmd := &cobra.Command{
		Use:   "types [FILE]",
		Short: "Write TypeScript declarations of the bindings of a worker",
		Long: `Write TypeScript declarations of the bindings of a worker: interface Env, from its configuration, variables and secrets,
as wrangler types does. FILE is worker-configuration.d.ts by default. With several -c, the first is the worker;
the others give what it binds of them its type.

The types of the runtime are in the package @cloudflare/workers-types. If wrangler types wrote them into FILE, they stay.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "worker-configuration.d.ts"
			if len(args) > 0 {
				path = args[0]
			}
			if !f.includeEnv {
				return errors.New("--include-env=false leaves nothing to write: types of the runtime are not generated; they are in the package @cloudflare/workers-types")
			}
			if !strings.HasSuffix(path, ".d.ts") {
				return fmt.Errorf("%s is not the name of a declaration file: let it end in .d.ts", path)
			}
			return f.run(cmd, path, stdout, stderr)
		},
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringArrayVarP(&f.configs, "config", "c", nil, "configuration file; repeat for the workers that the first one binds")
	fl.StringVarP(&f.env, "env", "e", "", "environment to read (default all of them)")
	fl.StringArrayVar(&f.envFiles, "env-file", nil, "file of variables, instead of .dev.vars and .env; repeatable")
	fl.StringVar(&f.name, "env-interface", "Env", "name of the interface")
	fl.BoolVar(&f.strictVars, "strict-vars", true, "types of variables are their values, not string or number")
	fl.BoolVar(&f.main, "include-main-module", true, "import the entry of the worker, for the type of ctx.exports")
	fl.BoolVar(&f.upToDate, "check", false, "only say whether FILE is up to date; if not, the exit code is 1")
	fl.StringVar(&f.cwd, "cwd", "", "run as if started in this directory")
	fl.BoolVar(&f.includeEnv, "include-env", true, "accepted; there is nothing else to write")
	fl.BoolVar(&f.includeRuntime, "include-runtime", true, "accepted; types of the runtime stay if FILE has them")
	fl.Lookup("include-env").Hidden, fl.Lookup("include-runtime").Hidden = true, true
	addNegations(fl)
	return cmd
}

func (f *typesFlags) run(cmd *cobra.Command, path string, stdout, stderr io.Writer) error {
	if f.cwd != "" {
		if err := os.Chdir(f.cwd); err != nil {
			return fmt.Errorf("--cwd: %w", err)
		}
	}
	out, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	declarations, err := f.declarations(cmd, out, stderr)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if f.upToDate {
		if !envtypes.UpToDate(string(old), declarations) {
			return fmt.Errorf("%s is out of date: run miniworker types", path)
		}
		fmt.Fprintf(stdout, "%s is up to date\n", path)
		return nil
	}
	text := envtypes.File(declarations, f.command(cmd, path), string(old))
	if err := os.WriteFile(out, []byte(text), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "wrote %s\n", path)
	if !envtypes.HasRuntime(text) {
		fmt.Fprintln(stdout, "The types of the runtime are in the package @cloudflare/workers-types: install it, and name it in \"types\" of tsconfig.json.")
	}
	return nil
}

// command is how to write the file again.
func (f *typesFlags) command(cmd *cobra.Command, path string) string {
	var b strings.Builder
	b.WriteString("miniworker types")
	for _, c := range f.configs {
		b.WriteString(" -c " + c)
	}
	for _, name := range []string{"env", "env-interface", "strict-vars", "include-main-module"} {
		if fl := cmd.Flags().Lookup(name); fl.Changed {
			fmt.Fprintf(&b, " --%s=%s", name, fl.Value)
		}
	}
	if path != "worker-configuration.d.ts" {
		b.WriteString(" " + path)
	}
	return b.String()
}

func (f *typesFlags) declarations(cmd *cobra.Command, out string, stderr io.Writer) (string, error) {
	cwd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	files, err := f.files(cwd)
	if err != nil {
		return "", err
	}
	o := envtypes.Options{Interface: f.name, Loose: !f.strictVars, NoMain: !f.main, Out: out}
	var envs []*config.Config
	for i, file := range files {
		load := config.LoadOptions{Env: f.env, EnvFiles: f.envFiles, Environ: os.LookupEnv, EnvironNames: environNames, Now: time.Now(), Cwd: cwd, UserConfig: file.UserPath}
		all, err := f.load(file.Path, load)
		if err != nil {
			return "", err
		}
		w := envtypes.Worker{Name: all[0].Name, Main: all[0].Main}
		if w.Exports, err = project.Exports(cmd.Context(), all[0]); err != nil {
			fmt.Fprintf(stderr, "note: %s does not build, so classes of it are not imported: %v\n", filepath.Base(w.Main), err)
		}
		if i == 0 {
			envs, o.Worker = all, w
			continue
		}
		o.Others = append(o.Others, w)
	}
	return envtypes.Generate(envs, o), nil
}

// files are the configuration of the worker and, by -c, those of others.
func (f *typesFlags) files(cwd string) ([]config.Location, error) {
	if len(f.configs) > 0 {
		return (&devFlags{configs: f.configs}).locations(cwd, nil)
	}
	file, err := config.Find(cwd)
	if errors.Is(err, config.ErrNotFound) {
		err = fmt.Errorf("%w\nName one with -c", err)
	}
	return []config.Location{file}, err
}

// load reads every environment of a configuration, or the one that was asked for.
func (f *typesFlags) load(path string, o config.LoadOptions) ([]*config.Config, error) {
	if _, set := os.LookupEnv("CLOUDFLARE_ENV"); f.env != "" || set {
		c, diags := config.Load(path, o)
		if c == nil || diags.HasErrors() {
			return nil, diags
		}
		return []*config.Config{c}, nil
	}
	all, diags := config.LoadAll(path, o)
	if len(all) == 0 || diags.HasErrors() {
		return nil, diags
	}
	return all, nil
}
