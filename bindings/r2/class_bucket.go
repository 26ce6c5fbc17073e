package r2

import (
	"bytes"
	"context"
	"io"
	"strconv"

	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// binding is env.NAME in one isolate.
type binding struct {
	jsg.Instance
	name   string
	bucket *Bucket
}

// bucketClass is the class of bindings.
var bucketClass = &jsg.Class[binding]{Name: "R2Bucket"}

func init() {
	// As on the platform, length is 0 and missing arguments are of a wrong type.
	bucketClass.Members = jsg.Members[binding]{
		jsg.Async("head", 0, (*binding).head),
		jsg.Async("get", 0, (*binding).get),
		jsg.Async("put", 0, (*binding).put),
		jsg.Async("createMultipartUpload", 0, (*binding).createMultipartUpload),
		jsg.Method("resumeMultipartUpload", 0, (*binding).resumeMultipartUpload),
		jsg.Async("delete", 0, (*binding).delete),
		jsg.Async("list", 0, (*binding).list),
	}
}

// required is argument i as a string that must be there.
func required(a *jsg.Args, i int) string {
	if a.Len() <= i {
		a.Mismatch(i, "string")
		return ""
	}
	return a.String(i)
}

func (b *binding) head(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	key := required(a, 0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	return run(js, call{b: b, method: "head", action: "head", key: key, quick: true}, func(ctx context.Context) (*Object, error) {
		return b.bucket.Head(ctx, key)
	}, orNull), nil
}

// orNull is the object, or null if there is none.
func orNull(js *jsg.Scope, o *Object) (jsg.Value, error) {
	if o == nil {
		return jsg.Null, nil
	}
	return wrapObject(js, o), nil
}

type found struct {
	object *Object
	body   *Body
}

func (b *binding) get(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	key := required(a, 0)
	o, err := getOptions(js, a, 1)
	if err != nil {
		return nil, err
	}
	return run(js, call{b: b, method: "get", action: "get", key: key, quick: true}, func(ctx context.Context) (found, error) {
		object, body, err := b.bucket.Get(ctx, key, o)
		if err == nil && body != nil && body.bytes == nil {
			// Files are not left open by an event that never reads them.
			context.AfterFunc(ctx, func() { body.Close() })
		}
		return found{object, body}, err
	}, func(js *jsg.Scope, f found) (jsg.Value, error) {
		switch {
		case f.object == nil:
			return jsg.Null, nil
		case f.body == nil:
			return wrapObject(js, f.object), nil
		}
		return wrapBody(js, f.object, f.body.wire()), nil
	}), nil
}

// wire is the body to hand on. Small contents are plain bytes, which all
// readers have a short way for.
func (y *Body) wire() wire.Body {
	if y.file == nil && y.parts == nil {
		return wire.NewBytesBody(y.bytes)
	}
	return y
}

func (b *binding) put(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	key := required(a, 0)
	v := contentArg(js, a, 1, true)
	o, err := putOptions(js, a, 2)
	if err != nil {
		cancel(js, a.Value(1))
		return nil, err
	}
	if err := v.open(js, a.Value(1), v.quick()); err != nil {
		return nil, err
	}
	return run(js, call{b: b, method: "put", action: "put", key: key, quick: v.quick()}, func(ctx context.Context) (*Object, error) {
		return send(v, func(r io.Reader, size int64) (*Object, error) { return b.bucket.Put(ctx, key, r, size, o) })
	}, orNull), nil
}

// send gives the content to put and closes it.
func send[T any](v value, put func(r io.Reader, size int64) (T, error)) (T, error) {
	if v.body == nil {
		return put(bytes.NewReader(v.data), int64(len(v.data)))
	}
	defer v.body.Close()
	w := &watched{Body: v.body}
	out, err := put(w, v.body.Len())
	if err != nil {
		err = w.failure(err)
	}
	return out, err
}

// contentArg reads argument i as a content. A stream is only looked at: open
// takes it.
func contentArg(js *jsg.Scope, a *jsg.Args, i int, nullable bool) (v value) {
	x := a.Value(i)
	if a.Err() != nil || nullable && jsg.IsNullish(x) && a.Len() > i {
		return v
	}
	if jsg.IsString(x) {
		v.data = []byte(x.String())
		return v
	}
	if blob, ok := body.BlobOf(x); ok {
		v.data = blob.Data
		return v
	}
	if _, ok := streams.From(x); ok {
		return v
	}
	data, ok := jsg.Bytes(x)
	if !ok {
		a.Mismatch(i, "JsReadableStream or ArrayBuffer or ArrayBufferView or string or Blob")
	}
	v.data = data
	return v
}

// open takes the stream x, if it is one, and makes the content safe to keep
// unless it is used at once.
func (v *value) open(js *jsg.Scope, x jsg.Value, atOnce bool) error {
	s, ok := streams.From(x)
	if !ok {
		if !atOnce {
			v.data = bytes.Clone(v.data) // the script may change it meanwhile
		}
		return nil
	}
	if s.Len() < 0 {
		return jsg.TypeErrorf("Provided readable stream must have a known length (request/response body or readable half of FixedLengthStream)")
	}
	if s.Locked() {
		return errTaken()
	}
	b, err := s.TakeBody(js)
	if m, inMemory := b.(*wire.BytesBody); err == nil && inMemory {
		v.data = m.Bytes() // nobody changes what a BytesBody holds
		return nil
	}
	v.body = b
	return err
}

// cancel gives up the stream x, if it is one, because the call failed.
func cancel(js *jsg.Scope, x jsg.Value) {
	if s, ok := streams.From(x); ok && !s.Locked() {
		reason := js.ErrorValue(jsg.Errorf("Stream cancelled because the associated put operation encountered an error."))
		if p, err := js.Invoke(s.Wrap(js), "cancel", reason); err == nil {
			js.MarkHandled(p)
		}
	}
}

func (b *binding) delete(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	var keys []string
	what := ""
	if a.Len() == 0 {
		a.Mismatch(0, "string or Array")
	} else if list := a.Value(0); jsg.IsArray(list) {
		if err := js.Iterate(list, func(v jsg.Value) (bool, error) { keys = append(keys, v.String()); return true, nil }); err != nil {
			return nil, err
		}
		what = strconv.Itoa(len(keys)) + " keys"
	} else {
		what = a.String(0)
		keys = []string{what}
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	return run(js, call{b: b, method: "delete", action: "delete", key: what, quick: len(keys) < 8}, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, b.bucket.Delete(ctx, keys...)
	}, nothing), nil
}

func nothing(*jsg.Scope, struct{}) (jsg.Value, error) { return jsg.Undefined, nil }

func (b *binding) list(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	o, err := listOptions(js, a, 0)
	if err != nil {
		return nil, err
	}
	return run(js, call{b: b, method: "list", action: "list", key: o.Prefix}, func(ctx context.Context) (*Listing, error) {
		return b.bucket.List(ctx, o)
	}, func(js *jsg.Scope, l *Listing) (jsg.Value, error) {
		objects := make([]jsg.Value, len(l.Objects))
		for i, o := range l.Objects {
			objects[i] = wrapObject(js, o)
		}
		prefixes := make([]jsg.Value, len(l.Prefixes))
		for i, p := range l.Prefixes {
			prefixes[i] = js.String(p)
		}
		page := js.Record("objects", js.NewArray(objects...), "truncated", l.Truncated)
		js.DefineField(page, "cursor", js.OptionalString(l.Cursor))
		js.Define(page, "delimitedPrefixes", js.NewArray(prefixes...))
		return page, nil
	}), nil
}
