package htmlrewriter

import (
	"bytes"
	"errors"
	"io"

	"golang.org/x/net/html"

	"github.com/miniworker/miniworker/runtime/api/htmlrewriter/selector"
)

// document is one document on its way through a Rewriter, on the rewriting
// goroutine.
type document struct {
	r     *Rewriter
	src   *source
	run   runner
	out   *writer
	codec codec

	selectors selector.Set
	// active counts the open elements by which the comments and text handlers of
	// each r.elements are on.
	active  []int
	stack   []*open
	ns      namespaces
	removed int // open elements whose content is dropped
	node    textNode
}

// runner calls handlers in JavaScript.
type runner interface {
	// call runs handlers in order, each with token, and waits for them.
	call(token token, handlers []*handler) error
	// take gives the bytes of content that is a stream.
	take(c content) (io.ReadCloser, error)
}

// open is an open element; the first one stands for the document.
type open struct {
	name     string
	selector selector.Open
	children int
	ofType   map[string]int // children by name
	handlers []int          // the r.elements that matched
	// end is what to do with the end tag, nil for nothing.
	end *endTag
	// onEnd is called for the end tag.
	onEnd       *handler
	dropContent bool
}

func newDocument(r *Rewriter, src *source, run runner, out *writer, c codec) *document {
	d := &document{r: r, src: src, run: run, out: out, codec: c, active: make([]int, len(r.elements)), stack: []*open{{}}}
	for _, h := range r.elements {
		d.selectors.Add(h.selectors)
	}
	src.text = d.text
	return d
}

// rewrite reads the document to its end.
func (d *document) rewrite() error {
	for {
		kind, raw, err := d.src.next()
		if errors.Is(err, io.EOF) {
			d.emitRaw(raw)
			return d.end()
		}
		if err == nil {
			err = d.token(kind, raw)
		}
		if err != nil {
			return err
		}
	}
}

func (d *document) token(kind html.TokenType, raw []byte) error {
	if kind == html.TextToken { // a CDATA section is text in the node around it
		return d.cdata(raw)
	}
	if err := d.endText(); err != nil {
		return err
	}
	switch kind {
	case html.StartTagToken, html.SelfClosingTagToken:
		return d.startTag(raw)
	case html.EndTagToken:
		return d.endTag(raw)
	case html.CommentToken:
		return d.comment(raw)
	case html.DoctypeToken:
		return d.doctype(raw)
	}
	d.emitRaw(raw)
	return nil
}

func (d *document) emitRaw(raw []byte) {
	if d.removed == 0 {
		d.out.Write(raw)
	}
}

// emit writes a token with what handlers put around it. write gives the token
// itself.
func (d *document) emit(m *mutations, write func()) error {
	if d.removed > 0 {
		return nil
	}
	if err := d.emitContents(m.before); err != nil {
		return err
	}
	if !m.removed {
		write()
	} else if err := d.emitContents(m.replacement); err != nil {
		return err
	}
	return d.emitContents(m.after)
}

