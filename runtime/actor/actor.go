// Package actor is the life of Durable Objects: ids, one instance per id,
// construction, hibernation and eviction, alarms, sockets that outlive the
// instance, and what happens to all of them when the worker is reloaded or an
// object breaks.
//
// It does not know the classes applications see (Surface makes them), where
// objects store things (Storage), or what a worker is (Host). Objects do not
// move between machines, and nothing is ever overloaded.
//
// Where the truth is: https://developers.cloudflare.com/durable-objects/ and
// workerd as observed from outside.
//
// An Instance lives on the goroutine of its isolate. What other goroutines
// need of it (is there one, is it on its way out, how many events use it) is
// kept under the lock of its object.
package actor

import (
	"context"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Host is one version of the worker whose class the objects are instances of.
type Host interface {
	Isolate() *isolate.Isolate
	// Hold keeps the version running until Release, also after a reload.
	Hold() error
	Release()
	// Serve runs handler as a fetch event and waits for its Response.
	Serve(ctx context.Context, req *wire.Request, handler func(js *jsg.Scope, c *iocontext.Context, request *jsg.Object) (jsg.Value, error)) (*wire.Response, error)
}

// Surface is what the application sees of its objects.
type Surface interface {
	// Construct makes an instance of the class.
	Construct(js *jsg.Scope, in *Instance) (*jsg.Object, error)
	// Socket is the WebSocket object of a socket in this instance.
	Socket(js *jsg.Scope, in *Instance, s *Socket) jsg.Value
	// SocketClosed notes that the other end closed.
	SocketClosed(s *Socket)
	// Message is the data of a message.
	Message(js *jsg.Scope, m wire.Message) jsg.Value
	// AlarmInfo is the argument of alarm().
	AlarmInfo(js *jsg.Scope, at time.Time, retries int) jsg.Value
}

// Storage is what one object has stored. Writes outside a transaction begin
// one by themselves and call the function given to Coalesce.
type Storage interface {
	Coalesce(dirty func())
	Commit() error
	Rollback() error
	Release() error
	InTransaction() bool
	GetAlarm() (at int64, ok bool, err error)
	DeleteAlarm() error
}

// Store is the storage of a namespace.
type Store interface {
	Object(id string) (Storage, error)
	// Alarms calls f for each pending alarm, in milliseconds since 1970.
	Alarms(f func(id string, at int64)) error
	// Name and RememberName keep the names ids were derived from.
	Name(id string) (string, error)
	RememberName(id, name string) error
	Close() error
}

// Options describe a namespace.
type Options struct {
	// Worker and Class name the class; Key makes ids unique to the namespace.
	Worker, Class, Key string
	Clock              clock.Clock
	Trace              *trace.Bus
	Store              Store
	Surface            Surface
	// Down says why there is no Host.
	Down func() error
	// EvictAfter is how long an idle object stays, HibernateAfter how long one
	// that only has sockets to keep; 0 is what Cloudflare does.
	EvictAfter, HibernateAfter time.Duration
	// Sticky keeps accepted sockets when the worker is reloaded: the new version's
	// objects get them, as if the old ones had hibernated.
	Sticky bool

	parent *Instance // see Adopt
}

const (
	defaultEvict     = 70 * time.Second
	defaultHibernate = 10 * time.Second
	// sectionLimit is how long blockConcurrencyWhile may take.
	sectionLimit = 30 * time.Second
	// stuckLimit is how long code may keep its isolate busy when the object is to
	// be replaced.
	stuckLimit = 2 * time.Second
	// maxAlarmRetries follow the first attempt, after 2, 4, 8 … seconds.
	maxAlarmRetries = 6
	firstAlarmRetry = 2 * time.Second
	// maxSockets is how many sockets an object may accept.
	maxSockets = 32_768
)
