package htmlrewriter

import (
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// comment is a Comment.
type comment struct {
	jsg.Instance
	life
	mutations
	text    string
	changed bool
}

// text is a Text: a chunk of a text node.
type text struct {
	jsg.Instance
	life
	mutations
	text string
	last bool
}

// doctype is a Doctype; nil parts are missing.
type doctype struct {
	jsg.Instance
	life
	name, public, system *string
}

// endTag is an EndTag.
type endTag struct {
	jsg.Instance
	life
	mutations
	name    string
	renamed bool
}

// documentEnd is a DocumentEnd.
type documentEnd struct {
	jsg.Instance
	life
	mutations
}

// merge adds what handlers of an element said about its end tag.
func (t *endTag) merge(e *endTag) {
	if e == nil {
		return
	}
	t.before = append(t.before, e.before...)
	t.after = append(append([]content(nil), e.after...), t.after...)
	t.removed = t.removed || e.removed
	if e.renamed {
		t.name, t.renamed = e.name, true
	}
}

var (
	commentClass     = &jsg.Class[comment]{Name: "Comment"}
	textClass        = &jsg.Class[text]{Name: "Text"}
	doctypeClass     = &jsg.Class[doctype]{Name: "Doctype"}
	endTagClass      = &jsg.Class[endTag]{Name: "EndTag"}
	documentEndClass = &jsg.Class[documentEnd]{Name: "DocumentEnd"}
)

func (c *comment) wrap(js *jsg.Scope) *jsg.Object     { return commentClass.Wrap(js, c) }
func (t *text) wrap(js *jsg.Scope) *jsg.Object        { return textClass.Wrap(js, t) }
func (t *doctype) wrap(js *jsg.Scope) *jsg.Object     { return doctypeClass.Wrap(js, t) }
func (t *endTag) wrap(js *jsg.Scope) *jsg.Object      { return endTagClass.Wrap(js, t) }
func (t *documentEnd) wrap(js *jsg.Scope) *jsg.Object { return documentEndClass.Wrap(js, t) }

func init() {
	ofComment := func(c *comment) *life { return &c.life }
	commentClass.Members = append(around(ofComment, func(c *comment) *mutations { return &c.mutations }, true),
		accessor("text", ofComment, func(c *comment, js *jsg.Scope) jsg.Value { return js.String(c.text) }, (*comment).setText))

	ofText := func(t *text) *life { return &t.life }
	textClass.Members = append(around(ofText, func(t *text) *mutations { return &t.mutations }, false),
		getter("text", ofText, func(t *text, js *jsg.Scope) jsg.Value { return js.String(t.text) }),
		getter("lastInTextNode", ofText, func(t *text, js *jsg.Scope) jsg.Value { return js.Bool(t.last) }))

	part := func(name string, get func(*doctype) *string) jsg.Member[doctype] {
		return getter(name, func(t *doctype) *life { return &t.life }, func(t *doctype, js *jsg.Scope) jsg.Value {
			if s := get(t); s != nil {
				return js.String(*s)
			}
			return jsg.Null
		})
	}
	doctypeClass.Members = jsg.Members[doctype]{
		part("name", func(t *doctype) *string { return t.name }),
		part("publicId", func(t *doctype) *string { return t.public }),
		part("systemId", func(t *doctype) *string { return t.system }),
	}

	ofEndTag := func(t *endTag) *life { return &t.life }
	endTagClass.Members = jsg.Members[endTag]{
		accessor("name", ofEndTag, func(t *endTag, js *jsg.Scope) jsg.Value { return js.String(lower(t.name)) }, func(t *endTag, s string) error {
			t.name, t.renamed = s, true
			return nil
		}),
		insert("before", ofEndTag, false, func(t *endTag, c content) { t.addBefore(c) }),
		insert("after", ofEndTag, false, func(t *endTag, c content) { t.addAfter(c) }),
		change("remove", ofEndTag, func(t *endTag) { t.removed = true }),
	}

	documentEndClass.Members = jsg.Members[documentEnd]{
		insert("append", func(t *documentEnd) *life { return &t.life }, true, func(t *documentEnd, c content) { t.addBefore(c) }),
	}
}

// around are the members of a token that is one piece.
func around[T any](alive func(*T) *life, of func(*T) *mutations, noStream bool) jsg.Members[T] {
	return jsg.Members[T]{
		insert("before", alive, noStream, func(t *T, c content) { of(t).addBefore(c) }),
		insert("after", alive, noStream, func(t *T, c content) { of(t).addAfter(c) }),
		insert("replace", alive, noStream, func(t *T, c content) { of(t).replace(c) }),
		change("remove", alive, func(t *T) { of(t).removed = true }),
		getter("removed", alive, func(t *T, js *jsg.Scope) jsg.Value { return js.Bool(of(t).removed) }),
	}
}

func (c *comment) setText(s string) error {
	if strings.Contains(s, "-->") || strings.Contains(s, "--!>") {
		return parserError("Comment text shouldn't contain a comment-closing sequence.")
	}
	c.text, c.changed = s, true
	return nil
}
