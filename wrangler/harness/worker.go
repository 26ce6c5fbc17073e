package harness

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/miniworker/miniworker/bindings/d1"
	"github.com/miniworker/miniworker/bindings/email"
	"github.com/miniworker/miniworker/bindings/kv"
	"github.com/miniworker/miniworker/bindings/r2"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/wire"
	"github.com/miniworker/miniworker/wrangler/project"
)

// Worker is one worker of the project.
type Worker struct {
	h *Harness
	m *project.Member
}

// Worker finds a worker by its name.
func (h *Harness) Worker(name string) *Worker {
	h.t.Helper()
	m := h.project.Member(name)
	if m == nil {
		h.t.Fatalf("harness: no worker of the project is called %q", name)
	}
	return &Worker{h, m}
}

// Fetch gives a request to the worker's code, past routes and assets. What the
// code throws ends the test; FetchError gives it back.
func (w *Worker) Fetch(method, url, body string, headers ...string) *http.Response {
	w.h.t.Helper()
	resp, err := w.FetchError(method, url, body, headers...)
	if err != nil {
		w.h.t.Fatalf("harness: %s %s: %v", method, url, err)
	}
	return resp
}

// FetchError is Fetch for a worker that is expected to throw.
func (w *Worker) FetchError(method, url, body string, headers ...string) (*http.Response, error) {
	req, err := request(w.h.t.Context(), method, url, body, headers)
	if err != nil {
		return nil, err
	}
	span := trace.NewSpan()
	in := &wire.Request{Method: method, URL: url, Header: req.Header, Span: span}
	if body != "" {
		in.Body = wire.NewBytesBody([]byte(body))
	}
	resp, err := w.m.Handle.Fetch(w.h.t.Context(), in)
	if err != nil {
		return nil, err
	}
	out := &http.Response{
		StatusCode: resp.Status, Status: strconv.Itoa(resp.Status) + " " + resp.StatusText, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: resp.Header, Body: http.NoBody, Request: req,
	}
	if out.Header == nil {
		out.Header = http.Header{}
	}
	out.Header.Set(spanHeader, strconv.FormatUint(span, 10))
	if resp.WebSocket != nil {
		resp.WebSocket.Close(1000, "")
	}
	if resp.Body != nil {
		out.Body, out.ContentLength = resp.Body, resp.Body.Len()
		w.h.t.Cleanup(func() { resp.Body.Close() })
	}
	return out, nil
}

// Scheduled runs the worker's scheduled() for a cron expression, as at the time
// of the clock, and waits until it and what it gave to waitUntil are done.
func (w *Worker) Scheduled(cron string) error {
	return w.ScheduledAt(w.h.t.Context(), cron, w.h.Clock.Now())
}

// ScheduledAt is Scheduled at another time.
func (w *Worker) ScheduledAt(ctx context.Context, cron string, at time.Time) error {
	current := w.m.Handle.Current()
	if current == nil {
		return w.m.Handle.Err()
	}
	_, err := current.Scheduled(ctx, cron, at)
	return err
}

// Email gives a message to the worker's email() and tells what that did with it.
func (w *Worker) Email(from, to, raw string) (*email.Result, error) {
	current := w.m.Handle.Current()
	if current == nil {
		return nil, w.m.Handle.Err()
	}
	return email.Deliver(w.h.t.Context(), w.h.project.Session(), current, from, to, []byte(raw))
}

// R2 is the bucket behind a binding of this worker.
func (w *Worker) R2(binding string) *r2.Bucket {
	w.h.t.Helper()
	return shared(w.h, w.self(), "R2 bucket", binding, buckets, w.h.bucket)
}

// KV is the namespace behind a binding of this worker.
func (w *Worker) KV(binding string) *kv.Namespace {
	w.h.t.Helper()
	return shared(w.h, w.self(), "KV namespace", binding, namespaces, w.h.namespace)
}

// D1 is the database behind a binding of this worker.
func (w *Worker) D1(binding string) *d1.Database {
	w.h.t.Helper()
	return shared(w.h, w.self(), "D1 database", binding, databases, w.h.database)
}

// DurableObject is the object of a name behind a binding of this worker.
func (w *Worker) DurableObject(binding, name string) *DurableObject {
	w.h.t.Helper()
	return shared(w.h, w.self(), "Durable Object", binding, classes, func(class string) (*DurableObject, error) { return w.h.object(class, name) })
}

func (w *Worker) self() []*project.Member { return []*project.Member{w.m} }
