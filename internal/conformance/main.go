package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
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
	from := flag.String("oracle", os.Getenv("ORACLE"), "directory whose node_modules holds workerd (default $ORACLE); without it the recorded answers are used")
	dir := flag.String("dir", filepath.Join("testdata", "conformance"), "directory of the probes")
	record := flag.Bool("record", false, "keep the oracle's answers in recorded.json")
	only := flag.String("area", "", "only this area")
	flag.Parse()
	names, err := areas(*dir)
	if err != nil {
		return err
	}
	if *only != "" {
		if !slices.Contains(names, *only) {
			return fmt.Errorf("there is no area %q; the areas are %v", *only, names)
		}
		names = []string{*only}
	}
	theirs, err := truth(ctx, *dir, *from, *record, names)
	if err != nil {
		return err
	}
	return report(ctx, *dir, names, theirs)
}

// truth is what workerd answers, or answered.
func truth(ctx context.Context, dir, from string, record bool, names []string) (*recording, error) {
	recorded := &recording{Areas: map[string]answers{}}
	if err := readJSON(recordingFile(dir), recorded); err != nil || from == "" {
		return recorded, err
	}
	binary, err := oracle(from)
	if err != nil {
		return nil, err
	}
	asked, err := askOracle(ctx, binary, dir, names)
	if err != nil || !record {
		return asked, err
	}
	if len(names) == 1 { // keep the others
		recorded.Workerd, recorded.Date = asked.Workerd, asked.Date
		recorded.Areas[names[0]] = asked.Areas[names[0]]
		asked = recorded
	}
	return asked, writeJSON(recordingFile(dir), asked)
}

func report(ctx context.Context, dir string, names []string, theirs *recording) error {
	accepted, err := readDifferences(dir)
	if err != nil {
		return err
	}
	var scores []score
	failing := 0
	for _, name := range names {
		ours, err := ask(ctx, dir, name)
		if err != nil {
			return err
		}
		s, found := compare(name, ours, theirs.Areas[name], accepted[name])
		for _, f := range found {
			fmt.Println(f)
		}
		failing += len(found)
		scores = append(scores, s)
	}
	fmt.Printf("miniworker and workerd %s, compatibility date %s\n", theirs.Workerd, theirs.Date)
	table(os.Stdout, scores)
	if failing > 0 {
		return fmt.Errorf("%d answers are not as they should be", failing)
	}
	return nil
}
