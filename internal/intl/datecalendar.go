package intl

import (
	"maps"
	"slices"
	"time"

	"github.com/miniworker/miniworker/internal/cldr"
)

// calendarDate is a day in a calendar.
type calendarDate struct{ era, year, month, day int }

// HasCalendar reports whether dates can be written in a calendar.
func HasCalendar(name string) bool {
	return slices.Contains([]string{"gregory", "buddhist", "roc", "persian"}, name)
}

// DefaultCalendar is the calendar of a locale.
func DefaultCalendar(locale string) string {
	if c := cldr.Text(cldr.Supplemental("times"), "calendars", region(locale)); HasCalendar(c) {
		return c
	}
	return "gregory"
}

// calendarData are the patterns and names of a calendar in a locale.
func calendarData(locale, calendar string) cldr.Node {
	data := cldr.Section(locale, "dates")
	if calendar == "gregory" {
		return data
	}
	own := maps.Clone(data)
	calendars := cldr.Section(locale, "calendars")
	maps.Copy(own, cldr.At(calendars, "generic"))
	maps.Copy(own, cldr.At(calendars, calendar))
	return own
}

// dateIn is the day of a calendar that is so many days after 1970-01-01.
func dateIn(calendar string, days int) calendarDate {
	y, m, d := civil(days)
	if days < gregorian && (calendar == "buddhist" || calendar == "roc") {
		y, m, d = julian(days)
	}
	switch {
	case calendar == "buddhist":
		return calendarDate{0, y + 543, m, d}
	case calendar == "roc" && y > 1911:
		return calendarDate{1, y - 1911, m, d}
	case calendar == "roc":
		return calendarDate{0, 1912 - y, m, d}
	case calendar == "persian":
		return persian(days)
	case y < 1:
		return calendarDate{0, 1 - y, m, d}
	}
	return calendarDate{1, y, m, d}
}

// civil is the proleptic Gregorian date of a day.
func civil(days int) (year, month, day int) {
	y, m, d := time.Unix(int64(days)*86400, 0).UTC().Date()
	return y, int(m), d
}

// gregorian is the day of 1582 from which calendars other than Intl's own
// Gregorian one count by it, as in ICU.
const gregorian = -141427

func julian(days int) (year, month, day int) {
	c := int64(days) + 2440588 + 32082
	y := floorDiv(4*c+3, 1461)
	e := c - floorDiv(1461*y, 4)
	m := (5*e + 2) / 153
	return int(y - 4800 + m/10), int(m + 3 - 12*(m/10)), int(e - (153*m+2)/5 + 1)
}

// persian has a leap year eight times in 33 years.
func persian(days int) calendarDate {
	const epoch = -492268 // 0622-03-22
	since := int64(days - epoch)
	year := 1 + floorDiv(33*since+3, 12053)
	ofYear := int(since - 365*(year-1) - floorDiv(8*year+21, 33))
	month, start := ofYear/31, ofYear/31*31
	if ofYear >= 216 {
		month = (ofYear - 6) / 30
		start = 6 + month*30
	}
	return calendarDate{0, int(year), month + 1, ofYear - start + 1}
}
