package vitest

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// configNames are the files Vitest would read.
var configNames = []string{"vitest.config", "vite.config"}

var configExtensions = []string{".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"}

// honoured are settings that a configuration for Vitest may have and what takes
// their place here.
var honoured = map[string]string{
	"configPath": "-c FILE", "environment": "-e NAME", "workers": "-c FILE for each worker", "bindings": "--var NAME:VALUE",
	"include": "--include GLOB", "exclude": "--exclude GLOB", "setupFiles": "--setup-files FILE", "globals": "--globals",
	"testTimeout": "--testTimeout MS", "hookTimeout": "--hookTimeout MS", "retry": "--retry N", "bail": "--bail N",
	"passWithNoTests": "--passWithNoTests", "shuffle": "--shuffle", "seed": "--seed N", "reporters": "--reporter NAME",
	"clearMocks": "--clearMocks", "mockReset": "--mockReset", "restoreMocks": "--restoreMocks", "unstubEnvs": "--unstubEnvs",
	"coverage": "--coverage, --coverage.include GLOB and so on", "maxConcurrency": "--maxConcurrency N",
	"unstubGlobals": "--unstubGlobals", "alias": "--alias FROM:TO",
}

// without are settings with nothing in their place.
var without = []string{"globalSetup", "projects", "browser", "pool", "typecheck", "provide", "snapshotSerializers", "resolveSnapshotPath", "expandSnapshotDiff", "sequencer"}

// isConfig reports whether a file is a configuration for Vitest.
func isConfig(rel string) bool {
	base := path.Base(rel)
	return slices.Contains(configNames, strings.TrimSuffix(base, path.Ext(base)))
}

var settingName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)(?:^|[{,\s])([A-Za-z]+)\s*:`) })

// configFile is the configuration for Vitest in a folder, "" if there is none.
func configFile(dir string) string {
	for _, name := range configNames {
		for _, ext := range configExtensions {
			file := filepath.Join(dir, name+ext)
			if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), "test") {
				return file
			}
		}
	}
	return ""
}

// notice says what of a configuration that could not be read is lost. It looks
// for the names of settings.
func notice(file, text string, why error) string {
	var flags, nothing []string
	for _, m := range settingName().FindAllStringSubmatch(text, -1) {
		if flag, ok := honoured[m[1]]; ok {
			flags = append(flags, m[1]+" ("+flag+")")
		} else if slices.Contains(without, m[1]) {
			nothing = append(nothing, m[1])
		}
	}
	slices.Sort(flags)
	slices.Sort(nothing)
	out := fmt.Sprintf("%s is not used: %v; the wrangler configuration and flags say how the tests run.", file, why)
	if flags = slices.Compact(flags); len(flags) > 0 {
		out += fmt.Sprintf("\n  It sets what flags do here: %s.", strings.Join(flags, ", "))
	}
	if nothing = slices.Compact(nothing); len(nothing) > 0 {
		out += fmt.Sprintf("\n  It sets what has no counterpart and is ignored: %s.", strings.Join(nothing, ", "))
	}
	return out
}
