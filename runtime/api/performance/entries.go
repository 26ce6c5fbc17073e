package performance

import (
	"math"
	"slices"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// entry is one of the timeline.
type entry struct {
	jsg.Instance
	name, kind      string
	start, duration float64
	detail          *jsg.Object // nil for none
}

type (
	mark     struct{ entry }
	measure  struct{ entry }
	resource struct{ entry }
)

var entryClass = &jsg.Class[entry]{
	Name: "PerformanceEntry",
	Members: jsg.Members[entry]{
		jsg.Getter("name", func(e *entry, js *jsg.Scope) (jsg.Value, error) { return js.String(e.name), nil }),
		jsg.Getter("entryType", func(e *entry, js *jsg.Scope) (jsg.Value, error) { return js.String(e.kind), nil }),
		jsg.Getter("startTime", func(e *entry, js *jsg.Scope) (jsg.Value, error) { return js.Float(e.start), nil }),
		jsg.Getter("duration", func(e *entry, js *jsg.Scope) (jsg.Value, error) { return js.Float(e.duration), nil }),
		jsg.Method("toJSON", 0, func(e *entry, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return e.json(js), nil }),
	},
}

var markClass = &jsg.Class[mark]{
	Name: "PerformanceMark", Parent: entryClass, Upcast: func(m *mark) any { return &m.entry },
	New: newMark,
	Members: jsg.Members[mark]{
		jsg.Getter("detail", func(m *mark, js *jsg.Scope) (jsg.Value, error) { return m.detailValue(), nil }),
		jsg.Method("toJSON", 0, func(m *mark, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return m.json(js), nil }),
	},
}

var measureClass = &jsg.Class[measure]{
	Name: "PerformanceMeasure", Parent: entryClass, Upcast: func(m *measure) any { return &m.entry },
	Members: jsg.Members[measure]{
		jsg.Getter("detail", func(m *measure, js *jsg.Scope) (jsg.Value, error) { return m.detailValue(), nil }),
		jsg.Method("toJSON", 0, func(m *measure, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return m.json(js), nil }),
	},
}

// resourceClass is of entries that nothing makes.
var resourceClass = &jsg.Class[resource]{Name: "PerformanceResourceTiming", Parent: entryClass, Upcast: func(r *resource) any { return &r.entry }}

func init() {
	zero := func(_ *resource, js *jsg.Scope) (jsg.Value, error) { return js.Int(0), nil }
	for _, name := range []string{
		"connectEnd", "connectStart", "decodedBodySize", "domainLookupEnd", "domainLookupStart", "encodedBodySize", "fetchStart",
		"initiatorType", "nextHopProtocol", "redirectEnd", "redirectStart", "requestStart", "responseEnd", "responseStart",
		"responseStatus", "secureConnectionStart", "transferSize", "workerStart",
	} {
		resourceClass.Members = append(resourceClass.Members, jsg.Getter(name, zero))
	}
}

func (e *entry) detailValue() jsg.Value {
	if e.detail == nil {
		return jsg.Null
	}
	return e.detail
}

func (e *entry) json(js *jsg.Scope) jsg.Value {
	o := js.NewObject()
	js.Define(o, "name", js.String(e.name))
	js.Define(o, "entryType", js.String(e.kind))
	js.Define(o, "startTime", js.Float(e.start))
	js.Define(o, "duration", js.Float(e.duration))
	if e.detail != nil {
		js.Define(o, "detail", e.detail)
	}
	return o
}

// detail reads that member of options.
func detail(a *jsg.Args, d *jsg.Dict) *jsg.Object {
	v := d.Value("detail")
	o, ok := jsg.IsObject(v)
	if !ok && !jsg.IsUndefined(v) {
		a.Fail(jsg.TypeErrorf("Incorrect type for the 'detail' field on 'Options': the provided value is not of type 'Object'."))
	}
	return o
}

func newMark(js *jsg.Scope, a *jsg.Args) (*mark, error) {
	if err := a.Require(1); err != nil {
		return nil, err
	}
	name, options := a.String(0), a.DictNamed(1, "Options")
	m := &mark{entry{name: name, kind: "mark", start: options.Float("startTime", now(js)), detail: detail(a, options)}}
	return m, a.Err()
}

func (p *performance) mark(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	m, err := newMark(js, a)
	if err != nil {
		return nil, err
	}
	p.entries = append(p.entries, &m.entry)
	return markClass.Wrap(js, m), nil
}

// marked is the time of the first mark of a name.
func (p *performance) marked(name string) (float64, bool) {
	for _, e := range p.entries {
		if e.kind == "mark" && e.name == name {
			return e.start, true
		}
	}
	return 0, false
}

// measure spans two times, or two marks: one that is missing is not missed. An
// end alone is looked at in options only.
func (p *performance) measure(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	m := &measure{entry{name: a.String(0), kind: "measure"}}
	end := now(js)
	switch v := a.Value(1); {
	case jsg.IsUndefined(v), v == jsg.Null:
	case isObject(v):
		options := a.DictOf(v)
		m.start = options.Float("start", 0)
		end = options.Float("end", m.start+options.Float("duration", end-m.start))
		m.detail = detail(a, options)
	default:
		m.start, _ = p.marked(a.String(1))
		if a.Has(2) {
			if t, ok := p.marked(a.String(2)); ok {
				end = t
			}
		}
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	if d := end - m.start; d > 0 && !math.IsNaN(d) {
		m.duration = d
	}
	p.entries = append(p.entries, &m.entry)
	return measureClass.Wrap(js, m), nil
}

func isObject(v jsg.Value) bool { _, ok := jsg.IsObject(v); return ok }

// clear makes the method that drops the entries of a kind, or those of one name.
func clear(kind string) func(*performance, *jsg.Scope, *jsg.Args) (jsg.Value, error) {
	return func(p *performance, _ *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		all, name := !a.Has(0), a.OptString(0, "")
		if err := a.Err(); err != nil {
			return nil, err
		}
		p.entries = slices.DeleteFunc(p.entries, func(e *entry) bool { return e.kind == kind && (all || e.name == name) })
		return jsg.Undefined, nil
	}
}

// list gives the objects of entries.
func (p *performance) list(js *jsg.Scope, wanted func(*entry) bool) jsg.Value {
	var out []jsg.Value
	for _, e := range p.entries {
		if wanted(e) {
			out = append(out, e.Object())
		}
	}
	return js.NewArray(out...)
}
