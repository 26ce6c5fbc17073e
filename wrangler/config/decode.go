package config

import (
	"path/filepath"
	"slices"

	"github.com/miniworker/miniworker/internal/diag"
)

// decode fills the Config from the effective values. Shapes were checked before,
// so anything of the wrong kind reads as absent here.
func (r *resolver) decode() {
	r.decodeIdentity()
	r.decodeRouting()
	r.decodeAssets()
	r.decodeBuild()
	r.decodeRuntime()
	r.decodeDev()
	r.decodeStorage()
	r.decodeLinks()
	r.decodeSmall()
	r.decodeRecords()
}

// each calls f for the objects of a list.
func (r *resolver) each(list *value, f func(v *value, pos diag.Position)) {
	for _, v := range list.list() {
		if v.kind == kindObject {
			f(v, r.pos(v))
		}
	}
}

// posOf is the position of a key's effective value, zero if there is none.
func (r *resolver) posOf(key string) diag.Position {
	if v := r.get(key); v != nil {
		return r.pos(v)
	}
	return diag.Position{}
}

func (r *resolver) decodeIdentity() {
	c := r.cfg
	name, inherited := r.find("name")
	c.TopLevelName = r.root.getStr("name")
	if r.redirected() && r.root.getStr("topLevelName") != "" {
		c.TopLevelName = r.root.getStr("topLevelName")
	}
	if name != nil {
		c.Name, c.NamePos = name.str(), r.pos(name)
		if c.Name != "" && (inherited || r.faked) {
			c.Name += "-" + r.envName
		}
	}
	if r.opts.Name != "" {
		c.Name = r.opts.Name
	}
	c.AccountID = r.str("account_id")
	c.CompatibilityDate, c.CompatibilityDatePos = r.str("compatibility_date"), r.posOf("compatibility_date")
	if r.opts.CompatibilityDate != "" {
		c.CompatibilityDate, c.CompatibilityDatePos = r.opts.CompatibilityDate, diag.Position{}
	}
	c.CompatibilityFlags = r.get("compatibility_flags").strs()
	if r.opts.CompatibilityFlags != nil {
		c.CompatibilityFlags = r.opts.CompatibilityFlags
	}
	if main := r.get("main"); main.str() != "" {
		c.Main, c.MainPos = r.abs(main.str()), r.pos(main)
	}
	if r.opts.Main != "" {
		c.Main, c.MainPos = r.absCwd(r.opts.Main), diag.Position{}
	}
	if p := r.root.get("pages_build_output_dir"); p != nil {
		c.Pages = &Pages{BuildOutputDir: r.abs(p.str()), Pos: r.pos(p)}
	}
}

func (r *resolver) decodeRouting() {
	c := r.cfg
	c.WorkersDev = r.get("workers_dev").boolPtr()
	c.PreviewURLs = r.get("preview_urls").boolPtr()
	if r.opts.Routes != nil {
		for _, p := range r.opts.Routes {
			c.Routes = append(c.Routes, Route{Pattern: p})
		}
		return
	}
	routes, inherited := r.find("routes")
	if routes == nil {
		var route *value
		if route, inherited = r.find("route"); route != nil {
			routes = &value{kind: kindArray, elems: []*value{route}, off: route.off}
		}
	}
	c.RoutesInherited = inherited
	for _, v := range routes.list() {
		if !validRoute(v) {
			continue
		}
		c.Routes = append(c.Routes, r.decodeRoute(v))
	}
}

func (r *resolver) decodeRoute(v *value) Route {
	if v.kind == kindString {
		return Route{Pattern: v.text, Pos: r.pos(v)}
	}
	domain := v.get("custom_domain").boolPtr()
	return Route{
		Pattern: v.getStr("pattern"), ZoneName: v.getStr("zone_name"), ZoneID: v.getStr("zone_id"),
		CustomDomain: domain != nil && *domain, CustomDomainOff: domain != nil && !*domain,
		Enabled: v.get("enabled").boolPtr(), PreviewsEnabled: v.get("previews_enabled").boolPtr(),
		Pos: r.pos(v),
	}
}

