// Package headers emulates the Headers class. The Go side is net/http's own
// Header map, so headers go from a socket to a worker and back without being
// rewritten; JavaScript sees lower-case names in sorted order.
//
// Values are kept as the bytes HTTP carries; JavaScript strings are written as
// UTF-8, as in Workers.
//
// Where the truth is: https://fetch.spec.whatwg.org/#headers-class and
// https://developers.cloudflare.com/workers/runtime-apis/headers/.
package headers

import (
	"iter"
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Headers is a header list with a guard.
type Headers struct {
	jsg.Instance
	h         http.Header
	immutable bool
}

var _ = clone.Register("Headers", func(h *Headers, _ *jsg.Scope, e *clone.Encoder) error {
	e.Uint(uint64(len(h.h)))
	for _, name := range slices.Sorted(maps.Keys(h.h)) {
		e.String(name)
		e.Uint(uint64(len(h.h[name])))
		for _, v := range h.h[name] {
			e.String(v)
		}
	}
	return nil
}, func(js *jsg.Scope, d *clone.Decoder) (jsg.Value, error) {
	h := http.Header{}
	for n := d.Uint(); n > 0 && d.Err() == nil; n-- {
		name := d.String()
		for m := d.Uint(); m > 0 && d.Err() == nil; m-- {
			h[name] = append(h[name], d.String())
		}
	}
	return New(h, false).Wrap(js), d.Err()
})

// New wraps h, which it then owns. An immutable list refuses changes with a
// TypeError, as those of incoming requests and fetched responses do.
func New(h http.Header, immutable bool) *Headers {
	if h == nil {
		h = http.Header{}
	}
	return &Headers{h: h, immutable: immutable}
}

// Header is the underlying map, for reading.
func (x *Headers) Header() http.Header { return x.h }

// Wrap gives the list its JavaScript object.
func (x *Headers) Wrap(js *jsg.Scope) *jsg.Object { return class.Wrap(js, x) }

// From is the brand check.
func From(v jsg.Value) (*Headers, bool) { return class.From(v) }

// Globals are the classes of this package.
func Globals() []jsg.AnyClass { return []jsg.AnyClass{class} }

var class = &jsg.Class[Headers]{Name: "Headers"}

// The rest refers to class itself, which a variable's own initializer may not.
func init() {
	class.New = func(js *jsg.Scope, a *jsg.Args) (*Headers, error) {
		if !a.Has(0) {
			return New(nil, false), nil
		}
		if _, ok := jsg.IsObject(a.Value(0)); !ok {
			a.Mismatch(0, initType)
			return nil, a.Err()
		}
		h, err := fill(js, a.Value(0))
		return New(h, false), err
	}
	class.Members = jsg.Members[Headers]{
		jsg.Method("get", 1, (*Headers).get),
		jsg.Method("getAll", 1, (*Headers).getAll),
		jsg.Method("getSetCookie", 0, (*Headers).getSetCookie).Since("http_headers_getsetcookie"),
		jsg.Method("has", 1, (*Headers).has),
		jsg.Method("set", 2, (*Headers).set),
		jsg.Method("append", 2, (*Headers).append),
		jsg.Method("delete", 1, (*Headers).delete),
		jsg.IterableSnapshot((*Headers).pairs),
	}
}

const initType = "Headers or Sequence or object"

// FillField reads the headers member of a dictionary.
func FillField(js *jsg.Scope, init jsg.Value, dict string) (http.Header, error) {
	if _, ok := jsg.IsObject(init); !ok {
		return nil, jsg.TypeErrorf("Incorrect type for the 'headers' field on '%s': the provided value is not of type '%s'.", dict, initType)
	}
	return fill(js, init)
}

// fill reads a HeadersInit: another Headers, a sequence of pairs, or a record.
func fill(js *jsg.Scope, init jsg.Value) (http.Header, error) {
	if src, ok := class.From(init); ok {
		return src.h.Clone(), nil
	}
	o, _ := jsg.IsObject(init)
	iterator, err := js.GetSymbol(o, jsg.SymIterator)
	if err != nil {
		return nil, err
	}
	h := http.Header{}
	if jsg.IsNullish(iterator) {
		return h, fillRecord(js, h, o)
	}
	err = js.Iterate(init, func(pair jsg.Value) (bool, error) {
		var parts []string
		if _, ok := jsg.IsObject(pair); !ok {
			return false, jsg.TypeErrorf("Incorrect type: the provided value is not of type 'Sequence'.")
		}
		if err := js.Iterate(pair, func(v jsg.Value) (bool, error) { parts = append(parts, v.String()); return true, nil }); err != nil {
			return false, err
		}
		if len(parts) != 2 {
			return false, jsg.TypeErrorf("To initialize a Headers object from a sequence, each inner sequence must have exactly two elements.")
		}
		return true, add(h, parts[0], parts[1])
	})
	return h, err
}

func fillRecord(js *jsg.Scope, h http.Header, o *jsg.Object) error {
	for _, k := range o.Keys() {
		v, err := js.Get(o, k)
		if err != nil {
			return err
		}
		if jsg.IsSymbol(v) {
			return jsg.TypeErrorf("Cannot convert a Symbol value to a string")
		}
		var s string
		if err := js.Try(func() { s = v.String() }); err != nil {
			return err
		}
		if err := add(h, k, s); err != nil {
			return err
		}
	}
	return nil
}

func add(h http.Header, name, value string) error {
	key, value, err := normalize(name, value)
	if err != nil {
		return err
	}
	h[key] = append(h[key], value)
	return nil
}

// key validates a name and gives its form in the map.
func key(name string) (string, error) {
	if !httpguts.ValidHeaderFieldName(name) {
		return "", jsg.TypeErrorf("Invalid header name.")
	}
	return textproto.CanonicalMIMEHeaderKey(name), nil
}

func normalize(name, value string) (string, string, error) {
	k, err := key(name)
	if err != nil {
		return "", "", err
	}
	value = strings.Trim(value, " \t\r\n")
	if strings.ContainsAny(value, "\x00\r\n") {
		return "", "", jsg.TypeErrorf("Invalid header value.")
	}
	return k, value, nil
}

func (x *Headers) mutable() error {
	if x.immutable {
		return jsg.TypeErrorf("Can't modify immutable headers.")
	}
	return nil
}

func (x *Headers) get(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	k, err := key(a.String(0))
	if err = firstOf(a.Err(), err); err != nil {
		return nil, err
	}
	v, ok := x.h[k]
	switch {
	case !ok || len(v) == 0:
		return jsg.Null, nil
	case len(v) == 1:
		return js.String(v[0]), nil
	}
	return js.String(strings.Join(v, ", ")), nil
}

// getAll is Cloudflare's own and takes only Set-Cookie.
func (x *Headers) getAll(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	name := a.String(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	if !strings.EqualFold(name, "set-cookie") {
		return nil, jsg.TypeErrorf("getAll() can only be used with the header name \"Set-Cookie\".")
	}
	return x.getSetCookie(js, a)
}

func (x *Headers) getSetCookie(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	var list []jsg.Value
	for _, v := range x.h["Set-Cookie"] {
		list = append(list, js.String(v))
	}
	return js.NewArray(list...), nil
}

func (x *Headers) has(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	return js.Bool(len(x.h[textproto.CanonicalMIMEHeaderKey(a.String(0))]) > 0), a.Err()
}

func (x *Headers) set(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	k, v, err := normalize(a.String(0), a.String(1))
	if err = firstOf(a.Err(), x.mutable(), err); err != nil {
		return nil, err
	}
	x.h[k] = []string{v}
	return jsg.Undefined, nil
}

func (x *Headers) append(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	name, value := a.String(0), a.String(1)
	if err := firstOf(a.Err(), x.mutable()); err != nil {
		return nil, err
	}
	return jsg.Undefined, add(x.h, name, value)
}

func (x *Headers) delete(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	k, err := key(a.String(0))
	if err = firstOf(a.Err(), x.mutable(), err); err != nil {
		return nil, err
	}
	delete(x.h, k)
	return jsg.Undefined, nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// pairs yields what iteration sees: sorted, lower-case, values of one name
// combined, except that each Set-Cookie is an entry of its own.
func (x *Headers) pairs(js *jsg.Scope) iter.Seq2[jsg.Value, jsg.Value] {
	return func(yield func(jsg.Value, jsg.Value) bool) {
		for _, k := range slices.SortedFunc(maps.Keys(x.h), func(a, b string) int {
			return strings.Compare(strings.ToLower(a), strings.ToLower(b))
		}) {
			name, values := js.String(strings.ToLower(k)), x.h[k]
			if k != "Set-Cookie" {
				values = []string{strings.Join(values, ", ")}
			}
			for _, v := range values {
				if !yield(name, js.String(v)) {
					return
				}
			}
		}
	}
}
