package websocket

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/api/url"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// connect is new WebSocket(url, protocols): a client socket. The handshake goes
// to where fetch goes, so a socket to a worker of this project stays inside.
func connect(js *jsg.Scope, a *jsg.Args) (*WebSocket, error) {
	if err := a.Require(1); err != nil {
		return nil, err
	}
	address := a.String(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	parsed, err := url.Parse(address, "")
	if err != nil || !strings.Contains(address, "://") {
		return nil, jsg.DOMErrorf("SyntaxError", "WebSocket Constructor: The url is invalid.")
	}
	target, ok := httpURL(parsed.Href())
	if !ok {
		return nil, jsg.DOMErrorf("SyntaxError", "WebSocket Constructor: The url scheme must be ws or wss.")
	}
	if parsed.Hash() != "" {
		return nil, jsg.DOMErrorf("SyntaxError", "WebSocket Constructor: The url fragment must be empty.")
	}
	protocols, err := protocolList(js, a)
	if err != nil {
		return nil, err
	}
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	if _, err := c.Subrequest(js); err != nil {
		return nil, err
	}
	w := &WebSocket{State: &State{URL: address}, connecting: true}
	req := &wire.Request{Method: "GET", URL: target, Header: http.Header{"Upgrade": {"websocket"}}, Zone: c.Zone, Hops: c.Hops, Calls: c.Invocations(), Entry: c.Entry, Span: iocontext.CurrentFrame(js).Span}
	if len(protocols) > 0 {
		req.Header.Set("Sec-Websocket-Protocol", strings.Join(protocols, ", "))
	}
	w.dial(js, c, req)
	return w, nil
}

func httpURL(href string) (string, bool) {
	scheme, rest, _ := strings.Cut(href, ":")
	switch scheme {
	case "ws":
		return "http:" + rest, true
	case "wss":
		return "https:" + rest, true
	}
	return "", false
}

func protocolList(js *jsg.Scope, a *jsg.Args) (list []string, err error) {
	switch v := a.Value(1); {
	case jsg.IsNullish(v):
	case !jsg.IsArray(v):
		list = []string{a.String(1)}
		err = a.Err()
	default:
		err = js.Iterate(v, func(v jsg.Value) (bool, error) { list = append(list, v.String()); return true, nil })
	}
	if err == nil && repeats(list) {
		return nil, jsg.DOMErrorf("SyntaxError", "WebSocket Constructor: The protocols header cannot have repeating values.")
	}
	if err == nil && !validProtocols(list) {
		if jsg.IsArray(a.Value(1)) {
			return nil, jsg.DOMErrorf("SyntaxError", "WebSocket Constructor: One of the protocol header tokens is invalid.")
		}
		err = jsg.DOMErrorf("SyntaxError", "WebSocket Constructor: The protocol header token is invalid.")
	}
	return list, err
}

func repeats(list []string) bool {
	for i, p := range list {
		if slices.Contains(list[:i], p) {
			return true
		}
	}
	return false
}

func (w *WebSocket) dial(js *jsg.Scope, c *iocontext.Context, req *wire.Request) {
	out := iocontext.Outbound(js)
	op := c.Begin(js)
	c.Output(func() {
		go func() {
			resp, err := out.Fetch(c.Context(), req)
			op.Finish(func(js *jsg.Scope) { w.opened(js, resp, err) })
		}()
	})
}

func (w *WebSocket) opened(js *jsg.Scope, resp *wire.Response, err error) {
	w.connecting = false
	if err != nil || resp.WebSocket == nil {
		w.CloseSent, w.CloseReceived = true, true
		text := "Failed to establish the WebSocket connection."
		if err == nil {
			if resp.Body != nil {
				resp.Body.Close()
			}
			text = fmt.Sprintf("Failed to establish the WebSocket connection: expected server to reply with HTTP status code 101 (switching protocols), but received %d instead.", resp.Status)
		}
		w.fire(js, events.NewErrorEvent(js, js.ErrorValue(jsg.TypeErrorf("%s", text))))
		w.fire(js, &events.NewCloseEvent(js, 1006, "Failed to establish websocket connection", false).Event)
		return
	}
	w.Socket = resp.WebSocket
	w.Protocol = resp.Header.Get("Sec-Websocket-Protocol")
	w.Extensions = resp.Header.Get("Sec-Websocket-Extensions")
	if err := w.listen(js); err != nil {
		w.Socket.Close(1006, "")
		return
	}
	w.fire(js, events.NewEvent("open"))
}
