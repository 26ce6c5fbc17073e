package email

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/runtime/api/email"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
)

// MaxSize is how large a message that comes in may be.
const MaxSize = 25 << 20

// ErrInvalid is wrapped by what is wrong with a message before a worker gets it.
var ErrInvalid = errors.New("invalid email")

type invalid struct{ text string }

func (e invalid) Error() string        { return e.text }
func (e invalid) Is(target error) bool { return target == ErrInvalid }

// Result is what a worker did with a message.
type Result struct {
	// Outcome is "ok" or "exception".
	Outcome      string    `json:"outcome"`
	RejectReason *string   `json:"rejectReason,omitempty"`
	Forwards     []Forward `json:"forwards"`
	Replies      []Reply   `json:"replies"`
	Events       []Event   `json:"events"`
}

// Forward is a message passed on.
type Forward struct {
	Recipient string      `json:"recipient"`
	Headers   [][2]string `json:"headers"`
	MessageID string      `json:"messageId"`
}

// Reply is an answer to the sender.
type Reply struct {
	MessageID string `json:"messageId"`
	Sender    string `json:"sender"`
	Raw       string `json:"raw"`
}

// Event is one thing that happened: "received", "reject", "forward", "reply" or
// "unhandled".
type Event struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"`
	MessageID string `json:"messageId,omitempty"`
}

// Deliver gives a message to a worker. The error is ErrInvalid if it is none,
// worker.ErrNoEmailHandler, or what the handler threw; there is a result with the
// latter two.
func Deliver(ctx context.Context, s *bindings.Session, w *worker.Worker, from, to string, raw []byte) (*Result, error) {
	if len(raw) > MaxSize {
		return nil, invalid{"Email message size is bigger than the production size limit of 25 MiB."}
	}
	m, err := email.Parse(raw)
	if err != nil {
		return nil, invalid{"Email could not be parsed: " + err.Error()}
	}
	if m.Get("Message-ID") == "" {
		return nil, invalid{"Email could not be parsed: invalid or no message id provided"}
	}
	m.Raw = m.Without("Bcc")
	m.Fields = slices.DeleteFunc(m.Fields, func(f email.Field) bool { return strings.EqualFold(f.Name, "Bcc") })
	box := &mailbox{post: post{s, w.Name()}, mail: m, from: from, result: Result{Outcome: "ok", Forwards: []Forward{}, Replies: []Reply{}}}
	if m.From() != from {
		box.log("warn", "Provided MAIL FROM address doesn't match the email message's \"From\" header:\n  MAIL FROM: %s\n  \"From\" header: %s", from, m.From())
	}
	if list := m.Addresses("To"); !slices.Contains(list, to) {
		box.log("warn", "Provided RCPT TO address doesn't match any \"To\" header in the email message:\n  RCPT TO: %s\n  \"To\" header: %s", to, strings.Join(list, ", "))
	}
	box.event("received", "")
	err = w.Email(ctx, &worker.Email{From: from, To: to, Raw: m.Raw, Header: m.Header(), Mailbox: box})
	box.mu.Lock()
	defer box.mu.Unlock()
	if err != nil {
		box.result.Outcome = "exception"
	}
	if errors.Is(err, worker.ErrNoEmailHandler) {
		box.result.Events = nil
		box.event("unhandled", "")
	}
	r := box.result
	return &r, err
}

// mailbox is one message in the hands of a worker.
type mailbox struct {
	post
	mail *email.Mail
	from string

	mu     sync.Mutex
	result Result
}

// event notes one. Others than Deliver hold mu.
func (b *mailbox) event(kind, id string) {
	at := b.session.Clock.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	b.result.Events = append(b.result.Events, Event{kind, at, id})
}

// Reject implements worker.Mailbox.
func (b *mailbox) Reject(reason string) {
	b.log("error", "Email handler rejected message with the following reason: %q", reason)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.event("reject", "")
	b.result.RejectReason = &reason
}

