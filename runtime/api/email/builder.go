package email

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/runtime/api/headers"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Builder is a message given by its parts, {from, to, subject, text, html, …}.
type Builder struct {
	// From, ReplyTo and the recipients are as written, with a name or without.
	From, ReplyTo, Subject, Text, HTML string
	To, Cc, Bcc                        []string
	Header                             http.Header
	Attachments                        []Attachment
}

// Attachment is a part of a Builder.
type Attachment struct {
	Filename, Type, Disposition, ContentID string
	Content                                []byte
}

// ReadBuilder reads one. recipients says that there must be any.
func ReadBuilder(js *jsg.Scope, v jsg.Value, recipients bool) (*Builder, error) {
	o, ok := jsg.IsObject(v)
	if !ok {
		return nil, jsg.TypeErrorf("The message must be an EmailMessage of cloudflare:email, or an object with from, to, subject and text or html.")
	}
	b := &Builder{}
	var err error
	text := func(key string) (s string) {
		v, e := js.Get(o, key)
		if e != nil && err == nil {
			err = e
		}
		if e == nil && !jsg.IsNullish(v) {
			s = v.String()
		}
		return s
	}
	list := func(key string) (out []string) {
		v, e := js.Get(o, key)
		if e == nil {
			out, e = addresses(js, key, v)
		}
		if e != nil && err == nil {
			err = e
		}
		return out
	}
	first := func(l []string) string {
		if len(l) == 0 {
			return ""
		}
		return l[0]
	}
	b.From, b.ReplyTo, b.To, b.Cc, b.Bcc = first(list("from")), first(list("replyTo")), list("to"), list("cc"), list("bcc")
	b.Subject, b.Text, b.HTML = text("subject"), text("text"), text("html")
	switch {
	case err != nil:
		return nil, err
	case b.From == "":
		return nil, jsg.TypeErrorf("The message has no \"from\".")
	case recipients && len(b.To) == 0:
		return nil, jsg.TypeErrorf("The message has no \"to\".")
	}
	if v, err := js.Get(o, "headers"); err != nil {
		return nil, err
	} else if !jsg.IsNullish(v) {
		if b.Header, err = headers.FillField(js, v, "EmailMessageBuilder"); err != nil {
			return nil, jsg.Errorf("invalid headers set")
		}
	}
	return b, b.readAttachments(js, o)
}

// addresses reads an address, {email, name}, or a list of those.
func addresses(js *jsg.Scope, key string, v jsg.Value) (out []string, err error) {
	switch o, ok := jsg.IsObject(v); {
	case jsg.IsNullish(v):
		return nil, nil
	case jsg.IsArray(v):
		err = js.Iterate(o, func(v jsg.Value) (bool, error) {
			one, err := addresses(js, key, v)
			out = append(out, one...)
			return err == nil, err
		})
		return out, err
	case ok:
		email, name := o.Get("email"), o.Get("name")
		if email == nil || jsg.IsNullish(email) {
			return nil, jsg.TypeErrorf("%q must be an address, or an object with an email.", key)
		}
		if name == nil || jsg.IsNullish(name) || name.String() == "" {
			return []string{email.String()}, nil
		}
		return []string{strconv.Quote(name.String()) + " <" + email.String() + ">"}, nil
	}
	return []string{v.String()}, nil
}

func (b *Builder) readAttachments(js *jsg.Scope, o *jsg.Object) error {
	v, err := js.Get(o, "attachments")
	if err != nil || jsg.IsNullish(v) {
		return err
	}
	list, ok := jsg.IsObject(v)
	if !ok {
		return jsg.Errorf("invalid attachment")
	}
	return js.Iterate(list, func(v jsg.Value) (bool, error) {
		o, ok := jsg.IsObject(v)
		if !ok {
			return false, jsg.Errorf("invalid attachment")
		}
		text := func(key, otherwise string) string {
			if v := o.Get(key); v != nil && !jsg.IsNullish(v) {
				return v.String()
			}
			return otherwise
		}
		a := Attachment{Filename: text("filename", "attachment"), Type: text("type", "application/octet-stream"), Disposition: text("disposition", "attachment"), ContentID: text("contentId", "")}
		c, err := js.Get(o, "content")
		if err != nil {
			return false, err
		}
		if a.Content, err = content(js, c); err != nil {
			return false, jsg.Errorf("invalid attachment content")
		}
		if jsg.IsString(c) { // base64, as in an API of JSON
			if data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(c.String()), "")); err == nil {
				a.Content = data
			}
		}
		_, _, err = mime.ParseMediaType(a.Type)
		if err != nil || a.Disposition != "inline" && a.Disposition != "attachment" || a.Disposition == "inline" && a.ContentID == "" {
			return false, jsg.Errorf("invalid attachment")
		}
		b.Attachments = append(b.Attachments, a)
		return true, nil
	})
}

