package harness

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/bindings/email"
	"github.com/miniworker/miniworker/runtime/worker"
)

func TestEmail(t *testing.T) {
	t.Parallel()
	h := Start(t, Config{Configs: []string{"testdata/mail", "testdata/notes"}})
	changing := regexp.MustCompile(`[A-Za-z0-9]{36}|\d{4}-\d\d-\d\dT[\d:.]+Z`)
	for _, test := range []struct{ subject, more, want, err string }{
		{subject: "nothing", want: `{"outcome":"ok","forwards":[],"replies":[],"events":[received]}`},
		{subject: "reject", want: `{"outcome":"ok","rejectReason":"no thanks","forwards":[],"replies":[],"events":[received,reject]}`},
		{subject: "throw", want: `{"outcome":"exception","forwards":[],"replies":[],"events":[received]}`, err: "Error: broken"},
		{subject: "forward", want: `{"outcome":"ok","forwards":[{"recipient":"else@example.com","headers":[["x-a","1"]],"messageId":"<*@example.com>"}],"replies":[],"events":[received,forward]}`},
		{subject: "reply", want: `{"outcome":"ok","forwards":[],"replies":[{"messageId":"<*@e.com>","sender":"b@e.com","raw":"References: <1@e.com>\r\nFrom: b@e.com\r\nIn-Reply-To: <1@e.com>\r\nMessage-ID: <*@e.com>\r\n\r\nyes"}],"events":[received,reply]}`},
		{subject: "wrong", want: `{"outcome":"exception","forwards":[],"replies":[],"events":[received]}`, err: "Error: no In-Reply-To header found in reply message"},
		{subject: "reply", more: "Auto-Submitted: auto-replied\r\n", want: `{"outcome":"exception","forwards":[],"replies":[],"events":[received]}`, err: "Error: Original email is not replyable"},
		{subject: "resend", want: `{"outcome":"ok","forwards":[],"replies":[],"events":[received]}`},
	} {
		r, err := h.Worker("mail").Email("a@e.com", "b@e.com", "From: a@e.com\r\nTo: b@e.com\r\nMessage-ID: <1@e.com>\r\n"+test.more+"Subject: "+test.subject+"\r\nBcc: c@e.com\r\n\r\nbody")
		if text := ""; err != nil {
			if text = err.Error(); text != test.err {
				t.Errorf("%s: %v", test.subject, err)
			}
		} else if test.err != "" {
			t.Errorf("%s: no error", test.subject)
		}
		var out strings.Builder
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		if err := e.Encode(r); err != nil {
			t.Fatal(err)
		}
		got := changing.ReplaceAllString(strings.TrimSpace(out.String()), "*")
		got = regexp.MustCompile(`\{"type":"(\w+)","timestamp":"\*"(,"messageId":"[^"]*")?\}`).ReplaceAllString(got, "$1")
		if got != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.subject, got, test.want)
		}
	}
	if r, err := h.Worker("notes").Email("a@e.com", "b@e.com", "Message-ID: <1@e.com>\r\n\r\n"); !errors.Is(err, worker.ErrNoEmailHandler) || r.Events[0].Type != "unhandled" {
		t.Error(r, err)
	}
	if _, err := h.Worker("mail").Email("a@e.com", "b@e.com", "Subject: x\r\n\r\n"); !errors.Is(err, email.ErrInvalid) {
		t.Error(err)
	}
}
