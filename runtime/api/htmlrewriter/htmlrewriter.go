// Package htmlrewriter is HTMLRewriter: handlers for the elements, texts and
// comments of an HTML document that streams by.
//
// The tokenizer of golang.org/x/net/html cuts the document into tokens; what no
// handler changes goes out with the bytes it came in with. A document is never
// kept: at most one token is, and text not even that. Tokenizing and matching
// run on a goroutine of their own, which enters JavaScript only to call
// handlers.
//
// As in workerd there is no document tree: elements that HTML would close by
// itself (<li>) stay open until an end tag of theirs or of an element around
// them. Not emulated: lone surrogates in content are replaced, not refused; the
// properties of tokens are accessors of their prototypes; script elements with
// "<!--" in them are kept until they end.
//
// Where the truth is:
// https://developers.cloudflare.com/workers/runtime-apis/html-rewriter/, and
// what workerd was observed to do.
package htmlrewriter

import (
	"mime"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/api/htmlrewriter/selector"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Rewriter is the Go side of an HTMLRewriter.
type Rewriter struct {
	jsg.Instance
	elements  []elementHandlers
	documents []documentHandlers
}

// handler is a function and the object it is a method of.
type handler struct{ this, f jsg.Value }

type elementHandlers struct {
	selectors               selector.List
	element, comments, text *handler
}

type documentHandlers struct {
	doctype, comments, text, end *handler
}

var rewriterClass = &jsg.Class[Rewriter]{
	Name: "HTMLRewriter",
	New:  func(js *jsg.Scope, a *jsg.Args) (*Rewriter, error) { return &Rewriter{}, nil },
}

func init() {
	rewriterClass.Members = jsg.Members[Rewriter]{
		chained("on", 2, (*Rewriter).on),
		chained("onDocument", 1, (*Rewriter).onDocument),
		jsg.Method("transform", 1, (*Rewriter).transform),
	}
}

// chained is a method that gives its object back; T embeds jsg.Instance.
func chained[T any](name string, length int, f func(*T, *jsg.Scope, *jsg.Args) error) jsg.Member[T] {
	return jsg.Method(name, length, func(t *T, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		if err := f(t, js, a); err != nil {
			return nil, err
		}
		return any(t).(interface{ Object() *jsg.Object }).Object(), nil
	})
}

// Globals are the classes of this package.
func Globals() []jsg.AnyClass { return []jsg.AnyClass{rewriterClass} }

func (r *Rewriter) on(js *jsg.Scope, a *jsg.Args) error {
	text := a.String(0)
	get := handlersArg(js, a, 1, "ElementContentHandlers")
	h := elementHandlers{element: get("element"), comments: get("comments"), text: get("text")}
	if err := a.Err(); err != nil {
		return err
	}
	list, err := selector.Parse(text)
	if err != nil {
		return parserError(err.Error())
	}
	h.selectors = list
	r.elements = append(r.elements, h)
	return nil
}

func (r *Rewriter) onDocument(js *jsg.Scope, a *jsg.Args) error {
	get := handlersArg(js, a, 0, "DocumentContentHandlers")
	h := documentHandlers{doctype: get("doctype"), comments: get("comments"), text: get("text"), end: get("end")}
	if err := a.Err(); err != nil {
		return err
	}
	r.documents = append(r.documents, h)
	return nil
}

// handlersArg reads argument i as an object of handlers.
func handlersArg(js *jsg.Scope, a *jsg.Args, i int, name string) func(string) *handler {
	if i >= a.Len() {
		a.Mismatch(i, name)
	}
	d := a.DictNamed(i, name)
	return func(field string) *handler {
		f := d.Value(field)
		if jsg.IsUndefined(f) {
			return nil
		}
		if !jsg.IsFunction(f) {
			a.Fail(jsg.TypeErrorf("Incorrect type for the '%s' field on '%s': the provided value is not of type 'function'.", field, name))
		}
		return &handler{this: d.Object(), f: f}
	}
}

func parserError(text string) error { return jsg.TypeErrorf("Parser error: %s", text) }

// transform answers at once; the document is rewritten as it comes.
func (r *Rewriter) transform(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	in, ok := fetch.ResponseOf(a.Value(0))
	if !ok {
		a.Mismatch(0, "Response")
		return nil, a.Err()
	}
	if in.Null() {
		return a.Value(0), nil
	}
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	enc, err := charset(in.ContentType())
	if err != nil {
		return nil, err
	}
	if in.Used() || in.Stream(js).Locked() {
		return nil, jsg.TypeErrorf("The ReadableStream has been locked to a reader.")
	}
	src, err := in.Take(js)
	if err != nil {
		return nil, err
	}
	body := src
	if len(r.elements)+len(r.documents) > 0 {
		body = start(js, c, r, src, enc)
	}
	return in.WithBody(js, body), nil
}

// charset is the encoding a Content-Type names.
func charset(contentType string) (codec, error) {
	_, params, err := mime.ParseMediaType(contentType)
	label := params["charset"]
	if err != nil || label == "" {
		return codec{}, nil
	}
	enc, err := htmlindex.Get(label)
	if err != nil {
		return codec{}, parserError("Unknown character encoding has been provided.")
	}
	switch name, _ := htmlindex.Name(enc); name {
	case "utf-8":
		return codec{}, nil
	case "utf-16be", "utf-16le", "iso-2022-jp", "replacement":
		return codec{}, parserError("Expected ASCII-compatible encoding.")
	}
	return codec{enc}, nil
}
