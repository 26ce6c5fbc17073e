package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/compat"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/runtime/worker"
	"github.com/miniworker/miniworker/wrangler/bundle"
)

// date is the compatibility date of every probe.
const date = "2026-08-01"

// Files of the probe directory that are no areas: what areas import, and the
// other end of fetch.
const (
	library  = "probe.js"
	outbound = "outbound.js"
	// script is the area written in service-worker format.
	script = "serviceworker"
)

// answers are the results of an area's probes by name.
type answers map[string]string

// areas are the names of the probe files.
func areas(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.js"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range files {
		if base := filepath.Base(f); base != library && base != outbound {
			names = append(names, strings.TrimSuffix(base, ".js"))
		}
	}
	slices.Sort(names)
	if len(names) == 0 {
		return nil, fmt.Errorf("no probes in %s", dir)
	}
	return names, nil
}

// ask runs one area in miniworker.
func ask(ctx context.Context, dir, area string) (answers, error) {
	other, err := load(ctx, dir, outbound, nil)
	if err != nil {
		return nil, err
	}
	defer stop(other)
	w, err := load(ctx, dir, area+".js", other)
	if err != nil {
		return nil, err
	}
	defer stop(w)
	resp, err := w.Fetch(ctx, &wire.Request{Method: http.MethodGet, URL: "http://conformance.example/", Header: http.Header{}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", area, err)
	}
	if resp.Body == nil {
		return nil, fmt.Errorf("%s: an empty answer", area)
	}
	defer resp.Body.Close()
	return decode(area, resp.Body)
}

func decode(area string, r io.Reader) (answers, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", area, err)
	}
	a := answers{}
	if err := json.Unmarshal(data, &a); err != nil {
		return nil, fmt.Errorf("%s: %w: %.300s", area, err, data)
	}
	return a, nil
}

// load bundles and starts a probe file as a worker.
func load(ctx context.Context, dir, file string, fetcher wire.Fetcher) (*worker.Worker, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	builder, err := bundle.New(bundle.Options{Entry: file, Dir: dir, Getenv: func(string) string { return "" }})
	if err != nil {
		return nil, err
	}
	defer builder.Dispose()
	b, diags := builder.Build(ctx)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s: %w", file, diags)
	}
	program, err := jsg.Compile(file, string(b.Script))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	on, _ := compat.Resolve(date, nil)
	o := worker.Options{Name: "conformance", Script: &isolate.Script{Program: program, URL: "file:///worker.js"},
		ServiceWorker: b.Format == bundle.FormatServiceWorker, Flag: on, Outbound: fetcher}
	w, err := worker.Load(o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return w, nil
}

func stop(w *worker.Worker) {
	w.Kill()
	<-w.Isolate().Done()
}

// readJSON reads a file of the probe directory; a missing one leaves v alone.
func readJSON(path string, v any) error {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
