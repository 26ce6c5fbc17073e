package jsg

import "slices"

// Prop is an own property of an error.
type Prop struct {
	Name  string
	Value any
}

// Props are own properties of an error, in the order code sees them in.
type Props []Prop

// flags are what the runtime says of an error, behind its own properties. The
// order is that of workerd.
var flags = []string{"remote", "retryable", "overloaded", "durableObjectReset"}

// Flags are properties that are true.
func Flags(names ...string) Props {
	var p Props
	for _, name := range names {
		p = p.With(name, true)
	}
	return p
}

// Get is the value of a property, nil if there is none.
func (p Props) Get(name string) any {
	for _, prop := range p {
		if prop.Name == name {
			return prop.Value
		}
	}
	return nil
}

// With is a copy in which a property has the value.
func (p Props) With(name string, value any) Props {
	out := slices.Clone(p)
	at := slices.IndexFunc(out, func(q Prop) bool { return q.Name == name })
	if at >= 0 {
		out[at].Value = value
		return out
	}
	rank := slices.Index(flags, name)
	at = slices.IndexFunc(out, func(q Prop) bool { return slices.Index(flags, q.Name) > rank })
	if at < 0 {
		at = len(out)
	}
	return slices.Insert(out, at, Prop{name, value})
}
