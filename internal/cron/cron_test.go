package cron

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestNext(t *testing.T) {
	from := time.Date(2026, 3, 1, 12, 0, 30, 0, time.FixedZone("", 3600)) // a Sunday
	for expr, want := range map[string]string{
		"* * * * *":       "2026-03-01T11:01",
		"*/15 * * * *":    "2026-03-01T11:15",
		"0 12 * * *":      "2026-03-01T12:00",
		"0 0 * * 1":       "2026-03-08T00:00", // Sunday
		"0 0 * * 2":       "2026-03-02T00:00", // Monday
		"0 0 * * mon":     "2026-03-02T00:00",
		"0 0 * * 7":       "2026-03-07T00:00", // Saturday
		"0 0 * * 2-6":     "2026-03-02T00:00",
		"0 0 * * MON-FRI": "2026-03-02T00:00",
		"0 0 * * 6L":      "2026-03-27T00:00", // the last Friday
		"0 0 * * 3#2":     "2026-03-10T00:00", // the second Tuesday
		"0 0 L * *":       "2026-03-31T00:00",
		"0 0 LW * *":      "2026-03-31T00:00",
		"0 0 15W * *":     "2026-03-16T00:00",
		"0 0 13 * 6":      "2026-03-06T00:00", // the 13th, and Fridays
		"59 23 31 DEC *":  "2026-12-31T23:59",
		"0 0 29 2 *":      "2028-02-29T00:00",
	} {
		s, err := Parse(expr)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := s.Next(from).Format("2006-01-02T15:04"); got != want {
			t.Errorf("%s: %s, want %s", expr, got, want)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, expr := range []string{"", "* * * *", "* * * * * *", "60 * * * *", "* * * * 0", "* * * * 8", "* * L-3 * *", "every day at noon please"} {
		if _, err := Parse(expr); err == nil {
			t.Errorf("%q was accepted", expr)
		}
	}
}

func TestMistake(t *testing.T) {
	for text, want := range map[string]string{
		"*/5 * * * *":           "",
		"0 15 1 * *":            "",
		"59 23 LW * *":          "",
		"0,30 9-17 * jan mon-5": "",
		"0 0 * * 6L":            "",
		"* * *":                 "it has 3 fields, not 5",
		"":                      "it has 0 fields, not 5",
		"61 * * * *":            "the minute 61 is not in 0–59",
		"0 9-24 * * *":          "the hour 24 is not in 0–23",
		"0 0 0 * *":             "the day of the month 0 is not in 1–31",
		"0 0 1 13/2 *":          "the month 13 is not in 1–12",
		"0 0 * * 0":             "the day of the week 0 is not in 1–7",
	} {
		if got := Mistake(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
