package eventsource

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/runtime/api/body"
)

// parser reads an event stream that comes in pieces.
type parser struct {
	line    []byte
	begun   bool // a byte order mark can no longer come
	afterCR bool
	data    []string
	typ     string
	lastID  string
	retry   time.Duration // 0 until the stream has said
	emit    func(m message)
}

// message is one event of the stream.
type message struct{ typ, data, id string }

func (p *parser) feed(b []byte) {
	for len(b) > 0 {
		if p.afterCR {
			p.afterCR = false
			if b[0] == '\n' {
				b = b[1:]
				continue
			}
		}
		end := bytes.IndexAny(b, "\r\n")
		if end < 0 {
			p.line = append(p.line, b...)
			return
		}
		p.line = append(p.line, b[:end]...)
		p.afterCR = b[end] == '\r'
		b = b[end+1:]
		line := p.line
		if !p.begun {
			p.begun = true
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		p.field(line)
		p.line = p.line[:0]
	}
}

func (p *parser) field(line []byte) {
	if len(line) == 0 {
		p.dispatch()
		return
	}
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(name) {
	case "data":
		p.data = append(p.data, body.DecodeUTF8(value))
	case "event":
		p.typ = body.DecodeUTF8(value)
	case "id":
		p.lastID = body.DecodeUTF8(value)
	case "retry":
		if n, err := strconv.ParseUint(string(value), 10, 31); err == nil {
			p.retry = time.Duration(n) * time.Millisecond
		}
	}
}

// dispatch ends an event; as in workerd one without data is none.
func (p *parser) dispatch() {
	m := message{typ: p.typ, data: strings.Join(p.data, "\n"), id: p.lastID}
	p.data, p.typ = nil, ""
	if m.data == "" {
		return
	}
	if m.typ == "" {
		m.typ = "message"
	}
	p.emit(m)
}
