package websocket

import "github.com/miniworker/miniworker/runtime/jsg"

// RequestResponsePair is a message a hibernating Durable Object has answered
// without being woken, and the answer.
type RequestResponsePair struct{ Request, Response string }

var pairResponseClass = &jsg.Class[RequestResponsePair]{
	Name: "WebSocketRequestResponsePair",
	New: func(js *jsg.Scope, a *jsg.Args) (*RequestResponsePair, error) {
		if err := a.Require(2); err != nil {
			return nil, err
		}
		return &RequestResponsePair{Request: a.String(0), Response: a.String(1)}, a.Err()
	},
	Members: jsg.Members[RequestResponsePair]{
		jsg.Getter("request", func(p *RequestResponsePair, js *jsg.Scope) (jsg.Value, error) { return js.String(p.Request), nil }),
		jsg.Getter("response", func(p *RequestResponsePair, js *jsg.Scope) (jsg.Value, error) { return js.String(p.Response), nil }),
	},
}

// RequestResponsePairClass is WebSocketRequestResponsePair.
func RequestResponsePairClass() *jsg.Class[RequestResponsePair] { return pairResponseClass }
