package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/nearest"
)

// resolver turns one file and one environment name into a Config.
type resolver struct {
	checker
	file    *File
	root    *value
	env     *value // the environment's object; nil at the top level
	faked   bool   // the environment is not in the file
	envName string
	opts    *LoadOptions
	cfg     *Config
}

// generatedKeys are written by build tools into redirected files.
var generatedKeys = []string{"configPath", "userConfigPath", "topLevelName", "definedEnvironments", "targetEnvironment", "legacy_env"}

func (r *resolver) redirected() bool {
	return r.opts.UserConfig != "" && r.opts.UserConfig != r.file.Path
}

func (r *resolver) run() *Config {
	dir := filepath.Dir(r.file.Path)
	r.cfg = &Config{Path: r.file.Path, Dir: dir, UserDir: dir, Env: r.envName}
	if r.redirected() {
		r.cfg.UserDir = filepath.Dir(r.opts.UserConfig)
	}
	r.checkLevel(r.root, "")
	r.chooseEnv()
	if r.env != nil {
		r.checkLevel(r.env, "env."+r.envName)
		r.checkInheritance()
	}
	r.decode()
	r.crossChecks()
	r.loadVars()
	return r.cfg
}

// chooseEnv finds the environment's object and reports names that do not exist.
func (r *resolver) chooseEnv() {
	envs := r.root.get("env")
	if r.redirected() {
		r.checkRedirect(envs)
		return
	}
	if r.envName == "" {
		return
	}
	if e := envs.get(r.envName); e != nil && e.kind == kindObject {
		r.env = e
		return
	}
	r.faked = true
	if r.root.get("pages_build_output_dir") != nil {
		return
	}
	msg := fmt.Sprintf("No environment found in configuration with name %q.\nBefore using `--env=%s` there should be an equivalent environment section in the configuration.", r.envName, r.envName)
	if envs == nil {
		r.warnf("unknown_env", nil, fmt.Sprintf("add %q: {%q: {}} to the file; the top level is used meanwhile", "env", r.envName), "%s", msg)
		return
	}
	// A name that is missing beside others is most likely mistyped, and a
	// mistyped name would act on the wrong Worker: wrangler stops here too.
	names := r.file.Environments()
	hint := didYouMean(r.envName, names)
	r.errorf("unknown_env", envs, hint, "%s\nThe available configured environment names are: [%s]", msg, quoteList(names))
}

func quoteList(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = string(appendQuoted(nil, n))
	}
	return strings.Join(quoted, ",")
}

// checkRedirect applies the rules for files a build tool wrote.
func (r *resolver) checkRedirect(envs *value) {
	if names := keysOf(envs.members()); len(names) > 0 {
		r.errorf("redirected_env", envs, "report this to the author of the tool that wrote the file",
			"Redirected configurations cannot include environments but the following have been found: %s", strings.Join(names, ", "))
	}
	target := r.root.getStr("targetEnvironment")
	if r.envName != "" && target != "" && target != r.envName {
		r.errorf("redirected_env", r.root.get("targetEnvironment"), fmt.Sprintf("build again with %q selected", r.envName),
			"You have specified the environment %q. This does not match the target environment %q that was used when building the application.", r.envName, target)
	}
	if target != "" {
		r.envName, r.cfg.Env = target, target
	}
}

// checkLevel checks the keys and shapes of the top level (prefix "") or of one
// environment.
func (r *resolver) checkLevel(obj *value, prefix string) {
	for _, f := range obj.fields {
		spec := specOf[f.key]
		switch {
		case spec == nil || prefix != "" && spec.class == TopLevel && spec.local != Removed:
			r.unknownKey(f, spec, prefix)
		case spec.local == Removed:
			if !(r.redirected() && slices.Contains(generatedKeys, f.key)) {
				r.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: "removed_key", Pos: r.src.pos(f.keyOff),
					Message: fmt.Sprintf("The %q field is no longer supported.", f.key), Hint: spec.note})
			}
		case f.val.kind != kindNull:
			path := f.key
			if prefix != "" && spec.class == NotInheritable {
				path = prefix + "." + f.key
			}
			spec.shape.check(&r.checker, path, f.val)
		}
	}
	r.checkRoutePair(obj)
}

