package jsg

import (
	"math"
	"strings"
	"time"

	"github.com/dop251/goja"

	_ "github.com/miniworker/miniworker/internal/clock" // which makes UTC the zone of the process
)

// Date.parse as V8 has it: the format of the specification, and whatever else
// looks like a date. Workers live in UTC.

// parseDates replaces the engine's parser.
func (js *Scope) parseDates(date *Object) {
	wrap(date, "parse", func(nativeCall) nativeCall {
		return func(fc goja.FunctionCall) goja.Value {
			return js.rt.ToValue(parseDate(fc.Argument(0).ToString().String()))
		}
	})
	_, construct := natives(date)
	next := *construct
	*construct = func(args []goja.Value, newTarget *goja.Object) *goja.Object {
		if len(args) == 1 {
			if s, ok := args[0].(goja.String); ok {
				args = []goja.Value{js.rt.ToValue(parseDate(s.String()))}
			}
		}
		return next(args, newTarget)
	}
}

// parseDate gives milliseconds since 1970, or NaN.
func parseDate(s string) float64 {
	p := &dateParser{s: s, zone: zoneParts{hour: none, minute: none}, month: none, noon: none}
	if !p.parse() {
		return math.NaN()
	}
	year, month, day, ok := p.date()
	ms, timeOK := p.clock()
	if !ok || !timeOK {
		return math.NaN()
	}
	const limit = 300_000 // years; further away than any date
	if year < -limit || year > limit {
		return math.NaN()
	}
	t := float64(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).UnixMilli()) + ms - p.zone.offset()
	if math.Abs(t) > 8.64e15 {
		return math.NaN()
	}
	return t
}

const none = math.MinInt

type zoneParts struct{ sign, hour, minute int }

func (z *zoneParts) set(hours int) {
	z.sign, z.hour, z.minute = 1, hours, 0
	if hours < 0 {
		z.sign, z.hour = -1, -hours
	}
}

func (z *zoneParts) offset() float64 {
	if z.sign == 0 {
		return 0
	}
	return float64(z.sign) * float64(max(z.hour, 0)*3_600_000+max(z.minute, 0)*60_000)
}

// dateParser collects up to three numbers for the day and four for the time.
type dateParser struct {
	s         string
	i         int
	day, time []int
	iso       bool
	month     int // by its name
	noon      int // hours that am or pm adds
	zone      zoneParts
	numbers   bool // one has been read
}

type dateToken struct {
	kind   byte // 'n'umber, 'w'ord, ' ', 0 at the end, else the character
	number int
	length int
	word   string
}

func isDateDigit(c byte) bool { return c >= '0' && c <= '9' }

func isDateSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func (p *dateParser) next() dateToken {
	if p.i >= len(p.s) {
		return dateToken{}
	}
	start := p.i
	run := func(in func(byte) bool) string {
		for p.i < len(p.s) && in(p.s[p.i]) {
			p.i++
		}
		return p.s[start:p.i]
	}
	switch c := p.s[p.i]; {
	case isDateDigit(c):
		text := run(isDateDigit)
		n := 0
		for _, d := range head(strings.TrimLeft(text, "0"), 9) {
			n = n*10 + int(d-'0')
		}
		return dateToken{kind: 'n', number: n, length: len(text)}
	case c >= 'A':
		return dateToken{kind: 'w', word: strings.ToLower(run(func(c byte) bool { return c >= 'A' }))}
	case isDateSpace(c):
		run(isDateSpace)
		return dateToken{kind: ' '}
	case c == '(':
		p.parentheses()
		return dateToken{kind: '('}
	default:
		p.i++
		return dateToken{kind: c}
	}
}

func head(s string, n int) string { return s[:min(n, len(s))] }

func (p *dateParser) parentheses() {
	for depth := 0; p.i < len(p.s); p.i++ {
		switch p.s[p.i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				p.i++
				return
			}
		}
	}
}

func (p *dateParser) peek() dateToken {
	at := p.i
	t := p.next()
	p.i = at
	return t
}

func (p *dateParser) skip(c byte) bool {
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

// fixed reads a number of so many digits, no less than lo and no more than hi.
func (p *dateParser) fixed(digits, lo, hi int) (n int, ok bool) {
	t := p.peek()
	if t.kind != 'n' || t.length != digits || t.number < lo || t.number > hi {
		return 0, false
	}
	p.next()
	return t.number, true
}

func milliseconds(t dateToken) int {
	n, length := t.number, min(t.length, 9)
	for ; length < 3; length++ {
		n *= 10
	}
	for ; length > 3; length-- {
		n /= 10
	}
	return n
}

func (p *dateParser) parse() bool {
	done, ok := p.standard()
	if done || !ok {
		return ok
	}
	return p.other()
}

// standard reads the format of the specification. What is something else is left
// to the other parser, with what has been read of the day.
func (p *dateParser) standard() (done, ok bool) {
	start := p.i
	switch t := p.peek(); {
	case t.kind == '+' || t.kind == '-':
		p.next()
		year, six := p.fixed(6, 0, 999_999)
		if !six || t.kind == '-' && year == 0 {
			p.i = start
			return false, true
		}
		if t.kind == '-' {
			year = -year
		}
		p.day = append(p.day, year)
	case t.kind == 'n' && t.length == 4:
		p.next()
		p.day = append(p.day, t.number)
	default:
		return false, true
	}
	for _, hi := range []int{12, 31} {
		if !p.skip('-') {
			break
		}
		n, ok := p.fixed(2, 1, hi)
		if !ok {
			p.numbers = true
			return false, true
		}
		p.day = append(p.day, n)
	}
	t := p.peek()
	if t.kind == 'w' && (t.word == "t" || t.word == "tz") {
		p.i++
		if !p.standardTime() || p.i < len(p.s) {
			return false, false
		}
	} else if t.kind != 0 {
		p.numbers = true
		return false, true
	}
	p.iso = true
	return true, true
}

func (p *dateParser) standardTime() bool {
	hour, ok := p.fixed(2, 0, 24)
	if !ok || !p.skip(':') {
		return false
	}
	last := 59
	if hour == 24 {
		last = 0
	}
	minute, ok := p.fixed(2, 0, last)
	if !ok {
		return false
	}
	p.time = append(p.time, hour, minute)
	if p.skip(':') {
		second, ok := p.fixed(2, 0, last)
		if !ok {
			return false
		}
		p.time = append(p.time, second)
		if p.skip('.') {
			t := p.next()
			if t.kind != 'n' || hour == 24 && t.number > 0 {
				return false
			}
			p.time = append(p.time, milliseconds(t))
		}
	}
	t := p.peek()
	switch {
	case t.kind == 'w' && t.word == "z":
		p.next()
		p.zone.set(0)
		return true
	case t.kind != '+' && t.kind != '-':
		return true
	}
	p.next()
	p.zone.sign = 1
	if t.kind == '-' {
		p.zone.sign = -1
	}
	if n, ok := p.fixed(4, 0, 2359); ok {
		p.zone.hour, p.zone.minute = n/100, n%100
		return p.zone.minute < 60
	}
	if p.zone.hour, ok = p.fixed(2, 0, 23); !ok || !p.skip(':') {
		return false
	}
	p.zone.minute, ok = p.fixed(2, 0, 59)
	return ok
}
