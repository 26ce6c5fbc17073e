package project

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/wrangler/config"
)

// foreign is what keeps a configuration from being a worker that this program
// runs, nil for one that it does.
func foreign(c *config.Config) *diag.Diagnostic {
	switch {
	case c.Pages != nil && c.Main == "":
		return &diag.Diagnostic{
			Code: "pages_project", Pos: c.Pages.Pos,
			Message: "This is a Pages project, which miniworker does not run.",
			Hint: fmt.Sprintf("as a worker it does: write its functions into one with `wrangler pages functions build --outdir dist/functions`, and in place of "+
				"pages_build_output_dir \"main\": \"dist/functions/index.js\", \"assets\": {\"directory\": %q, \"binding\": \"ASSETS\"}; wrangler pages dev runs it as it is",
				filepath.ToSlash(Display(c.Dir, c.Pages.BuildOutputDir))),
		}
	case strings.EqualFold(filepath.Ext(c.Main), ".py"):
		return &diag.Diagnostic{
			Code: "python_worker", Pos: c.MainPos,
			Message: "This is a Python Worker, which miniworker does not run: it has no Python.",
			Hint:    "run it with wrangler dev, or write it in JavaScript or TypeScript",
		}
	}
	return nil
}

// own are the configurations of workers that can run. The others are an error if
// nothing is left without them.
func own(all []*config.Config, diags *diag.List) []*config.Config {
	var out []*config.Config
	var others diag.List
	for _, c := range all {
		if d := foreign(c); d != nil {
			others.Add(*d)
			continue
		}
		out = append(out, c)
	}
	for _, d := range others {
		d.Severity = diag.Error
		if len(out) > 0 {
			d.Severity, d.Message = diag.Warning, d.Message+" It is left out."
		}
		diags.Add(d)
	}
	return out
}

// placeDefines gives what esbuild says about values of `define` their place in
// the configuration.
func placeDefines(c *config.Config, list diag.List) {
	const invalid = "Invalid define value (must be an entity name or JS literal): "
	for i := range list {
		value, ok := strings.CutPrefix(list[i].Message, invalid)
		if !ok {
			continue
		}
		for _, p := range c.Define {
			if p.Value == value {
				list[i].Pos = p.Pos
				list[i].Message = fmt.Sprintf("The value of \"define.%s\" is no JavaScript literal or name: %s", p.Key, value)
				list[i].Hint = fmt.Sprintf("a string is in quotes of its own: %q: %q", p.Key, fmt.Sprintf("%q", value))
			}
		}
	}
}
