package dev

import (
	"fmt"
	"strings"
)

// Level is a log level, as --log-level names them.
type Level int

// The levels, most talkative first.
const (
	Debug Level = iota
	Info
	Log
	Warn
	Error
	None
)

var levelNames = []string{"debug", "info", "log", "warn", "error", "none"}

// ParseLevel reads a --log-level.
func ParseLevel(s string) (Level, error) {
	for i, n := range levelNames {
		if n == s {
			return Level(i), nil
		}
	}
	return 0, fmt.Errorf("unknown log level %q: use one of %s", s, strings.Join(levelNames, ", "))
}

// ANSI styles.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	blue   = "36"
)
