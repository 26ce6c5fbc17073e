package r2

import (
	"strconv"
	"strings"
	"time"
)

// Condition is onlyIf: what must hold of the stored object for Get or Put to
// go ahead.
type Condition struct {
	Match          []ETag    // nil: no such condition
	NoneMatch      []ETag    // nil: no such condition
	UploadedBefore time.Time // zero: no such condition
	UploadedAfter  time.Time // zero: no such condition
	// SecondsGranularity compares times as headers do, in whole seconds.
	SecondsGranularity bool
}

// ETag is one alternative of a condition.
type ETag struct {
	Value    string // without quotes
	Weak     bool
	Wildcard bool
}

// holds tests c on the stored object, nil if there is none. A matching etag
// outweighs its time condition, as in RFC 9110 §13.2.2.
func (c *Condition) holds(o *Object) bool {
	if c == nil {
		return true
	}
	if o == nil {
		return c.Match == nil && c.UploadedAfter.IsZero()
	}
	ms := time.Time.UnixMilli
	if c.SecondsGranularity {
		ms = func(t time.Time) int64 { return t.Unix() }
	}
	match := c.Match == nil || matches(c.Match, o.ETag, false)
	noneMatch := c.NoneMatch == nil || !matches(c.NoneMatch, o.ETag, true)
	after := c.UploadedAfter.IsZero() || ms(c.UploadedAfter) < ms(o.Uploaded) || c.NoneMatch != nil && noneMatch
	before := c.UploadedBefore.IsZero() || ms(o.Uploaded) < ms(c.UploadedBefore) || c.Match != nil && match
	return match && noneMatch && after && before
}

func matches(tags []ETag, etag string, weak bool) bool {
	for _, t := range tags {
		if t.Wildcard || t.Value == etag && (weak || !t.Weak) {
			return true
		}
	}
	return false
}

// Range asks for a part of an object: an offset, a length or both, or a suffix.
type Range struct{ Offset, Length, Suffix *int64 }

func (r *Range) resolve(size int64) (Span, error) {
	var offset, length int64
	switch {
	case r.Suffix != nil:
		if *r.Suffix <= 0 {
			return Span{}, ErrInvalidRange
		}
		length = min(*r.Suffix, size)
		offset = size - length
	default:
		if r.Offset != nil {
			offset = *r.Offset
		}
		length = size - offset
		if r.Length != nil {
			length = *r.Length
		}
	}
	if offset < 0 || offset > size || length <= 0 {
		return Span{}, ErrInvalidRange
	}
	return Span{offset, min(length, size-offset)}, nil
}

// parseRangeHeader resolves a Range header that asks for exactly one
// satisfiable range; R2 ignores any other.
func parseRangeHeader(header string, size int64) (Span, bool) {
	unit, ranges, ok := strings.Cut(header, "=")
	if !ok || !strings.EqualFold(strings.TrimSpace(unit), "bytes") || strings.Contains(ranges, ",") {
		return Span{}, false
	}
	first, last, ok := strings.Cut(strings.TrimSpace(ranges), "-")
	if !ok {
		return Span{}, false
	}
	if first == "" {
		n, ok := digits(last)
		n = min(n, size)
		return Span{size - n, n}, ok && n > 0
	}
	start, ok := digits(first)
	if !ok || start >= size {
		return Span{}, false
	}
	end := size - 1
	if last != "" {
		n, ok := digits(last)
		if !ok || n < start {
			return Span{}, false
		}
		end = min(n, end)
	}
	return Span{start, end - start + 1}, true
}

func digits(s string) (int64, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
