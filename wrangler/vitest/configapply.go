package vitest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// useConfig lets the configuration for Vitest in the root, if there is one, fill
// what the flags left open. temp is a directory for files that takes.
func (o *Options) useConfig(ctx context.Context, temp string) error {
	file := configFile(o.Root)
	if file == "" {
		return nil
	}
	name := filepath.Base(file)
	s, err := readConfig(ctx, file, temp)
	if err != nil {
		text, rerr := os.ReadFile(file)
		fmt.Fprintf(o.Out, "note: %s\n", notice(name, string(text), err))
		return rerr
	}
	o.functions = s.functions
	shuffled := o.Shuffle
	ignored, err := s.apply(o)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if o.Shuffle && !shuffled && o.Seed == 0 {
		o.Seed = time.Now().UnixMilli()
	}
	if len(ignored) > 0 {
		fmt.Fprintf(o.Out, "note: %s sets what has no counterpart here and is ignored: %s.\n", name, strings.Join(ignored, ", "))
	}
	return nil
}

// setting takes the value of one setting.
type setting func(raw json.RawMessage) error

// open takes a value that no flag gave.
func open[T comparable](to *T) setting {
	return func(raw json.RawMessage) error {
		var v, zero T
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		if *to == zero {
			*to = v
		}
		return nil
	}
}

func milliseconds(to *time.Duration) setting {
	return func(raw json.RawMessage) error {
		var ms float64
		if err := json.Unmarshal(raw, &ms); err != nil {
			return err
		}
		*to = cmp.Or(*to, time.Duration(ms*float64(time.Millisecond)))
		return nil
	}
}

// list takes a string or several.
func list(use func(list []string)) setting {
	return func(raw json.RawMessage) error {
		var one string
		if json.Unmarshal(raw, &one) == nil {
			use([]string{one})
			return nil
		}
		var several []string
		if err := json.Unmarshal(raw, &several); err != nil {
			return err
		}
		use(several)
		return nil
	}
}

func openList(to *[]string) setting {
	return list(func(list []string) {
		if *to == nil {
			*to = list
		}
	})
}

// testSettings are those below "test" that can be honoured.
func (o *Options) testSettings() map[string]setting {
	out := map[string]setting{
		"include": openList(&o.Include), "exclude": openList(&o.Exclude), "globals": open(&o.Globals),
		"testTimeout": milliseconds(&o.Timeout), "hookTimeout": milliseconds(&o.Hooks), "retry": open(&o.Retry), "bail": open(&o.Bail),
		"passWithNoTests": open(&o.PassWithNoTests), "maxConcurrency": open(&o.Concurrency), "testNamePattern": open(&o.TestName),
		"clearMocks": open(&o.Mocks.ClearMocks), "mockReset": open(&o.Mocks.MockReset), "restoreMocks": open(&o.Mocks.RestoreMocks),
		"unstubEnvs": open(&o.Mocks.UnstubEnvs), "unstubGlobals": open(&o.Mocks.UnstubGlobals),
		"setupFiles": list(func(list []string) {
			for i := len(list) - 1; i >= 0; i-- { // before those of flags
				path := list[i]
				if !filepath.IsAbs(path) {
					path = filepath.Join(o.Root, filepath.FromSlash(path))
				}
				o.Setup = slices.Insert(slices.Clone(o.Setup), 0, path)
			}
		}),
		"sequence.shuffle": open(&o.Shuffle), "sequence.seed": open(&o.Seed),
		"name": func(json.RawMessage) error { return nil }, "environment": func(json.RawMessage) error { return nil }, // there is one
	}
	if c := o.Coverage; c != nil {
		t := &c.Thresholds
		out["coverage.include"], out["coverage.exclude"] = openList(&c.Include), openList(&c.Exclude)
		out["coverage.thresholds.lines"], out["coverage.thresholds.functions"] = open(&t.Lines), open(&t.Functions)
		out["coverage.thresholds.branches"], out["coverage.thresholds.statements"] = open(&t.Branches), open(&t.Statements)
		out["coverage.thresholds.perFile"] = open(&t.PerFile)
		out["coverage.enabled"], out["coverage.provider"] = func(json.RawMessage) error { return nil }, func(json.RawMessage) error { return nil }
	}
	return out
}

// apply fills the options and says what has no place in them.
func (s *settings) apply(o *Options) (ignored []string, err error) {
	known := o.testSettings()
	var take func(prefix string, values map[string]json.RawMessage)
	take = func(prefix string, values map[string]json.RawMessage) {
		for name, raw := range values {
			use := known[prefix+name]
			var inner map[string]json.RawMessage
			switch {
			case use != nil && use(raw) == nil:
			case use == nil && slices.ContainsFunc(slices.Collect(maps.Keys(known)), func(k string) bool { return strings.HasPrefix(k, prefix+name+".") }) && json.Unmarshal(raw, &inner) == nil:
				take(prefix+name+".", inner)
			default:
				ignored = append(ignored, "test."+prefix+name)
			}
		}
	}
	take("", s.Test)
	for _, path := range o.Setup {
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("setupFiles: %w", err)
		}
	}
	ignored = append(ignored, s.applyWorkers(o)...)
	for _, name := range s.Plugins {
		ignored = append(ignored, "the plugin "+name)
	}
	if s.Alias {
		ignored = append(ignored, "resolve.alias (--alias FROM:TO)")
	}
	slices.Sort(ignored)
	return ignored, nil
}
