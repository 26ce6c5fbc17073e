package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/oracle"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	from := flag.String("oracle", os.Getenv("ORACLE"), "directory whose node_modules holds wrangler (default $ORACLE); without it the recorded answers are used")
	dir := flag.String("dir", filepath.Join("testdata", "conformance"), "directory of the probes")
	record := flag.Bool("record", false, "keep the oracle's answers")
	shrink := flag.Bool("shrink", false, "take vanished differences off the lists, and new answers of listed ones over")
	only := flag.String("area", "", "only this area")
	flag.Parse()
	list, err := areas(*dir)
	if err != nil {
		return err
	}
	if *only != "" {
		if list, err = find(list, *only); err != nil {
			return err
		}
	}
	theirs, err := truth(ctx, *dir, oracle.Install(*from), list)
	if err != nil {
		return err
	}
	if *record && *from != "" {
		for name, r := range theirs {
			if err := writeJSON(recordingFile(*dir, name), r); err != nil {
				return err
			}
		}
	}
	return report(ctx, *dir, list, theirs, *shrink)
}

// truth is what the oracle answers, or answered, by area.
func truth(ctx context.Context, dir string, from oracle.Install, list []area) (map[string]*recording, error) {
	if from != "" {
		return askOracle(ctx, from, dir, list)
	}
	theirs := map[string]*recording{}
	for _, a := range list {
		r, err := readRecording(dir, a.name)
		if err != nil {
			return nil, err
		}
		theirs[a.name] = r
	}
	return theirs, nil
}

func report(ctx context.Context, dir string, list []area, theirs map[string]*recording, shrink bool) error {
	var scores []score
	failing := 0
	for _, a := range list {
		accepted, err := readDifferences(dir, a.name)
		if err != nil {
			return err
		}
		ours, err := ask(ctx, dir, a)
		if err != nil {
			return err
		}
		if shrink && accepted.shrink(ours, theirs[a.name].Answers) {
			if err := writeDifferences(dir, a.name, accepted); err != nil {
				return err
			}
		}
		s, found := compare(a.name, ours, theirs[a.name].Answers, accepted)
		for _, f := range found {
			fmt.Println(f)
		}
		failing += len(found)
		scores = append(scores, s)
	}
	oracles := map[string]bool{}
	for _, r := range theirs {
		oracles[r.Oracle] = true
	}
	fmt.Printf("miniworker beside %s, compatibility date %s\n", strings.Join(slices.Sorted(maps.Keys(oracles)), " and "), date)
	table(os.Stdout, scores)
	if failing > 0 {
		return fmt.Errorf("%d answers are not as they should be", failing)
	}
	return nil
}
