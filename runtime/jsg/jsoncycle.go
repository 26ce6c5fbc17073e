package jsg

import (
	"fmt"
	"slices"
	"strings"
)

// cycle draws the way from an object to itself as V8 does, for the error about
// it: the first two steps and the last one.
func (w *jsonWriter) cycle(o *Object) error {
	const first, last = 2, 1
	round := append(slices.Clone(w.stack[slices.Index(w.stack, o):]), o)
	var steps []string
	for i, holder := range round[:len(round)-1] {
		steps = append(steps, keyOf(holder, round[i+1]))
	}
	var b strings.Builder
	b.WriteString("Converting circular structure to JSON\n    --> starting at object with constructor " + constructorOf(o))
	for i, step := range steps[:len(steps)-1] {
		switch left := len(steps) - 1 - i; {
		case i < first || left <= last:
			b.WriteString("\n    |     " + step + " -> object with constructor " + constructorOf(round[i+1]))
		case i == first:
			b.WriteString("\n    |     ...")
		}
	}
	b.WriteString("\n    --- " + steps[len(steps)-1] + " closes the circle")
	return TypeErrorf("%s", b.String())
}

// keyOf is the first property that holds a value. One that a getter or toJSON
// gave has no name here.
func keyOf(holder, value *Object) string {
	if items, ok := engine().arrayItems(holder); ok {
		for i, item := range items {
			if item == value {
				return fmt.Sprint("index ", i)
			}
		}
	}
	if r, ok := engine().plainRecord(holder); ok {
		for _, name := range r.propNames {
			if r.values[name] == value {
				return "property '" + name.String() + "'"
			}
		}
	}
	return "property '?'"
}

func constructorOf(o *Object) string {
	if name := ConstructorName(o); name != "" {
		return "'" + name + "'"
	}
	return "'Object'"
}
