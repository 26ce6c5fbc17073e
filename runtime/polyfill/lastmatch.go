package polyfill

import "github.com/miniworker/miniworker/runtime/jsg"

// search is what is kept of a search for RegExp.$1 and its like, which hold the
// last match: enough to find it again.
type search struct {
	re     *jsg.Object
	input  jsg.Value
	result *jsg.Object // what exec gave
	from   jsg.Value   // where test began
	every  bool        // all matches were looked for
	sure   bool        // there was one
	before *search     // nil for none, and forgotten
}

// forgotten is before searches that may have found nothing, of which only two
// are kept.
var forgotten = &search{}

// keepLast notes what each method that matches has found.
func (p *patterns) keepLast(js *jsg.Scope, methods *jsg.Object) {
	js.Around(p.exec, func(this jsg.Value, args []jsg.Value, next jsg.Called) jsg.Value {
		v := next(this, args)
		if result, ok := jsg.IsObject(v); ok {
			jsg.OrderMatch(result)
			p.note(this, args, search{result: result, sure: true})
		}
		return v
	})
	js.Around(p.proto.Get("test").(*jsg.Object), func(this jsg.Value, args []jsg.Value, next jsg.Called) jsg.Value {
		o, ok := jsg.IsObject(this)
		if !ok || o.ClassName() != "RegExp" {
			return next(this, args)
		}
		from := o.Get("lastIndex")
		v := next(this, args)
		if v.ToBoolean() {
			p.note(this, args, search{from: from, sure: true})
		}
		return v
	})
	js.Around(methods.Get("match").(*jsg.Object), func(this jsg.Value, args []jsg.Value, next jsg.Called) jsg.Value {
		v := next(this, args)
		if result, ok := jsg.IsObject(v); ok {
			jsg.OrderMatch(result)
			p.note(this, args, search{result: result, every: result.Get("index") == nil, sure: true})
		}
		return v
	})
	js.Around(methods.Get("matchAll").(*jsg.Object), func(this jsg.Value, args []jsg.Value, next jsg.Called) jsg.Value {
		v := next(this, args)
		if it, ok := jsg.IsObject(v); ok && !p.iterating {
			p.iterating = true
			js.Around(it.Get("next").(*jsg.Object), func(this jsg.Value, args []jsg.Value, next jsg.Called) jsg.Value {
				v := next(this, args)
				if r, ok := jsg.IsObject(v); ok {
					if result, ok := jsg.IsObject(r.Get("value")); ok {
						jsg.OrderMatch(result)
					}
				}
				return v
			})
		}
		return v
	})
	for _, name := range []string{"replace", "split", "search"} {
		js.Around(methods.Get(name).(*jsg.Object), func(this jsg.Value, args []jsg.Value, next jsg.Called) jsg.Value {
			calls := name == "replace" && len(args) > 1 && jsg.IsFunction(args[1])
			found := search{every: name == "split"}
			if re, ok := jsg.IsObject(this); ok && name == "replace" {
				found.every = re.Get("global").ToBoolean()
			}
			if !calls {
				v := next(this, args)
				p.note(this, args, found)
				return v
			}
			// All matches are found before the function is called.
			p.note(this, args, found)
			last := p.last
			v := next(this, args)
			p.last = last
			return v
		})
	}
}

func (p *patterns) note(this jsg.Value, args []jsg.Value, s search) {
	re, ok := jsg.IsObject(this)
	if !ok || p.quiet || re.ClassName() != "RegExp" {
		return
	}
	s.re, s.input = re, jsg.Undefined
	if len(args) > 0 {
		s.input = args[0]
	}
	if !s.sure {
		if s.before = p.last; s.before != nil && !s.before.sure && s.before != forgotten {
			before := *s.before
			before.before = forgotten
			s.before = &before
		}
	}
	p.last, p.assigned = &s, nil
}

// lastSearch is the i-th last search that may have found something, for
// regexp.js.
func (p *patterns) lastSearch(js *jsg.Scope, i int) (jsg.Value, error) {
	s := p.last
	for ; i > 0 && s != nil; i-- {
		s = s.before
	}
	switch {
	case s == nil:
		return jsg.Undefined, nil
	case s == forgotten:
		return nil, jsg.NotImplementedf("The match before the last two calls of replace, split or search, kept on RegExp itself ($1, lastMatch, input, …)",
			"use the array that exec and match return")
	}
	at := jsg.Undefined
	if s.result != nil && !s.every {
		at = s.result.Get("index")
	}
	return js.Record("re", s.re, "input", s.input.ToString(), "at", at, "from", orUndefinedValue(s.from), "every", js.Bool(s.every)), nil
}

func orUndefinedValue(v jsg.Value) jsg.Value {
	if v == nil {
		return jsg.Undefined
	}
	return v
}
