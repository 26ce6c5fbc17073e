package durable

import (
	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
)

// namespaceObject is env.BINDING.
type namespaceObject struct {
	ns           *namespace
	binding      string
	jurisdiction string
}

var namespaceClass = &jsg.Class[namespaceObject]{Name: "DurableObjectNamespace"}

// idObject is a DurableObjectId.
type idObject struct{ actor.ID }

var idClass = &jsg.Class[idObject]{Name: "DurableObjectId"}

// stub is what get() gives: a fetcher whose other methods are calls of the
// object's.
type stub struct{ fetch.Fetcher }

var stubClass = &jsg.Class[stub]{Name: "DurableObject", Parent: fetch.FetcherClass(), Upcast: func(s *stub) any { return &s.Fetcher }}

// A stub arrives elsewhere as any other fetcher.
var _ = clone.Register("DurableObject", func(s *stub, _ *jsg.Scope, e *clone.Encoder) error { return fetch.WriteFetcher(&s.Fetcher, e) }, fetch.ReadFetcher)

// jurisdictions are those Cloudflare knows.
var jurisdictions = map[string]bool{"eu": true, "fedramp": true, "fedramp-high": true, "us": true}

// loopbackNamespace is the namespace of a class of the worker's own in
// ctx.exports.
type loopbackNamespace struct{ namespaceObject }

var loopbackClass = &jsg.Class[loopbackNamespace]{Name: "LoopbackDurableObjectNamespace", Parent: namespaceClass, Upcast: func(n *loopbackNamespace) any { return &n.namespaceObject }}

func init() {
	loopbackClass.Call = func(n *loopbackNamespace, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return worker.NewClassObject(js, n.ns.class, a)
	}
	namespaceClass.Members = jsg.Members[namespaceObject]{
		jsg.Method("newUniqueId", 0, (*namespaceObject).newUniqueID),
		jsg.Method("idFromName", 0, (*namespaceObject).idFromName),
		jsg.Method("idFromString", 0, (*namespaceObject).idFromString),
		jsg.Method("get", 0, (*namespaceObject).get),
		jsg.Method("getByName", 0, (*namespaceObject).getByName),
		jsg.Method("jurisdiction", 0, (*namespaceObject).inJurisdiction),
	}
	idClass.Members = jsg.Members[idObject]{
		jsg.Method("toString", 0, func(id *idObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return js.String(id.Hex), nil }),
		jsg.Method("equals", 0, func(id *idObject, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			other := idClass.Arg(a, 0)
			if err := a.Err(); err != nil {
				return nil, err
			}
			return js.Bool(id.Hex == other.Hex), nil
		}),
	}
}

// wrapID makes the object of an id. name is its own property, as on Cloudflare.
func wrapID(js *jsg.Scope, id actor.ID) *jsg.Object {
	o := idClass.Wrap(js, &idObject{id})
	js.DefineReadOnly(o, "jurisdiction", js.OptionalString(id.Jurisdiction))
	js.DefineReadOnly(o, "name", nameOf(js, id))
	return o
}

// nameOf is the name of an id, undefined for one without.
func nameOf(js *jsg.Scope, id actor.ID) jsg.Value {
	if !id.Named {
		return jsg.Undefined
	}
	return js.String(id.Name)
}

func checkJurisdiction(v string) error {
	if !jurisdictions[v] {
		return jsg.TypeErrorf("Invalid jurisdiction %q: it must be \"eu\", \"fedramp\" or \"us\".", v)
	}
	return nil
}

func (n *namespaceObject) newUniqueID(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	jurisdiction := n.jurisdiction
	if v := a.Dict(0).Value("jurisdiction"); !jsg.IsNullish(v) {
		jurisdiction = v.String()
		if err := checkJurisdiction(jurisdiction); err != nil {
			return nil, err
		}
	}
	id := n.ns.Unique()
	id.Jurisdiction = jurisdiction
	return wrapID(js, id), a.Err()
}

func (n *namespaceObject) idFromName(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	id, err := n.named(a)
	if err != nil {
		return nil, err
	}
	return wrapID(js, id), nil
}

func (n *namespaceObject) named(a *jsg.Args) (actor.ID, error) {
	if a.Len() == 0 {
		a.Mismatch(0, "string")
	}
	name := a.String(0)
	if err := a.Err(); err != nil {
		return actor.ID{}, err
	}
	id := n.ns.FromName(name)
	if n.jurisdiction != "" {
		// The same name is another object in each jurisdiction.
		id = n.ns.FromName(n.jurisdiction + "\x00" + name)
		id.Name, id.Jurisdiction = name, n.jurisdiction
	}
	return id, nil
}

func (n *namespaceObject) idFromString(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if a.Len() == 0 {
		a.Mismatch(0, "string")
	}
	s := a.String(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	id, err := n.ns.Parse(s)
	if err != nil {
		return nil, err
	}
	return wrapID(js, id), nil
}

func (n *namespaceObject) get(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	id := idClass.Arg(a, 0)
	checkOptions(a)
	if err := a.Err(); err != nil {
		return nil, err
	}
	if known := id.Named || id.Jurisdiction != ""; known && n.jurisdiction != "" && id.Jurisdiction != n.jurisdiction {
		return nil, jsg.TypeErrorf("get called on jurisdictional subnamespace with an ID from a different jurisdiction")
	}
	// workerd takes ids of other namespaces here and fails later, if at all.
	if _, err := n.ns.Parse(id.Hex); err != nil {
		return nil, err
	}
	return n.stub(js, id.ID), nil
}

func (n *namespaceObject) getByName(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	id, err := n.named(a)
	if checkOptions(a); err == nil {
		err = a.Err()
	}
	if err != nil {
		return nil, err
	}
	return n.stub(js, id), nil
}

// checkOptions looks at the second argument, which holds hints on where the
// object should live. There is one place here.
func checkOptions(a *jsg.Args) {
	if _, ok := jsg.IsObject(a.Value(1)); !ok && !jsg.IsNullish(a.Value(1)) {
		a.Mismatch(1, "GetDurableObjectOptions")
	}
}

func (n *namespaceObject) inJurisdiction(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	sub := *n
	sub.jurisdiction = ""
	if v := a.Value(0); !jsg.IsNullish(v) {
		sub.jurisdiction = v.String()
		if err := checkJurisdiction(sub.jurisdiction); err != nil {
			return nil, err
		}
	}
	return namespaceClass.Wrap(js, &sub), nil
}

func (n *namespaceObject) stub(js *jsg.Scope, id actor.ID) *jsg.Object {
	ref := n.ns.Ref(id)
	o := stubClass.Wrap(js, &stub{fetch.Fetcher{Target: ref, RPC: object{ref}, Name: n.binding}})
	js.DefineReadOnly(o, "name", nameOf(js, id))
	js.DefineLazyReadOnly(o, "id", func(js *jsg.Scope) jsg.Value { return wrapID(js, id) })
	return o
}
