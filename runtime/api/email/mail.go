// Package email is what cloudflare:email exports, EmailMessage, and what the
// runtime has to know of a message: its header, its Message-ID, and how a reply
// is made of {from, subject, text, …}.
//
// What it deliberately does not: read bodies and their parts, or send anything.
//
// Where the truth is: https://developers.cloudflare.com/email-routing/email-workers/
// and, for checks and texts, wrangler 4.164.
package email

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
)

// Field is one field of a header, its value unfolded.
type Field struct{ Name, Value string }

// Mail is a message: its bytes, and its header.
type Mail struct {
	Raw    []byte
	Fields []Field
}

// Parse reads the header of a message.
func Parse(raw []byte) (*Mail, error) {
	m := &Mail{Raw: raw}
	rest := raw
	for len(rest) > 0 {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		rest = after
		text := strings.TrimRight(string(line), "\r")
		if text == "" {
			break
		}
		if text[0] == ' ' || text[0] == '\t' {
			if n := len(m.Fields); n > 0 {
				m.Fields[n-1].Value = strings.TrimSpace(m.Fields[n-1].Value + " " + strings.TrimSpace(text))
			}
			continue
		}
		name, value, ok := strings.Cut(text, ":")
		if name = strings.TrimRight(name, " \t"); !ok || name == "" || strings.ContainsAny(name, " \t") {
			return nil, fmt.Errorf("%q is no header field", text)
		}
		m.Fields = append(m.Fields, Field{name, strings.TrimSpace(value)})
	}
	return m, nil
}

// Get is the first field of a name, "" if there is none.
func (m *Mail) Get(name string) string {
	v, _ := m.Lookup(name)
	return v
}

// Lookup is Get that tells an empty field from none.
func (m *Mail) Lookup(name string) (string, bool) {
	for _, f := range m.Fields {
		if strings.EqualFold(f.Name, name) {
			return f.Value, true
		}
	}
	return "", false
}

// Header is the header as a Headers object has it.
func (m *Mail) Header() map[string][]string {
	h := map[string][]string{}
	for _, f := range m.Fields {
		k := textproto.CanonicalMIMEHeaderKey(f.Name)
		h[k] = append(h[k], f.Value)
	}
	return h
}

// Addresses are the addresses of a field, without names.
func (m *Mail) Addresses(name string) (out []string) {
	list, err := mail.ParseAddressList(m.Get(name))
	if err != nil {
		if v := Address(m.Get(name)); v != "" {
			out = append(out, v)
		}
		return out
	}
	for _, a := range list {
		out = append(out, a.Address)
	}
	return out
}

// From is the address of the From field.
func (m *Mail) From() string {
	if list := m.Addresses("From"); len(list) > 0 {
		return list[0]
	}
	return ""
}

// Address is what is between the angle brackets at the end, or all of it.
func Address(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		return strings.TrimSpace(s[i+1 : len(s)-1])
	}
	return s
}

// Without is the message without the fields of that name.
func (m *Mail) Without(name string) []byte { return m.replace(name, "") }

// WithMessageID is the message with this Message-ID and no other.
func (m *Mail) WithMessageID(id string) []byte { return m.replace("Message-ID", "Message-ID: "+id) }

// replace puts line, if it is not empty, in the place of the fields of a name,
// or at the end of the header.
func (m *Mail) replace(name, line string) []byte {
	var out bytes.Buffer
	put := func() {
		if line == "" {
			return
		}
		if b := out.Bytes(); len(b) > 0 && b[len(b)-1] != '\n' { // the message ends within its header
			out.WriteString("\r\n")
		}
		out.WriteString(line + "\r\n")
		line = ""
	}
	rest, dropping := m.Raw, false
	for len(rest) > 0 {
		end := bytes.IndexByte(rest, '\n') + 1
		if end == 0 {
			end = len(rest)
		}
		text := rest[:end]
		if len(bytes.TrimRight(text, "\r\n")) == 0 {
			break
		}
		if text[0] != ' ' && text[0] != '\t' {
			field, _, _ := bytes.Cut(text, []byte(":"))
			if dropping = strings.EqualFold(strings.TrimSpace(string(field)), name); dropping {
				put()
			}
		}
		if !dropping {
			out.Write(text)
		}
		rest = rest[end:]
	}
	put()
	out.Write(rest)
	return out.Bytes()
}

// NewMessageID makes one in the domain of a sender.
func NewMessageID(sender string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	id := make([]byte, 36)
	_, _ = rand.Read(id) // never fails
	for i := range id {
		id[i] = alphabet[int(id[i])%len(alphabet)]
	}
	domain := "localhost"
	if i := strings.LastIndexByte(sender, '@'); i >= 0 && i+1 < len(sender) && !strings.ContainsAny(sender[i+1:], " \t<>\\/\"") {
		domain = sender[i+1:]
	}
	return fmt.Sprintf("<%s@%s>", id, domain)
}

// managed are fields that a builder's own headers cannot set.
var managed = []string{"bcc", "cc", "content-transfer-encoding", "content-type", "date", "from", "message-id", "mime-version", "reply-to", "subject", "to", "in-reply-to", "references"}

func isManaged(name string) bool { return slices.Contains(managed, strings.ToLower(name)) }
