package config

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

const (
	maxRules      = 100
	maxRuleLength = 100
)

// runWorkerFirstProblem judges a list of path rules with the texts and in the
// order of Cloudflare's own parser; it returns "" for a valid list.
func runWorkerFirstProblem(rules []string) (msg, hint string) {
	switch {
	case len(rules) == 0:
		return "No `run_worker_first` rules were provided; must provide at least 1 rule.", "use true or false for all paths"
	case len(rules) > maxRules:
		return fmt.Sprintf("Too many `run_worker_first` rules were provided; %d rules provided exceeds max of %d.", len(rules), maxRules),
			"join rules with * wildcards"
	}
	var invalid, positive, negative []string
	for _, rule := range rules {
		switch {
		case strings.HasPrefix(rule, "!/"):
			negative = append(negative, rule)
		case strings.HasPrefix(rule, "/"):
			positive = append(positive, rule)
		case strings.HasPrefix(rule, "!"):
			invalid = append(invalid, fmt.Sprintf("'%s': negative rules must start with '!/'", rule))
		default:
			invalid = append(invalid, fmt.Sprintf("'%s': rules must start with '/' or '!/'", rule))
		}
	}
	if len(negative) > 0 && len(positive) == 0 {
		return "Only negative `run_worker_first` rules were provided; must provide at least 1 non-negative rule", `add "/*" to send everything else to the Worker`
	}
	invalid = append(invalid, ruleSetProblems(positive)...)
	invalid = append(invalid, ruleSetProblems(negative)...)
	if len(invalid) == 0 {
		return "", ""
	}
	return "Invalid routes in `run_worker_first`:\n" + strings.Join(invalid, "\n"), ""
}

// ruleSetProblems judges the rules of one sign.
func ruleSetProblems(rules []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, rule := range rules {
		if len(utf16.Encode([]rune(rule))) > maxRuleLength {
			out = append(out, fmt.Sprintf("'%s': all rules must be less than %d characters in length", rule, maxRuleLength))
		}
		if seen[rule] {
			out = append(out, fmt.Sprintf("'%s': rule is a duplicate; rules must be unique", rule))
		}
		if prefix, ok := strings.CutSuffix(rule, "*"); ok {
			for _, other := range rules {
				if other != rule && strings.HasPrefix(other, prefix) {
					out = append(out, fmt.Sprintf("'%s': rule '%s' makes it redundant", other, rule))
				}
			}
		}
		seen[rule] = true
	}
	return out
}
