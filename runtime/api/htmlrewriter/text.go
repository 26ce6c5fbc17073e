package htmlrewriter

import "bytes"

// textNode is the text now being read.
type textNode struct {
	begun    bool
	handlers []*handler
	decoder  textDecoder
}

// text is called with each piece of text, as it comes.
func (d *document) text(b []byte) error {
	return d.textPieces(b, split)
}

// cdata is a CDATA section of foreign content: a text node of its own.
func (d *document) cdata(raw []byte) error {
	if err := d.endText(); err != nil {
		return err
	}
	inner, closed := bytes.CutSuffix(raw[len(cdata):], []byte("]]>"))
	d.emitRaw(cdata)
	err := d.textPieces(inner, func(b []byte, _ string) (piece, rest []byte) { return b, nil })
	if err == nil {
		err = d.endText()
	}
	if closed {
		d.emitRaw(raw[len(raw)-3:])
	}
	return err
}

func (d *document) textPieces(b []byte, split func(b []byte, raw string) (piece, rest []byte)) error {
	n := &d.node
	if len(b) == 0 {
		return nil
	}
	if !n.begun {
		n.begun = true
		n.handlers = d.inner(func(h *elementHandlers) *handler { return h.text }, func(h *documentHandlers) *handler { return h.text })
		n.decoder.codec = d.codec
	}
	if len(n.handlers) == 0 {
		d.emitRaw(b)
		return nil
	}
	for len(b) > 0 {
		var piece []byte
		piece, b = split(b, d.src.raw)
		for _, s := range n.decoder.decode(piece, false) {
			if err := d.textChunk(s, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// endText ends the text node, if there is one: handlers are told by an empty
// last chunk.
func (d *document) endText() error {
	n := &d.node
	if !n.begun {
		return nil
	}
	if len(n.handlers) > 0 {
		for _, s := range n.decoder.decode(nil, true) {
			if err := d.textChunk(s, false); err != nil {
				return err
			}
		}
		if err := d.textChunk("", true); err != nil {
			return err
		}
	}
	*n = textNode{}
	return nil
}

func (d *document) textChunk(s string, last bool) error {
	t := &text{text: s, last: last}
	if err := d.run.call(t, d.node.handlers); err != nil {
		return err
	}
	return d.emit(&t.mutations, func() { d.out.Write(d.codec.encode(t.text)) })
}

// split cuts the first chunk off b where workerd does: a < that begins no tag is
// a chunk, in raw text together with what looked like an end tag.
func split(b []byte, raw string) (piece, rest []byte) {
	end := len(b)
	switch {
	case raw == "plaintext":
	case b[0] != '<':
		end = bytes.IndexByte(b, '<')
	case len(b) == 1:
	case b[1] == '/':
		end = 2
		for end < len(b) && isLetter(b[end]) {
			end++
		}
	case raw == "script" && b[1] == '!':
		if end = bytes.IndexByte(b[1:], '<'); end >= 0 {
			end++
		}
	default:
		end = 1
	}
	if end < 0 || end > len(b) {
		end = len(b)
	}
	return b[:end], b[end:]
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