func (r *resolver) decodeAssets() {
	v := r.get("assets")
	if v != nil && v.kind == kindObject {
		a := &Assets{
			RawDirectory: v.getStr("directory"), Directory: r.abs(v.getStr("directory")), Binding: v.getStr("binding"),
			HTMLHandling: or(v.getStr("html_handling"), HTMLAutoTrailingSlash), NotFoundHandling: or(v.getStr("not_found_handling"), NotFoundNone),
			Pos: r.pos(v),
		}
		if b := v.get("binding"); b != nil {
			a.BindingPos = r.pos(b)
		}
		if rwf := v.get("run_worker_first"); rwf != nil {
			a.RunWorkerFirst = r.decodeRunWorkerFirst(rwf)
		}
		r.cfg.Assets = a
	}
	if r.opts.AssetsDir != "" {
		if r.cfg.Assets == nil {
			r.cfg.Assets = &Assets{HTMLHandling: HTMLAutoTrailingSlash, NotFoundHandling: NotFoundNone}
		}
		r.cfg.Assets.RawDirectory, r.cfg.Assets.Directory = r.opts.AssetsDir, r.absCwd(r.opts.AssetsDir)
	}
	if s := r.get("site"); s != nil && s.kind == kindObject {
		r.cfg.Site = &Site{Bucket: r.abs(s.getStr("bucket")), Include: s.get("include").strs(), Exclude: s.get("exclude").strs(),
			EntryPoint: r.abs(s.getStr("entry-point")), Pos: r.pos(s)}
	}
}

