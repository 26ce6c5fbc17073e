package vitest

import (
	"encoding/json"
	"io"
)

// jsonReport writes the results as Vitest's and Jest's JSON.
type jsonReport struct {
	quiet
	out io.Writer
}

type jsonRun struct {
	TotalSuites   int        `json:"numTotalTestSuites"`
	PassedSuites  int        `json:"numPassedTestSuites"`
	FailedSuites  int        `json:"numFailedTestSuites"`
	PendingSuites int        `json:"numPendingTestSuites"`
	Total         int        `json:"numTotalTests"`
	Passed        int        `json:"numPassedTests"`
	Failed        int        `json:"numFailedTests"`
	Pending       int        `json:"numPendingTests"`
	Todo          int        `json:"numTodoTests"`
	Snapshot      jsonShots  `json:"snapshot"`
	Start         int64      `json:"startTime"`
	Success       bool       `json:"success"`
	Results       []jsonFile `json:"testResults"`
}

type jsonShots struct {
	Added     int `json:"added"`
	Matched   int `json:"matched"`
	Unmatched int `json:"unmatched"`
	Updated   int `json:"updated"`
	Unchecked int `json:"unchecked"`
}

type jsonFile struct {
	Tests   []jsonTest `json:"assertionResults"`
	Start   int64      `json:"startTime"`
	End     int64      `json:"endTime"`
	Status  string     `json:"status"`
	Message string     `json:"message"`
	Name    string     `json:"name"`
}

type jsonTest struct {
	Ancestors []string      `json:"ancestorTitles"`
	FullName  string        `json:"fullName"`
	Status    string        `json:"status"`
	Title     string        `json:"title"`
	Duration  float64       `json:"duration"`
	Failures  []string      `json:"failureMessages"`
	Location  *jsonLocation `json:"location,omitempty"`
	Trace     string        `json:"trace,omitempty"`
}

// jsonLocation is where the first error is.
type jsonLocation struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

var jsonStatus = map[State]string{Pass: "passed", Fail: "failed", Skip: "skipped", Todo: "todo", Pending: "pending"}

// End implements Reporter.
func (j *jsonReport) End(run *Run) error {
	s := run.Snapshots
	out := jsonRun{Start: run.Started.UnixMilli(), Success: !run.Failed(), Snapshot: jsonShots{s.Added, s.Matched, s.Unmatched, s.Updated, s.Unchecked}, Results: []jsonFile{}}
	for _, f := range run.Files {
		out.Results = append(out.Results, j.file(&out, run, f))
	}
	e := json.NewEncoder(j.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

func (j *jsonReport) file(sum *jsonRun, run *Run, f *File) jsonFile {
	r := jsonFile{Start: run.Started.UnixMilli(), End: run.Started.Add(f.Duration).UnixMilli(), Status: "passed", Name: f.Path, Tests: []jsonTest{}}
	sum.TotalSuites++
	if f.Failed() {
		r.Status = "failed"
		sum.FailedSuites++
	} else {
		sum.PassedSuites++
	}
	for _, e := range append(f.Errors[:len(f.Errors):len(f.Errors)], f.Unhandled...) {
		r.Message += e.text(run.Root) + "\n"
	}
	for t := range f.All() {
		if t.Suite {
			for _, e := range t.Errors {
				r.Message += t.FullName(" > ") + ": " + e.text(run.Root) + "\n"
			}
			continue
		}
		sum.Total++
		switch t.State {
		case Pass:
			sum.Passed++
		case Fail:
			sum.Failed++
		case Todo:
			sum.Todo++
		default:
			sum.Pending++
		}
		r.Tests = append(r.Tests, test(run, t))
	}
	return r
}

func test(run *Run, t *Task) jsonTest {
	out := jsonTest{Ancestors: []string{}, FullName: t.FullName(" "), Status: jsonStatus[t.State], Title: t.Name, Duration: float64(t.Duration.Microseconds()) / 1000, Failures: []string{}, Trace: t.Trace}
	for p := t.Parent; p != nil; p = p.Parent {
		out.Ancestors = append([]string{p.Name}, out.Ancestors...)
	}
	for _, e := range t.Errors {
		out.Failures = append(out.Failures, e.text(run.Root))
		if out.Location == nil && len(e.Frames) > 0 {
			out.Location = &jsonLocation{e.Frames[0].Line, e.Frames[0].Col}
		}
	}
	return out
}
