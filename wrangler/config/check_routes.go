package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/internal/nearest"
)

const routeShape = "{ pattern, custom_domain, zone_id | zone_name, enabled, previews_enabled }"

// validRoute is wrangler's test for one route: a non-empty string, or an object
// with a pattern, a zone or custom_domain, and nothing else.
func validRoute(v *value) bool { return routeProblem(v) == "" }

// routeProblem says what is wrong with a route, "" if nothing is.
func routeProblem(v *value) string {
	switch v.kind {
	case kindString:
		if v.text == "" {
			return "an empty string is no route"
		}
		return ""
	case kindObject:
	default:
		return "write a pattern in quotes, or an object"
	}
	p := v.get("pattern")
	if p == nil || p.kind != kindString {
		return `add "pattern"`
	}
	kinds := map[string]kind{"pattern": kindString, "zone_id": kindString, "zone_name": kindString,
		"custom_domain": kindBool, "enabled": kindBool, "previews_enabled": kindBool}
	for _, f := range v.fields {
		want, known := kinds[f.key]
		if !known {
			hint := fmt.Sprintf("%q is not a key of a route", f.key)
			if near := nearest.Word(f.key, []string{"pattern", "zone_id", "zone_name", "custom_domain", "enabled", "previews_enabled"}); near != "" {
				hint += fmt.Sprintf("; did you mean %q?", near)
			}
			return hint
		}
		if f.val.kind != want {
			return fmt.Sprintf("%q must be a %s", f.key, want)
		}
	}
	zoneID, zoneName, custom := v.get("zone_id"), v.get("zone_name"), v.get("custom_domain")
	switch {
	case zoneID != nil && zoneName != nil:
		return "give zone_id or zone_name, not both"
	case custom == nil && (v.get("enabled") != nil || v.get("previews_enabled") != nil):
		return "enabled and previews_enabled need custom_domain beside them"
	case zoneID == nil && zoneName == nil && custom == nil:
		return "add zone_name, zone_id or custom_domain; a pattern alone is written as a plain string"
	}
	return ""
}

func checkRoute(c *checker, path string, v *value) {
	if v.kind == kindString && v.text == "" {
		c.warnf("empty_route", v, fmt.Sprintf("Please remove the %q field from your configuration.", path),
			"The %q field in your configuration is an empty string and will be ignored.", path)
		return
	}
	if hint := routeProblem(v); hint != "" {
		c.errorf("invalid_route_shape", v, hint, "Expected %q to be either a string, or an object with shape %s, but got %s.", path, routeShape, v.json())
	}
}

func checkRoutes(c *checker, path string, v *value) {
	if v.kind != kindArray {
		hint := "write a list: [" + v.show() + "]"
		c.errorf("invalid_route_shape", v, hint, "Expected %q to be an array but got %s.", path, v.show())
		return
	}
	invalid := &value{kind: kindArray}
	var hints []string
	for i, e := range v.elems {
		if hint := routeProblem(e); hint != "" {
			invalid.elems = append(invalid.elems, e)
			hints = append(hints, fmt.Sprintf("%s[%d]: %s", path, i, hint))
		}
	}
	if len(hints) == 0 {
		return
	}
	var pretty bytes.Buffer
	if json.Indent(&pretty, invalid.json(), "", "  ") != nil {
		pretty.Write(invalid.json())
	}
	c.errorf("invalid_route_shape", invalid.elems[0], strings.Join(hints, "\n"),
		"Expected %q to be an array of either strings or objects with the shape %s, but these weren't valid: %s.", path, routeShape, pretty.String())
}

// checkRoutePair refuses route and routes at one level.
func (r *resolver) checkRoutePair(obj *value) {
	routes, route := obj.field("routes"), obj.field("route")
	if routes == nil || route == nil || routes.val.kind == kindNull || route.val.kind == kindNull || route.val.kind == kindString && route.val.text == "" {
		return
	}
	r.diags.Add(diag.Diagnostic{
		Severity: diag.Error, Code: "route_and_routes", Pos: r.src.pos(routes.keyOff),
		Message: `Expected exactly one of the following fields ["routes","route"].`,
		Hint:    "move the one route into the list and delete \"route\"",
		Notes:   []diag.Note{{Pos: r.src.pos(route.keyOff), Message: "route is here"}},
	})
}

// checkRouting judges the effective routes.
func (r *resolver) checkRouting() {
	r.checkCustomDomains()
	r.checkInheritedRoutes()
	r.checkMountedAssets()
}

