package config

import "github.com/miniworker/miniworker/internal/cron"

// checkCrons warns of expressions that a deployment would refuse. Names, L, W
// and # are let through: only what is surely wrong is reported.
func (r *resolver) checkCrons() {
	for _, v := range r.get("triggers").get("crons").list() {
		if v.kind != kindString {
			continue
		}
		if wrong := cron.Mistake(v.text); wrong != "" {
			r.warnf("invalid_cron", v, "minute hour day-of-month month day-of-week, as in \"*/5 * * * *\"",
				"The cron expression %q is not valid: %s; Cloudflare would refuse to deploy it.", v.text, wrong)
		}
	}
}
