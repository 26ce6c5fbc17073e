// Package cron reads the cron expressions of Cloudflare's cron triggers: five
// fields, in UTC, with 1 for Sunday to 7 for Saturday, names, L, W and #. L-3 (so
// many days before the last of the month) is not known here, and refused.
//
// Where the truth is:
// https://developers.cloudflare.com/workers/configuration/cron-triggers/
package cron

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/cronexpr"
)

// Schedule is a cron expression.
type Schedule struct{ expr *cronexpr.Expression }

var errFields = errors.New("it does not have five fields: minute hour day-of-month month day-of-week")

// Parse reads an expression.
func Parse(text string) (*Schedule, error) {
	fields := strings.Fields(text)
	if len(fields) != 5 {
		return nil, fmt.Errorf("the cron expression %q cannot be followed: %w", text, errFields)
	}
	days, err := weekdays(fields[4])
	if err == nil {
		fields[4] = days
		var expr *cronexpr.Expression
		if expr, err = cronexpr.Parse(strings.Join(fields, " ")); err == nil {
			return &Schedule{expr}, nil
		}
	}
	return nil, fmt.Errorf("the cron expression %q cannot be followed: %w", text, err)
}

// Next is the first time after t, zero if there is none.
func (s *Schedule) Next(t time.Time) time.Time { return s.expr.Next(t.UTC()) }

// weekdays numbers the days as the library does, from 0 for Sunday. What follows
// "/" and "#" is no day.
func weekdays(field string) (string, error) {
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
			if n < 1 || n > 7 {
				return "", fmt.Errorf("the day of the week %d is not in 1–7, Sunday to Saturday", n)
			}
			days[j] = strconv.Itoa(n - 1)
			if last {
				days[j] += "L"
			}
		}
		parts[i] = strings.Join(days, "-") + part[end:]
	}
	return strings.Join(parts, ","), nil
}
