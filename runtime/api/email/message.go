package email

import (
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Message is an EmailMessage: what a worker made to send or to reply with.
type Message struct {
	jsg.Instance
	From, To string
	raw      jsg.Value
}

var class = &jsg.Class[Message]{Name: "EmailMessage", Length: 3, Script: true}

func init() {
	class.New = func(js *jsg.Scope, a *jsg.Args) (*Message, error) {
		for i, want := range []string{"string", "string", "ReadableStream or string"} {
			if !a.Has(i) {
				a.Mismatch(i, want)
			}
		}
		m := &Message{From: a.String(0), To: a.String(1), raw: a.Value(2)}
		return m, a.Err()
	}
	class.Members = jsg.Members[Message]{
		address("from", func(m *Message) *string { return &m.From }),
		address("to", func(m *Message) *string { return &m.To }),
	}
}

// address is the property that holds an address, which can be assigned.
func address(name string, of func(m *Message) *string) jsg.Member[Message] {
	return jsg.OwnLive(name, func(m *Message, js *jsg.Scope) (jsg.Value, error) { return js.String(*of(m)), nil },
		func(m *Message, _ *jsg.Scope, v jsg.Value) error {
			*of(m) = v.String()
			return nil
		})
}

// From is the brand check.
func From(v jsg.Value) (*Message, bool) { return class.From(v) }

// Module is the namespace of cloudflare:email.
func Module(js *jsg.Scope) (*jsg.Object, error) {
	ns := js.NewObject()
	js.Define(ns, "EmailMessage", class.Constructor(js))
	return ns, nil
}

// Bytes reads the message to its end and calls done, now or in a later turn.
func (m *Message) Bytes(js *jsg.Scope, done func(js *jsg.Scope, raw []byte, err error)) {
	if s, ok := streams.From(m.raw); ok {
		s.ReadAll(js, done)
		return
	}
	data, err := content(js, m.raw)
	done(js, data, err)
}

// content is text or bytes.
func content(js *jsg.Scope, v jsg.Value) ([]byte, error) {
	if b, ok := jsg.Bytes(v); ok {
		return append([]byte(nil), b...), nil
	}
	if !jsg.IsString(v) {
		return nil, jsg.TypeErrorf("The content of an email must be a string, an ArrayBuffer or a ReadableStream.")
	}
	return []byte(v.String()), nil
}