// Forward implements worker.Mailbox.
func (b *mailbox) Forward(to string, header http.Header) (string, error) {
	text := "Email handler forwarded message with\n  rcptTo: " + to
	pairs := [][2]string{}
	for name, values := range header {
		for _, v := range values {
			pairs = append(pairs, [2]string{strings.ToLower(name), v})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	if len(pairs) > 0 {
		text += "\n  headers:"
		for _, p := range pairs {
			text += fmt.Sprintf("\n    %s: %s", p[0], p[1])
		}
	}
	b.log("info", "%s", text)
	id := email.NewMessageID(to)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.event("forward", id)
	b.result.Forwards = append(b.result.Forwards, Forward{to, pairs, id})
	return id, nil
}

// replyable holds a message to the rules for those that may be answered.
func (b *mailbox) replyable() error {
	in := b.mail
	suppress, submitted := strings.ToLower(in.Get("X-Auto-Response-Suppress")), strings.ToLower(in.Get("Auto-Submitted"))
	_, inReply := in.Lookup("In-Reply-To")
	references, refers := in.Lookup("References")
	if strings.Count(references, "@") >= 100 {
		b.log("error", "The incoming email's \"References\" header has more than 100 entries, so the Worker cannot respond to it. Refer to https://developers.cloudflare.com/email-routing/email-workers/reply-email-workers/")
	}
	if suppress != "" && suppress != "none" || submitted != "" && submitted != "no" || inReply != refers || strings.Count(references, "@") >= 100 {
		return jsg.Errorf("Original email is not replyable")
	}
	return nil
}

// Reply implements worker.Mailbox.
func (b *mailbox) Reply(from, _ string, raw []byte) (string, error) {
	if err := b.replyable(); err != nil {
		return "", err
	}
	m, err := email.Parse(raw)
	if err != nil {
		return "", jsg.Errorf("could not parse email: %v", err)
	}
	original, references := b.mail.Get("Message-ID"), b.mail.Get("References")
	answers, given := m.Lookup("References")
	id, hasID := m.Lookup("Message-ID")
	switch {
	case m.From() != from:
		return "", jsg.Errorf("From: header does not match mail from")
	case hasID && id == "":
		return "", jsg.Errorf("invalid message-id")
	case m.Get("Received") != "":
		return "", jsg.Errorf("invalid headers set")
	case m.Get("In-Reply-To") == "":
		return "", jsg.Errorf("no In-Reply-To header found in reply message")
	case m.Get("In-Reply-To") != original:
		return "", jsg.Errorf("In-Reply-To does not match original Message-ID")
	case given && !(strings.Contains(answers, original) && strings.Contains(answers, references)):
		return "", jsg.Errorf("provided References header is invalid")
	case !given:
		m.Raw = append([]byte("References: "+strings.TrimSpace(references+" "+original)+"\r\n"), m.Raw...)
	}
	id = email.NewMessageID(from)
	return id, b.replied(id, from, m.WithMessageID(id))
}

// ReplyWith implements worker.Mailbox.
func (b *mailbox) ReplyWith(r *email.Builder) (string, error) {
	if err := b.replyable(); err != nil {
		return "", err
	}
	if err := r.Check(); err != nil {
		return "", err
	}
	r.To, r.Cc, r.Bcc = []string{b.from}, nil, nil
	id, original := email.NewMessageID(email.Address(r.From)), b.mail.Get("Message-ID")
	raw := r.MIME(id, b.session.Clock.Now(), email.Field{Name: "In-Reply-To", Value: original},
		email.Field{Name: "References", Value: strings.TrimSpace(b.mail.Get("References") + " " + original)})
	return id, b.replied(id, r.From, raw)
}

func (b *mailbox) replied(id, sender string, raw []byte) error {
	path, err := b.keep("reply", fileName(id, "eml"), raw)
	if err != nil {
		return failure(err)
	}
	b.log("info", "Email handler replied to sender with the following message:\n  %s", path)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.event("reply", id)
	b.result.Replies = append(b.result.Replies, Reply{id, sender, string(raw)})
	return nil
}
