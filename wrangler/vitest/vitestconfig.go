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
var configNames = []string{"vitest.config", "vite.config", "vitest.workspace"}

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
var without = []string{"globalSetup", "projects", "browser", "pool", "typecheck", "provide", "snapshotSerializers", "resolveSnapshotPath", "expandSnapshotDiff", "sequencer", "outboundService"}

// isConfig reports whether a file is a configuration for Vitest.
func isConfig(rel string) bool {
	base := path.Base(rel)
	return slices.Contains(configNames, strings.TrimSuffix(base, path.Ext(base)))
}

var settingName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)(?:^|[{,\s])([A-Za-z]+)\s*:`) })

// configNotice says what of a configuration for Vitest in a folder is not
// read, "" if there is none. It looks for the names of settings only: the file
// is code, and running it needs Node.
func configNotice(dir string) string {
	for _, name := range configNames {
		for _, ext := range configExtensions {
			text, err := os.ReadFile(filepath.Join(dir, name+ext))
			if err != nil || !strings.Contains(string(text), "test") {
				continue
			}
			return notice(name+ext, string(text))
		}
	}
	return ""
}

func notice(file, text string) string {
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
	out := file + " is not executed, that needs Node; the wrangler configuration and flags say how the tests run."
	if flags = slices.Compact(flags); len(flags) > 0 {
		out += fmt.Sprintf("\n  It sets what flags do here: %s.", strings.Join(flags, ", "))
	}
	if nothing = slices.Compact(nothing); len(nothing) > 0 {
		out += fmt.Sprintf("\n  It sets what has no counterpart and is ignored: %s.", strings.Join(nothing, ", "))
	}
	return out
}