// Check refuses what would make another header than it says.
func (b *Builder) Check() error {
	all := append([]string{b.From, b.ReplyTo, b.Subject}, append(append(append([]string{}, b.To...), b.Cc...), b.Bcc...)...)
	for _, a := range b.Attachments {
		all = append(all, a.Filename, a.ContentID)
	}
	for _, s := range all {
		if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return jsg.Errorf("invalid headers set")
		}
	}
	if b.Header.Get("Received") != "" {
		return jsg.Errorf("invalid headers set")
	}
	return nil
}

// MIME is the message in bytes, with the given fields.
func (b *Builder) MIME(id string, date time.Time, more ...Field) []byte {
	var out bytes.Buffer
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&out, "%s: %s\r\n", name, value)
		}
	}
	field("From", b.From)
	field("To", strings.Join(b.To, ", "))
	field("Cc", strings.Join(b.Cc, ", "))
	field("Reply-To", b.ReplyTo)
	field("Subject", mime.QEncoding.Encode("utf-8", b.Subject))
	field("Message-ID", id)
	field("Date", date.UTC().Format(time.RFC1123Z))
	field("MIME-Version", "1.0")
	for _, f := range more {
		field(f.Name, f.Value)
	}
	for name, values := range b.Header {
		for _, v := range values {
			if !isManaged(name) {
				field(name, v)
			}
		}
	}
	b.body(&out, strings.Trim(id, "<>"))
	return out.Bytes()
}

// body writes the parts; boundary is a text that is in none of them.
func (b *Builder) body(out *bytes.Buffer, boundary string) {
	boundary, _, _ = strings.Cut(boundary, "@")
	if len(b.Attachments) == 0 {
		b.text(out, "alt-"+boundary)
		return
	}
	fmt.Fprintf(out, "Content-Type: multipart/mixed; boundary=\"mixed-%s\"\r\n\r\n--mixed-%s\r\n", boundary, boundary)
	b.text(out, "alt-"+boundary)
	for _, a := range b.Attachments {
		fmt.Fprintf(out, "\r\n--mixed-%s\r\nContent-Type: %s\r\nContent-Disposition: %s; filename=%q\r\nContent-Transfer-Encoding: base64\r\n", boundary, a.Type, a.Disposition, a.Filename)
		if a.ContentID != "" {
			fmt.Fprintf(out, "Content-ID: <%s>\r\n", strings.Trim(a.ContentID, "<>"))
		}
		out.WriteString("\r\n")
		for text := base64.StdEncoding.EncodeToString(a.Content); text != ""; {
			n := min(len(text), 76)
			out.WriteString(text[:n] + "\r\n")
			text = text[n:]
		}
	}
	fmt.Fprintf(out, "--mixed-%s--\r\n", boundary)
}

func (b *Builder) text(out *bytes.Buffer, boundary string) {
	const plain, html = "Content-Type: text/plain; charset=utf-8\r\n\r\n", "Content-Type: text/html; charset=utf-8\r\n\r\n"
	switch {
	case b.HTML != "" && b.Text != "":
		fmt.Fprintf(out, "Content-Type: multipart/alternative; boundary=%q\r\n\r\n--%s\r\n%s%s\r\n--%s\r\n%s%s\r\n--%s--\r\n", boundary, boundary, plain, b.Text, boundary, html, b.HTML, boundary)
	case b.HTML != "":
		out.WriteString(html + b.HTML)
	default:
		out.WriteString(plain + b.Text)
	}
}
