//go:build linux

package main

import (
	"slices"
	"time"
)

// latencies are the durations one connection saw.
type latencies struct{ all []time.Duration }

func (l *latencies) add(d time.Duration) { l.all = append(l.all, d) }

// quantile of a sorted list.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// summary is a figure over several runs.
type summary struct {
	Median float64   `json:"median"`
	Min    float64   `json:"min"`
	Max    float64   `json:"max"`
	Runs   []float64 `json:"runs"`
}

func summarize(runs []float64) summary {
	if len(runs) == 0 {
		return summary{}
	}
	s := slices.Sorted(slices.Values(runs))
	m := s[len(s)/2]
	if len(s)%2 == 0 {
		m = (s[len(s)/2-1] + m) / 2
	}
	return summary{Median: m, Min: s[0], Max: s[len(s)-1], Runs: runs}
}
