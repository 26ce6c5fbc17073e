package vitest

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/internal/trace"
)

// saveTrace keeps what a failed test caused, if that is wanted.
func (r *fileRun) saveTrace(t *Task) {
	dir := r.s.opts.TraceDir
	if dir == "" || r.journal == nil {
		return
	}
	path, err := writeTrace(dir, r.file.Name+" > "+t.FullName(" > "), r.traceOf(t))
	if err != nil {
		t.Errors = append(t.Errors, Error{Message: "The trace could not be saved: " + err.Error()})
		return
	}
	t.Trace = path
}

// notInNames are what names of files do without.
var notInNames = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^\pL\pN._]+`) })

// nameLimit is how much of a test's name its files have.
const nameLimit = 80

// writeTrace writes records as JSON, and as OTLP beside that.
func writeTrace(dir, test string, records trace.Records) (path string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	name := strings.Trim(notInNames().ReplaceAllString(test, "-"), "-.")
	if len(name) > nameLimit {
		name = strings.ToValidUTF8(name[:nameLimit], "")
	}
	sum := fnv.New32a()
	sum.Write([]byte(test)) // tests whose names differ elsewhere
	base := filepath.Join(dir, fmt.Sprintf("%s-%08x", name, sum.Sum32()))
	if records == nil {
		records = trace.Records{}
	}
	text, err := json.MarshalIndent(struct {
		Test   string        `json:"test"`
		Tree   []string      `json:"tree"`
		Events trace.Records `json:"events"`
	}{test, strings.Split(strings.TrimSuffix(records.String(), "\n"), "\n"), records}, "", "  ")
	if err != nil {
		return "", err
	}
	path = base + ".trace.json"
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return "", err
	}
	otlp, err := os.Create(base + ".otlp.json")
	if err != nil {
		return "", err
	}
	err = records.WriteOTLP(otlp)
	if cerr := otlp.Close(); err == nil {
		err = cerr
	}
	return path, err
}
