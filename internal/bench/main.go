//go:build linux

package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// options are the command line.
type options struct {
	run      *regexp.Regexp
	tools    map[string]bool
	runs     int
	duration time.Duration
	peers    string
	plugin   string
	binary   string
	json     string
	logs     bool
	profile  string
	profiles string // directory of the profiles that profile is merged from
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == controlArg {
		fmt.Fprintln(os.Stderr, serveControl(os.Args[2]))
		os.Exit(1)
	}
	o, err := parse()
	if err == nil {
		err = bench(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse() (options, error) {
	var o options
	run := flag.String("run", "", "only scenarios that match, as in start/hello or load/hop/16")
	tools := flag.String("tools", "", "only these tools, comma-separated: control, miniworker, wrangler, miniflare, workerd")
	quick := flag.Bool("quick", false, "one short run each")
	flag.IntVar(&o.runs, "runs", 3, "runs of each scenario")
	flag.DurationVar(&o.duration, "duration", 3*time.Second, "length of a run")
	flag.StringVar(&o.peers, "oracle", os.Getenv("ORACLE"), "directory whose node_modules holds wrangler, miniflare and workerd (default $ORACLE)")
	flag.StringVar(&o.plugin, "vitest", os.Getenv("ORACLE_VITEST"), "directory whose node_modules holds vitest, @cloudflare/vitest-plugin and esbuild (default $ORACLE_VITEST)")
	flag.StringVar(&o.binary, "miniworker", "", "miniworker executable (default: built from this tree)")
	flag.StringVar(&o.json, "json", "", "also write the figures as JSON to this file")
	flag.StringVar(&o.profile, "profile", "", "write a CPU profile of miniworker under these loads to this file")
	flag.BoolVar(&o.logs, "logs", false, "let miniworker and wrangler print each request, as they do by default")
	flag.Parse()
	if *quick {
		o.runs, o.duration = 1, time.Second
	}
	if *tools != "" {
		o.tools = map[string]bool{}
		for t := range strings.SplitSeq(*tools, ",") {
			o.tools[t] = true
		}
	}
	var err error
	o.run, err = regexp.Compile(*run)
	return o, err
}

// bench runs everything asked for and prints it.
func bench(o options) error {
	// One thread: the generator must not take the cores it measures.
	runtime.GOMAXPROCS(1)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	work, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if o.binary == "" {
		o.binary = filepath.Join(work, "miniworker")
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", o.binary, "./cmd/miniworker")
		build.Env, build.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("building miniworker: %w", err)
		}
	}
	if o.profile != "" {
		o.profiles = filepath.Join(work, "profiles")
		if err := os.Mkdir(o.profiles, 0o755); err != nil {
			return err
		}
	}
	apps, err := copyApps(filepath.Join("testdata", "bench"), filepath.Join(work, "apps"), o.peers)
	if err != nil {
		return err
	}
	b := &suite{options: o, work: work, apps: apps, tools: tools(o)}
	b.report = newReport(b.tools)
	b.report.header(os.Stdout)
	err = b.all(ctx)
	b.report.print(os.Stdout)
	if err == nil && o.json != "" {
		err = b.report.writeJSON(o.json)
	}
	if err == nil && o.profile != "" {
		err = b.mergeProfiles(ctx, o.profile)
	}
	return err
}

// mergeProfiles makes one profile of those that each server left.
func (b *suite) mergeProfiles(ctx context.Context, to string) error {
	found, err := filepath.Glob(filepath.Join(b.profiles, "*"))
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", append([]string{"tool", "pprof", "-proto", "-output", to}, found...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("merging profiles: %w: %s", err, out)
	}
	return nil
}
