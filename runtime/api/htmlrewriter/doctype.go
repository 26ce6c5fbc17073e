package htmlrewriter

import "strings"

// parseDoctype reads what handlers see of a DOCTYPE.
func parseDoctype(raw string) *doctype {
	t := &doctype{}
	s := strings.TrimSuffix(raw, ">")[len("<!doctype"):]
	s = strings.TrimLeft(s, spaces)
	if s == "" {
		return t
	}
	end := strings.IndexAny(s, spaces)
	if end < 0 {
		end = len(s)
	}
	name := lower(s[:end])
	t.name = &name
	s = strings.TrimLeft(s[end:], spaces)
	switch {
	case len(s) >= 6 && strings.EqualFold(s[:6], "public"):
		if t.public, s = quoted(s[6:]); t.public != nil {
			t.system, _ = quoted(s)
		}
	case len(s) >= 6 && strings.EqualFold(s[:6], "system"):
		t.system, _ = quoted(s[6:])
	}
	return t
}

const spaces = " \t\n\f\r"

// quoted reads an identifier in quotes, nil if there is none.
func quoted(s string) (*string, string) {
	s = strings.TrimLeft(s, spaces)
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return nil, s
	}
	id, rest, _ := strings.Cut(s[1:], s[:1])
	return &id, rest
}
