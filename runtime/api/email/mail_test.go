package email

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestHeadersOfMessages(t *testing.T) {
	m, err := Parse([]byte("From: \"A, B\" <a@e.com>\r\nTo: x@e.com,\r\n Y <y@e.com>\r\nmessage-id:\r\n <1@e.com>\r\n\r\nBcc: not a field\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if m.From() != "a@e.com" || strings.Join(m.Addresses("to"), " ") != "x@e.com y@e.com" || m.Get("Message-ID") != "<1@e.com>" {
		t.Errorf("%q %q %q", m.From(), m.Addresses("to"), m.Get("Message-ID"))
	}
	if got := string(m.WithMessageID("<2@e.com>")); !strings.Contains(got, "Y <y@e.com>\r\nMessage-ID: <2@e.com>\r\n\r\nBcc") {
		t.Errorf("%q", got)
	}
	if got := m.Without("bcc"); !bytes.Equal(got, m.Raw) {
		t.Errorf("%q", got)
	}
	if _, err := Parse([]byte("no field\r\n\r\n")); err == nil {
		t.Error("a line without a colon is a field")
	}
}

func TestBuiltMessagesCanBeRead(t *testing.T) {
	b := &Builder{From: "Me <me@e.com>", To: []string{"a@e.com"}, Subject: "grüße", Text: "text", HTML: "<b>", Header: map[string][]string{"X-A": {"1"}, "Bcc": {"secret@e.com"}},
		Attachments: []Attachment{{Filename: "a.txt", Type: "text/plain", Disposition: "attachment", Content: []byte(strings.Repeat("x", 100))}}}
	m, err := Parse(b.MIME("<1@e.com>", time.Unix(0, 0)))
	if err != nil {
		t.Fatal(err)
	}
	if m.From() != "me@e.com" || m.Get("X-A") != "1" || m.Get("Bcc") != "" || !strings.HasPrefix(m.Get("Content-Type"), "multipart/mixed") {
		t.Errorf("%+v", m.Fields)
	}
	b.Subject = "a\r\nBcc: x"
	if b.Check() == nil {
		t.Error("a subject of two lines")
	}
}

func FuzzReplace(f *testing.F) {
	f.Add([]byte("A: 1\r\nBcc: x\r\n\r\nbody"))
	f.Add([]byte("A:"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Parse(raw)
		if err != nil {
			return
		}
		again, err := Parse(m.WithMessageID("<1@e.com>"))
		if err != nil || again.Get("Message-ID") != "<1@e.com>" && len(m.Fields) > 0 {
			t.Errorf("%q: %v %+v", raw, err, again)
		}
	})
}
