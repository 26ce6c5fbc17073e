//go:build linux

// Command apibench compares what calls of Web APIs, and JavaScript alone, cost
// in miniworker and in workerd: the cases of testdata/bench/api, the same code
// in both, taking turns. It asks over HTTP for as many calls as take long enough
// to measure, and counts the processor time of the server beside the time that
// passed. It also compiles a large bundle, which workerd does in its own time.
//
// It deliberately is no test: figures depend on the machine. It fails if the two
// give different answers. It reads /proc, so it runs on Linux only.
//
//	go run ./internal/apibench -oracle DIR [-run REGEXP] [-time DURATION] [-runs N] [-update FILE]
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"time"
)

type options struct {
	oracle, dir, program, update string
	run                          *regexp.Regexp
	enough                       time.Duration
	runs                         int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "apibench:", err)
		os.Exit(1)
	}
}

func parse() (o options, err error) {
	flag.StringVar(&o.oracle, "oracle", os.Getenv("ORACLE"), "directory whose node_modules holds workerd; without it only miniworker is measured")
	flag.StringVar(&o.dir, "dir", filepath.Join("testdata", "bench", "api"), "directory of the worker")
	flag.StringVar(&o.program, "miniworker", filepath.Join("bin", "miniworker"), "program to measure")
	flag.DurationVar(&o.enough, "time", 300*time.Millisecond, "least time one measurement takes")
	flag.IntVar(&o.runs, "runs", 3, "measurements of each case, of which the median counts")
	flag.StringVar(&o.update, "update", "", "also write the tables into this file, between their marks")
	only := flag.String("run", "", "only cases that match")
	flag.Parse()
	o.run, err = regexp.Compile(*only)
	return o, err
}

func run(ctx context.Context) error {
	o, err := parse()
	if err != nil {
		return err
	}
	ours, err := startOurs(ctx, o.program, o.dir)
	if err != nil {
		return err
	}
	defer ours.stop()
	targets := []*target{ours}
	if o.oracle != "" {
		theirs, err := startWorkerd(ctx, o.oracle, o.dir)
		if err != nil {
			return err
		}
		defer theirs.stop()
		targets = append(targets, theirs)
	}
	list, err := ours.ask(ctx, "")
	if err != nil {
		return err
	}
	var names struct{ API, Kernels []string }
	if err := json.Unmarshal([]byte(list), &names); err != nil {
		return err
	}
	api, err := compare(ctx, targets, names.API, o)
	if err != nil {
		return err
	}
	kernels, err := compare(ctx, targets, names.Kernels, o)
	if err != nil {
		return err
	}
	bundles, err := compile(o.runs)
	if err != nil {
		return err
	}
	sections := []section{{"api", api.markdown("call")}, {"kernels", kernels.markdown("JavaScript alone")}, {"compile", bundles}}
	for _, s := range sections {
		fmt.Printf("%s\n", s.text)
	}
	if o.update != "" {
		return update(o.update, sections)
	}
	return nil
}