// checkCustomDomains reports patterns that cannot be custom domains. Wrangler
// prints one text for all; the positions differ, so each gets its own.
func (r *resolver) checkCustomDomains() {
	for _, rt := range r.cfg.Routes {
		if !rt.CustomDomain {
			continue
		}
		var code string
		var problems []string
		if strings.Contains(rt.Pattern, "*") {
			code = "custom_domain_wildcard"
			problems = append(problems, "Wildcard operators (*) are not allowed in Custom Domains")
		}
		if strings.Contains(rt.Pattern, "/") {
			code = or(code, "custom_domain_path")
			problems = append(problems, "Paths are not allowed in Custom Domains")
		}
		if code == "" {
			continue
		}
		host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(rt.Pattern, "https://"), "http://"), "/")
		hint := fmt.Sprintf("a custom domain takes every path of one host: write %q", host)
		if strings.Contains(rt.Pattern, "*") {
			hint = `use an ordinary route with "zone_name" in place of "custom_domain"`
		}
		r.diags.Add(diag.Diagnostic{Severity: diag.Error, Code: code, Pos: rt.Pos,
			Message: "Invalid Routes:\n" + rt.Pattern + ":\n" + strings.Join(problems, "\n"), Hint: hint})
	}
}

// checkInheritedRoutes warns about routes that an environment takes from the top
// level with surprising effect.
func (r *resolver) checkInheritedRoutes() {
	if r.env == nil || r.opts.Routes != nil {
		return
	}
	if own := r.env.get("route"); own != nil && own.str() != "" && r.env.get("routes") == nil && r.root.get("routes") != nil {
		r.warnf("env_route_ignored", own, fmt.Sprintf("write it as \"routes\": [%s]", own.show()),
			"\"env.%s.route\" has no effect: the environment inherits the top-level `routes`, which come first.", r.envName)
	}
	if !r.cfg.RoutesInherited {
		return
	}
	var domains []string
	for _, rt := range r.cfg.Routes {
		if rt.CustomDomain {
			domains = append(domains, rt.Pattern)
		}
	}
	if len(domains) == 0 {
		return
	}
	envField := r.root.get("env").field(r.envName)
	key := "routes"
	if r.root.get("routes") == nil {
		key = "route"
	}
	r.diags.Add(diag.Diagnostic{
		Severity: diag.Warning, Code: "env_inherits_custom_domain", Pos: r.src.pos(envField.keyOff),
		Message: fmt.Sprintf("The \"env.%s\" environment inherits the top-level `%s` configuration, which includes the custom domain(s): %s.\nDeploying this environment would take them from the top-level Worker.",
			r.envName, key, strings.Join(domains, ", ")),
		Hint:  fmt.Sprintf("give \"env.%s\" its own routes, or \"routes\": [] for none", r.envName),
		Notes: []diag.Note{{Pos: r.cfg.Routes[0].Pos, Message: "inherited from here"}},
	})
}

// checkMountedAssets warns about routes under which assets are looked up by the
// full path, prefix included.
func (r *resolver) checkMountedAssets() {
	a := r.cfg.Assets
	if a == nil || a.Directory == "" || a.RunWorkerFirst.Always {
		return
	}
	const head = "The following routes will attempt to serve Assets on a configured path:"
	var lines []string
	var pos diag.Position
	for _, rt := range r.cfg.Routes {
		parts := strings.Split(rt.Pattern, "/")
		if rt.CustomDomain || len(parts) == 2 && parts[1] == "*" {
			continue
		}
		bare := strings.ReplaceAll(strings.ReplaceAll(rt.Pattern, "https://", ""), "http://", "")
		// Without a slash wrangler's cut keeps the text's last character; there is
		// no path then, so the root is meant.
		sub := "/"
		if i := strings.IndexByte(bare, '/'); i >= 0 {
			sub = bare[i:]
		}
		if len(lines) == 0 {
			pos = rt.Pos
		}
		lines = append(lines, fmt.Sprintf("  • %s (Will match assets: %s)", rt.Pattern, path.Join(a.RawDirectory, sub)))
	}
	if len(lines) == 0 {
		return
	}
	msg := head + "\n" + strings.Join(lines, "\n")
	if r.cfg.Main != "" {
		msg += "\n\nRequests not matching an asset will be forwarded to the Worker's code."
	}
	r.diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "assets_mounted_path", Pos: pos, Message: msg,
		Hint: "the path of the route is part of the asset's path: keep the files under that path, or set run_worker_first"})
}

// decodeRunWorkerFirst reads both forms and checks the rules of the list.
func (r *resolver) decodeRunWorkerFirst(v *value) RunWorkerFirst {
	out := RunWorkerFirst{Always: v.isTrue(), Pos: r.pos(v)}
	if v.kind != kindArray || slices.ContainsFunc(v.elems, func(e *value) bool { return e.kind != kindString }) {
		return out
	}
	out.Rules = v.strs()
	for _, rule := range out.Rules {
		switch {
		case strings.HasPrefix(rule, "!/"):
			out.Asset = append(out.Asset, rule[1:])
		case strings.HasPrefix(rule, "/"):
			out.Worker = append(out.Worker, rule)
		}
	}
	if msg, hint := runWorkerFirstProblem(out.Rules); msg != "" {
		r.errorf("invalid_run_worker_first", v, hint, "%s", msg)
	}
	return out
}
