// Package rpc is calls between isolates: methods and properties of entrypoints,
// of Durable Objects and of what they hand out. Values travel as structured
// clones; functions, RpcTargets and stubs travel as capabilities, Go values that
// lead back to the isolate they came from. Nothing here waits or locks across
// isolates: an operation is posted to the other side, and its outcome posted
// back, so two workers may call each other as they like.
//
// A call's promise can be used before it is settled: what is called on it is
// sent at once, and waits where the first call runs (Answer).
//
// Deliberately not here: which objects can be called and how the events of their
// isolates begin (runtime/worker, bindings/durable implement Callee), and calls
// over a network.
//
// Where the truth is: https://developers.cloudflare.com/workers/runtime-apis/rpc/
// and workerd as observed from outside (testdata/conformance/rpc).
package rpc

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
)

// Callee is where operations go: an entrypoint, an object, an exported value, or
// the result of a call under way.
type Callee interface {
	// Send delivers an operation. It does not block, may be called from any
	// goroutine, and what one sender sends arrives in that order. Sooner or later
	// op.Return or op.Fail is called.
	Send(op *Op)
}

// CalleeFunc adapts a function to Callee.
type CalleeFunc func(op *Op)

// Send calls f.
func (f CalleeFunc) Send(op *Op) { f(op) }

// Op is one call of a function, or read of a property, on its way.
type Op struct {
	// Path leads from the callee to what is meant; empty for the callee itself.
	Path []string
	// Call tells a call from a read.
	Call bool
	// Ctx is the sender's event, whose end does not end it (iocontext.Revoked).
	Ctx context.Context
	// Info is the sender's, to be counted on by whoever starts an event.
	Info iocontext.Info
	// Span stands for the operation; code of the callee runs under it.
	Span trace.Span

	errand  *isolate.Errand // the sender's
	pending *iocontext.Op   // the sender's wait
	args    clone.Message
	params  []*Stub // of args; on the callee's goroutine
	answer  *Answer
	settled atomic.Bool
	deliver func(clone.Message, error)

	mu   sync.Mutex
	stop func() bool // ends the watch
}

// Fail ends the operation without a result; it may be called from any goroutine
// and any number of times. The error reaches JavaScript as it is.
func (op *Op) Fail(err error) {
	if !op.settled.CompareAndSwap(false, true) {
		return
	}
	op.args.Discard()
	op.answer.fail(err)
	op.end(clone.Message{}, err)
}

func (op *Op) succeed(m clone.Message) bool {
	if !op.settled.CompareAndSwap(false, true) {
		m.Discard()
		return false
	}
	op.end(m, nil)
	return true
}

func (op *Op) end(m clone.Message, err error) {
	op.mu.Lock()
	stop := op.stop
	op.mu.Unlock()
	if stop != nil {
		stop()
	}
	op.errand.Answered()
	op.deliver(m, err)
	op.errand.Done()
}

// Settled reports whether the outcome is known.
func (op *Op) Settled() bool { return op.settled.Load() }
