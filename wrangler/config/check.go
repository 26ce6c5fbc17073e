package config

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/nearest"
)

// crossChecks judges the resolved Config as a whole.
func (r *resolver) crossChecks() {
	r.checkName()
	r.checkDate()
	r.checkMain()
	r.checkAssets()
	r.checkRouting()
	r.checkBindingNames()
	r.checkExports()
	r.checkMigrations()
	r.checkDurableObjects()
	r.checkWorkflows()
	r.checkMigrationPatterns()
	r.checkCrons()
	r.checkLegacy()
}

// checkName names a nameless Worker after its directory: local routing, storage
// and service bindings all need a name.
func (r *resolver) checkName() {
	c := r.cfg
	if c.Name != "" {
		return
	}
	c.Name = or(suggestName(filepath.Base(c.UserDir)), "worker")
	r.warnf("missing_name", r.get("name"), fmt.Sprintf("add \"name\": %q", c.Name),
		"The Worker has no name; it is called %q here, and could not be deployed.", c.Name)
}

// checkDate fills in a missing compatibility date and warns about a future one.
func (r *resolver) checkDate() {
	c := r.cfg
	if c.CompatibilityDate == "" {
		c.CompatibilityDate = or(r.opts.DefaultDate, DefaultCompatibilityDate)
		if c.Pages == nil || r.root.get("name") != nil {
			r.warnf("missing_compatibility_date", nil, fmt.Sprintf("add \"compatibility_date\": %q", c.CompatibilityDate),
				"No compatibility_date was specified. Using %s.", c.CompatibilityDate)
		}
		return
	}
	date, err := time.Parse(time.DateOnly, c.CompatibilityDate)
	if err != nil {
		if c.CompatibilityDatePos.Line == 0 {
			r.errorf("invalid_compatibility_date", nil, "", "The compatibility date %q is not a date (YYYY-MM-DD).", c.CompatibilityDate)
		}
		return
	}
	if !r.opts.Now.IsZero() && date.After(r.opts.Now.UTC()) {
		r.diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "future_compatibility_date", Pos: r.at(c.CompatibilityDatePos),
			Message: fmt.Sprintf("The compatibility date %s is in the future; Cloudflare would refuse to deploy it.", c.CompatibilityDate),
			Hint:    fmt.Sprintf("use %s or earlier", r.opts.Now.UTC().Format(time.DateOnly))})
	}
}

// at is pos, or the file itself where pos is unknown.
func (r *resolver) at(pos diag.Position) diag.Position {
	if pos.File == "" {
		return diag.Position{File: r.src.file}
	}
	return pos
}

func (r *resolver) checkMain() {
	c := r.cfg
	if c.Main == "" {
		if c.Assets == nil && c.Pages == nil && (c.Site == nil || c.Site.EntryPoint == "") {
			hint := `add "main": "src/index.ts", or "assets": {"directory": "public"} for static files alone`
			if near := likelyMains(c.Dir); near != "" {
				hint = fmt.Sprintf(`add "main": %q`, near)
			}
			r.errorf("missing_main", nil, hint, "Missing entry-point to Worker script or to assets directory")
		}
		return
	}
	if isFile(c.Main) || c.Build.Command != "" {
		return
	}
	rel := relTo(c.Dir, c.Main)
	hint := ""
	if st, err := os.Stat(c.Main); err == nil && st.IsDir() {
		hint = "it is a directory; name a file in it"
	} else if near := nearFile(c.Main); near != "" {
		hint = fmt.Sprintf("did you mean %q?", relTo(c.Dir, near))
	} else if near := likelyMains(c.Dir); near != "" {
		hint = fmt.Sprintf("there is %q", near)
	}
	r.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "main_not_found", Pos: r.at(c.MainPos),
		Message: fmt.Sprintf("The entry-point file at %q was not found.", rel), Hint: hint})
}

// relTo shortens path for messages, with slashes.
func relTo(dir, path string) string {
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}