func or(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

func (r *resolver) pairs(v *value) []Pair {
	var out []Pair
	for _, f := range v.members() {
		if f.val.kind == kindString {
			out = append(out, Pair{f.key, f.val.text, r.src.pos(f.keyOff)})
		}
	}
	return out
}

func (r *resolver) files(key string) []FileBinding {
	var out []FileBinding
	for _, p := range r.pairs(r.get(key)) {
		out = append(out, FileBinding{p.Key, r.abs(p.Value), p.Pos})
	}
	return out
}

func (r *resolver) decodeBuild() {
	c := r.cfg
	c.NoBundle = r.get("no_bundle").isTrue()
	c.Minify = r.get("minify").isTrue()
	c.KeepNames = true
	if b := r.get("keep_names").boolPtr(); b != nil {
		c.KeepNames = *b
	}
	c.FindAdditionalModules = c.NoBundle
	if b := r.get("find_additional_modules").boolPtr(); b != nil {
		c.FindAdditionalModules = *b
	}
	c.PreserveFileNames = r.get("preserve_file_names").isTrue()
	c.BaseDir = r.abs(r.str("base_dir"))
	if c.BaseDir == "" && c.Main != "" {
		c.BaseDir = filepath.Dir(c.Main)
	}
	c.Define, c.Alias = r.pairs(r.get("define")), r.pairs(r.get("alias"))
	c.TSConfig = r.abs(r.str("tsconfig"))
	c.JSXFactory = or(r.str("jsx_factory"), "React.createElement")
	c.JSXFragment = or(r.str("jsx_fragment"), "React.Fragment")
	c.PythonExclude = []string{"**/*.pyc"}
	if p := r.get("python_modules").get("exclude"); p != nil {
		c.PythonExclude = p.strs()
	}
	r.each(r.get("rules"), func(v *value, pos diag.Position) {
		c.Rules = append(c.Rules, Rule{Type: v.getStr("type"), Globs: v.get("globs").strs(), Fallthrough: v.get("fallthrough").isTrue(), Pos: pos})
	})
	if b := r.get("build"); b.getStr("command") != "" {
		c.Build = Build{Command: b.getStr("command"), Cwd: r.abs(b.getStr("cwd")), Pos: r.pos(b)}
		dirs := b.get("watch_dir").strs()
		if d := b.getStr("watch_dir"); d != "" {
			dirs = []string{d}
		}
		if b.get("watch_dir") == nil {
			dirs = []string{"./src"}
		}
		for _, d := range dirs {
			c.Build.WatchDirs = append(c.Build.WatchDirs, r.abs(d))
		}
	}
	c.WasmModules, c.TextBlobs, c.DataBlobs = r.files("wasm_modules"), r.files("text_blobs"), r.files("data_blobs")
}

func (r *resolver) decodeRuntime() {
	c := r.cfg
	for _, v := range r.get("triggers").get("crons").list() {
		if v.kind == kindString {
			c.Crons = append(c.Crons, Cron{v.text, r.pos(v)})
		}
	}
	if v := r.get("limits"); v != nil {
		c.Limits = &Limits{CPUMs: v.get("cpu_ms").int(), Subrequests: v.get("subrequests").int(), Pos: r.pos(v)}
	}
	if v := r.get("cache"); v != nil {
		c.Cache = &Cache{Enabled: v.get("enabled").isTrue(), CrossVersion: v.get("cross_version_cache").isTrue(), Pos: r.pos(v)}
	}
	if v := r.get("access").get("dev"); v != nil {
		c.Access = &Access{Audience: v.getStr("aud"), Identity: v.get("identity").json(), Pos: r.pos(v)}
	}
	c.Placement = r.get("placement").json()
	c.Containers = r.get("containers").json()
	c.Unsafe = r.get("unsafe").json()
}

func (r *resolver) decodeDev() {
	v := r.get("dev")
	d := Dev{
		IP: v.getStr("ip"), Port: v.get("port").intOr(0),
		InspectorIP: v.getStr("inspector_ip"), InspectorPort: v.get("inspector_port").intOr(0),
		LocalProtocol: v.getStr("local_protocol"), UpstreamProtocol: v.getStr("upstream_protocol"), Host: v.getStr("host"),
		EnableContainers: true, GenerateTypes: v.get("generate_types").isTrue(),
	}
	if b := v.get("enable_containers").boolPtr(); b != nil {
		d.EnableContainers = *b
	}
	if e := v.get("expose_entrypoints"); e != nil {
		d.ExposeEntrypoints = ExposeEntrypoints{All: e.isTrue(), Aliases: r.pairs(e)}
	}
	if v != nil {
		d.Pos = r.pos(v)
	}
	r.cfg.Dev = d
}

func (r *resolver) decodeRecords() {
	for i := range table {
		k := &table[i]
		v := r.get(k.name)
		if v == nil {
			continue
		}
		switch k.local {
		case IgnoredLocally:
			r.cfg.Ignored = append(r.cfg.Ignored, Ignored{k.name, k.note, r.pos(v)})
		case Refused:
			r.refuse(k, v)
		}
		r.recordRemote(k, v)
	}
}

func (r *resolver) refuse(k *keySpec, v *value) {
	if k.name == "containers" { // no binding, but a property of ctx in classes
		if r.cfg.Dev.EnableContainers {
			r.cfg.Unsupported = append(r.cfg.Unsupported, Unsupported{Kind: k.name, Product: k.product, Reason: k.note, Alternative: k.instead, Pos: r.pos(v)})
		}
		return
	}
	for _, n := range k.names(v) {
		r.cfg.Unsupported = append(r.cfg.Unsupported, Unsupported{
			Binding: n.text, Kind: k.name, Product: k.product, Reason: k.note, Alternative: or(k.instead, mockService), Pos: r.pos(n),
		})
	}
}

// remoteKinds have a local form and may ask for the remote one.
var remoteKinds = []string{"kv_namespaces", "r2_buckets", "d1_databases", "queues", "services", "workflows",
	"browser", "images", "stream", "send_email", "pipelines", "hyperdrive", "analytics_engine_datasets"}

// recordRemote lists bindings that ask for the remote resource.
func (r *resolver) recordRemote(k *keySpec, v *value) {
	if !slices.Contains(remoteKinds, k.name) {
		return
	}
	add := func(e *value) {
		if !e.get("remote").isTrue() {
			return
		}
		name := or(e.getStr("binding"), e.getStr("name"))
		r.cfg.Remote = append(r.cfg.Remote, RemoteBinding{name, k.name, r.pos(e.get("remote"))})
	}
	if k.name == "queues" {
		v = v.get("producers")
	}
	if v == nil {
		return
	}
	if v.kind == kindObject && k.names != nil {
		add(v)
	}
	for _, e := range v.list() {
		add(e)
	}
}
