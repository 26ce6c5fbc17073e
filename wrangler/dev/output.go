package dev

import (
	"encoding/json"
	"io"
	"os"
	"sync"
	"time"
)

// events writes what happens to the session as one JSON object per line, for
// programs that start it: tests, editors, scripts that wait for the port. The
// file is that of WRANGLER_OUTPUT_FILE_PATH.
//
// The types are session (the session starts), ready (the port answers, with
// url, ip, port and workers), build (worker, ok, error, duration_ms), assets
// (worker), config (ok), and stop.
type events struct {
	mu  sync.Mutex
	w   io.Writer
	now func() time.Time
}

// event is one line.
type event struct {
	Type      string   `json:"type"`
	Version   int      `json:"version"`
	Timestamp string   `json:"timestamp"`
	URL       string   `json:"url,omitempty"`
	IP        string   `json:"ip,omitempty"`
	Port      int      `json:"port,omitempty"`
	PID       int      `json:"pid,omitempty"`
	Workers   []string `json:"workers,omitempty"`
	Worker    string   `json:"worker,omitempty"`
	OK        *bool    `json:"ok,omitempty"`
	Unchanged bool     `json:"unchanged,omitempty"`
	Error     string   `json:"error,omitempty"`
	Millis    float64  `json:"duration_ms,omitempty"`
}

func (e *events) emit(v event) {
	if e.w == nil {
		return
	}
	v.Version, v.Timestamp = 1, e.now().UTC().Format(time.RFC3339Nano)
	line, err := json.Marshal(v)
	if err != nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	// Nobody reading is no reason to stop.
	_, _ = e.w.Write(append(line, '\n'))
}

func okay(b bool) *bool { return &b }

// OpenEvents opens the file that events are appended to.
func OpenEvents(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
}