// likelyMains is the first usual entry file that exists below dir, or "".
func likelyMains(dir string) string {
	for _, stem := range []string{"src/index", "src/main", "src/worker", "index", "worker", "main", "_worker"} {
		for _, ext := range []string{".ts", ".js", ".mjs", ".tsx", ".jsx", ".mts"} {
			if isFile(filepath.Join(dir, filepath.FromSlash(stem+ext))) {
				return stem + ext
			}
		}
	}
	return ""
}

// nearFile is the file beside the missing one whose name is nearest: the same
// stem with another extension first.
func nearFile(missing string) string {
	dir := filepath.Dir(missing)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	base := filepath.Base(missing)
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		name := e.Name()
		if strings.TrimSuffix(name, filepath.Ext(name)) == stem {
			return filepath.Join(dir, name)
		}
		names = append(names, name)
	}
	if near := nearest.Word(base, names); near != "" {
		return filepath.Join(dir, near)
	}
	return ""
}

func (r *resolver) checkAssets() {
	c, a := r.cfg, r.cfg.Assets
	if a == nil {
		return
	}
	if c.Site != nil {
		r.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "site_and_assets", Pos: r.at(a.Pos),
			Message: "Cannot use assets and Workers Sites in the same Worker.",
			Hint:    "Please remove either the `site` or `assets` field from your configuration file.",
			Notes:   []diag.Note{{Pos: c.Site.Pos, Message: "site is here"}}})
	}
	r.checkAssetsDirectory()
	if c.Main == "" {
		if a.Binding != "" {
			r.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "assets_binding_without_worker", Pos: r.at(a.BindingPos),
				Message: "Cannot use assets with a binding in an assets-only Worker.",
				Hint:    "Please remove the asset binding from your configuration file, or provide a Worker script in your configuration file (`main`)."})
		}
		if a.RunWorkerFirst.Always || len(a.RunWorkerFirst.Rules) > 0 {
			r.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "run_worker_first_without_worker", Pos: r.at(a.RunWorkerFirst.Pos),
				Message: "Cannot set run_worker_first without a Worker script.",
				Hint:    "Please remove run_worker_first from your configuration file, or provide a Worker script in your configuration file (`main`)."})
		}
		return
	}
	if a.RunWorkerFirst.Always && a.Binding == "" {
		r.diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "run_worker_first_without_binding", Pos: r.at(a.RunWorkerFirst.Pos),
			Message: "run_worker_first=true set without an assets binding\nSetting run_worker_first to true will always invoke your Worker script.",
			Hint:    "To fetch your assets from your Worker, please set the [assets.binding] key in your configuration file."})
	}
}

func (r *resolver) checkAssetsDirectory() {
	a := r.cfg.Assets
	add := func(sev diag.Severity, code, msg, hint string) {
		pos := r.at(a.Pos)
		if v := r.get("assets").get("directory"); v != nil && r.opts.AssetsDir == "" {
			pos = r.pos(v)
		}
		r.diags.Add(diag.Diagnostic{Severity: sev, Code: code, Pos: pos, Message: msg, Hint: hint})
	}
	if a.RawDirectory == "" {
		if r.get("assets").get("directory") == nil {
			add(diag.Error, "missing_assets_directory", "The `assets` property in your configuration is missing the required `directory` property.", `for example "directory": "./public"`)
		} else {
			add(diag.Error, "missing_assets_directory", "The assets directory cannot be an empty string.", `"." serves the directory of the configuration file`)
		}
		return
	}
	source := `"assets.directory" field in your configuration file`
	if r.opts.AssetsDir != "" {
		source = `"--assets" command line argument`
	}
	st, err := os.Stat(a.Directory)
	switch {
	case err != nil && r.cfg.Build.Command != "":
		add(diag.Warning, "assets_directory_not_found", fmt.Sprintf("The directory specified by the %s does not exist yet:\n%s", source, a.Directory), "the build command is expected to make it")
	case err != nil:
		hint := "make the directory, or build the site first"
		if near := nearDir(a.Directory); near != "" {
			hint = fmt.Sprintf("did you mean %q?", relTo(r.cfg.Dir, near))
		}
		add(diag.Error, "assets_directory_not_found", fmt.Sprintf("The directory specified by the %s does not exist:\n%s", source, a.Directory), hint)
	case !st.IsDir():
		add(diag.Error, "assets_directory_not_found", fmt.Sprintf("The path specified by the %s doesn't point to a directory:\n%s", source, a.Directory), "")
	}
}

