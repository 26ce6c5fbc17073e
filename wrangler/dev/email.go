package dev

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/miniworker/miniworker/bindings/email"
	"github.com/miniworker/miniworker/runtime/worker"
)

// emailPath gives a message to a worker's email().
const emailPath = "/cdn-cgi/local/email"

// email runs email() of a worker with the message in the body: ?from=, ?to=,
// ?worker= (default: the first), ?format=json.
func (s *Session) email(w http.ResponseWriter, r *http.Request) {
	p := s.current()
	if p == nil {
		plain(w, http.StatusServiceUnavailable, "the session is stopping")
		return
	}
	q := r.URL.Query()
	m := p.Members()[0]
	if name := q.Get("worker"); name != "" {
		if m = p.Member(name); m == nil {
			plain(w, http.StatusNotFound, fmt.Sprintf("no worker named %q in this project", name))
			return
		}
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, email.MaxSize+1))
	if err != nil {
		plain(w, http.StatusBadRequest, err.Error())
		return
	}
	from, to := q.Get("from"), q.Get("to")
	if from == "" || to == "" || len(raw) == 0 {
		plain(w, http.StatusBadRequest, "Invalid email. Your request must include URL parameters specifying the `from` and `to` addresses, as well as an email in the body")
		return
	}
	current := m.Handle.Current()
	if current == nil {
		plain(w, http.StatusInternalServerError, m.Handle.Err().Error())
		return
	}
	result, err := email.Deliver(r.Context(), p.Session(), current, from, to, raw)
	answerEmail(w, q.Get("format") == "json", result, err)
}

// plain answers with a text and nothing after it, as wrangler does.
func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the client may be gone
}

func answerEmail(w http.ResponseWriter, asJSON bool, result *email.Result, err error) {
	status := http.StatusOK
	if err != nil {
		status = http.StatusInternalServerError
	}
	switch {
	case errors.Is(err, email.ErrInvalid):
		plain(w, http.StatusBadRequest, err.Error())
	case asJSON && result != nil:
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		_ = e.Encode(result) // it is all text
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write(bytes.TrimSpace(out.Bytes()))
	case errors.Is(err, worker.ErrNoEmailHandler):
		plain(w, status, "Worker does not export an email() handler.")
	case err != nil:
		plain(w, status, err.Error())
	case result.RejectReason != nil:
		plain(w, http.StatusBadRequest, "Worker rejected email with the following reason: "+*result.RejectReason)
	default:
		plain(w, status, "Worker successfully processed email")
	}
}
