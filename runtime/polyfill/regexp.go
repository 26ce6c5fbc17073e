package polyfill

import (
	"errors"
	"strings"
	"sync"
	"unicode/utf16"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/regexp"
)

// regexpProgram replaces the constructor. It is not a group: it has to be there
// before the first `new RegExp`.
var regexpProgram = sync.OnceValue(func() *jsg.Program {
	source, err := sources.ReadFile("js/regexp.js")
	if err != nil {
		panic(err) // embedded
	}
	return jsg.MustCompile("miniworker:polyfill/regexp.js", string(source))
})

// Translates reports whether a literal has to go through the constructor to mean
// what it says. An error says that it is no regular expression at all.
func Translates(source, flags string) (bool, error) {
	p, err := regexp.Parse(utf16.Encode([]rune(source)), flags)
	var bad *regexp.SyntaxError
	if errors.As(err, &bad) {
		return false, err
	}
	return err != nil || !p.Plain || slashed(source), nil // what is refused is refused where it is used
}

// pattern is what a RegExp object carries that is not wholly the engine's.
type pattern struct {
	source, flags string // as given
	sourceValue   jsg.Value
	model         *jsg.Object     // the engine's object to copy
	info          *jsg.Object     // for JavaScript: {source, flags, shown}
	matcher       *regexp.Pattern // nil if the engine can match it
}

// patternClass attaches patterns to the engine's objects; it is never seen.
var patternClass = &jsg.Class[pattern]{Name: "RegExp"}

// patterns is what a realm has translated, by flags and source. Literals in
// functions are constructed again on each call, so this is a hot path.
type patterns struct {
	native *jsg.Object
	proto  *jsg.Object
	known  map[string]*pattern
	exec   *jsg.Object // RegExp.prototype.exec

	subject jsg.Value // what was matched last, and its units
	units   []uint16

	last     *search   // the last match
	quiet    bool      // it is being looked at
	assigned jsg.Value // to RegExp.input

	iterating bool // the iterator of matchAll has been made ours
}

// maxPatterns bounds the cache for programs that make up patterns.
const maxPatterns = 500

var needless = &pattern{} // in the cache: the engine can do it alone

func installRegExp(js *jsg.Scope) {
	native, ok := jsg.IsObject(js.Global().Get("RegExp"))
	if !ok {
		return
	}
	p := &patterns{native: native, proto: native.Get("prototype").(*jsg.Object), known: map[string]*pattern{}}
	descriptor := js.Global().Get("Object").(*jsg.Object).Get("getOwnPropertyDescriptor")
	p.exec = p.proto.Get("exec").(*jsg.Object)
	js.Intercept(p.proto, "exec", p.interceptExec)
	js.Intercept(p.proto, "test", p.interceptTest)
	made := mustCall(js, regexpProgram(), native, js.Func("host", 1, p.host), descriptor)
	ctor, methods := made.Get("RegExp").(*jsg.Object), made.Get("methods").(*jsg.Object)
	js.DefineConstant(ctor, "prototype", p.proto)
	js.DefineSpecies(ctor)
	js.DefineHidden(ctor, "escape", methods.Get("escape"))
	p.keepLast(js, made.Get("seen").(*jsg.Object))
	js.DefineHidden(p.proto, "toString", methods.Get("toString"))
	js.DefineHidden(p.proto, "compile", methods.Get("compile"))
	for _, name := range []string{"source", "flags", "hasIndices", "unicodeSets"} {
		get := methods.Get(name).(*jsg.Object)
		js.DefineFunctionName(get, "get "+name)
		js.DefineHiddenAccessor(p.proto, name, get, nil)
	}
	js.DefineHidden(p.proto, "constructor", ctor)
	js.DefineHidden(js.Global(), "RegExp", ctor)
}

// host is what regexp.js calls, by name: one function instead of many makes
// realms cheaper.
func (p *patterns) host(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
	v := a.Value(1)
	switch a.Value(0).String() {
	case "isNative":
		o, ok := jsg.IsObject(v)
		return js.Bool(ok && o.ClassName() == "RegExp"), nil
	case "info":
		if t, ok := patternClass.From(v); ok {
			return t.info, nil
		}
		return jsg.Undefined, nil
	case "translate":
		return p.translate(js, v, a.Value(2).String())
	case "exotic":
		model, err := p.translate(js, v, a.Value(2).String())
		t, _ := patternClass.From(model)
		return js.Bool(t != nil && t.matcher != nil), err
	case "finish":
		return p.finish(js, v, a.Value(2))
	case "flag":
		return p.flag(js, v, a.Value(2).String(), a.Value(3).String())
	case "last":
		return p.lastSearch(js, int(v.ToInteger()))
	case "quiet":
		p.quiet = v.ToBoolean()
		return jsg.Undefined, nil
	case "assign":
		p.assigned = v
		return jsg.Undefined, nil
	case "assigned":
		return orUndefinedValue(p.assigned), nil
	case "escape":
		return js.String(regexp.Escape(jsg.UTF16Of(v))), nil
	}
	return nil, jsg.NotImplementedf(v.String(), a.Value(2).String())
}

