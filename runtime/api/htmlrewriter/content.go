package htmlrewriter

import (
	"fmt"
	"strings"

	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// content is what a handler puts into the document: text, or a stream that is
// read when its turn in the document comes.
type content struct {
	text   string
	stream *streams.ReadableStream
	html   bool
}

var textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (c content) escaped() string { return c.escape(c.text) }

func (c content) escape(s string) string {
	if c.html {
		return s
	}
	return textEscaper.Replace(s)
}

// contentArg reads the arguments (content, {html}); ok is false if there is
// nothing to insert.
func contentArg(js *jsg.Scope, a *jsg.Args) (c content, ok bool, err error) {
	if a.Len() == 0 {
		a.Mismatch(0, "string or JsReadableStream or Response")
	}
	c.html = a.DictNamed(1, "ContentOptions").Bool("html", false)
	if s, is := streams.ReadableStreamClass.From(a.Value(0)); is {
		c.stream = s
		return c, true, a.Err()
	}
	if r, is := fetch.ResponseOf(a.Value(0)); is {
		c.stream = r.Stream(js)
		return c, c.stream != nil, a.Err()
	}
	c.text = textArg(a, 0)
	return c, true, a.Err()
}

// textArg is argument i as text, which UTF-8 can carry.
func textArg(a *jsg.Args, i int) string {
	s := a.String(i)
	if a.Err() == nil && strings.Contains(s, "\uFFFD") {
		a.Fail(wellFormed(a.Value(i)))
	}
	return s
}

// wellFormed is nil unless a value has half of a surrogate pair, which the parser
// of workerd finds in the bytes it is given.
func wellFormed(v jsg.Value) error {
	if !jsg.IsString(v) {
		return nil
	}
	if at := jsg.LoneSurrogate(v); at >= 0 {
		return parserError(fmt.Sprintf("invalid utf-8 sequence of 1 bytes from index %d", at))
	}
	return nil
}

// mutations are what handlers did to a token.
type mutations struct {
	before, replacement, after []content
	removed                    bool
}

func (m *mutations) addBefore(c content) { m.before = append(m.before, c) }
func (m *mutations) addAfter(c content)  { m.after = append([]content{c}, m.after...) }

func (m *mutations) replace(c content) {
	m.replacement = []content{c}
	m.removed = true
}

// token is what handlers get: it is of use only while they run.
type token interface {
	wrap(js *jsg.Scope) *jsg.Object
	// end makes the object useless.
	end()
}

// life tells whether the handlers of a token still run.
type life struct{ over bool }

func (l *life) end() { l.over = true }

func (l *life) check() error {
	if l.over {
		return jsg.TypeErrorf("This content token is no longer valid. Content tokens are only valid during the execution of the relevant content handler.")
	}
	return nil
}

// getter is a property of a token.
func getter[T any](name string, alive func(*T) *life, get func(t *T, js *jsg.Scope) jsg.Value) jsg.Member[T] {
	return jsg.OwnLive(name, func(t *T, js *jsg.Scope) (jsg.Value, error) {
		if err := alive(t).check(); err != nil {
			return nil, err
		}
		return get(t, js), nil
	}, nil)
}

// accessor is one that can be set.
func accessor[T any](name string, alive func(*T) *life, get func(t *T, js *jsg.Scope) jsg.Value, set func(t *T, s string) error) jsg.Member[T] {
	return jsg.OwnLive(name, func(t *T, js *jsg.Scope) (jsg.Value, error) {
		if err := alive(t).check(); err != nil {
			return nil, err
		}
		return get(t, js), nil
	}, func(t *T, js *jsg.Scope, v jsg.Value) error {
		if err := alive(t).check(); err != nil {
			return err
		}
		if err := wellFormed(v); err != nil {
			return err
		}
		return set(t, v.String())
	})
}

// change is a method of a token without arguments that gives the token back.
func change[T any](name string, alive func(*T) *life, f func(t *T)) jsg.Member[T] {
	return chained(name, 0, func(t *T, js *jsg.Scope, a *jsg.Args) error {
		err := alive(t).check()
		if err == nil {
			f(t)
		}
		return err
	})
}

// insert is a method of a token that takes content. noStream is set for those
// that take only strings.
func insert[T any](name string, alive func(*T) *life, noStream bool, f func(t *T, c content)) jsg.Member[T] {
	return chained(name, 1, func(t *T, js *jsg.Scope, a *jsg.Args) error {
		c, ok, err := contentArg(js, a)
		if err != nil || !ok {
			return err
		}
		if err := alive(t).check(); err != nil {
			return err
		}
		if noStream && c.stream != nil {
			return jsg.TypeErrorf("Replacing content in HTML comments using a ReadableStream or Response object is not implemented. You must provide a string.")
		}
		f(t, c)
		return nil
	})
}
