package htmlrewriter

import (
	"fmt"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// element is an Element: the start tag, and what is to happen up to the end tag.
type element struct {
	jsg.Instance
	life
	mutations
	tag       *tag
	namespace string
	content   bool // it has content and an end tag
	// closing is what to do with the end tag.
	closing     endTag
	onEnd       *handler
	dropContent bool
}

var elementClass = &jsg.Class[element]{Name: "Element"}

func (e *element) wrap(js *jsg.Scope) *jsg.Object { return elementClass.Wrap(js, e) }

// endTouched tells whether the end tag goes out otherwise than it comes.
func (e *element) endTouched() bool {
	return e.closing.removed || e.closing.renamed || len(e.closing.before)+len(e.closing.after) > 0
}

func init() {
	alive := func(e *element) *life { return &e.life }
	elementClass.Members = jsg.Members[element]{
		accessor("tagName", alive, func(e *element, js *jsg.Scope) jsg.Value { return js.String(lower(e.tag.written)) }, (*element).rename),
		getter("attributes", alive, func(e *element, js *jsg.Scope) jsg.Value {
			e.tag.parse()
			return attributesClass.Wrap(js, &attributes{element: e, changes: e.tag.changes})
		}),
		getter("removed", alive, func(e *element, js *jsg.Scope) jsg.Value { return js.Bool(e.removed) }),
		getter("namespaceURI", alive, func(e *element, js *jsg.Scope) jsg.Value { return js.String(e.namespace) }),
		jsg.Method("getAttribute", 1, func(e *element, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			v, ok, err := e.attribute(a)
			if err != nil {
				return nil, err
			}
			return js.NullableString(v, ok), nil
		}),
		jsg.Method("hasAttribute", 1, func(e *element, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			_, ok, err := e.attribute(a)
			return js.Bool(ok), err
		}),
		chained("setAttribute", 2, (*element).setAttribute),
		chained("removeAttribute", 1, func(e *element, js *jsg.Scope, a *jsg.Args) error {
			name := textArg(a, 0)
			if err := firstError(a.Err(), e.check()); err != nil {
				return err
			}
			e.tag.remove(lower(name))
			return nil
		}),
		insert("before", alive, false, func(e *element, c content) { e.addBefore(c) }),
		insert("after", alive, false, func(e *element, c content) {
			if e.content {
				e.closing.addAfter(c)
			} else {
				e.addAfter(c)
			}
		}),
		insert("prepend", alive, false, inside(func(e *element, c content) { e.addAfter(c) })),
		insert("append", alive, false, inside(func(e *element, c content) { e.closing.addBefore(c) })),
		insert("setInnerContent", alive, false, inside(func(e *element, c content) {
			e.clear()
			e.addAfter(c)
		})),
		insert("replace", alive, false, func(e *element, c content) {
			e.remove()
			e.replacement = []content{c}
		}),
		change("remove", alive, (*element).remove),
		change("removeAndKeepContent", alive, func(e *element) { e.removed, e.closing.removed = true, true }),
		jsg.Method("onEndTag", 1, (*element).onEndTag),
	}
}

// inside is a change of the content of an element that can have some.
func inside(f func(e *element, c content)) func(e *element, c content) {
	return func(e *element, c content) {
		if e.content {
			e.tag.selfClosing = false
			f(e, c)
		}
	}
}

// clear drops the content, that added before included.
func (e *element) clear() {
	if e.content {
		e.dropContent = true
		e.after, e.closing.before = nil, nil
	}
}

func (e *element) remove() {
	e.clear()
	e.removed, e.closing.removed = true, true
}

func firstError(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *element) attribute(a *jsg.Args) (string, bool, error) {
	name := textArg(a, 0)
	if err := firstError(a.Err(), e.check()); err != nil {
		return "", false, err
	}
	v, ok := e.tag.get(lower(name))
	return v, ok, nil
}

func (e *element) setAttribute(js *jsg.Scope, a *jsg.Args) error {
	name, value := textArg(a, 0), textArg(a, 1)
	if err := firstError(a.Err(), e.check()); err != nil {
		return err
	}
	if name == "" {
		return parserError("Attribute name can't be empty.")
	}
	if i := strings.IndexAny(name, " \n\r\t\f/>="); i >= 0 {
		return parserError(fmt.Sprintf("`%c` character is forbidden in the attribute name", name[i]))
	}
	e.tag.set(lower(name), value)
	return nil
}

func (e *element) rename(name string) error {
	if name == "" {
		return parserError("Tag name can't be empty.")
	}
	if !isLetter(name[0]) {
		return parserError("The first character of the tag name should be an ASCII alphabetical character.")
	}
	if i := strings.IndexAny(name, " \n\r\t\f/>"); i >= 0 {
		return parserError(fmt.Sprintf("`%c` character is forbidden in the tag name", name[i]))
	}
	e.tag.written, e.tag.changed = name, true
	e.closing.name, e.closing.renamed = name, true
	return nil
}

func (e *element) onEndTag(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	f := a.Func(0)
	if err := firstError(a.Err(), e.check()); err != nil {
		return nil, err
	}
	if !e.content {
		return nil, parserError("No end tag.")
	}
	e.onEnd = &handler{this: jsg.Undefined, f: f}
	return jsg.Undefined, nil
}

// attributes is an AttributesIterator.
type attributes struct {
	jsg.Instance
	element *element
	next    int
	changes int
}

var attributesClass = &jsg.Class[attributes]{Name: "AttributesIterator"}

func init() {
	attributesClass.Members = jsg.Members[attributes]{
		jsg.Method("next", 0, (*attributes).step),
		jsg.Self[attributes](jsg.SymIterator),
	}
	attributesClass.Extend = func(js *jsg.Scope, _, proto *jsg.Object) { js.SetPrototype(proto, js.IteratorPrototype()) }
}

func (i *attributes) step(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if err := i.element.check(); err != nil {
		return nil, err
	}
	tag := i.element.tag
	if i.changes != tag.changes {
		return nil, jsg.Errorf("The attributes of this element have been modified during iteration. You must create a new iterator after modifying attributes.")
	}
	if i.next == len(tag.attrs) {
		return js.Record("done", true, "value", jsg.Undefined), nil
	}
	attr := tag.attrs[i.next]
	i.next++
	return js.Record("done", false, "value", js.NewArray(js.String(attr.name), js.String(attr.value))), nil
}
