// Package ratelimit is rate limiting bindings: limit() counts per key in windows
// of 10 or 60 seconds that begin with the clock's, and says whether there is room.
//
// What it emulates: the counting and the texts of wrangler's simulator, with
// workers that give the same namespace_id counting together.
//
// What it deliberately does not: counting per location, being permissive, and
// remembering over the end of a session.
//
// Where the truth is:
// https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/ and
// wrangler 4.164.
package ratelimit

import (
	"math"
	"strings"
	"sync"
	"time"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is rate limiting bindings.
var Kind = bindings.Kind{Name: "ratelimit", Bind: bind}

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, c := range cfg.Ratelimits {
		l, err := bindings.Shared(b.Session, "ratelimit/"+c.NamespaceID, func() (*Limiter, error) { return NewLimiter(b.Clock), nil })
		if err != nil {
			return err
		}
		b.Env(c.Name, func(js *jsg.Scope) (jsg.Value, error) {
			return class.Wrap(js, &binding{limiter: l, limit: c.Limit, period: float64(c.Period)}), nil
		})
	}
	return nil
}

// Limiter counts. It is safe for concurrent use.
type Limiter struct {
	clock clock.Clock

	mu      sync.Mutex
	windows map[time.Duration]*window // by their length
}

// window is the one that runs now.
type window struct {
	number int64
	counts map[string]float64
}

// NewLimiter returns a Limiter that has counted nothing.
func NewLimiter(clk clock.Clock) *Limiter {
	return &Limiter{clock: clk, windows: map[time.Duration]*window{}}
}

// Take counts delta against key if fewer than limit were counted in the window.
func (l *Limiter) Take(key string, limit float64, period time.Duration, delta float64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	number := l.clock.Now().UnixNano() / int64(period)
	w := l.windows[period]
	if w == nil || w.number != number {
		w = &window{number, map[string]float64{}}
		l.windows[period] = w
	}
	if w.counts[key] >= limit {
		return false
	}
	w.counts[key] += delta
	return true
}

// binding is env.NAME.
type binding struct {
	limiter       *Limiter
	limit, period float64
}

var class = &jsg.Class[binding]{Name: "Ratelimit", Script: true}

func init() {
	class.Members = jsg.Members[binding]{jsg.Async("limit", 1, (*binding).take)}
}

func (b *binding) take(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	o, ok := jsg.IsObject(a.Value(0))
	if !ok {
		return nil, jsg.Errorf("invalid rate limit options")
	}
	var unknown []string
	for _, name := range o.Keys() {
		switch name {
		case "key", "limit", "period", "delta":
		default:
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return nil, jsg.Errorf("bad rate limit options: [%s]", strings.Join(unknown, ","))
	}
	d := a.DictOf(o)
	key := ""
	if v := d.Value("key"); !jsg.IsUndefined(v) {
		if !jsg.IsString(v) {
			return nil, jsg.Errorf("invalid key: %s", v)
		}
		key = v.String()
	}
	limit, err := number(d, "limit", b.limit)
	if err != nil {
		return nil, err
	}
	period, err := number(d, "period", b.period)
	if err != nil {
		return nil, err
	}
	if period != 10 && period != 60 {
		return nil, jsg.Errorf("unsupported period: %v", period)
	}
	delta, err := weight(d)
	if err == nil {
		err = a.Err()
	}
	if err != nil {
		return nil, err
	}
	return js.Record("success", b.limiter.Take(key, limit, time.Duration(period)*time.Second, delta)), nil
}

func number(d *jsg.Dict, name string, def float64) (float64, error) {
	v := d.Value(name)
	switch {
	case jsg.IsUndefined(v):
		return def, nil
	case !jsg.IsNumber(v):
		return 0, jsg.Errorf("%s must be a number: %s", name, v)
	}
	return v.ToFloat(), nil
}

// weight is how much a call counts for.
func weight(d *jsg.Dict) (float64, error) {
	v := d.Value("delta")
	if jsg.IsUndefined(v) {
		return 1, nil
	}
	f := v.ToFloat()
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return 0, jsg.TypeErrorf("The value cannot be converted because it is not an integer.")
	case f < 0:
		return 0, jsg.TypeErrorf("The value cannot be converted because it is negative and this API expects a positive number.")
	case f > math.MaxUint32:
		return 0, jsg.TypeErrorf("Value out of range. Must be less than or equal to %d.", uint32(math.MaxUint32))
	case math.Trunc(f) == 0:
		return 0, jsg.RangeErrorf("delta must be non-zero")
	}
	return math.Trunc(f), nil
}