func (r *resolver) unknownKey(f field, spec *keySpec, prefix string) {
	d := diag.Diagnostic{Severity: diag.Warning, Code: "unknown_key", Pos: r.src.pos(f.keyOff)}
	switch {
	case spec != nil:
		d.Code = "top_level_only"
		d.Message = fmt.Sprintf("Unexpected fields found in %s field: %q", prefix, f.key)
		d.Hint = fmt.Sprintf("%q is only read at the top level of the file; move it there", f.key)
	case prefix == "":
		if r.redirected() && slices.Contains(generatedKeys, f.key) {
			return
		}
		d.Message = fmt.Sprintf("Unexpected fields found in top-level field: %q", f.key)
		d.Hint = didYouMean(f.key, topNames)
	default:
		d.Message = fmt.Sprintf("Unexpected fields found in %s field: %q", prefix, f.key)
		d.Hint = didYouMean(f.key, envNames)
	}
	if d.Hint == "" && f.val.kind == kindObject && spec == nil {
		if near := nearest.Word(f.key, []string{"development", "staging", "production", "preview", "test"}); near != "" && prefix == "" {
			d.Hint = fmt.Sprintf("environments stand under \"env\": {\"env\": {%q: {…}}}", f.key)
		}
	}
	r.diags.Add(d)
}

// checkInheritance warns about keys the environment does not get from the top
// level.
func (r *resolver) checkInheritance() {
	envField := r.root.get("env").field(r.envName)
	for i := range table {
		k := &table[i]
		top := r.root.field(k.name)
		if k.class != NotInheritable || top == nil || top.val.kind == kindNull {
			continue
		}
		mine := r.env.get(k.name)
		if mine == nil {
			r.diags.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "not_inherited", Pos: r.src.pos(envField.keyOff),
				Message: fmt.Sprintf("%q exists at the top level, but not on \"env.%s\".\nThis is not what you probably want, since %q is not inherited by environments.", k.name, r.envName, k.name),
				Hint:    fmt.Sprintf("Please add %q to \"env.%s\".", k.name, r.envName),
				Notes:   []diag.Note{{Pos: r.src.pos(top.keyOff), Message: "top-level value"}},
			})
			continue
		}
		r.checkMissingNames(k, top.val, mine)
	}
}

// checkMissingNames warns about single names the top level has and the
// environment lacks.
func (r *resolver) checkMissingNames(k *keySpec, top, mine *value) {
	names := k.names
	if k.name == "define" {
		names = byKey
	}
	if names == nil || k.name == "secrets" {
		return
	}
	have := map[string]bool{}
	for _, n := range names(mine) {
		have[n.text] = true
	}
	for _, n := range names(top) {
		if have[n.text] {
			continue
		}
		r.diags.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "not_inherited", Pos: r.pos(mine),
			Message: fmt.Sprintf("\"%s.%s\" exists at the top level, but not on \"env.%s.%s\".\nThis is not what you probably want, since %q configuration is not inherited by environments.", k.name, n.text, r.envName, k.name, k.name),
			Hint:    fmt.Sprintf("Please add \"%s.%s\" to \"env.%s\".", k.name, n.text, r.envName),
			Notes:   []diag.Note{{Pos: r.pos(n), Message: "top-level value"}},
		})
	}
}

// get returns the effective value of a key: the class decides where it may come
// from. An environment that is not in the file is the top level under another
// name, so it keeps every key.
func (r *resolver) get(key string) *value {
	v, _ := r.find(key)
	return v
}

// find is get, and tells whether the value was inherited.
func (r *resolver) find(key string) (v *value, inherited bool) {
	spec := specOf[key]
	if r.env == nil || spec.class == TopLevel {
		return r.root.get(key), false
	}
	if v := r.env.get(key); v != nil {
		return v, false
	}
	if spec.class == NotInheritable {
		return nil, false
	}
	v = r.root.get(key)
	return v, v != nil
}

func (r *resolver) str(key string) string { return r.get(key).str() }

// abs resolves a path of the file against its directory.
func (r *resolver) abs(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(r.cfg.Dir, filepath.FromSlash(p))
}

// absCwd resolves a path of the command line.
func (r *resolver) absCwd(p string) string {
	if filepath.IsAbs(p) {
		return filepath.Clean(p)
	}
	if r.opts.Cwd != "" {
		return filepath.Join(r.opts.Cwd, p)
	}
	abs, err := filepath.Abs(p)
	if err != nil {
		return p
	}
	return abs
}
