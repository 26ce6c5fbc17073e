//go:build linux

package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// cost is what one call takes.
type cost struct{ wall, cpu time.Duration }

// row is a case: what a call costs each target, in their order.
type row struct {
	name  string
	costs []cost
}

type table struct {
	targets []string
	rows    []row
}

func compare(ctx context.Context, targets []*target, names []string, o options) (*table, error) {
	out := &table{}
	for _, t := range targets {
		out.targets = append(out.targets, t.name)
	}
	for _, name := range names {
		if !o.run.MatchString(name) {
			continue
		}
		r, err := measure(ctx, targets, name, o)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", name, strings.Join(r.cells(), ", "))
		out.rows = append(out.rows, r)
	}
	return out, nil
}

// measure finds how many calls take long enough, which also warms up, and then
// lets the targets take turns.
func measure(ctx context.Context, targets []*target, name string, o options) (row, error) {
	r := row{name: name}
	var answers []string
	times := make([]int, len(targets))
	for i, t := range targets {
		answer, err := t.ask(ctx, query(name, 1))
		if err != nil {
			return r, err
		}
		answers = append(answers, answer)
		if answer != answers[0] {
			return r, fmt.Errorf("%s: %s answers %s, %s answers %s", name, targets[0].name, answers[0], t.name, answer)
		}
		if times[i], err = t.calibrate(ctx, name, o.enough); err != nil {
			return r, err
		}
	}
	all := make([][]cost, len(targets))
	for range o.runs {
		for i, t := range targets {
			c, err := t.once(ctx, name, times[i])
			if err != nil {
				return r, err
			}
			all[i] = append(all[i], c)
		}
	}
	for _, costs := range all {
		r.costs = append(r.costs, median(costs))
	}
	return r, nil
}

func query(name string, n int) string {
	return "?" + url.Values{"case": {name}, "n": {fmt.Sprint(n)}}.Encode()
}

// calibrate is the number of calls that take enough time.
func (t *target) calibrate(ctx context.Context, name string, enough time.Duration) (int, error) {
	for n := 1; ; n *= 4 {
		c, err := t.once(ctx, name, n)
		if took := c.wall * time.Duration(n); err != nil || took >= enough {
			return n, err
		} else if took > enough/4 {
			return int(int64(n)*int64(enough)/int64(took)) + 1, nil
		}
	}
}

// once is what each of n calls costs. That of the request, some 50 µs, is in it.
func (t *target) once(ctx context.Context, name string, n int) (cost, error) {
	used, err := t.cpu()
	if err != nil {
		return cost{}, err
	}
	began := time.Now()
	if _, err := t.ask(ctx, query(name, n)); err != nil {
		return cost{}, err
	}
	wall := time.Since(began)
	now, err := t.cpu()
	return cost{wall / time.Duration(n), (now - used) / time.Duration(n)}, err
}

// median takes those of wall and processor time each for itself.
func median(costs []cost) cost {
	pick := func(of func(cost) time.Duration) time.Duration {
		var all []time.Duration
		for _, c := range costs {
			all = append(all, of(c))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return cost{pick(func(c cost) time.Duration { return c.wall }), pick(func(c cost) time.Duration { return c.cpu })}
}

// compile measures parsing and compiling a bundle of two megabytes, with the
// heap growing as it may in miniworker.
func compile(runs int) (string, error) {
	const unit = `const f%[1]d=(a,{b=1,...c}={})=>{class K%[1]d{#p=a;get v(){return this.#p?.x??b}static s=%[1]d;async m(...r){for(const[k,v]of Object.entries(c))try{await this[k](v,...r)}catch(e){if(e instanceof TypeError)throw e}finally{r.push(` + "`${k}:${v}`" + `)}return r.map((x)=>x*2).filter(Boolean)}}return new K%[1]d()};
`
	var b strings.Builder
	for i := 0; b.Len() < 2<<20; i++ {
		fmt.Fprintf(&b, unit, i)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	var all []cost
	for range runs {
		used, began := ownCPU(), time.Now()
		if _, err := jsg.Compile("bundle.js", b.String()); err != nil {
			return "", err
		}
		all = append(all, cost{time.Since(began), ownCPU() - used})
	}
	c := median(all)
	return fmt.Sprintf("Parsing and compiling a bundle of %.1f MB takes %v, %v of processor time.\n",
		float64(b.Len())/(1<<20), c.wall.Round(time.Millisecond), c.cpu.Round(time.Millisecond)), nil
}

func ownCPU() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
