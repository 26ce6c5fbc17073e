package routes

import (
	"cmp"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/routing"
)

// The part of SARIF 2.1.0 that code review tools read.
type sarif struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID string `json:"id"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations,omitempty"`
	Related      []sarifLocation   `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifLocation struct {
	ID       int           `json:"id,omitempty"`
	Physical sarifPhysical `json:"physicalLocation"`
	Message  *sarifText    `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact struct {
		URI string `json:"uri"`
	} `json:"artifactLocation"`
	Region *sarifRegion `json:"region,omitempty"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
}

func sarifLog(fs []routing.Finding, version string) sarif {
	var run sarifRun
	run.Tool.Driver = sarifDriver{Name: "miniworker", Version: version, Rules: []sarifRule{}}
	run.ColumnKind = "utf16CodeUnits"
	run.Results = []sarifResult{}
	rules := &run.Tool.Driver.Rules
	for _, f := range fs {
		i := slices.IndexFunc(*rules, func(r sarifRule) bool { return r.ID == f.Code })
		if i < 0 {
			i = len(*rules)
			*rules = append(*rules, sarifRule{ID: f.Code})
		}
		run.Results = append(run.Results, sarifFinding(f, i))
	}
	return sarif{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
}

func sarifFinding(f routing.Finding, rule int) sarifResult {
	text := f.Message
	if f.Hint != "" {
		text += "\nhint: " + f.Hint
	}
	r := sarifResult{
		RuleID: f.Code, RuleIndex: rule, Message: sarifText{text},
		Level:        map[diag.Severity]string{diag.Error: "error", diag.Warning: "warning", diag.Info: "note"}[f.Severity],
		Fingerprints: map[string]string{"routes/v1": fingerprint(f)},
	}
	if f.Pos.File != "" {
		r.Locations = []sarifLocation{sarifAt(f.Pos)}
	}
	for i, n := range f.Notes {
		if n.Pos.File == "" {
			continue
		}
		loc := sarifAt(n.Pos)
		loc.ID, loc.Message = i+1, &sarifText{n.Message}
		r.Related = append(r.Related, loc)
	}
	return r
}

func sarifAt(pos diag.Position) sarifLocation {
	var l sarifLocation
	l.Physical.Artifact.URI = fileURI(pos.File)
	if pos.Line > 0 {
		l.Physical.Region = &sarifRegion{StartLine: pos.Line, StartColumn: cmp.Or(pos.Col, 1)}
	}
	return l
}

// fileURI is a relative reference for a relative name, a file: URL otherwise.
func fileURI(name string) string {
	u := url.URL{Path: filepath.ToSlash(name)}
	if filepath.IsAbs(name) {
		u.Scheme = "file"
		if !strings.HasPrefix(u.Path, "/") { // a drive letter
			u.Path = "/" + u.Path
		}
	}
	return u.String()
}
