package fetch

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/api/headers"
	"github.com/miniworker/miniworker/runtime/api/url"
	"github.com/miniworker/miniworker/runtime/api/websocket"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Response is the Go side of a Response.
type Response struct {
	jsg.Instance
	body.Body
	status     int
	statusText string
	header     http.Header // until headers is made
	headers    *headers.Headers
	fetched    bool // headers are immutable
	isError    bool
	url        string
	redirected bool
	encoded    bool
	socket     *websocket.WebSocket
	cf         jsg.Value
}

var responseClass = &jsg.Class[Response]{Name: "Response", Parent: body.Class(), Upcast: func(r *Response) any {
	return &body.Holder{Body: &r.Body, ContentType: func() []string { return r.currentHeader().Values("Content-Type") }}
}}

// ResponseOf is the brand check.
func ResponseOf(v jsg.Value) (*Response, bool) { return responseClass.From(v) }

func init() {
	responseClass.New = newResponse
	responseClass.Members = jsg.Members[Response]{
		jsg.Static[Response]("error", 0, func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return responseClass.Wrap(js, &Response{isError: true, header: http.Header{}}), nil
		}),
		jsg.Static[Response]("redirect", 1, staticRedirect),
		jsg.Static[Response]("json", 1, staticJSON),
		jsg.Getter("status", func(r *Response, js *jsg.Scope) (jsg.Value, error) { return js.Int(int64(r.status)), nil }),
		jsg.Getter("statusText", func(r *Response, js *jsg.Scope) (jsg.Value, error) { return js.String(r.statusText), nil }),
		jsg.Getter("headers", func(r *Response, js *jsg.Scope) (jsg.Value, error) {
			if r.headers == nil {
				r.headers = headers.New(r.header, r.fetched)
			}
			return r.headers.Wrap(js), nil
		}),
		jsg.Getter("ok", func(r *Response, js *jsg.Scope) (jsg.Value, error) {
			return js.Bool(r.OK()), nil
		}),
		jsg.Getter("redirected", func(r *Response, js *jsg.Scope) (jsg.Value, error) { return js.Bool(r.redirected), nil }),
		jsg.Getter("url", func(r *Response, js *jsg.Scope) (jsg.Value, error) { return js.String(r.url), nil }),
		jsg.Getter("webSocket", func(r *Response, js *jsg.Scope) (jsg.Value, error) {
			if r.socket == nil {
				return jsg.Null, nil
			}
			return r.socket.Wrap(js), nil
		}),
		jsg.Getter("cf", func(r *Response, js *jsg.Scope) (jsg.Value, error) {
			if r.cf == nil {
				return jsg.Undefined, nil
			}
			return r.cf, nil
		}),
		jsg.Getter("type", func(r *Response, js *jsg.Scope) (jsg.Value, error) {
			if r.isError {
				return js.String("error"), nil
			}
			return js.String("default"), nil
		}),
		jsg.Method("clone", 0, (*Response).clone),
	}
}

// WrapResponse makes the Response of a fetched wire.Response, which it owns.
func WrapResponse(js *jsg.Scope, w *wire.Response) *jsg.Object {
	r := &Response{Body: body.FromWire(w.Body), status: w.Status, statusText: cmp.Or(w.StatusText, http.StatusText(w.Status)), header: w.Header, fetched: true, url: w.URL, redirected: w.Redirected, encoded: w.Encoded}
	if w.WebSocket != nil {
		r.socket = websocket.FromWire(w.WebSocket)
	}
	return responseClass.Wrap(js, r)
}

func (r *Response) currentHeader() http.Header {
	if r.headers != nil {
		return r.headers.Header()
	}
	return r.header
}

func newResponse(js *jsg.Scope, a *jsg.Args) (*Response, error) {
	r := &Response{status: 200, header: http.Header{}}
	if err := r.apply(js, a, a.Value(1)); err != nil {
		return nil, err
	}
	b, contentType, err := body.Extract(js, a.Value(0))
	if err != nil {
		return nil, err
	}
	if !b.Null() && nullBodyStatus(r.status) {
		if !jsg.IsString(a.Value(0)) || a.Value(0).String() != "" {
			return nil, jsg.TypeErrorf("Response with null body status (101, 204, 205, or 304) cannot have a body.")
		}
		b = body.Body{}
	}
	r.Body = b
	if contentType != "" && len(r.header["Content-Type"]) == 0 {
		r.header["Content-Type"] = []string{contentType}
	}
	return r, a.Err()
}

func nullBodyStatus(s int) bool { return s == 101 || s == 204 || s == 205 || s == 304 }

