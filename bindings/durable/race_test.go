//go:build race

package durable

// loadRounds is small here: the race detector makes everything slow.
const loadRounds = 5
