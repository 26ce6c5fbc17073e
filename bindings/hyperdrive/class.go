package hyperdrive

import (
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/sockets"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// binding is env.NAME.
type binding struct {
	name     string
	db       *database
	host, ip string
}

var class = &jsg.Class[binding]{Name: "Hyperdrive"}

func init() {
	text := func(name string, get func(b *binding) string) jsg.Member[binding] {
		return jsg.Own(name, func(b *binding, js *jsg.Scope) jsg.Value { return js.String(get(b)) })
	}
	class.Members = jsg.Members[binding]{
		text("connectionString", func(b *binding) string { return b.db.connectionString(b.host) }),
		jsg.Own("port", func(b *binding, js *jsg.Scope) jsg.Value { return js.Int(int64(b.db.standardPort)) }),
		text("ip", func(b *binding) string { return b.ip }),
		text("host", func(b *binding) string { return b.host }),
		text("password", func(b *binding) string { return b.db.password }),
		text("user", func(b *binding) string { return b.db.user }),
		text("database", func(b *binding) string { return b.db.name }),
		jsg.Method("connect", 0, (*binding).connect),
	}
}

// connect opens a connection to the database, as connect() of cloudflare:sockets
// to host and port does.
func (b *binding) connect(js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) {
	s, err := sockets.Connect(js, sockets.Address{Host: b.host, Port: b.db.standardPort}, sockets.Options{SecureTransport: "off"})
	if err != nil {
		return nil, err
	}
	iso := isolate.Of(js)
	iso.Trace().Emit(trace.Record{
		Kind: trace.Binding, Span: trace.NewSpan(), Parent: iocontext.CurrentFrame(js).Span, Worker: iso.Name(), Time: iso.Clock().Now(),
		Name: b.name + ".connect", Target: b.name, Attrs: map[string]string{"address": b.db.address},
	})
	return s.Wrap(js), nil
}
