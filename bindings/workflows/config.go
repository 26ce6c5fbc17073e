package workflows

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"sync"

	"github.com/miniworker/miniworker/runtime/jsg"
)

var durationPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([^ ]+) +(\w\w*?)s?$`) })

// units are in milliseconds. An unknown one counts as that.
var units = map[string]float64{"year": 31_557_600_000, "month": 2_592_000_000, "week": 604_800_000, "day": 86_400_000, "hour": 3_600_000, "minute": 60_000, "second": 1000}

// milliseconds is a duration as Workflows understand it: a number, or one with a
// unit. It is NaN for what is none.
func milliseconds(js *jsg.Scope, v jsg.Value) float64 {
	f := v.ToFloat()
	if !math.IsNaN(f) || !jsg.IsString(v) {
		return f
	}
	m := durationPattern().FindStringSubmatch(v.String())
	if m == nil {
		return f
	}
	unit := units[m[2]]
	if unit == 0 {
		unit = 1
	}
	return js.String(m[1]).ToFloat() * unit
}

// number writes a number as JavaScript does.
func number(f float64) string {
	if math.IsInf(f, 0) {
		return "Infinity"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// stepConfig is how a step is attempted, with the defaults filled in. Delay and
// Timeout are JSON: a number or a duration in words; a Delay of nothing is computed
// by a function.
type stepConfig struct {
	Retries struct {
		Limit   float64         `json:"limit"`
		Backoff string          `json:"backoff"`
		Delay   json.RawMessage `json:"delay,omitempty"`
	} `json:"retries"`
	Timeout   json.RawMessage `json:"timeout"`
	Sensitive string          `json:"sensitive,omitempty"`
}

const defaultDelay = 1000 // ms

func defaultConfig() (c stepConfig) {
	c.Retries.Limit, c.Retries.Backoff, c.Retries.Delay = 5, "exponential", json.RawMessage(strconv.Itoa(defaultDelay))
	c.Timeout = json.RawMessage(`"10 minutes"`)
	return c
}

// duration reads Delay or Timeout.
func duration(js *jsg.Scope, raw json.RawMessage) float64 {
	v, err := js.JSONParse(string(raw))
	if err != nil {
		return math.NaN()
	}
	return milliseconds(js, v)
}

// readConfig reads what step.do was given. ok is false if that has not the form it
// must have; delay is the function that computes delays, if any.
func readConfig(js *jsg.Scope, v jsg.Value) (c stepConfig, delay jsg.Value, ok bool, err error) {
	c = defaultConfig()
	if jsg.IsNullish(v) {
		return c, nil, true, nil
	}
	fields, ok, err := strict(js, v, "retries", "timeout", "sensitive")
	if !ok || err != nil {
		return c, nil, false, err
	}
	if r := fields["retries"]; r != nil {
		if delay, ok, err = c.readRetries(js, r); !ok || err != nil {
			return c, nil, false, err
		}
	}
	if t := fields["timeout"]; t != nil {
		raw, ms, ok := durationJSON(js, t)
		if !ok || ms == 0 {
			return c, nil, false, nil
		}
		c.Timeout = raw
	}
	if s := fields["sensitive"]; s != nil {
		if !jsg.IsString(s) || s.String() != "output" {
			return c, nil, false, nil
		}
		c.Sensitive = "output"
	}
	return c, delay, true, nil
}

func (c *stepConfig) readRetries(js *jsg.Scope, v jsg.Value) (delay jsg.Value, ok bool, err error) {
	fields, ok, err := strict(js, v, "delay", "limit", "backoff")
	if !ok || err != nil {
		return nil, false, err
	}
	limit, d := fields["limit"], fields["delay"]
	if limit == nil || d == nil || !jsg.IsNumber(limit) || !(limit.ToFloat() >= 0) || !finite(limit.ToFloat()) {
		return nil, false, nil
	}
	c.Retries.Limit = limit.ToFloat()
	if jsg.IsFunction(d) {
		delay, c.Retries.Delay = d, nil
	} else if c.Retries.Delay, _, ok = durationJSON(js, d); !ok {
		return nil, false, nil
	}
	if b := fields["backoff"]; b != nil {
		switch {
		case !jsg.IsString(b):
			return nil, false, nil
		case b.String() != "constant" && b.String() != "linear" && b.String() != "exponential":
			return nil, false, nil
		}
		c.Retries.Backoff = b.String()
	}
	return delay, true, nil
}

// durationJSON keeps a duration as it was written: a number from 0, or words.
func durationJSON(js *jsg.Scope, v jsg.Value) (raw json.RawMessage, ms float64, ok bool) {
	ms = milliseconds(js, v)
	switch {
	case jsg.IsNumber(v):
		ok = ms >= 0
	case jsg.IsString(v):
		ok = !math.IsNaN(ms)
	}
	if !ok {
		return nil, 0, false
	}
	text, ok, err := js.JSONStringify(v)
	return json.RawMessage(text), ms, ok && err == nil
}

// strict reads the members of an object that may have these only; undefined ones
// are absent.
func strict(js *jsg.Scope, v jsg.Value, names ...string) (fields map[string]jsg.Value, ok bool, err error) {
	o, ok := jsg.IsObject(v)
	if !ok || jsg.IsArray(v) || jsg.IsFunction(v) {
		return nil, false, nil
	}
	fields = map[string]jsg.Value{}
	known := 0
	for _, name := range names {
		m, err := js.Get(o, name)
		if err != nil {
			return nil, false, err
		}
		if !jsg.IsUndefined(m) {
			fields[name] = m
		}
		for _, k := range o.Keys() {
			if k == name {
				known++
			}
		}
	}
	return fields, known == len(o.Keys()), nil
}

// retryDelay is how long to wait after so many attempts.
func (c *stepConfig) retryDelay(base float64, attempts int64) float64 {
	switch c.Retries.Backoff {
	case "exponential":
		return base * math.Pow(2, float64(attempts-1))
	case "linear":
		return base * float64(attempts)
	}
	return base
}

func finite(f float64) bool { return !math.IsInf(f, 0) && !math.IsNaN(f) }

// text is the configuration as it is kept, and as callbacks see it.
func (c *stepConfig) text() string {
	data, err := json.Marshal(c)
	if err != nil { // only what is JSON was put in
		return "{}"
	}
	return string(data)
}

// keepConfig goes on with the configuration that the step began with.
func (d *doing) keepConfig(text string) {
	var c stepConfig
	if json.Unmarshal([]byte(text), &c) != nil {
		return
	}
	if c.Retries.Delay == nil && d.delay == nil { // the function is gone
		c.Retries.Delay = defaultConfig().Retries.Delay
	} else if c.Retries.Delay != nil {
		d.delay = nil
	}
	d.config = c
}
