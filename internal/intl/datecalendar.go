package intl

import (
	"time"

	"github.com/miniworker/miniworker/internal/cldr"
)

// calendarDate is a day in a calendar.
type calendarDate struct{ era, year, month, day int }

// HasCalendar reports whether dates can be written in a calendar.
func HasCalendar(name string) bool { return name == "gregory" }

// DefaultCalendar is the calendar of a locale.
func DefaultCalendar(locale string) string { return "gregory" }

// calendarData are the patterns and names of a calendar in a locale.
func calendarData(locale, calendar string) cldr.Node { return cldr.Section(locale, "dates") }

// dateIn is the day of a calendar that is so many days after 1970-01-01.
func dateIn(calendar string, days int) calendarDate {
	y, m, d := civil(days)
	if y < 1 {
		return calendarDate{0, 1 - y, m, d}
	}
	return calendarDate{1, y, m, d}
}

// civil is the proleptic Gregorian date of a day.
func civil(days int) (year, month, day int) {
	y, m, d := time.Unix(int64(days)*86400, 0).UTC().Date()
	return y, int(m), d
}

// firstYear: Japanese calls the first year of an era by a name.
func (d *Date) firstYear() bool { return false }
