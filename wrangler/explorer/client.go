package explorer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Client speaks to an API: that of a running session, or one in this process.
type Client struct {
	// Base is the address of the session, as http://localhost:8787.
	Base string
	HTTP *http.Client
}

// Local is a client of an API in this process.
func Local(a *API) *Client {
	return &Client{Base: "http://localhost", HTTP: &http.Client{Transport: inProcess{a}}}
}

// Path joins the parts of an address, escaped.
func Path(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, p := range parts {
		escaped[i] = url.PathEscape(p)
	}
	return "/" + strings.Join(escaped, "/")
}

// Request is a request to an API.
type Request struct {
	Method string
	Path   string // below Prefix, escaped
	Query  url.Values
	Header http.Header
	Body   io.Reader
	Length int64 // of Body; -1 for unknown
}

// Do sends a request and returns the answer, whose body must be closed. A
// refusal is an *Error.
func (c *Client) Do(ctx context.Context, r Request) (*http.Response, error) {
	address := c.Base + Prefix + r.Path
	if len(r.Query) > 0 {
		address += "?" + r.Query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, address, r.Body)
	if err != nil {
		return nil, err
	}
	if r.Body != nil && r.Length != 0 {
		req.ContentLength = r.Length
	}
	for k, v := range r.Header {
		req.Header[k] = v
	}
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the session at %s does not answer: %w", c.Base, err)
	}
	if resp.StatusCode < 400 {
		return resp, nil
	}
	defer resp.Body.Close()
	var e Envelope
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil || json.Unmarshal(text, &e) != nil || len(e.Errors) == 0 {
		return nil, fmt.Errorf("%s: %s", resp.Status, bytes.TrimSpace(text))
	}
	e.Errors[0].Status = resp.StatusCode
	return nil, e.Errors[0]
}

// Call is Do for what answers with a result, read into result and info where
// they are not nil.
func (c *Client) Call(ctx context.Context, r Request, result, info any) error {
	resp, err := c.Do(ctx, r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return json.NewDecoder(resp.Body).Decode(&Envelope{Result: result, ResultInfo: info})
}

// Transport answers requests by a handler, without a network in between.
func Transport(h http.Handler) http.RoundTripper { return inProcess{h} }

// inProcess answers requests by a handler, without a network in between.
type inProcess struct{ http.Handler }

// RoundTrip implements http.RoundTripper.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	body, w := io.Pipe()
	answer := &answer{header: http.Header{}, w: w, begun: make(chan int, 1)}
	served := r.Clone(r.Context())
	if served.Body == nil {
		served.Body = http.NoBody
	}
	go func() {
		t.ServeHTTP(answer, served)
		answer.WriteHeader(http.StatusOK)
		served.Body.Close()
		w.Close()
	}()
	select {
	case status := <-answer.begun:
		return &http.Response{
			Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), StatusCode: status,
			Header: answer.header, Body: body, ContentLength: -1, Request: r,
		}, nil
	case <-r.Context().Done():
		body.CloseWithError(r.Context().Err())
		return nil, r.Context().Err()
	}
}

// answer is the http.ResponseWriter of inProcess.
type answer struct {
	header http.Header
	w      *io.PipeWriter
	begun  chan int // the status, once
	wrote  bool
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if !a.wrote {
		a.wrote = true
		a.begun <- status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.w.Write(p)
}