// apply reads the ResponseInit, which may be another Response.
func (r *Response) apply(js *jsg.Scope, a *jsg.Args, v jsg.Value) error {
	if src, ok := responseClass.From(v); ok {
		r.status, r.statusText, r.header, r.socket, r.cf, r.encoded = src.status, src.statusText, src.currentHeader().Clone(), src.socket, src.cf, src.encoded
		return nil
	}
	o, ok := jsg.IsObject(v)
	if !ok {
		if !jsg.IsNullish(v) {
			a.Mismatch(1, "InitializerDict or Response")
		}
		return a.Err()
	}
	init := a.DictOf(o)
	r.status = int(init.Int("status", 200))
	r.statusText = init.String("statusText", "")
	if strings.ContainsAny(r.statusText, "\r\n\x00") {
		return jsg.TypeErrorf("Invalid statusText")
	}
	if h := init.Value("headers"); !jsg.IsUndefined(h) {
		filled, err := headers.FillField(js, h, "InitializerDict")
		if err != nil {
			return err
		}
		r.header = filled
	}
	if cf := init.Value("cf"); !jsg.IsUndefined(cf) {
		r.cf = cf
	}
	switch v := init.String("encodeBody", "automatic"); v {
	case "automatic", "manual":
		r.encoded = v == "manual"
	default:
		return jsg.TypeErrorf("encodeBody: unexpected value: %s", v)
	}
	if ws := init.Value("webSocket"); !jsg.IsNullish(ws) {
		socket, ok := websocket.From(ws)
		if !ok {
			return jsg.TypeErrorf("Incorrect type for the 'webSocket' field on 'InitializerDict': the provided value is not of type 'WebSocket'.")
		}
		r.socket = socket
	}
	if r.socket != nil {
		if r.status != 101 {
			return jsg.RangeErrorf("Responses with a WebSocket must have status code 101.")
		}
		r.status = 101
	} else if r.status < 200 || r.status > 599 {
		return jsg.RangeErrorf("Responses may only be constructed with status codes in the range 200 to 599, inclusive.")
	}
	return a.Err()
}

func staticRedirect(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	target, status := a.String(0), int(a.OptInt(1, 302))
	if err := a.Err(); err != nil {
		return nil, err
	}
	if _, err := iocontext.Require(js); err != nil {
		return nil, err
	}
	u, err := url.Parse(target, "")
	if err != nil {
		return nil, jsg.TypeErrorf("Unable to parse URL: %s", target)
	}
	switch status {
	case 301, 302, 303, 307, 308:
	default:
		return nil, jsg.RangeErrorf("%d is not a redirect status code. It must be one of: 301, 302, 303, 307, or 308.", status)
	}
	return responseClass.Wrap(js, &Response{status: status, header: http.Header{"Location": {u.Href()}}, fetched: true}), nil
}

func staticJSON(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	v := a.Any(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	if _, err := iocontext.Require(js); err != nil {
		return nil, err
	}
	text, ok, err := js.JSONStringify(v)
	if err != nil {
		return nil, err
	}
	if !ok {
		text = "undefined" // as workerd answers
	}
	r := &Response{status: 200, header: http.Header{}}
	if err := r.apply(js, a, a.Value(1)); err != nil {
		return nil, err
	}
	if nullBodyStatus(r.status) {
		return nil, jsg.TypeErrorf("Response with null body status (101, 204, 205, or 304) cannot have a body.")
	}
	r.Body = body.FromWire(wire.NewBytesBody([]byte(text)))
	if len(r.header["Content-Type"]) == 0 {
		r.header["Content-Type"] = []string{"application/json"}
	}
	return responseClass.Wrap(js, r), nil
}

func (r *Response) clone(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if r.socket != nil {
		return nil, jsg.TypeErrorf("Cannot clone a response to a WebSocket handshake.")
	}
	b, err := r.Body.Clone(js)
	if err != nil {
		return nil, err
	}
	c := *r
	c.Instance, c.Body, c.headers = jsg.Instance{}, b, nil
	c.header = r.currentHeader().Clone()
	return responseClass.Wrap(js, &c), nil
}

// Status is the status code.
func (r *Response) Status() int { return r.status }

// OK tells whether the status is a success.
func (r *Response) OK() bool { return r.status >= 200 && r.status < 300 }

// ContentType is the Content-Type header.
func (r *Response) ContentType() string { return r.currentHeader().Get("Content-Type") }

// WithBody makes a Response like r with another body, which it owns, as
// new Response(body, r) does.
func (r *Response) WithBody(js *jsg.Scope, b wire.Body) *jsg.Object {
	return responseClass.Wrap(js, &Response{Body: body.FromWire(b), status: r.status, statusText: r.statusText,
		header: r.currentHeader().Clone(), socket: r.socket, cf: r.cf, encoded: r.encoded})
}

// ToWire hands the response on; body and socket are taken.
func (r *Response) ToWire(js *jsg.Scope) (*wire.Response, error) {
	if r.isError {
		return nil, jsg.TypeErrorf("Return value from serve handler must not be an error response (like Response.error())")
	}
	w := &wire.Response{Status: r.status, StatusText: r.statusText, Header: r.currentHeader(), URL: r.url, Redirected: r.redirected, Encoded: r.encoded}
	if r.headers != nil || r.fetched {
		w.Header = w.Header.Clone() // JavaScript may still hold it
	}
	var err error
	if w.Body, err = r.Take(js); err != nil {
		return nil, err
	}
	if r.socket != nil {
		w.WebSocket, err = r.socket.Take()
	}
	return w, err
}
