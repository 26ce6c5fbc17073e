package config

import (
	"fmt"
	"strconv"
	"strings"
)

// cronFields are the fields of a cron expression with the numbers they take.
// https://developers.cloudflare.com/workers/configuration/cron-triggers/
var cronFields = []struct {
	name     string
	from, to int
}{{"minute", 0, 59}, {"hour", 0, 23}, {"day of the month", 1, 31}, {"month", 1, 12}, {"day of the week", 0, 7}}

// checkCrons warns of expressions that a deployment would refuse. Names, L, W
// and # are let through: only what is surely wrong is reported.
func (r *resolver) checkCrons() {
	for _, v := range r.get("triggers").get("crons").list() {
		if v.kind != kindString {
			continue
		}
		if wrong := cronMistake(v.text); wrong != "" {
			r.warnf("invalid_cron", v, "minute hour day-of-month month day-of-week, as in \"*/5 * * * *\"",
				"The cron expression %q is not valid: %s; Cloudflare would refuse to deploy it.", v.text, wrong)
		}
	}
}

// cronMistake is what is wrong with a cron expression, "" if nothing is.
func cronMistake(text string) string {
	fields := strings.Fields(text)
	if len(fields) != len(cronFields) {
		return fmt.Sprintf("it has %d fields, not %d", len(fields), len(cronFields))
	}
	for i, f := range cronFields {
		for part := range strings.SplitSeq(fields[i], ",") {
			values, _, _ := strings.Cut(part, "/")
			for value := range strings.SplitSeq(values, "-") {
				n, err := strconv.Atoi(value)
				if err == nil && (n < f.from || n > f.to) {
					return fmt.Sprintf("the %s %d is not in %d–%d", f.name, n, f.from, f.to)
				}
			}
		}
	}
	return ""
}
