package htmlrewriter

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html"

	"github.com/miniworker/miniworker/runtime/wire"
)

// maxToken is how long a token of a document may be that does not lie in memory
// as a whole: what workerd allows.
const maxToken = 3 << 20

// errPause ends a text token so that the tokenizer can let go of it.
var errPause = errors.New("pause")

// pauseAt is how much text the tokenizer may hold before it is paused.
const pauseAt = 4 << 10

// source reads a document token by token. The tokenizer would keep text to
// itself until it ends; source gives out what has come whenever more has to be
// waited for.
type source struct {
	in     io.Reader
	limit  int // of a token, 0 for none
	z      *html.Tokenizer
	rest   []byte // read already, to be tokenized next
	chunk  []byte
	raw    string // the element whose content is text only, "" outside of one
	given  int    // bytes of the token in progress that text has had
	err    error  // of in
	paused bool

	// text is given text as soon as it is there; wait is called before more is
	// waited for.
	text func(b []byte) error
	wait func() error
}

func newSource(body wire.Body) *source {
	s := &source{in: body, chunk: make([]byte, 32<<10)}
	if !wire.InMemory(body) {
		s.limit = maxToken
	}
	s.z = html.NewTokenizer(s)
	return s
}

// next is the next token that is no text. At the end, and at a token that is
// cut off by it, the error is io.EOF.
func (s *source) next() (kind html.TokenType, raw []byte, err error) {
	for {
		s.paused = false
		kind = s.z.Next()
		raw = s.z.Raw()
		switch {
		case kind == html.ErrorToken && s.paused: // nothing was pending
			s.resume(nil)
			continue
		case kind == html.ErrorToken:
			return kind, raw[min(s.given, len(raw)):], s.z.Err()
		case kind != html.TextToken || s.raw == "" && bytes.HasPrefix(raw, cdata):
			s.raw, s.given = "", 0
			return kind, raw, nil
		}
		raw = raw[s.given:]
		s.given = 0
		if s.paused {
			s.resume(raw)
			continue
		}
		if err := s.text(raw); err != nil {
			return kind, nil, err
		}
		s.raw = ""
	}
}

// resume goes on with a new tokenizer in the state of the old one.
func (s *source) resume(rest []byte) {
	s.rest = append(bytes.Clone(rest), s.rest...)
	s.z = html.NewTokenizer(s)
	if s.raw != "" {
		s.rest = append([]byte("<"+s.raw+">"), s.rest...)
		s.z.Next()
	}
}

// element tells of a start tag: of the content that follows it.
func (s *source) element(name string, foreign bool) {
	if foreign {
		s.z.NextIsNotRawText()
		return
	}
	switch name {
	case "iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "title", "textarea", "xmp":
		s.raw = name
	}
}

// Read implements io.Reader for the tokenizer.
func (s *source) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		if err := s.more(); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// more fills rest, after giving out the text the tokenizer holds.
func (s *source) more() error {
	pending := s.z.Raw()
	if end := s.textEnd(pending); end > s.given {
		if err := s.text(pending[s.given:end]); err != nil {
			return err
		}
		s.given = end
	}
	if s.given >= pauseAt && !(s.raw == "script" && bytes.Contains(pending, []byte("<!--"))) {
		s.paused = true
		return errPause
	}
	if s.limit > 0 && s.given == 0 && len(pending) > s.limit {
		return parserError("The memory limit has been exceeded.")
	}
	if s.err != nil {
		return s.err
	}
	if err := s.wait(); err != nil {
		return err
	}
	n, err := s.in.Read(s.chunk)
	for n == 0 && err == nil {
		n, err = s.in.Read(s.chunk)
	}
	s.rest, s.err = s.chunk[:n], err
	if n == 0 {
		return err
	}
	return nil
}

// textEnd is how many bytes of a token in progress are text, whatever follows.
func (s *source) textEnd(pending []byte) int {
	last := bytes.LastIndexByte(pending[s.given:], '<')
	if last >= 0 {
		last += s.given
	}
	if s.raw == "" {
		switch {
		case last < 0:
			return len(pending)
		case len(pending) > 1 && pending[0] == '<' && opensTag(pending[1]):
			return 0
		case last == len(pending)-1: // undecided
			return last
		}
		return len(pending)
	}
	end := "</" + s.raw
	switch {
	case len(pending) >= len(end) && strings.EqualFold(end, string(pending[:len(end)])):
		return 0 // the end tag, with whatever is in it
	case last < 0:
		return len(pending)
	case len(pending)-last <= len(end) && strings.EqualFold(end[:len(pending)-last], string(pending[last:])):
		return last
	}
	return len(pending)
}

// opensTag tells whether < and c begin something that is no text.
func opensTag(c byte) bool {
	return c == '/' || c == '!' || c == '?' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

var cdata = []byte("<![CDATA[")
