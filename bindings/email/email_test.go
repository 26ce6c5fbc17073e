package email

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/email"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func testPost(t *testing.T) (post, *[]string) {
	var log []string
	bus := &trace.Bus{}
	t.Cleanup(bus.Subscribe(func(r trace.Record) { log = append(log, r.Level+": "+r.Name) }))
	return post{&bindings.Session{State: t.TempDir(), Clock: clock.Real, Trace: bus}, "w"}, &log
}

func TestSentMessagesAreFilesThatTheLogNames(t *testing.T) {
	p, log := testPost(t)
	s := &sender{config.SendEmail{Name: "MAIL"}, p}
	id, err := s.sendRaw("me@example.com", []byte("From: me@example.com\r\nMessage-ID: <own@x>\r\nSubject: hi\r\n\r\nbody"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(p.session.State, "email", "email", strings.Trim(id, "<>")+".eml")
	if data, err := os.ReadFile(path); err != nil || string(data) != "From: me@example.com\r\nMessage-ID: "+id+"\r\nSubject: hi\r\n\r\nbody" {
		t.Errorf("%q %v", data, err)
	}
	b := &email.Builder{From: "Me <me@example.com>", To: []string{"a@e.com"}, Subject: "s", Text: "text", HTML: "<b>", Attachments: []email.Attachment{{Filename: "../x.csv", Disposition: "attachment", Content: []byte("1,2")}}}
	if id, err = s.sendBuilt(b); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(p.session.State, "email", "email-attachment", strings.Trim(id, "<>")+"-1.csv")
	if data, err := os.ReadFile(name); err != nil || string(data) != "1,2" {
		t.Errorf("%q %v", data, err)
	}
	all := strings.Join(*log, "\n")
	for _, want := range []string{"info: send_email binding called with the following message:\nEmail: " + path, "Attachment (attachment): ../x.csv -> " + name, "Text: ", "HTML: "} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
}

func TestTroubleWithTheDiskIsAnError(t *testing.T) {
	p, log := testPost(t)
	if err := os.WriteFile(filepath.Join(p.session.State, "email"), nil, 0o644); err != nil { // where the folder should be
		t.Fatal(err)
	}
	s := &sender{config.SendEmail{Name: "MAIL"}, p}
	_, err := s.sendRaw("me@example.com", []byte("From: me@example.com\r\nMessage-ID: <own@x>\r\n\r\nbody"))
	if err == nil || !strings.HasPrefix(failure(err).Error(), "Error: could not store email") && !strings.Contains(failure(err).Error(), "could not store email") {
		t.Error(err)
	}
	if len(*log) != 0 {
		t.Errorf("said to be sent: %v", *log)
	}
}