// translate gives the model of a pattern, or undefined if it needs none.
func (p *patterns) translate(js *jsg.Scope, source jsg.Value, flags string) (jsg.Value, error) {
	key := flags + "/" + source.String()
	t := p.known[key]
	if t == nil || t != needless && !t.sourceValue.SameAs(source) {
		var err error
		if t, err = p.compile(js, source, flags); err != nil {
			return nil, err
		}
		if len(p.known) >= maxPatterns {
			clear(p.known)
		}
		p.known[key] = t
	}
	if t == needless {
		return jsg.Undefined, nil
	}
	return t.model, nil
}

func (p *patterns) compile(js *jsg.Scope, source jsg.Value, flags string) (*pattern, error) {
	parsed, err := regexp.Parse(jsg.UTF16Of(source), flags)
	var bad *regexp.SyntaxError
	var unsupported *regexp.UnsupportedError
	switch {
	case errors.As(err, &bad):
		return nil, jsg.SyntaxErrorf("%s", bad.Message)
	case errors.As(err, &unsupported):
		return nil, jsg.NotImplementedf(`\p{`+unsupported.Property+`}`, `use \p{Emoji_Presentation} or \p{Extended_Pictographic}`)
	case parsed.Plain && !slashed(source.String()):
		return needless, nil
	}
	t := &pattern{source: source.String(), flags: sortFlags(flags), sourceValue: source}
	native, nativeFlags := source, flags
	if !parsed.Plain {
		t.matcher = parsed
		native = js.String("(?:)") // never matched
		nativeFlags = strings.ReplaceAll(strings.ReplaceAll(flags, "d", ""), "v", "")
	}
	if t.model, err = js.Construct(p.native, native, js.String(nativeFlags)); err != nil {
		return nil, err
	}
	shown := "(?:)"
	if t.source != "" {
		shown = showSource(t.source)
	}
	t.info = js.Record("source", source, "flags", t.flags, "shown", shown)
	patternClass.WrapInto(js, t.model, t)
	return t, nil
}

// slashed reports whether the engine, which escapes slashes in its own way,
// would not show the source as it is.
func slashed(source string) bool {
	escaped := false
	for i := range len(source) {
		switch {
		case escaped:
			escaped = false
		case source[i] == '\\':
			escaped = true
		case source[i] == '/', source[i] == '\n', source[i] == '\r':
			return true
		}
	}
	return strings.ContainsAny(source, "\u2028\u2029")
}

func sortFlags(flags string) string {
	var b strings.Builder
	for _, f := range "dgimsuvy" {
		if strings.ContainsRune(flags, f) {
			b.WriteRune(f)
		}
	}
	return b.String()
}

// showSource escapes what a literal could not hold.
func showSource(s string) string {
	var b strings.Builder
	escaped, class := false, false
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			if !escaped {
				b.WriteByte('\\')
			}
			b.WriteString(map[rune]string{'\n': "n", '\r': "r", '\u2028': "u2028", '\u2029': "u2029"}[r])
			escaped = false
			continue
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '[':
			class = true
		case r == ']':
			class = false
		case r == '/' && !class:
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// finish makes re, a copy of a model, carry the model's pattern.
func (p *patterns) finish(js *jsg.Scope, re, model jsg.Value) (jsg.Value, error) {
	t, ok := patternClass.From(model)
	o, isObject := jsg.IsObject(re)
	if !ok || !isObject {
		return nil, jsg.TypeErrorf("not a regular expression")
	}
	patternClass.WrapInto(js, o, t)
	if t.matcher != nil {
		// An object whose properties were touched is no longer matched in the
		// engine's short ways, which would pass by exec.
		return jsg.Undefined, js.Redefine(o, "lastIndex", js.Int(0))
	}
	return jsg.Undefined, nil
}

// flag is a getter of RegExp.prototype for a flag the engine lacks.
func (p *patterns) flag(js *jsg.Scope, this jsg.Value, flag, name string) (jsg.Value, error) {
	o, ok := jsg.IsObject(this)
	if ok && o.ClassName() == "RegExp" {
		t, ok := patternClass.From(this)
		return js.Bool(ok && strings.Contains(t.flags, flag)), nil
	}
	if ok && o == p.proto {
		return jsg.Undefined, nil
	}
	return nil, jsg.TypeErrorf("RegExp.prototype.%s getter called on non-RegExp object", name)
}
