package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Client asks an API: that of a running session, or one in this process.
type Client struct {
	// Base is the address of the session, as http://localhost:8787.
	Base string
	HTTP *http.Client
}

// Do sends a request to an address below Prefix and gives the answer, whose body
// must be closed. A refusal is an error.
func (c *Client) Do(ctx context.Context, method, path string, query url.Values, body io.Reader) (*http.Response, error) {
	address := c.Base + Prefix + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the session at %s does not answer: %w", c.Base, err)
	}
	if resp.StatusCode < 400 {
		return resp, nil
	}
	defer resp.Body.Close()
	var f Failure
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&f); err != nil || f.Error == "" {
		return nil, errors.New(resp.Status)
	}
	return nil, errors.New(f.Error)
}

// Call is Do for what answers with JSON, read into v unless that is nil.
func (c *Client) Call(ctx context.Context, method, path string, query url.Values, v any) error {
	resp, err := c.Do(ctx, method, path, query, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if v == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(v)
}
