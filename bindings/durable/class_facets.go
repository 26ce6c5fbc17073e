package durable

import (
	"cmp"
	"slices"

	"github.com/miniworker/miniworker/runtime/actor"
	"github.com/miniworker/miniworker/runtime/api/fetch"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/worker"
)

// facets is ctx.facets: objects of other classes within this one, by name, with
// storage of their own beside its. They run while it does.
type facets struct {
	access
	running map[string]*facet
}

var facetsClass = &jsg.Class[facets]{Name: "DurableObjectFacets"}

func newFacets(js *jsg.Scope, x access) *jsg.Object { return facetsClass.Wrap(js, x.facets()) }

// facets are those of the instance.
func (x access) facets() *facets {
	if f, ok := x.in.Local.(*facets); ok {
		return f
	}
	f := &facets{access: x, running: map[string]*facet{}}
	x.in.Local = f
	x.in.IO().OnEnd(func() { // nobody will say what becomes of those being started
		for _, run := range f.running {
			run.settle(cmp.Or(f.in.Failure(), error(errClosedFacet)))
		}
	})
	return f
}

// errClosedFacet ends calls of a facet whose object went idle.
var errClosedFacet = &jsg.Error{Name: "Error", Message: "The Durable Object of this facet is no longer in memory.", Props: jsg.Flags("retryable")}

func init() {
	facetsClass.Members = jsg.Members[facets]{
		jsg.Method("get", 0, (*facets).get),
		jsg.Method("abort", 0, (*facets).abort),
		jsg.Method("delete", 0, (*facets).delete),
		jsg.Method("clone", 0, func(*facets, *jsg.Scope, *jsg.Args) (jsg.Value, error) {
			return nil, jsg.NotImplementedf("ctx.facets.clone()", "copy the data by a method of the facet")
		}),
	}
}

// facetStub is what get() gives. Unlike other fetchers it stays with its object.
type facetStub struct{ fetch.Fetcher }

var facetStubClass = &jsg.Class[facetStub]{Name: "Fetcher", Parent: fetch.FetcherClass(), Upcast: func(s *facetStub) any { return &s.Fetcher }}

var _ = clone.Register("DurableObjectFacet", func(*facetStub, *jsg.Scope, *clone.Encoder) error {
	return jsg.DOMErrorf("DataCloneError", "Stubs pointing to Durable Object facets are not serializable.")
}, func(_ *jsg.Scope, d *clone.Decoder) (jsg.Value, error) { return nil, d.Err() })

// facetName reads the name of a facet.
func facetName(a *jsg.Args) (string, error) {
	if a.Len() == 0 {
		a.Mismatch(0, "string")
	}
	name := a.String(0)
	if a.Err() == nil && name == "" {
		return "", jsg.TypeErrorf("The name of a facet cannot be empty.")
	}
	return name, a.Err()
}

func (f *facets) get(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	name, err := facetName(a)
	if err != nil {
		return nil, err
	}
	callback := a.Value(1)
	if !jsg.IsFunction(callback) {
		a.Mismatch(1, "function")
		return nil, a.Err()
	}
	ref := &facetRef{owner: f, name: name, callback: callback}
	return facetStubClass.Wrap(js, &facetStub{fetch.Fetcher{Target: ref, RPC: ref, Name: "facets." + name}}), nil
}

func (f *facets) abort(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	name, err := facetName(a)
	if err == nil && a.Len() < 2 {
		a.Mismatch(1, "Value")
		err = a.Err()
	}
	if err != nil {
		return nil, err
	}
	f.end(js, name, jsg.Thrown(a.Value(1)))
	return jsg.Undefined, nil
}

func (f *facets) delete(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	name, err := facetName(a)
	if err != nil {
		return nil, err
	}
	if err := f.in.Failure(); err != nil { // a new instance may use it
		return nil, err
	}
	f.end(js, name, errFacetDeleted)
	return jsg.Undefined, storageError(f.ns.store.DeleteFacet(f.in.ID().Hex, f.pathTo(name)))
}

var errFacetDeleted = jsg.Errorf("Facet was deleted.")

// end ends a facet that is running; the next use of its name starts it anew.
func (f *facets) end(js *jsg.Scope, name string, err error) {
	if run := f.running[name]; run != nil {
		delete(f.running, name)
		run.end(js, err)
	}
}

// pathTo are the names that lead from the object with an address to a facet.
func (f *facets) pathTo(name string) []string {
	if f.facet == nil {
		return []string{name}
	}
	return append(slices.Clone(f.facet.path), name)
}

// startOptions reads what the callback of get() gave.
func (f *facet) startOptions(js *jsg.Scope, v jsg.Value) error {
	o, ok := jsg.IsObject(v)
	if !ok {
		return jsg.TypeErrorf("The callback of ctx.facets.get() must return an object with the class of the facet, { class: ctx.exports.NAME }.")
	}
	class, err := js.Get(o, "class")
	if err != nil {
		return err
	}
	if c, ok := worker.ClassObjectOf(class); ok {
		f.class, f.props = c.Export, c.Props
	} else if n, ok := loopbackClass.From(class); ok {
		f.class = n.ns.class
	} else {
		return jsg.TypeErrorf("Incorrect type for the 'class' field on 'StartupOptions': the provided value is not of type 'DurableObjectClass or LoopbackDurableObjectNamespace or LoopbackColoLocalActorNamespace'.")
	}
	id, err := js.Get(o, "id")
	if err != nil || jsg.IsUndefined(id) {
		return err
	}
	if given, ok := idClass.From(id); ok {
		f.id = given.ID
		return nil
	}
	text := id.String()
	f.textID = &text
	return nil
}

// Construct implements actor.Surface.
func (f *facet) Construct(js *jsg.Scope, in *actor.Instance) (*jsg.Object, error) {
	w := in.Host().(host).Worker
	v, ok, err := w.Export(js, f.class)
	if err != nil {
		return nil, err
	}
	if !ok || !jsg.IsFunction(v) {
		return nil, jsg.TypeErrorf("The worker %q does not export the class %q of the facet %q.", f.owner.ns.worker, f.class, f.name)
	}
	return js.Construct(v, newState(js, f.owner.ns, in, f), w.Env())
}

// makeProps is ctx.props.
func (f *facet) makeProps(js *jsg.Scope) jsg.Value {
	if f.props == nil {
		return js.NewObject()
	}
	v, err := f.props(js)
	if err != nil {
		return js.Refusing(func(string) error { return err })
	}
	return v
}
