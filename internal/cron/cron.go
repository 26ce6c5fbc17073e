// Package cron reads the cron expressions of Cloudflare's cron triggers: five
// fields, in UTC, with 1 for Sunday to 7 for Saturday, names, L, W and #. L-3 (so
// many days before the last of the month) is not known here, and refused.
//
// Where the truth is:
// https://developers.cloudflare.com/workers/configuration/cron-triggers/
package cron

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/cronexpr"
)

// Schedule is a cron expression.
type Schedule struct{ expr *cronexpr.Expression }

// fields are those of an expression with the numbers they take.
var fields = []struct {
	name     string
	from, to int
}{{"minute", 0, 59}, {"hour", 0, 23}, {"day of the month", 1, 31}, {"month", 1, 12}, {"day of the week", 1, 7}}

// Parse reads an expression.
func Parse(text string) (*Schedule, error) {
	if wrong := Mistake(text); wrong != "" {
		return nil, fmt.Errorf("the cron expression %q cannot be followed: %s", text, wrong)
	}
	given := strings.Fields(text)
	given[4] = weekdays(given[4])
	expr, err := cronexpr.Parse(strings.Join(given, " "))
	if err != nil {
		return nil, fmt.Errorf("the cron expression %q cannot be followed: %w", text, err)
	}
	return &Schedule{expr}, nil
}

// Mistake is what is surely wrong with an expression, "" if nothing is: names, L,
// W and # are let through.
func Mistake(text string) string {
	given := strings.Fields(text)
	if len(given) != len(fields) {
		return fmt.Sprintf("it has %d fields, not %d", len(given), len(fields))
	}
	for i, f := range fields {
		for part := range strings.SplitSeq(given[i], ",") {
			values, _, _ := strings.Cut(part, "/")
			for value := range strings.SplitSeq(values, "-") {
				n, err := strconv.Atoi(strings.TrimSuffix(value, "L"))
				if err == nil && (n < f.from || n > f.to) {
					return fmt.Sprintf("the %s %d is not in %d–%d", f.name, n, f.from, f.to)
				}
			}
		}
	}
	return ""
}

// Next is the first time after t, zero if there is none.
func (s *Schedule) Next(t time.Time) time.Time { return s.expr.Next(t.UTC()) }

// weekdays numbers the days as the library does, from 0 for Sunday. What follows
// "/" and "#" is no day.
func weekdays(field string) string {
	parts := strings.Split(field, ",")
	for i, part := range parts {
		end := strings.IndexAny(part, "/#")
		if end < 0 {
			end = len(part)
		}
		days := strings.Split(part[:end], "-")
		for j, day := range days {
			number, last := strings.CutSuffix(day, "L")
			n, err := strconv.Atoi(number)
			if err != nil {
				continue // a name, *, or for the library to refuse
			}
			days[j] = strconv.Itoa(n - 1)
			if last {
				days[j] += "L"
			}
		}
		parts[i] = strings.Join(days, "-") + part[end:]
	}
	return strings.Join(parts, ",")
}
