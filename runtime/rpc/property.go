package rpc

import (
	"strings"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// property is the Go side of an RpcProperty: a name on the other side, to be
// called, read, or followed further.
type property struct {
	src   Source
	path  []string
	frame any // of the code that named it: await asks without one
}

var propertyClass = &jsg.Class[property]{Name: "JsRpcProperty"}

func init() {
	propertyClass.Members = thenable((*property).promise)
	propertyClass.Call = func(p *property, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return call(js, p.src, p.path, a), nil
	}
	propertyClass.Wildcard = func(p *property, js *jsg.Scope, name string) (jsg.Value, error) {
		path := append(p.path[:len(p.path):len(p.path)], name)
		return propertyClass.Wrap(js, &property{src: p.src, path: path, frame: js.Frame()}), nil
	}
}

// Property is the member of a source under a name.
func Property(js *jsg.Scope, src Source, name string) jsg.Value {
	return propertyClass.Wrap(js, &property{src: src, path: []string{name}, frame: js.Frame()})
}

// promise reads the property.
func (p *property) promise(js *jsg.Scope) (v jsg.Value) {
	frame := js.Frame()
	if iocontext.Current(js) == nil {
		frame = p.frame
	}
	js.WithFrame(frame, func() {
		read, err := start(js, p.src, p.path, false, nil)
		if err != nil {
			v = js.Rejected(err)
			return
		}
		v = read.promise(js)
	})
	return v
}

// target is the binding a label begins with.
func target(label string) string {
	name, _, _ := strings.Cut(label, ".")
	return strings.TrimSuffix(name, "()")
}

// label names an operation in traces: BINDING.path.to.method().
func label(src Source, path []string, isCall bool) string {
	parts := append([]string{strings.TrimSuffix(src.Label(), "()")}, path...)
	name := strings.Join(parts, ".")
	if isCall {
		name += "()"
	}
	return name
}
