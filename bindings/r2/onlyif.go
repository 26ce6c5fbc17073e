package r2

import (
	"math"
	"strings"
	"time"

	"github.com/miniworker/miniworker/runtime/api/headers"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// condition reads onlyIf: an object, or the headers of a request.
func (f fields) condition() *Condition {
	d, h, ok := f.structOrHeaders("onlyIf", "Conditional")
	switch {
	case h != nil:
		return f.conditionOf(h)
	case !ok:
		return nil
	}
	c := &Condition{
		Match: d.etag("etagMatches"), NoneMatch: d.etag("etagDoesNotMatch"),
		UploadedBefore: d.date("uploadedBefore"), UploadedAfter: d.date("uploadedAfter"),
	}
	if v, ok := d.get("secondsGranularity"); ok {
		c.SecondsGranularity = v.ToBoolean()
	}
	return c
}

func (f fields) etag(name string) []ETag {
	s, ok := f.text(name)
	switch {
	case !ok:
		return nil
	case s == "*":
		return []ETag{{Wildcard: true}}
	case strings.HasPrefix(s, `"`) && strings.HasSuffix(s, `"`):
		f.a.Fail(jsg.TypeErrorf("Conditional ETag should not be wrapped in quotes (%s).", s))
	}
	return []ETag{{Value: s}}
}

// header is the value of a header as get() gives it.
func header(h *headers.Headers, name string) string {
	return strings.Join(h.Header().Values(name), ", ")
}

func (f fields) conditionOf(h *headers.Headers) *Condition {
	c := &Condition{SecondsGranularity: true}
	c.Match = f.etags(h, "if-match")
	c.NoneMatch = f.etags(h, "if-none-match")
	if d := header(h, "if-modified-since"); d != "" {
		c.UploadedAfter = f.headerDate(d)
	}
	if d := header(h, "if-unmodified-since"); d != "" {
		c.UploadedBefore = f.headerDate(d)
	}
	return c
}

// headerDate reads a date as Date.parse does; what is none counts as 1970.
func (f fields) headerDate(text string) time.Time {
	ms := math.NaN()
	if d, err := f.js.Construct(f.js.Global().Get("Date"), f.js.String(text)); err == nil {
		ms = d.ToFloat()
	}
	if math.IsNaN(ms) {
		ms = 0
	}
	return time.UnixMilli(int64(ms)).UTC()
}

func (f fields) etags(h *headers.Headers, name string) []ETag {
	if len(h.Header().Values(name)) == 0 {
		return nil
	}
	tags, err := ParseETags(header(h, name))
	if err == nil && len(tags) == 0 {
		err = jsg.Errorf("Invalid ETag in %s header", name)
	}
	if err != nil {
		f.a.Fail(err)
	}
	return tags
}

// ParseETags reads the list of a condition header the way R2 does: text that is
// no etag is skipped, a wildcard stands for the whole list.
func ParseETags(s string) ([]ETag, error) {
	var tags []ETag
	comma := true // a comma came since the last etag
	for {
		i := strings.IndexAny(s, `*"W,`)
		if i < 0 || !strings.ContainsAny(s, `*"`) {
			return tags, nil
		}
		c := s[i]
		switch {
		case c == ',':
			comma = true
			s = s[i+1:]
			continue
		case !comma:
			return nil, missingComma(c)
		case c == '*':
			return []ETag{{Wildcard: true}}, nil
		}
		weak := c == 'W'
		if weak {
			if !strings.HasPrefix(s[i:], `W/"`) {
				return nil, jsg.Errorf("Weak etags must start with W/ and their value must be quoted")
			}
			i += 2
		}
		value, rest, closed := strings.Cut(s[i+1:], `"`)
		if !closed {
			return nil, jsg.Errorf("Unclosed double quote for Etag")
		}
		tags = append(tags, ETag{Value: value, Weak: weak})
		s, comma = rest, false
	}
}

func missingComma(found byte) error {
	why := "Encountered a wildcard character '*' instead."
	switch found {
	case '"':
		why = "Encountered a double quote character '\"' instead. This would otherwise indicate the start of a new strong etag."
	case 'W':
		why = "Encountered a weak quotation character 'W' instead. This would otherwise indicate the start of a new weak etag."
	}
	return jsg.Errorf("Comma was expected to separate etags. %s", why)
}
