package vitest

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// junit writes the XML that CI systems read.
type junit struct {
	quiet
	out io.Writer
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Timestamp string      `xml:"timestamp,attr"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Errors    int         `xml:"errors,attr"`
	Skipped   int         `xml:"skipped,attr"`
	Time      string      `xml:"time,attr"`
	Cases     []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class    string         `xml:"classname,attr"`
	Name     string         `xml:"name,attr"`
	Time     string         `xml:"time,attr"`
	Props    *junitProps    `xml:"properties"`
	Out      string         `xml:"system-out,omitempty"`
	Skipped  *struct{}      `xml:"skipped"`
	Failures []junitFailure `xml:"failure"`
	Errors   []junitFailure `xml:"error"`
}

type junitProps struct {
	List []junitProp `xml:"property"`
}

type junitProp struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// End implements Reporter.
func (j *junit) End(run *Run) error {
	all := junitSuites{Name: "vitest tests", Time: seconds(run.Duration)}
	for _, f := range run.Files {
		s := j.suite(run, f)
		all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
		all.Suites = append(all.Suites, s)
	}
	text, err := xml.MarshalIndent(all, "", "    ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(j.out, "%s%s\n", xml.Header, text)
	return err
}

func (j *junit) suite(run *Run, f *File) junitSuite {
	s := junitSuite{Name: f.Name, Timestamp: run.Started.UTC().Format("2006-01-02T15:04:05.000Z"), Time: seconds(f.Duration)}
	for t := range f.Tests() {
		c := junitCase{Class: f.Name, Name: t.FullName(" > "), Time: seconds(t.Duration)}
		s.Tests++
		for _, e := range t.Failures() {
			c.Failures = append(c.Failures, failure(run, &e))
		}
		switch t.State {
		case Fail:
			s.Failures++
		case Skip, Todo, Pending:
			s.Skipped++
			c.Skipped = &struct{}{}
		}
		for _, l := range t.Logs {
			c.Out += l.Text + "\n"
		}
		if t.Trace != "" {
			c.Props = &junitProps{[]junitProp{{"trace", t.Trace}}}
			c.Out += "[[ATTACHMENT|" + t.Trace + "]]\n" // as Jenkins and GitLab know it
		}
		s.Cases = append(s.Cases, c)
	}
	// What belongs to no test is a case of its own, so that it is not lost.
	whole := func(name string, errors []Error) {
		for _, e := range errors {
			s.Tests++
			s.Errors++
			s.Cases = append(s.Cases, junitCase{Class: f.Name, Name: name, Time: "0.000", Errors: []junitFailure{failure(run, &e)}})
		}
	}
	whole(f.Name, f.Errors)
	for t := range f.All() {
		if t.Suite {
			whole(t.FullName(" > "), t.Errors)
		}
	}
	whole("unhandled errors", f.Unhandled)
	return s
}

func failure(run *Run, e *Error) junitFailure {
	return junitFailure{Message: xmlText(firstLine(e.Message)), Type: e.Name, Text: xmlText(e.text(run.Root))}
}

// xmlText leaves out what XML cannot hold.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}
