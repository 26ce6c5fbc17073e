package r2

import (
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Objects travel to other isolates, with their content if they have it; a bucket
// does not.

var (
	_ = clone.Register("HeadResult", func(h *head, _ *jsg.Scope, e *clone.Encoder) error {
		return e.Cap(resources, objectCap{object: h.Object})
	}, readObjectCap)
	_ = clone.Register("GetResult", func(o *object, js *jsg.Scope, e *clone.Encoder) error {
		if !e.Live() {
			return e.Cap(resources, nil)
		}
		b, err := o.Body.Take(js)
		if err != nil {
			return err
		}
		return e.Cap(resources, objectCap{o.Object, b})
	}, readObjectCap)
)

// resources is what errors call them.
const resources = "R2 resources"

// objectCap is an object on its way; body is nil without content.
type objectCap struct {
	object *Object
	body   wire.Body
}

// Close implements io.Closer: nobody will read the object.
func (c objectCap) Close() error {
	if c.body == nil {
		return nil
	}
	return c.body.Close()
}

func readObjectCap(js *jsg.Scope, d *clone.Decoder) (jsg.Value, error) {
	c, ok := d.Cap().(objectCap)
	switch {
	case !ok:
		return nil, d.Err()
	case c.body == nil:
		return wrapObject(js, c.object), nil
	}
	return wrapBody(js, c.object, streams.Received(c.body)), nil
}

// RefuseClone implements clone.Refuser.
func (*binding) RefuseClone() error {
	return jsg.DOMErrorf("DataCloneError", "An R2 bucket binding cannot be serialized.")
}
