package dev

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/miniworker/miniworker/bindings/queues"
	"github.com/miniworker/miniworker/wrangler/control"
)

// queuesPath is where queues are looked at and sent to from outside:
//
//	GET  …/queues                        what there is
//	POST …/queues/NAME/messages          {"body": …, "content_type": "json", "delay_seconds": 0}
//	POST …/queues/NAME/messages/batch    {"messages": [{"body": …}, …], "delay_seconds": 0}
//	POST …/queues/NAME/flush             delivers now; ?delayed=true also what is delayed
//
// Bodies and answers are those of Cloudflare's API.
const queuesPath = "/cdn-cgi/local/queues"

func (s *Session) queueRoutes(mux control.Mux) {
	mux.HandleFunc("GET "+queuesPath, s.listQueues)
	mux.HandleFunc("POST "+queuesPath+"/{name}/messages", s.withQueue(sendMessage))
	mux.HandleFunc("POST "+queuesPath+"/{name}/messages/batch", s.withQueue(sendMessages))
	mux.HandleFunc("POST "+queuesPath+"/{name}/flush", s.withQueue(func(q *queues.Queue, r *http.Request) (any, error) {
		return nil, q.Flush(r.URL.Query().Get("delayed") == "true")
	}))
}

// envelope is the form of all answers.
type envelope struct {
	Success  bool       `json:"success"`
	Errors   []apiError `json:"errors"`
	Messages []string   `json:"messages"`
	Result   any        `json:"result"`
}

type apiError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func answer(w http.ResponseWriter, status int, result any, err error) {
	e := envelope{Success: err == nil, Errors: []apiError{}, Messages: []string{}, Result: result}
	if err != nil {
		e.Errors = append(e.Errors, apiError{status, err.Error()})
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(e)
}

// withQueue finds the queue of the path: one that a worker of the project
// produces for or consumes.
func (s *Session) withQueue(f func(q *queues.Queue, r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p := s.current()
		if p == nil {
			answer(w, http.StatusServiceUnavailable, nil, errors.New("the session is stopping"))
			return
		}
		for _, q := range queues.All(p.Session()) {
			if q.Name() != r.PathValue("name") {
				continue
			}
			result, err := f(q, r)
			status := http.StatusOK
			if err != nil {
				status = http.StatusBadRequest
			}
			answer(w, status, result, err)
			return
		}
		answer(w, http.StatusNotFound, nil, fmt.Errorf("no worker of this project has a queue named %q; see %s", r.PathValue("name"), queuesPath))
	}
}

// queueView is a queue in the list.
type queueView struct {
	Name     string `json:"queue_name"`
	Consumer string `json:"consumer,omitempty"` // worker
	Count    int64  `json:"backlog_count"`
	Bytes    int64  `json:"backlog_bytes"`
	Oldest   string `json:"oldest_message_timestamp,omitempty"`
}

func (s *Session) listQueues(w http.ResponseWriter, r *http.Request) {
	p := s.current()
	if p == nil {
		answer(w, http.StatusServiceUnavailable, nil, errors.New("the session is stopping"))
		return
	}
	list := []queueView{}
	for _, q := range queues.All(p.Session()) {
		m, err := q.Metrics()
		if err != nil {
			answer(w, http.StatusInternalServerError, nil, err)
			return
		}
		v := queueView{Name: q.Name(), Count: m.Count, Bytes: m.Bytes}
		if c := q.Consumer(); c != nil {
			v.Consumer = c.Worker
		}
		if m.Count > 0 {
			v.Oldest = m.Oldest.UTC().Format(time.RFC3339Nano)
		}
		list = append(list, v)
	}
	answer(w, http.StatusOK, list, nil)
}

// message is a message as Cloudflare's API takes it.
type message struct {
	Body        json.RawMessage `json:"body"`
	ContentType string          `json:"content_type"`
	Delay       *int64          `json:"delay_seconds"`
}

// decode gives a message the form a queue keeps.
func (m message) decode() (out queues.Message, err error) {
	out = queues.Message{ContentType: m.ContentType, Body: m.Body, Delay: m.Delay}
	var text string
	switch m.ContentType {
	case "", "json":
		out.ContentType = "json"
	case "text":
		err = json.Unmarshal(m.Body, &text)
		out.Body = []byte(text)
	case "bytes":
		if err = json.Unmarshal(m.Body, &text); err == nil {
			out.Body, err = base64.StdEncoding.DecodeString(text)
		}
	default:
		err = fmt.Errorf("content_type %q is none of json, text and bytes", m.ContentType)
	}
	if err == nil && m.Body == nil {
		err = errors.New("a message needs a body")
	}
	return out, err
}

// maxRequest is more than a batch with all its escapes may be.
const maxRequest = 8 << 20

func decodeBody(r *http.Request, v any) error {
	data, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("the request is not the JSON of a message: %w", err)
	}
	return nil
}

func sendMessage(q *queues.Queue, r *http.Request) (any, error) {
	var m message
	if err := decodeBody(r, &m); err != nil {
		return nil, err
	}
	out, err := m.decode()
	if err == nil {
		_, err = q.Send(r.Context(), 0, out)
	}
	return nil, err
}

func sendMessages(q *queues.Queue, r *http.Request) (any, error) {
	var b struct {
		Messages []message `json:"messages"`
		Delay    int64     `json:"delay_seconds"`
	}
	if err := decodeBody(r, &b); err != nil {
		return nil, err
	}
	if len(b.Messages) == 0 {
		return nil, errors.New("the batch has no messages")
	}
	list := make([]queues.Message, len(b.Messages))
	for i, m := range b.Messages {
		var err error
		if list[i], err = m.decode(); err != nil {
			return nil, err
		}
	}
	_, err := q.Send(r.Context(), b.Delay, list...)
	return nil, err
}
