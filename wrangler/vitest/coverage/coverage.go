// Package coverage counts which statements, functions and branches of the user's
// TypeScript tests run, and reports it as Istanbul does: the same counts, and
// files that other tools read.
//
// Counters are put into the bundles, and what they count is found in the source
// files by way of the source maps. Ends of statements are therefore those of
// their last part that the map knows.
//
// Deliberately not: the v8 provider's ranges of bytes, and reports that are
// JavaScript; tools make what they need out of lcov.info.
//
// Where the truth is: https://vitest.dev/guide/coverage and
// https://github.com/istanbuljs/istanbuljs.
package coverage

import (
	"encoding/binary"
	"sync"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/jsg/instrument"
	"github.com/miniworker/miniworker/wrangler/bundle"
)

// Module is what instrumented scripts import their counters from.
const Module = "miniworker:coverage"

const (
	counterName = "__mw_cov"
	setup       = `const ` + counterName + `=__mw.import("` + Module + `").counters();`
)

// Collector sums up what all scripts of a run count. It is safe for concurrent
// use.
type Collector struct {
	// wanted reports whether a file, absolute, is to be covered.
	wanted func(file string) bool

	mu      sync.Mutex
	sources map[string]*source
	scripts []*Script
}

// New makes a Collector for the files that wanted picks.
func New(wanted func(file string) bool) *Collector {
	return &Collector{wanted: wanted, sources: map[string]*source{}}
}

// Script is a bundle that counts.
type Script struct {
	c      *Collector
	points *instrument.Points
	places *places

	mu       sync.Mutex
	counters [][]byte // one for each isolate
}

// Script makes one, for a bundle to be built with its Instrument.
func (c *Collector) Script() *Script {
	s := &Script{c: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.scripts = append(c.scripts, s)
	return s
}

// Instrument is for the bundler.
func (s *Script) Instrument(b *bundle.Bundle) ([]bundle.Insertion, error) {
	p, err := s.c.places(b)
	if err != nil {
		return nil, err
	}
	points, list, err := instrument.Script(b.Script, counterName, setup, p.judge)
	if err != nil {
		return nil, err
	}
	s.points, s.places = points, p
	out := make([]bundle.Insertion, len(list))
	for i, in := range list {
		out[i] = bundle.Insertion(in)
	}
	return out, nil
}

// Import makes the module that the script imports. Each isolate has counters of
// its own.
func (s *Script) Import(js *jsg.Scope) (*jsg.Object, error) {
	ns := js.NewObject()
	js.Define(ns, "counters", js.Func("counters", 0, func(js *jsg.Scope, _ jsg.Value, _ *jsg.Args) (jsg.Value, error) {
		memory := make([]byte, counterSize*max(s.points.Counters, 1))
		s.mu.Lock()
		s.counters = append(s.counters, memory)
		s.mu.Unlock()
		return js.NewView("Uint32Array", js.NewArrayBuffer(memory), 0, len(memory)/counterSize)
	}))
	return ns, nil
}

const counterSize = 4

// totals are the sums of the counters of all isolates, which have to have ended.
func (s *Script) totals() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]int, s.points.Counters)
	for _, memory := range s.counters {
		for i := range out {
			out[i] += int(binary.NativeEndian.Uint32(memory[i*counterSize:]))
		}
	}
	return out
}

// Restart forgets what was counted and all scripts but those that are kept, before
// another run.
func (c *Collector) Restart(kept []*Script) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.scripts = kept
	clear(c.sources) // files may have changed
	for _, s := range kept {
		s.mu.Lock()
		s.counters = nil
		s.mu.Unlock()
		if s.places == nil {
			continue // it was not built
		}
		for _, p := range s.places.segs {
			if p.src != nil {
				c.sources[p.src.path] = p.src
			}
		}
	}
}

// Covers reports whether a file is in one of the scripts.
func (c *Collector) Covers(path string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sources[path] != nil
}

// Report is what was counted, by file.
func (c *Collector) Report() Map {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := Map{}
	for _, s := range c.scripts {
		if s.points != nil {
			m.merge(s.files())
		}
	}
	return m
}

// files is what one script counted.
func (s *Script) files() Map {
	m := Map{}
	n := s.totals()
	p := s.places
	for _, st := range s.points.Statements {
		if src, loc, ok := p.locate(st.Range); ok {
			m.file(src.path).statement(loc, n[st.Counter])
		}
	}
	for _, fn := range s.points.Functions {
		src, decl, ok := p.locate(fn.Decl)
		_, body, ok2 := p.locate(instrument.Range{Start: fn.Decl.Start, End: fn.Body.End})
		if ok && ok2 {
			m.file(src.path).function(fn.Name, decl, body, n[fn.Counter])
		}
	}
	for _, b := range s.points.Branches {
		src, loc, ok := p.locate(b.Range)
		if !ok {
			continue
		}
		paths, counts := make([]Location, len(b.Paths)), n[b.Counter:b.Counter+len(b.Paths)]
		for i, r := range b.Paths {
			if b.Kind == "if" && r == b.Range {
				continue // the else that is not there is nowhere
			}
			if _, at, ok := p.locate(r); ok {
				paths[i] = at
			} else {
				paths[i] = loc
			}
		}
		m.file(src.path).branch(b.Kind, loc, paths, counts)
	}
	return m
}
