//go:build !race

package durable

// loadRounds is how many requests each object of TestManyObjects gets.
const loadRounds = 100
