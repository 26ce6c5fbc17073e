package jsg

import "strings"

// The other parser of dates: numbers, names of months and zones, and what
// stands between them, in any order that makes sense.

const monthNames = "janfebmaraprmayjunjulaugsepoctnovdec"

var zoneNames = map[string]int{
	"ut": 0, "utc": 0, "z": 0, "gmt": 0, "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8,
}

func (p *dateParser) other() bool {
	for t := p.next(); t.kind != 0; t = p.next() {
		ok := true
		switch {
		case t.kind == 'n':
			p.numbers = true
			ok = p.number(t)
		case t.kind == 'w':
			ok = p.word(t.word)
		case (t.kind == '+' || t.kind == '-') && (p.zone.hour == 0 && p.zone.minute == 0 || len(p.time) > 0):
			ok = p.offset(t.kind)
		case t.kind == '+' || t.kind == '-' || t.kind == ')':
			ok = !p.numbers
		}
		if !ok {
			return false
		}
	}
	return true
}

// expects tells whether a number can continue the time.
func (p *dateParser) expects(n int) bool {
	switch len(p.time) {
	case 1, 2:
		return n < 60
	case 3:
		return n < 1000
	}
	return false
}

func (p *dateParser) addTime(n int) bool {
	p.time = append(p.time, n)
	return len(p.time) <= 4
}

func (p *dateParser) endTime(n int) {
	for p.time = append(p.time, n); len(p.time) < 4; {
		p.time = append(p.time, 0)
	}
}

func (p *dateParser) number(t dateToken) bool {
	n := t.number
	if p.skip(':') {
		if p.skip(':') {
			if len(p.time) > 0 {
				return false
			}
			p.time = append(p.time, n, 0)
			return true
		}
		if !p.addTime(n) {
			return false
		}
		p.skip('.')
		return true
	}
	switch {
	case p.skip('.') && p.expects(n):
		p.time = append(p.time, n)
		fraction := p.next()
		if fraction.kind != 'n' {
			return false
		}
		p.endTime(milliseconds(fraction))
	case p.zone.hour != none && p.zone.minute == none && n < 60:
		p.zone.minute = n
	case p.expects(n):
		p.endTime(n)
		after := p.peek()
		return after.kind == 0 || after.kind == ' ' || after.kind == '+' || after.kind == '-' || after.kind == 'w' && after.word == "z"
	default:
		if p.day = append(p.day, n); len(p.day) > 3 {
			return false
		}
		p.skip('-')
	}
	return true
}

func (p *dateParser) word(w string) bool {
	if len(w) >= 3 {
		if at := strings.Index(monthNames, w[:3]); at >= 0 && at%3 == 0 {
			p.month = at/3 + 1
			p.skip('-')
			return true
		}
	}
	if (w == "am" || w == "pm") && len(p.time) > 0 {
		p.noon = 0
		if w == "pm" {
			p.noon = 12
		}
		return true
	}
	if hours, ok := zoneNames[w]; ok && p.numbers {
		p.zone.set(hours)
		return true
	}
	// Other words may stand before the first number, and not touch it.
	return !p.numbers && p.peek().kind != 'n'
}

// offset reads what follows the sign of a distance from UTC.
func (p *dateParser) offset(sign byte) bool {
	p.zone.sign = 1
	if sign == '-' {
		p.zone.sign = -1
	}
	n, length := 0, 0
	if t := p.peek(); t.kind == 'n' {
		p.next()
		n, length = t.number, t.length
	}
	p.numbers = true
	switch {
	case p.peek().kind == ':':
		p.zone.hour, p.zone.minute = n, none
	case length == 1 || length == 2:
		p.zone.hour, p.zone.minute = n, 0
	case length == 3 || length == 4:
		p.zone.hour, p.zone.minute = n/100, n%100
	default:
		return false
	}
	return true
}

// date decides which of the numbers is what.
func (p *dateParser) date() (year, month, day int, ok bool) {
	if len(p.day) == 0 {
		return 0, 0, 0, false
	}
	d := append(p.day, 1, 1)[:3]
	isDay := func(n int) bool { return n >= 1 && n <= 31 }
	switch {
	case p.month != none && !isDay(d[0]):
		year, month, day = d[0], p.month, d[1]
	case p.month != none:
		year, month, day = d[1], p.month, d[0]
	case p.iso || !isDay(d[0]):
		year, month, day = d[0], d[1], d[2]
	default:
		year, month, day = d[2], d[0], d[1]
	}
	switch {
	case p.iso:
	case year >= 0 && year < 50:
		year += 2000
	case year >= 50 && year < 100:
		year += 1900
	}
	return year, month, day, month >= 1 && month <= 12 && isDay(day)
}

// clock is the time of the day in milliseconds.
func (p *dateParser) clock() (ms float64, ok bool) {
	t := append(p.time, 0, 0, 0, 0)[:4]
	hour := t[0]
	if p.noon != none {
		if hour > 12 {
			return 0, false
		}
		hour = hour%12 + p.noon
	}
	whole := t[1] == 0 && t[2] == 0 && t[3] == 0
	ok = hour < 24 && t[1] < 60 && t[2] < 60 && t[3] < 1000 || hour == 24 && whole
	return float64(hour*3_600_000 + t[1]*60_000 + t[2]*1000 + t[3]), ok
}
