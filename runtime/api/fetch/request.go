// Package fetch emulates Request, Response, the fetch function and Fetcher, the
// class of service bindings. Requests and responses are thin shells over
// wire.Request and wire.Response: what JavaScript does not look at is not
// converted, and bodies nobody reads pass through as Go streams.
//
// Where the truth is: https://fetch.spec.whatwg.org/ and
// https://developers.cloudflare.com/workers/runtime-apis/{fetch,request,response}/.
package fetch

import (
	"net/http"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/api/headers"
	"github.com/miniworker/miniworker/runtime/api/url"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Request is the Go side of a Request.
type Request struct {
	jsg.Instance
	body.Body
	method    string
	url       string
	header    http.Header // until headers is made
	headers   *headers.Headers
	incoming  bool // header is immutable
	redirect  string
	cache     string
	integrity string
	keepalive bool
	signal    *events.Signal
	// signalGiven: an application did, here or in a request this one is made of.
	signalGiven bool
	cf          jsg.Value
	cfJSON      []byte
}

var requestClass = &jsg.Class[Request]{Name: "Request", Parent: body.Class(), Upcast: func(r *Request) any {
	return &body.Holder{Body: &r.Body, ContentType: func() []string { return r.currentHeader().Values("Content-Type") }}
}}

// RequestOf is the brand check.
func RequestOf(v jsg.Value) (*Request, bool) { return requestClass.From(v) }

// Globals are the classes of this package.
func Globals() []jsg.AnyClass { return []jsg.AnyClass{requestClass, responseClass} }

func init() {
	requestClass.New = newRequest
	str := func(name string, get func(*Request) string) jsg.Member[Request] {
		return jsg.Getter(name, func(r *Request, js *jsg.Scope) (jsg.Value, error) { return js.String(get(r)), nil })
	}
	requestClass.Members = jsg.Members[Request]{
		str("method", func(r *Request) string { return r.method }),
		str("url", func(r *Request) string { return r.url }),
		jsg.Getter("headers", func(r *Request, js *jsg.Scope) (jsg.Value, error) { return r.headerObject().Wrap(js), nil }),
		str("redirect", func(r *Request) string { return r.redirect }),
		jsg.Getter("fetcher", func(r *Request, js *jsg.Scope) (jsg.Value, error) { return jsg.Null, nil }),
		jsg.Getter("signal", func(r *Request, js *jsg.Scope) (jsg.Value, error) { return r.signalObject(js).Wrap(js), nil }),
		jsg.Getter("cf", (*Request).getCF),
		str("integrity", func(r *Request) string { return r.integrity }),
		jsg.Getter("keepalive", func(r *Request, js *jsg.Scope) (jsg.Value, error) { return js.Bool(r.keepalive), nil }),
		jsg.Getter("cache", func(r *Request, js *jsg.Scope) (jsg.Value, error) {
			return js.OptionalString(r.cache), nil
		}).Since("cache_option_enabled"),
		jsg.Method("clone", 0, (*Request).clone),
	}
}

// WrapRequest makes the Request of an incoming wire.Request, which it owns.
func WrapRequest(js *jsg.Scope, w *wire.Request) *jsg.Object {
	r := &Request{Body: body.FromWire(w.Body), method: w.Method, url: w.URL, header: w.Header, incoming: true, redirect: w.Redirect, cfJSON: w.CF}
	if r.redirect == "" {
		r.redirect = "manual"
	}
	return requestClass.Wrap(js, r)
}

func (r *Request) currentHeader() http.Header {
	if r.headers != nil {
		return r.headers.Header()
	}
	return r.header
}

func (r *Request) headerObject() *headers.Headers {
	if r.headers == nil {
		r.headers = headers.New(r.header, r.incoming)
	}
	return r.headers
}

// signalObject is aborted when the client of an incoming request goes away, if
// enable_request_signal is on; otherwise nothing ever aborts it.
func (r *Request) signalObject(js *jsg.Scope) *events.Signal {
	if r.signal == nil {
		r.signal = events.NewSignal()
		if c := iocontext.Current(js); r.incoming && c != nil && js.Flag("enable_request_signal") {
			s := r.signal
			c.OnAbort(func(js *jsg.Scope, reason error) {
				s.Abort(js, jsg.NewDOMException(js, "The client has disconnected", "AbortError"))
			})
		}
	}
	return r.signal
}

func (r *Request) getCF(js *jsg.Scope) (jsg.Value, error) {
	if r.cf == nil {
		r.cf = jsg.Undefined
		if r.cfJSON != nil {
			v, err := js.JSONParse(string(r.cfJSON))
			if err != nil {
				return nil, err
			}
			js.FreezeDeep(v)
			r.cf = v
		}
	}
	return r.cf, nil
}

func newRequest(js *jsg.Scope, a *jsg.Args) (*Request, error) {
	if err := a.Require(1); err != nil {
		return nil, err
	}
	r := &Request{method: "GET", redirect: "follow"}
	var err error
	init := a.DictNamed(1, "RequestInitializerDict or Request")
	if src, ok := requestClass.From(a.Value(0)); ok {
		err = r.copyFrom(js, src, init)
	} else {
		r.header = http.Header{}
		r.url, err = parseURL(js, a, 0)
	}
	if err != nil {
		return nil, err
	}
	if err := r.apply(js, a, init); err != nil {
		return nil, err
	}
	return r, a.Err()
}

func parseURL(js *jsg.Scope, a *jsg.Args, i int) (string, error) {
	if a.Len() <= i {
		a.Mismatch(i, "Request or string")
	}
	s := a.String(i)
	if err := a.Err(); err != nil {
		return "", err
	}
	u, err := url.Parse(s, "")
	if err != nil {
		return "", jsg.TypeErrorf("Invalid URL: %s", s)
	}
	return u.Href(), nil
}

// copyFrom takes over another request; its body moves unless init has one.
func (r *Request) copyFrom(js *jsg.Scope, src *Request, init *jsg.Dict) error {
	r.method, r.url, r.redirect, r.cache = src.method, src.url, src.redirect, src.cache
	if src.incoming && init.Object() == nil {
		r.redirect = src.redirect
	}
	r.integrity, r.keepalive = src.integrity, src.keepalive
	r.cf, r.cfJSON = src.cf, src.cfJSON
	r.header = src.currentHeader().Clone()
	if src.signal != nil {
		r.signal, r.signalGiven = src.signal, src.signalGiven
	}
	if jsg.IsUndefined(init.Value("body")) && !src.Null() {
		if src.Used() {
			return jsg.TypeErrorf("Cannot reconstruct a Request with a used body.")
		}
		if src.Locked() {
			return errLocked()
		}
		b, err := src.Take(js)
		if err != nil {
			return err
		}
		r.Body = body.FromWire(b)
	}
	return nil
}

var methods = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PURGE"}

var knownMethods = append([]string{"COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND", "PROPPATCH", "SEARCH", "UNLOCK", "BIND", "REBIND", "UNBIND", "ACL", "REPORT",
	"MKACTIVITY", "CHECKOUT", "MERGE", "MSEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "MKCALENDAR", "LINK", "UNLINK", "QUERY", "BAN"}, methods...)

// apply reads the RequestInit.
func (r *Request) apply(js *jsg.Scope, a *jsg.Args, init *jsg.Dict) error {
	if init.Object() == nil {
		return a.Err()
	}
	if v := init.Value("method"); !jsg.IsUndefined(v) {
		m := strings.ToUpper(v.String())
		if !slices.Contains(knownMethods, m) || m == "CONNECT" {
			return jsg.TypeErrorf("Invalid HTTP method string: %s", v.String())
		}
		r.method = m
	}
	if v := init.Value("headers"); !jsg.IsUndefined(v) {
		h, err := headers.FillField(js, v, "RequestInitializerDict")
		if err != nil {
			return err
		}
		r.header = h
	}
	if v := init.Value("redirect"); !jsg.IsUndefined(v) {
		r.redirect = v.String()
		if r.redirect == "error" {
			return jsg.TypeErrorf("Invalid redirect value, must be one of \"follow\" or \"manual\" (\"error\" won't be implemented since it does not make sense at the edge; use \"manual\" and check the response status code).")
		}
		if r.redirect != "follow" && r.redirect != "manual" {
			return jsg.TypeErrorf("Invalid redirect value, must be one of \"follow\" or \"manual\" (\"error\" won't be implemented since it does not make sense at the edge; use \"manual\" and check the response status code).")
		}
	}
	if v := init.Value("cache"); !jsg.IsUndefined(v) {
		r.cache = v.String()
		if !slices.Contains([]string{"no-store", "no-cache"}, r.cache) {
			return jsg.TypeErrorf("Unsupported cache mode: %s", r.cache)
		}
	}
	if v := init.Value("signal"); jsg.IsUndefined(v) {
	} else if v == jsg.Null {
		r.signal, r.signalGiven = nil, false
	} else if s, ok := events.SignalOf(v); ok {
		r.signal, r.signalGiven = s, true
	} else {
		return jsg.TypeErrorf("Incorrect type for the 'signal' field on 'RequestInitializerDict': the provided value is not of type 'AbortSignal'.")
	}
	if v := init.Value("fetcher"); !jsg.IsUndefined(v) && v != jsg.Null {
		if _, ok := fetcherClass.From(v); !ok {
			return jsg.TypeErrorf("Incorrect type for the 'fetcher' field on 'RequestInitializerDict': the provided value is not of type 'Fetcher'.")
		}
		return jsg.NotImplementedf("The fetcher of a Request", "call fetch() of the binding with the request")
	}
	if v := init.Value("cf"); !jsg.IsUndefined(v) {
		if _, ok := jsg.IsObject(v); !ok {
			return jsg.TypeErrorf("Incorrect type for the 'cf' field on 'RequestInitializerDict': the provided value is not of type 'Object'.")
		}
		r.cf, r.cfJSON = v, nil
	}
	if init.String("integrity", "") != "" {
		return jsg.TypeErrorf("Subrequest integrity checking is not implemented. The integrity option must be either undefined or an empty string.")
	}
	if v := init.String("encodeResponseBody", "automatic"); v != "automatic" && v != "manual" {
		return jsg.TypeErrorf("encodeResponseBody: unexpected value: %s", v)
	}
	return r.applyBody(js, init.Value("body"))
}

func (r *Request) applyBody(js *jsg.Scope, v jsg.Value) error {
	if jsg.IsNullish(v) {
		if !r.Null() && (r.method == "GET" || r.method == "HEAD") {
			return jsg.TypeErrorf("Request with a GET or HEAD method cannot have a body.")
		}
		return nil
	}
	if r.method == "GET" || r.method == "HEAD" {
		return jsg.TypeErrorf("Request with a GET or HEAD method cannot have a body.")
	}
	b, contentType, err := body.Extract(js, v)
	if err != nil {
		return err
	}
	r.Body = b
	if contentType != "" && r.header.Get("Content-Type") == "" {
		r.header.Set("Content-Type", contentType)
	}
	return nil
}

func (r *Request) clone(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	b, err := r.Body.Clone(js)
	if err != nil {
		return nil, err
	}
	c := &Request{Body: b, method: r.method, url: r.url, header: r.currentHeader().Clone(), redirect: r.redirect, cache: r.cache,
		incoming: r.incoming, integrity: r.integrity, keepalive: r.keepalive, signal: r.signal, signalGiven: r.signalGiven, cf: r.cf, cfJSON: r.cfJSON}
	return requestClass.Wrap(js, c), nil
}

// ToWire hands the request on; its body is taken.
func (r *Request) ToWire(js *jsg.Scope) (*wire.Request, error) {
	b, err := r.Take(js)
	if err != nil {
		return nil, err
	}
	href, _, _ := strings.Cut(r.url, "#")
	w := &wire.Request{Method: r.method, URL: href, Header: r.currentHeader().Clone(), Body: b, Redirect: r.redirect, CF: r.cfJSON}
	if r.cache != "" { // of both modes, no-store and no-cache
		for _, name := range []string{"Cache-Control", "Pragma"} {
			if len(w.Header[name]) == 0 {
				w.Header[name] = []string{"no-cache"}
			}
		}
	}
	if r.cf != nil && !jsg.IsNullish(r.cf) {
		if text, ok, err := js.JSONStringify(r.cf); err == nil && ok {
			w.CF = []byte(text)
		}
	}
	return w, nil
}
