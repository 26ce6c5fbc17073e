//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// suite runs the scenarios.
type suite struct {
	options
	work   string
	apps   map[string]*app
	tools  []*tool
	report *report
}

func (b *suite) all(ctx context.Context) error {
	for _, name := range []string{"hello", "share"} {
		if err := b.starts(ctx, b.apps[name]); err != nil {
			return err
		}
	}
	for _, name := range []string{"hello", "hono", "cpu", "share", "sessions", "bindings"} {
		wanted := b.scenarios(name)
		switch a := b.apps[name]; {
		case len(wanted) == 0:
		case a == nil:
			b.report.note("%s is left out: its packages are not in the oracle's node_modules", name)
		default:
			if err := b.loads(ctx, a, wanted); err != nil {
				return err
			}
		}
	}
	if err := b.testSuites(ctx); err != nil {
		return err
	}
	return ctx.Err()
}

// wants reports whether a measurement was asked for.
func (b *suite) wants(name string) bool { return b.run.MatchString(name) }

// starts measures cold start, idle memory and edits, taking turns.
func (b *suite) starts(ctx context.Context, a *app) error {
	if !b.wants("start/" + a.name) {
		return nil
	}
	for range b.runs {
		for _, t := range b.tools {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if t.runs(a) {
				b.startOnce(t, a)
			}
		}
	}
	return nil
}

func (b *suite) startOnce(t *tool, a *app) {
	key := "start/" + a.name
	s, err := start(t, a, b.work)
	if err != nil {
		b.report.failed(key, t, err)
		return
	}
	defer s.stop()
	b.report.add(key, "cold start ms", t, ms(s.coldStart))
	b.report.add(key, "CPU until then ms", t, ms(s.coldCPU))
	// What the start left behind settles first.
	time.Sleep(time.Second)
	rss, pss := s.memory()
	b.report.add(key, "RSS idle MB", t, rss)
	b.report.add(key, "PSS idle MB", t, pss)
	if t.reloads {
		d, err := b.edit(s)
		if err != nil {
			b.report.failed(key, t, err)
			return
		}
		b.report.add(key, "edit to new answer ms", t, ms(d))
	}
}

// editTimeout bounds a reload.
const editTimeout = 15 * time.Second

// edit changes the app's answer and waits until it is seen.
func (b *suite) edit(s *server) (time.Duration, error) {
	path := filepath.Join(s.app.dir, s.app.edit)
	original, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	defer os.WriteFile(path, original, 0o644)
	want := fmt.Sprintf("Edited %d", time.Now().UnixNano())
	edited := strings.ReplaceAll(string(original), s.app.text, want)
	begin := time.Now()
	if err := os.WriteFile(path, []byte(edited), 0o644); err != nil {
		return 0, err
	}
	for time.Since(begin) < editTimeout {
		status, body, err := get(s.addr, s.app.seen, editTimeout)
		if err == nil && status == 200 && bytes.Contains(body, []byte(want)) {
			return time.Since(begin), nil
		}
		time.Sleep(500 * time.Microsecond)
	}
	return 0, fmt.Errorf("the edit is not seen after %v", editTimeout)
}

// scenarios are the loads of an app that were asked for.
func (b *suite) scenarios(app string) []*scenario {
	var wanted []*scenario
	for _, sc := range scenarios {
		if sc.app == app && b.wantsAny(sc) {
			wanted = append(wanted, sc)
		}
	}
	return wanted
}

// loads runs scenarios of an app, all tools up at once, taking turns.
func (b *suite) loads(ctx context.Context, a *app, wanted []*scenario) error {
	var servers []*server
	defer func() {
		for _, s := range servers {
			s.stop()
		}
	}()
	for _, t := range b.tools {
		if !t.runs(a) {
			continue
		}
		s, err := start(t, a, b.work)
		if err != nil {
			b.report.failed("load/"+a.name, t, err)
			continue
		}
		servers = append(servers, s)
	}
	for _, sc := range wanted {
		for _, conns := range sc.conns {
			if key := sc.key(conns); b.wants(key) {
				if err := b.measure(ctx, key, sc, conns, servers); err != nil {
					return err
				}
			}
		}
	}
	for _, s := range servers {
		rss, pss := s.memory()
		b.report.add("memory/"+a.name, "RSS after load MB", s.tool, rss)
		b.report.add("memory/"+a.name, "PSS after load MB", s.tool, pss)
	}
	return nil
}

func (sc *scenario) key(conns int) string { return fmt.Sprintf("load/%s/%d", sc.name, conns) }

func (b *suite) wantsAny(sc *scenario) bool {
	for _, c := range sc.conns {
		if b.wants(sc.key(c)) {
			return true
		}
	}
	return false
}

// measure runs one scenario on all servers, taking turns.
func (b *suite) measure(ctx context.Context, key string, sc *scenario, conns int, servers []*server) error {
	broken := map[*server]bool{}
	for _, s := range servers {
		err := error(nil)
		if sc.prepare != nil {
			err = sc.prepare(s)
		}
		if err == nil {
			_, err = sc.run(s, conns, b.duration/4) // warm-up
		}
		if err != nil {
			b.report.failed(key, s.tool, err)
			broken[s] = true
		}
	}
	for range b.runs {
		for _, s := range servers {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if broken[s] {
				continue
			}
			if err := b.once(key, sc, conns, s); err != nil {
				b.report.failed(key, s.tool, err)
				broken[s] = true
			}
		}
	}
	return nil
}

func (b *suite) once(key string, sc *scenario, conns int, s *server) error {
	before, own := s.cpu(), ownCPU()
	rise := s.peak()
	r, err := sc.run(s, conns, b.duration)
	risen := rise()
	if err != nil {
		return err
	}
	used, generator := s.cpu()-before, ownCPU()-own
	add := func(metric string, v float64) { b.report.add(key, metric, s.tool, v) }
	switch {
	case r.bytes >= int64(r.count)*mega:
		add("MB/s", float64(r.bytes)/mega/r.elapsed.Seconds())
		add("CPU ms/GB", ms(used)/(float64(r.bytes)/1e9))
		add("RSS rise MB", risen)
	default:
		add("per second", float64(r.count)/r.elapsed.Seconds())
		add("p50 ms", ms(quantile(r.latencies, 0.50)))
		add("p99 ms", ms(quantile(r.latencies, 0.99)))
		add("CPU ms each", ms(used)/float64(r.count))
	}
	add("generator CPU %", 100*generator.Seconds()/r.elapsed.Seconds())
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