func (d *document) emitContents(list []content) error {
	for _, c := range list {
		if c.stream == nil {
			d.out.Write(d.codec.encode(c.escaped()))
			continue
		}
		if err := d.emitStream(c); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) startTag(raw []byte) error {
	tag := parseTag(raw, d.codec)
	parent := d.stack[len(d.stack)-1]
	d.ns.start(tag)
	foreign := d.ns.foreign()
	d.src.element(tag.name, foreign)
	parent.children++
	if d.selectors.CountsTypes {
		if parent.ofType == nil {
			parent.ofType = map[string]int{}
		}
		parent.ofType[tag.name]++
	}
	subject := &subject{tag: tag, index: parent.children, typeIndex: parent.ofType[tag.name]}
	matched, below := d.selectors.Match(subject, parent.selector)
	content := !(foreign && tag.selfClosing) && (foreign || !void(tag.name))
	o := &open{name: tag.name, selector: below}
	err := d.elementHandlers(subject, matched, o, content)
	d.ns.after(tag)
	d.src.z.AllowCDATA(d.ns.foreign())
	if err != nil || !content {
		return err
	}
	d.push(o, matched)
	return nil
}

// elementHandlers calls the element handlers of a start tag and writes it.
func (d *document) elementHandlers(s *subject, matched []int, o *open, content bool) error {
	var handlers []*handler
	for _, i := range matched {
		if h := d.r.elements[i].element; h != nil {
			handlers = append(handlers, h)
		}
	}
	if len(handlers) == 0 {
		d.emitRaw(s.tag.raw)
		return nil
	}
	e := &element{tag: s.tag, namespace: d.ns.uri(), content: content}
	if err := d.run.call(e, handlers); err != nil {
		return err
	}
	if content {
		o.dropContent, o.onEnd = e.dropContent, e.onEnd
		if e.endTouched() {
			o.end = &e.closing
		}
	}
	return d.emit(&e.mutations, func() { d.out.Write(e.tag.bytes()) })
}

func (d *document) push(o *open, matched []int) {
	d.stack = append(d.stack, o)
	for _, i := range matched {
		if h := d.r.elements[i]; h.comments != nil || h.text != nil {
			d.active[i]++
			o.handlers = append(o.handlers, i)
		}
	}
	if o.dropContent {
		d.removed++
	}
}

// endTag closes the innermost open element of its name and all inside of it.
func (d *document) endTag(raw []byte) error {
	written := tagName(raw[2:])
	name := d.codec.decode([]byte(written))
	defer func() { d.src.z.AllowCDATA(d.ns.foreign()) }()
	d.ns.end(name)
	at := len(d.stack) - 1
	for at > 0 && d.stack[at].name != name {
		at--
	}
	if at == 0 {
		d.emitRaw(raw)
		return nil
	}
	t := &endTag{name: d.codec.decode(raw[2 : 2+len(written)])}
	var handlers []*handler
	for i := len(d.stack) - 1; i >= at; i-- {
		o := d.stack[i]
		d.pop(o)
		t.merge(o.end)
		if o.onEnd != nil {
			handlers = append(handlers, o.onEnd)
		}
	}
	d.stack = d.stack[:at]
	if len(handlers) > 0 {
		if err := d.run.call(t, handlers); err != nil {
			return err
		}
	}
	return d.emit(&t.mutations, func() {
		if t.renamed {
			d.out.Write(d.codec.encode("</" + t.name + ">"))
		} else {
			d.out.Write(raw)
		}
	})
}

func (d *document) pop(o *open) {
	for _, i := range o.handlers {
		d.active[i]--
	}
	if o.dropContent {
		d.removed--
	}
}

// inner gives the handlers of the open elements, then those of the document.
func (d *document) inner(ofElement func(*elementHandlers) *handler, ofDocument func(*documentHandlers) *handler) []*handler {
	var list []*handler
	for i, n := range d.active {
		if h := ofElement(&d.r.elements[i]); n > 0 && h != nil {
			list = append(list, h)
		}
	}
	for i := range d.r.documents {
		if h := ofDocument(&d.r.documents[i]); h != nil {
			list = append(list, h)
		}
	}
	return list
}

func (d *document) comment(raw []byte) error {
	handlers := d.inner(func(h *elementHandlers) *handler { return h.comments }, func(h *documentHandlers) *handler { return h.comments })
	text, ok := commentText(raw)
	if len(handlers) == 0 || !ok {
		d.emitRaw(raw)
		return nil
	}
	c := &comment{text: d.codec.decode(text)}
	if err := d.run.call(c, handlers); err != nil {
		return err
	}
	return d.emit(&c.mutations, func() {
		if c.changed {
			d.out.Write(d.codec.encode("<!--" + c.text + "-->"))
		} else {
			d.out.Write(raw)
		}
	})
}

// commentText is what is between the ends of a comment; ok is false if the
// document ended in it, and for </>, which is nothing.
func commentText(raw []byte) (text []byte, ok bool) {
	text, ok = bytes.CutPrefix(raw, []byte("<!--"))
	if !ok { // <!…>, <?…>, </…>
		if text, ok = bytes.CutSuffix(raw, []byte(">")); !ok || string(raw) == "</>" {
			return nil, false
		}
		if raw[1] == '?' {
			return text[1:], true
		}
		return text[2:], true
	}
	for _, end := range []string{"-->", "--!>"} {
		if text, ok := bytes.CutSuffix(text, []byte(end)); ok {
			return text, true
		}
	}
	short := string(text) == ">" || string(text) == "->"
	return nil, short
}

func (d *document) doctype(raw []byte) error {
	var handlers []*handler
	for _, h := range d.r.documents {
		if h.doctype != nil {
			handlers = append(handlers, h.doctype)
		}
	}
	if len(handlers) == 0 || !bytes.HasSuffix(raw, []byte(">")) {
		d.emitRaw(raw)
		return nil
	}
	if err := d.run.call(parseDoctype(d.codec.decode(raw)), handlers); err != nil {
		return err
	}
	d.emitRaw(raw)
	return nil
}

func (d *document) end() error {
	if err := d.endText(); err != nil {
		return err
	}
	var handlers []*handler
	for _, h := range d.r.documents {
		if h.end != nil {
			handlers = append(handlers, h.end)
		}
	}
	if len(handlers) == 0 {
		return nil
	}
	e := &documentEnd{}
	if err := d.run.call(e, handlers); err != nil {
		return err
	}
	d.removed = 0
	return d.emitContents(e.before)
}

// void tells whether an HTML element has no content and no end tag.
func void(name string) bool {
	switch name {
	case "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "param", "source", "track", "wbr":
		return true
	}
	return false
}
