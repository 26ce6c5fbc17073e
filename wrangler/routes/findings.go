package routes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/wrangler/config"
)

// fileCodes are the findings of wrangler/config that are about routes; the
// rest of what it finds is not for this report.
var fileCodes = []string{
	"assets_binding_without_worker", "assets_mounted_path", "custom_domain_path", "custom_domain_wildcard",
	"empty_route", "env_inherits_custom_domain", "env_route_ignored", "invalid_route_shape", "invalid_run_worker_first",
	"route_and_routes", "run_worker_first_without_binding", "run_worker_first_without_worker",
}

// Source is one configuration file as loaded: its Config and what was found
// in it.
type Source struct {
	Config *config.Config
	Diags  diag.List
}

// Findings joins what the files say about their own routes with what the
// Workers' routes do to each other, in file order.
func Findings(t *routing.Table, loaded []Source) []routing.Finding {
	var out []routing.Finding
	for _, s := range loaded {
		for _, d := range s.Diags {
			if slices.Contains(fileCodes, d.Code) {
				out = append(out, fromFile(s.Config, d))
			}
		}
	}
	for _, f := range t.Findings() {
		if !slices.ContainsFunc(out, func(o routing.Finding) bool { return o.Pos == f.Pos && sameMistake(o.Code, f.Code) }) {
			out = append(out, f)
		}
	}
	out = append(out, missingTargets(loaded)...)
	sortFindings(out)
	return out
}

// sameMistake reports that two findings at one place say the same: the file
// reader names one code for a custom domain that is wrong twice.
func sameMistake(a, b string) bool {
	return a == b || strings.HasPrefix(a, "custom_domain_") && a != "custom_domain_conflict" &&
		(b == "custom_domain_path" || b == "custom_domain_wildcard")
}

// fromFile adds the Worker and the subject to a diagnostic.
func fromFile(c *config.Config, d diag.Diagnostic) routing.Finding {
	f := routing.Finding{Diagnostic: d}
	if c == nil {
		return f
	}
	if c.Name != "" {
		f.Workers = []string{c.Name}
	}
	var domains []string
	for _, r := range c.Routes {
		if r.CustomDomain {
			domains = append(domains, r.Pattern)
		}
		if r.Pos == d.Pos {
			f.Subject = r.Pattern
		}
	}
	if d.Code == "env_inherits_custom_domain" {
		f.Subject = strings.Join(domains, ", ")
	}
	return f
}

// missingTargets reports service bindings to Workers that are not there (R81).
func missingTargets(loaded []Source) []routing.Finding {
	names := map[string]bool{}
	for _, s := range loaded {
		if s.Config != nil {
			names[s.Config.Name] = true
		}
	}
	var out []routing.Finding
	for _, s := range loaded {
		if s.Config == nil {
			continue
		}
		for _, b := range s.Config.Services {
			if names[b.Service] {
				continue
			}
			out = append(out, routing.Finding{
				Diagnostic: diag.Diagnostic{Severity: diag.Error, Code: "service_binding_target_missing", Pos: b.Pos,
					Message: fmt.Sprintf("Service binding %q of Worker %q names the Worker %q, which is not part of this project. Production refuses to deploy the caller before its target.", b.Binding, s.Config.Name, b.Service),
					Hint:    "add the configuration file of that Worker; the Workers here are " + strings.Join(sortedKeys(names), ", ")},
				Workers: []string{s.Config.Name}, Subject: b.Service,
			})
		}
	}
	return out
}

func sortedKeys(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// sortFindings uses the order of diag.List.
func sortFindings(fs []routing.Finding) {
	list := make(diag.List, 0, 2)
	slices.SortStableFunc(fs, func(a, b routing.Finding) int {
		if a.Pos == b.Pos && a.Severity == b.Severity && a.Code == b.Code {
			return strings.Compare(a.Message, b.Message)
		}
		list = append(list[:0], a.Diagnostic, b.Diagnostic)
		list.Sort()
		if list[0].Pos == a.Pos && list[0].Severity == a.Severity && list[0].Code == a.Code {
			return -1
		}
		return 1
	})
}
