package config

import "testing"

func TestCronMistake(t *testing.T) {
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
	} {
		if got := cronMistake(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
