// Package email is Email Workers: send_email bindings, and messages given to a
// worker's email().
//
// What it emulates: send() of an EmailMessage or of {from, to, subject, …}, the
// addresses that the configuration allows, and forward(), reply() and
// setReject() of messages that come in, with the checks and texts of wrangler's
// simulator.
//
// What it deliberately does not: send anything. Messages are files, and lines of
// the log that name them.
//
// Where the truth is: https://developers.cloudflare.com/email-routing/email-workers/
// and wrangler 4.164.
//
// Files: <root>/email/<email|email-text|email-html|email-attachment|reply>/<id>.
package email

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/bindings/internal/op"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/email"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is send_email bindings.
var Kind = bindings.Kind{Name: folder, Bind: bind}

const folder = "email"

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, c := range cfg.SendEmail {
		b.Env(c.Name, func(js *jsg.Scope) (jsg.Value, error) {
			return senderClass.Wrap(js, &sender{c, post{b.Session, b.Name}}), nil
		})
	}
	return nil
}

// post keeps what a worker sends, and says so in the log.
type post struct {
	session *bindings.Session
	worker  string
}

func (p post) log(level, format string, args ...any) {
	p.session.Trace.Emit(trace.Record{Kind: trace.Log, Level: level, Worker: p.worker, Time: p.session.Clock.Now(), Name: fmt.Sprintf(format, args...)})
}

// keep writes a file and gives its path.
func (p post) keep(kind, name string, data []byte) (string, error) {
	dir := filepath.Join(p.session.State, folder, kind)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(dir, name)
	return path, os.WriteFile(path, data, 0o644)
}

// fileName is a Message-ID as the name of a file.
func fileName(id, extension string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '_'
		}
		return r
	}, strings.Trim(id, "<>")) + "." + extension
}

// sender is env.NAME.
type sender struct {
	cfg config.SendEmail
	post
}

var senderClass = &jsg.Class[sender]{Name: "SendEmail"}

func init() {
	senderClass.Members = jsg.Members[sender]{jsg.Async("send", 1, (*sender).send)}
}

func (s *sender) send(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	m, ok := email.From(a.Value(0))
	if !ok {
		b, err := email.ReadBuilder(js, a.Value(0), true)
		if err != nil {
			return nil, err
		}
		return s.run(js, func() (string, error) { return s.sendBuilt(b) }), nil
	}
	if err := s.allowed(m.From, []string{m.To}); err != nil {
		return nil, err
	}
	p := js.NewPromise()
	m.Bytes(js, func(js *jsg.Scope, raw []byte, err error) {
		if err != nil {
			p.Reject(js, err)
			return
		}
		p.Resolve(s.run(js, func() (string, error) { return s.sendRaw(m.From, raw) }))
	})
	return p.Promise(), nil
}

func (s *sender) run(js *jsg.Scope, work func() (string, error)) jsg.Value {
	call := op.Call{Binding: s.cfg.Name, Method: "send", Error: failure}
	return op.Run(js, call, func(context.Context) (string, error) { return work() }, func(js *jsg.Scope, id string) (jsg.Value, error) {
		return js.Record("messageId", id), nil
	})
}

// failure is what the application sees: refusals as they are, and of the disk
// that there was trouble.
func failure(err error) error {
	if e, ok := err.(*jsg.Error); ok {
		return e
	}
	return &jsg.Error{Name: "Error", Message: "could not store email: " + err.Error(), Cause: err}
}

// allowed holds addresses to the binding's.
func (s *sender) allowed(from string, to []string) error {
	if list := s.cfg.AllowedSenderAddresses; list != nil && !slices.Contains(list, from) {
		return jsg.Errorf("email from %s not allowed", from)
	}
	for _, address := range to {
		one, list := s.cfg.DestinationAddress, s.cfg.AllowedDestinationAddresses
		if one != "" && address != one || list != nil && !slices.Contains(list, address) {
			return jsg.Errorf("email to %s not allowed", address)
		}
	}
	return nil
}

func (s *sender) sendRaw(from string, raw []byte) (string, error) {
	m, err := email.Parse(raw)
	switch {
	case err != nil:
		return "", jsg.Errorf("could not parse email: %v", err)
	case m.Get("Message-ID") == "":
		return "", jsg.Errorf("invalid message-id")
	case m.From() != from:
		return "", jsg.Errorf("From: header does not match mail from")
	case m.Get("Received") != "":
		return "", jsg.Errorf("invalid headers set")
	}
	id := email.NewMessageID(from)
	path, err := s.keep("email", fileName(id, "eml"), m.WithMessageID(id))
	if err != nil {
		return "", err
	}
	s.log("info", "send_email binding called with the following message:\nEmail: %s", path)
	return id, nil
}

func (s *sender) sendBuilt(b *email.Builder) (string, error) {
	var to []string
	for _, address := range b.To {
		to = append(to, email.Address(address))
	}
	if err := s.allowed(email.Address(b.From), to); err != nil {
		return "", err
	}
	id := email.NewMessageID(email.Address(b.From))
	text := "send_email binding called with MessageBuilder:\nFrom: " + b.From + "\nTo: " + strings.Join(b.To, ", ")
	if len(b.Cc) > 0 {
		text += "\nCc: " + strings.Join(b.Cc, ", ")
	}
	if len(b.Bcc) > 0 {
		text += "\nBcc: " + strings.Join(b.Bcc, ", ")
	}
	text += "\nSubject: " + b.Subject + "\n"
	note := func(label, kind, name string, data []byte) error {
		path, err := s.keep(kind, name, data)
		text += "\n" + label + path
		return err
	}
	var err error
	if b.Text != "" {
		err = note("Text: ", "email-text", fileName(id, "txt"), []byte(b.Text))
	}
	if b.HTML != "" && err == nil {
		err = note("HTML: ", "email-html", fileName(id, "html"), []byte(b.HTML))
	}
	for i, a := range b.Attachments {
		if err == nil {
			extension := strings.TrimPrefix(filepath.Ext(a.Filename), ".")
			if extension == "" || len(extension) > 32 {
				extension = "bin"
			}
			err = note(fmt.Sprintf("Attachment (%s): %s -> ", a.Disposition, a.Filename), "email-attachment", fileName(fmt.Sprintf("%s-%d", strings.Trim(id, "<>"), i+1), extension), a.Content)
		}
	}
	if err != nil {
		return "", err
	}
	s.log("info", "%s", text)
	return id, nil
}