// nearDir is the directory beside the missing one whose name is nearest.
func nearDir(missing string) string {
	dir := filepath.Dir(missing)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	if near := nearest.Word(filepath.Base(missing), names); near != "" {
		return filepath.Join(dir, near)
	}
	return ""
}

// checkBindingNames reports names given to two bindings, of whatever kinds.
func (r *resolver) checkBindingNames() {
	type use struct {
		product string
		at      *value
	}
	uses := map[string][]use{}
	var order []string
	for i := range table {
		k := &table[i]
		v := r.get(k.name)
		if v == nil || k.names == nil {
			continue
		}
		for _, n := range k.names(v) {
			if n.kind != kindString || n.text == "" {
				continue
			}
			if uses[n.text] == nil {
				order = append(order, n.text)
			}
			if n.text == "ASSETS" && r.cfg.Pages != nil {
				r.errorf("reserved_binding", n, "", "The name 'ASSETS' is reserved in Pages projects. Please use a different name for your %s binding.", k.product)
			}
			uses[n.text] = append(uses[n.text], use{k.product, n})
		}
	}
	for _, name := range order {
		us := uses[name]
		if len(us) < 2 {
			continue
		}
		var products []string
		for _, u := range us {
			if !slices.Contains(products, u.product) {
				products = append(products, u.product)
			}
		}
		msg := fmt.Sprintf("%s assigned to %s bindings.", name, englishList(products))
		if len(products) == 1 {
			msg = fmt.Sprintf("%s assigned to multiple %s bindings.", name, products[0])
		}
		slices.SortFunc(us, func(a, b use) int { return a.at.off - b.at.off })
		d := diag.Diagnostic{Severity: diag.Error, Code: "duplicate_binding", Pos: r.pos(us[len(us)-1].at),
			Message: msg, Hint: "Bindings must have unique names, so that they can all be referenced in the worker."}
		for _, u := range us[:len(us)-1] {
			d.Notes = append(d.Notes, diag.Note{Pos: r.pos(u.at), Message: u.product + " of the same name"})
		}
		r.diags.Add(d)
	}
}

// englishList joins words with commas and "and".
func englishList(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	case 2:
		return words[0] + " and " + words[1]
	default:
		return strings.Join(words[:n-1], ", ") + ", and " + words[n-1]
	}
}

// checkLegacy warns about settings that still work and should go.
func (r *resolver) checkLegacy() {
	site := r.get("site")
	if ep := site.get("entry-point"); ep != nil {
		if r.cfg.Main != "" {
			r.errorf("site_entry_point", ep, "Delete the deprecated `site.entry-point` field from your config.",
				"Don't define both the `main` and `site.entry-point` fields in your configuration.")
		} else {
			r.warnf("site_entry_point", ep, fmt.Sprintf("\"main\": %q", ep.str()), "Delete the `site.entry-point` field, then add the top level `main` field to your configuration file.")
			r.cfg.Main, r.cfg.MainPos = r.cfg.Site.EntryPoint, r.pos(ep)
		}
	}
	if a := r.get("account_id"); a != nil && a.kind == kindString && a.text == "" {
		r.warnf("empty_account_id", a, "Please remove the \"account_id\" field from your configuration.",
			"The \"account_id\" field in your configuration is an empty string and will be ignored.")
	}
}
