package url

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	urlpattern "github.com/dunglas/go-urlpattern"

	"github.com/miniworker/miniworker/internal/lazy"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Pattern is URLPattern.
type Pattern struct{ p *urlpattern.URLPattern }

// PatternClass is the global URLPattern.
var PatternClass = &jsg.Class[Pattern]{
	Name: "URLPattern",
	New:  newPattern,
	Members: jsg.Members[Pattern]{
		patternPart("protocol", (*urlpattern.URLPattern).Protocol),
		patternPart("username", (*urlpattern.URLPattern).Username),
		patternPart("password", (*urlpattern.URLPattern).Password),
		patternPart("hostname", (*urlpattern.URLPattern).Hostname),
		patternPart("port", (*urlpattern.URLPattern).Port),
		patternPart("pathname", (*urlpattern.URLPattern).Pathname),
		patternPart("search", (*urlpattern.URLPattern).Search),
		patternPart("hash", (*urlpattern.URLPattern).Hash),
		jsg.Getter("hasRegExpGroups", func(p *Pattern, js *jsg.Scope) (jsg.Value, error) {
			return js.Bool(p.p.HasRegexpGroups()), nil
		}).Since("urlpattern_standard"),
		jsg.Method("test", 0, func(p *Pattern, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			r, _, err := p.match(js, a, "test")
			return js.Bool(r != nil), err
		}),
		jsg.Method("exec", 0, (*Pattern).exec),
	},
}

func patternPart(name string, get func(*urlpattern.URLPattern) string) jsg.Member[Pattern] {
	return jsg.Getter(name, func(p *Pattern, js *jsg.Scope) (jsg.Value, error) { return js.String(get(p.p)), nil })
}

func newPattern(js *jsg.Scope, a *jsg.Args) (*Pattern, error) {
	options, base := 1, ""
	if _, ok := a.Value(1).(*jsg.Object); !ok && a.Has(1) {
		options, base = 2, a.String(1)
	}
	opt := &urlpattern.Options{IgnoreCase: a.Dict(options).Bool("ignoreCase", false)}
	if a.Err() != nil {
		return nil, a.Err()
	}
	var p *urlpattern.URLPattern
	var err error
	switch {
	case !isInit(a.Value(0)):
		p, err = urlpattern.New(a.String(0), base, opt)
	case base != "":
		err = jsg.TypeErrorf("baseURL is for a string")
	default:
		init, _ := patternInit(js, a)
		if a.Err() == nil {
			p, err = init.New(opt)
		}
	}
	if a.Err() != nil {
		return nil, a.Err()
	}
	if err != nil || !validGroups(p) {
		return nil, jsg.TypeErrorf("Failed to construct URLPattern")
	}
	return &Pattern{p}, nil
}

// isInit tells a URLPatternInit, which undefined and null are too, from what
// becomes a string.
func isInit(v jsg.Value) bool {
	o, isObject := v.(*jsg.Object)
	if !isObject {
		return jsg.IsNullish(v)
	}
	_, isURL := Class.From(o)
	return !isURL
}

// patternInit reads argument 0, and copies what is there for "inputs".
func patternInit(js *jsg.Scope, a *jsg.Args) (*urlpattern.URLPatternInit, *jsg.Object) {
	init, seen, d := &urlpattern.URLPatternInit{}, js.NewObject(), a.Dict(0)
	for _, f := range []struct {
		name string
		to   **string
	}{
		{"protocol", &init.Protocol}, {"username", &init.Username}, {"password", &init.Password}, {"hostname", &init.Hostname},
		{"port", &init.Port}, {"pathname", &init.Pathname}, {"search", &init.Search}, {"hash", &init.Hash}, {"baseURL", &init.BaseURL},
	} {
		if d.Has(f.name) {
			s := d.String(f.name, "")
			*f.to = &s
			js.Define(seen, f.name, js.String(s))
		} else {
			js.DefineField(seen, f.name, jsg.Undefined)
		}
	}
	return init, seen
}

// match runs the pattern; inputs is what it ran on.
func (p *Pattern) match(js *jsg.Scope, a *jsg.Args, method string) (r *urlpattern.URLPatternResult, inputs []jsg.Value, err error) {
	base := a.OptString(1, "")
	if !isInit(a.Value(0)) {
		s := a.String(0)
		if a.Err() != nil {
			return nil, nil, a.Err()
		}
		inputs = append(inputs, js.String(s))
		if a.Has(1) {
			inputs = append(inputs, js.String(base))
		} else if _, err := Parse(s, ""); err != nil {
			if init, ok := relative(s); ok {
				return p.p.ExecInit(init), inputs, nil
			}
		}
		return p.p.Exec(s, base), inputs, nil
	}
	if a.Has(1) {
		return nil, nil, jsg.TypeErrorf("Failed to %s URLPattern", method)
	}
	init, seen := patternInit(js, a)
	if a.Err() != nil {
		return nil, nil, a.Err()
	}
	return p.p.ExecInit(init), []jsg.Value{seen}, nil
}

func (p *Pattern) exec(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	r, inputs, err := p.match(js, a, "exec")
	if err != nil || r == nil {
		return jsg.Null, err
	}
	out := js.Record("inputs", js.NewArray(inputs...))
	for _, c := range []struct {
		name, pattern string
		result        urlpattern.URLPatternComponentResult
	}{
		{"protocol", p.p.Protocol(), r.Protocol}, {"username", p.p.Username(), r.Username}, {"password", p.p.Password(), r.Password},
		{"hostname", p.p.Hostname(), r.Hostname}, {"port", p.p.Port(), r.Port}, {"pathname", p.p.Pathname(), r.Pathname},
		{"search", p.p.Search(), r.Search}, {"hash", p.p.Hash(), r.Hash},
	} {
		js.Define(out, c.name, js.Record("input", c.result.Input, "groups", groups(js, c.pattern, c.result)))
	}
	return out, nil
}

var namedGroup = lazy.Regexp(`:([\pL_$][\pL\pN_$]*)`)

// groups makes the groups object. The matcher leaves out the only group of a
// component that matched nothing, and has no undefined: a named group without
// text is one that took no part, because by default names match at least one
// character.
func groups(js *jsg.Scope, pattern string, r urlpattern.URLPatternComponentResult) *jsg.Object {
	out := js.NewObject()
	found := r.Groups
	if found == nil && r.Input == "" {
		if m := namedGroup().FindStringSubmatch(pattern); m != nil {
			found = map[string]string{m[1]: ""}
		} else if pattern != "" {
			found = map[string]string{"0": ""}
		}
	}
	// In the order the pattern names them.
	names := slices.SortedFunc(maps.Keys(found), func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.Index(pattern, ":"+a), strings.Index(pattern, ":"+b)), cmp.Compare(a, b))
	})
	for _, name := range names {
		text := found[name]
		v := js.String(text)
		if text == "" && (name[0] < '0' || name[0] > '9') {
			v = jsg.Undefined
		}
		js.Define(out, name, v)
	}
	return out
}
