package rpc

import (
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Receiver is what the path of an operation starts from.
type Receiver struct {
	Value jsg.Value
	// Class is set for instances of WorkerEntrypoint and DurableObject: names of
	// event handlers are not for callers.
	Class bool
	// Extra is set for the plain objects that workers export: their functions take
	// one argument, and these after it.
	Extra []jsg.Value
}

// reserved are names no operation may use, handlers those that the runtime alone
// calls on entrypoints and objects.
var (
	reserved = []string{"constructor", "dup"}
	handlers = []string{"fetch", "connect", "alarm", "webSocketMessage", "webSocketClose", "webSocketError"}
)

func errNoMethod(name string) error {
	return jsg.TypeErrorf("The RPC receiver does not implement the method %q.", name)
}

// Run follows the path and calls or reads what is there. It is called in a turn
// of the callee, once.
func (op *Op) Run(js *jsg.Scope, r Receiver) (jsg.Value, error) {
	op.errand.Arrived()
	this, v, err := r.follow(js, op.Path)
	if err != nil || !op.Call {
		return v, err
	}
	if !jsg.IsFunction(v) {
		name := "(this)"
		if len(op.Path) > 0 {
			name = strings.Join(op.Path, ".")
		}
		return nil, jsg.TypeErrorf("%q is not a function.", name)
	}
	args, err := op.readArgs(js)
	if err != nil {
		return nil, err
	}
	if r.Extra != nil {
		if len(args) != 1 {
			return nil, jsg.TypeErrorf("Attempted to call RPC function %q with the wrong number of arguments. When calling a top-level handler function that is not declared as part of a class, you must always send exactly one argument. In order to support variable numbers of arguments, the server must use class-based syntax (extending WorkerEntrypoint) instead.", strings.Join(op.Path, "."))
		}
		args = append(args, r.Extra...)
	}
	return js.Call(v, this, args...)
}

// follow walks a path. Of instances of classes callers see what the class
// defines, not what the instance has; of plain objects and functions what they
// have. Anything else has no members to callers.
func (r Receiver) follow(js *jsg.Scope, path []string) (this, v jsg.Value, err error) {
	this, v = r.Value, r.Value
	for i, name := range path {
		if slices.Contains(reserved, name) || i == 0 && r.Class && slices.Contains(handlers, name) {
			return nil, nil, jsg.TypeErrorf("'%s' is a reserved method and cannot be called over RPC.", name)
		}
		o, ok := jsg.IsObject(v)
		how := opaque
		if ok {
			how = visibility(js, o, i == 0 && r.Class)
		}
		if how == opaque {
			return nil, nil, errNoMethod(path[max(i-1, 0)])
		}
		if this, v, err = member(js, o, how, name); err != nil {
			return nil, nil, err
		}
	}
	return this, v, nil
}

// how members of an object are found.
type seen int

const (
	opaque   seen = iota
	byClass       // instances: prototypes only
	byOwn         // plain objects and functions: own properties only
	byRemote      // stubs: whatever the other side has
)

func visibility(js *jsg.Scope, o *jsg.Object, class bool) seen {
	if class {
		return byClass
	}
	if native, ok := jsg.Native(o); ok {
		switch native.(type) {
		case *Target:
			return byClass
		case Source:
			return byRemote
		}
		return opaque
	}
	proto := o.Prototype()
	switch {
	case jsg.IsFunction(o):
		return byOwn
	case proto == nil || proto == realmOf(js).objectProto:
		return byOwn
	}
	return opaque
}

// member reads a member callers may see; undefined counts as absent.
func member(js *jsg.Scope, o *jsg.Object, how seen, name string) (this, v jsg.Value, err error) {
	r := realmOf(js)
	switch how {
	case byOwn:
		if ok, err := r.hasOwn(js, o, name); err != nil || !ok {
			return nil, nil, orElse(err, errNoMethod(name))
		}
	case byClass:
		if ok, err := r.inherits(js, o, name); err != nil || !ok {
			return nil, nil, orElse(err, errNoMethod(name))
		}
	}
	if v, err = js.Get(o, name); err == nil && jsg.IsUndefined(v) {
		err = errNoMethod(name)
	}
	return o, v, err
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// realm is what this package keeps of a realm.
type realm struct {
	objectProto *jsg.Object
	hasOwnFunc  jsg.Value
}

var realms = jsg.NewLocal[*realm]()

// Install keeps the engine's own functions before user code can replace them.
func Install(js *jsg.Scope) { realmOf(js) }

func realmOf(js *jsg.Scope) *realm {
	r := realms.Get(js)
	if r == nil {
		r = &realm{objectProto: js.NewObject().Prototype()}
		r.hasOwnFunc = r.objectProto.Get("hasOwnProperty")
		realms.Set(js, r)
	}
	return r
}

func (r *realm) hasOwn(js *jsg.Scope, o *jsg.Object, name string) (bool, error) {
	v, err := js.Call(r.hasOwnFunc, o, js.String(name))
	return err == nil && v.ToBoolean(), err
}

// inherits reports whether a class of o defines a member, and o does not itself.
func (r *realm) inherits(js *jsg.Scope, o *jsg.Object, name string) (bool, error) {
	if own, err := r.hasOwn(js, o, name); err != nil || own {
		return false, err
	}
	for p := o.Prototype(); p != nil && p != r.objectProto; p = p.Prototype() {
		if own, err := r.hasOwn(js, p, name); err != nil || own {
			return own, err
		}
	}
	return false, nil
}
