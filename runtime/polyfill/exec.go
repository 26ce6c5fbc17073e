package polyfill

import (
	"errors"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/regexp"
)

// interceptExec is RegExp.prototype.exec of patterns that the engine cannot
// match.
func (p *patterns) interceptExec(js *jsg.Scope, this jsg.Value, args []jsg.Value) (jsg.Value, bool, error) {
	t, ok := patternClass.From(this)
	if !ok || t.matcher == nil {
		return nil, false, nil
	}
	m, err := p.match(js, t, this.(*jsg.Object), args)
	if m == nil || err != nil {
		return jsg.Null, true, err
	}
	return m.result(js), true, nil
}

// interceptTest is RegExp.prototype.test of these, and of objects that have an
// exec of their own, which the engine's does not call.
func (p *patterns) interceptTest(js *jsg.Scope, this jsg.Value, args []jsg.Value) (jsg.Value, bool, error) {
	o, ok := jsg.IsObject(this)
	if !ok {
		return nil, false, nil
	}
	exec, err := js.Get(o, "exec")
	if err != nil {
		return nil, true, err
	}
	if f, ok := jsg.IsObject(exec); ok && f != p.exec {
		if len(args) == 0 {
			args = []jsg.Value{jsg.Undefined}
		}
		v, err := js.Call(f, this, args[0].ToString())
		return js.Bool(v != jsg.Null), true, err
	}
	t, ok := patternClass.From(this)
	if !ok || t.matcher == nil {
		return nil, false, nil
	}
	m, err := p.match(js, t, o, args)
	return js.Bool(m != nil), true, err
}

// found is a match.
type found struct {
	*pattern
	input jsg.Value
	units []uint16
	at    []int // start and end of the match and of each group
}

// match matches as lastIndex of o and the flags say, and sets lastIndex.
func (p *patterns) match(js *jsg.Scope, t *pattern, o *jsg.Object, args []jsg.Value) (*found, error) {
	input := jsg.Undefined
	if len(args) > 0 {
		input = args[0]
	}
	input = input.ToString()
	units := p.unitsOf(input)
	last, err := js.Get(o, "lastIndex")
	if err != nil {
		return nil, err
	}
	from, stateful, sticky := last.ToInteger(), strings.ContainsAny(t.flags, "gy"), strings.Contains(t.flags, "y")
	var at []int
	switch {
	case !stateful:
		at, err = t.matcher.Match(units, 0, false, js.Interrupted)
	case from <= int64(len(units)):
		at, err = t.matcher.Match(units, int(max(from, 0)), sticky, js.Interrupted)
	}
	switch {
	case errors.Is(err, regexp.ErrStopped):
		return nil, jsg.Errorf("a regular expression was stopped")
	case at == nil && stateful:
		return nil, js.Set(o, "lastIndex", js.Int(0))
	case at == nil:
		return nil, nil
	case stateful:
		err = js.Set(o, "lastIndex", js.Int(int64(at[1])))
	}
	return &found{t, input, units, at}, err
}

// unitsOf keeps the units of the last long string: a program that looks for all
// matches asks for them again and again.
func (p *patterns) unitsOf(input jsg.Value) []uint16 {
	const long = 64
	if n := jsg.StringLength(input); n == len(p.units) && n >= long && input.SameAs(p.subject) {
		return p.units
	}
	units := jsg.UTF16Of(input)
	if len(units) >= long {
		p.subject, p.units = input, units
	}
	return units
}

// result is what exec returns.
func (m *found) result(js *jsg.Scope) *jsg.Object {
	names := m.matcher.Names
	withIndices := strings.Contains(m.flags, "d")
	values, indices := make([]jsg.Value, len(names)), make([]jsg.Value, len(names))
	var named, namedIndices *jsg.Object
	for i, name := range names {
		values[i], indices[i] = jsg.Undefined, jsg.Undefined
		if lo, hi := m.at[2*i], m.at[2*i+1]; lo >= 0 {
			values[i] = js.UTF16(m.units[lo:hi])
			if withIndices {
				indices[i] = js.NewArray(js.Int(int64(lo)), js.Int(int64(hi)))
			}
		}
		if name == "" {
			continue
		}
		if named == nil {
			named, namedIndices = js.CreateObject(nil), js.CreateObject(nil)
		}
		// Of several groups with a name, the one that took part counts.
		if !jsg.IsUndefined(values[i]) || named.Get(name) == nil {
			js.Define(named, name, values[i])
			js.Define(namedIndices, name, indices[i])
		}
	}
	out := js.NewArray(values...)
	js.Define(out, "index", js.Int(int64(m.at[0])))
	js.Define(out, "input", m.input)
	js.Define(out, "groups", orUndefined(named))
	if withIndices {
		list := js.NewArray(indices...)
		js.Define(list, "groups", orUndefined(namedIndices))
		js.Define(out, "indices", list)
	}
	return out
}

func orUndefined(o *jsg.Object) jsg.Value {
	if o == nil {
		return jsg.Undefined
	}
	return o
}
