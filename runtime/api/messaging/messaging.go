// Package messaging emulates MessageChannel and MessagePort within one worker.
//
// It deliberately does not move ports or buffers: a port cannot be posted, and
// the transfer list must be empty, as in workerd.
//
// Where the truth is: https://html.spec.whatwg.org/multipage/web-messaging.html
// and https://developers.cloudflare.com/workers/runtime-apis/messagechannel/.
package messaging

import (
	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// port is one end. Messages that arrive before it is started wait.
type port struct {
	events.Target
	peer            *port
	waiting         []clone.Message
	started, closed bool
	onmessage       jsg.Value
}

type channel struct{ ends [2]*port }

var (
	portClass    = &jsg.Class[port]{Name: "MessagePort", Parent: events.TargetClass(), Upcast: func(p *port) any { return &p.Target }}
	channelClass = &jsg.Class[channel]{Name: "MessageChannel"}
)

// Globals are the classes of this package.
func Globals() []jsg.AnyClass { return []jsg.AnyClass{channelClass, portClass} }

func init() {
	channelClass.New = func(js *jsg.Scope, a *jsg.Args) (*channel, error) {
		x, y := &port{}, &port{}
		x.peer, y.peer = y, x
		return &channel{ends: [2]*port{x, y}}, nil
	}
	end := func(name string, i int) jsg.Member[channel] {
		return jsg.Own(name, func(c *channel, js *jsg.Scope) jsg.Value { return portClass.Wrap(js, c.ends[i]) })
	}
	channelClass.Members = jsg.Members[channel]{end("port2", 1), end("port1", 0)}
	portClass.Members = jsg.Members[port]{
		jsg.Method("postMessage", 0, (*port).postMessage),
		jsg.Method("close", 0, func(p *port, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			p.close(js)
			return jsg.Undefined, nil
		}),
		jsg.Method("start", 0, func(p *port, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			p.start(js)
			return jsg.Undefined, nil
		}),
		jsg.Accessor("onmessage", func(p *port, js *jsg.Scope) (jsg.Value, error) {
			if p.onmessage == nil {
				return jsg.Null, nil
			}
			return p.onmessage, nil
		}, func(p *port, js *jsg.Scope, v jsg.Value) error {
			if !jsg.IsFunction(v) {
				p.onmessage = nil
				return nil
			}
			p.onmessage = v
			p.start(js)
			return nil
		}),
	}
}

func (p *port) postMessage(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if o, ok := jsg.IsObject(a.Value(1)); ok {
		list := jsg.Value(o)
		if !jsg.IsArray(o) {
			list = a.DictOf(o).Value("transfer")
		}
		if l, ok := jsg.IsObject(list); ok && l.Get("length").ToInteger() > 0 {
			return nil, jsg.Errorf("Transfer list is not supported")
		}
	}
	m, err := clone.Write(js, a.Value(0), clone.Options{})
	if err != nil || p.closed || p.peer.closed {
		return jsg.Undefined, err
	}
	p.peer.waiting = append(p.peer.waiting, m)
	p.peer.deliver(js)
	return jsg.Undefined, nil
}

func (p *port) start(js *jsg.Scope) {
	p.started = true
	p.deliver(js)
}

// deliver gives what waits to the listeners, each message in a microtask of its
// own. As in workerd a listener is enough to start a port.
func (p *port) deliver(js *jsg.Scope) {
	if !p.started && !p.HasListener("message") {
		return
	}
	for _, m := range p.waiting {
		js.Microtask(func(js *jsg.Scope) { p.receive(js, m) })
	}
	p.waiting = nil
}

func (p *port) receive(js *jsg.Scope, m clone.Message) {
	portClass.Wrap(js, p)
	v, err := m.Read(js)
	if err != nil {
		events.Report(js, err)
		return
	}
	if thrown := p.tell(js, v); thrown != nil {
		// As in workerd the listeners get what one of them throws as a message.
		if err := p.tell(js, js.ErrorValue(thrown)); err != nil {
			events.Report(js, err)
		}
	}
}

// tell gives a message to the listeners.
func (p *port) tell(js *jsg.Scope, data jsg.Value) error {
	e := events.NewMessageEvent(js, data, p.Object())
	return p.DispatchThrow(js, &e.Event)
}

func (p *port) close(js *jsg.Scope) {
	if p.closed {
		return
	}
	p.closed, p.peer.closed = true, true
	for _, end := range []*port{p.peer, p} {
		portClass.Wrap(js, end)
		end.Dispatch(js, events.NewEvent("close"))
	}
}
