package kv

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"

	"github.com/miniworker/miniworker/bindings/internal/op"
	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// binding is env.NAME in one isolate.
type binding struct {
	jsg.Instance
	name string
	ns   *Namespace
}

var class = &jsg.Class[binding]{Name: "KvNamespace"}

func init() {
	// As on the platform, length is 0 and missing arguments are of a wrong type.
	class.Members = jsg.Members[binding]{
		jsg.Async("get", 0, func(b *binding, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return b.read(js, a, "get", onlyValue)
		}),
		jsg.Async("list", 0, (*binding).list),
		jsg.Async("put", 0, (*binding).put),
		jsg.Async("getWithMetadata", 0, func(b *binding, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return b.read(js, a, "getWithMetadata", withMetadata)
		}),
		jsg.Async("delete", 0, (*binding).delete),
	}
}

func (b *binding) call(method, operation, key string, quick bool) op.Call {
	return op.Call{Binding: b.name, Method: method, Key: key, Quick: quick, Error: func(err error) error { return jsError(operation, err) }}
}

// jsError is what the application sees; the trace has the details of failures
// on the host's side.
func jsError(operation string, err error) error {
	var refused *Error
	var own *jsg.Error
	switch {
	case errors.As(err, &refused):
		return jsg.Errorf("%s", refused.Text(operation))
	case errors.As(err, &own):
		return own
	}
	return &jsg.Error{Name: "Error", Message: errInternal.Text(operation), Cause: err}
}

// keyArg is argument i as a key, with the checks made before KV is asked.
func keyArg(a *jsg.Args, i int) string {
	if a.Len() <= i {
		a.Mismatch(i, "string")
		return ""
	}
	key := a.String(i)
	switch key {
	case "":
		a.Fail(jsg.TypeErrorf("Key name cannot be empty."))
	case ".", "..":
		a.Fail(jsg.TypeErrorf("%q is not allowed as a key name.", key))
	}
	return key
}

// shape makes the result of a read: of a value alone, or with its metadata.
type shape func(js *jsg.Scope, e *Entry, value jsg.Value) (jsg.Value, error)

func onlyValue(js *jsg.Scope, _ *Entry, value jsg.Value) (jsg.Value, error) { return value, nil }

func withMetadata(js *jsg.Scope, e *Entry, value jsg.Value) (jsg.Value, error) {
	m, err := metadataOf(js, e)
	return js.Record("value", value, "metadata", m, "cacheStatus", jsg.Null), err
}

func metadataOf(js *jsg.Scope, e *Entry) (jsg.Value, error) {
	if e == nil || e.Metadata == nil {
		return jsg.Null, nil
	}
	return js.JSONParse(string(e.Metadata))
}

func (b *binding) read(js *jsg.Scope, a *jsg.Args, method string, result shape) (jsg.Value, error) {
	if a.Len() == 0 {
		a.Mismatch(0, "string or Array")
		return nil, a.Err()
	}
	typ, cacheTTL := readOptions(js, a)
	if jsg.IsArray(a.Value(0)) {
		return b.readAll(js, a, method, typ, cacheTTL)
	}
	key := keyArg(a, 0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	switch typ {
	case "text", "json", "arrayBuffer", "stream":
	default:
		return nil, jsg.TypeErrorf("Unknown response type. Possible types are \"text\", \"arrayBuffer\", \"json\", and \"stream\".")
	}
	return op.Run(js, b.call(method, "GET", key, true), func(ctx context.Context) (*Entry, error) {
		if err := checkCacheTTL(cacheTTL); err != nil {
			return nil, err
		}
		return b.ns.Get(ctx, key)
	}, func(js *jsg.Scope, e *Entry) (jsg.Value, error) {
		if e == nil {
			return result(js, nil, jsg.Null)
		}
		v, err := valueOf(js, e, typ)
		if err != nil {
			return nil, err
		}
		return result(js, e, v)
	}), nil
}

// readOptions reads the second argument of get: a type, or an object with one.
func readOptions(js *jsg.Scope, a *jsg.Args) (typ string, cacheTTL *int64) {
	if jsg.IsNullish(a.Value(1)) {
		return "text", nil
	}
	o, ok := jsg.IsObject(a.Value(1))
	if !ok {
		return a.String(1), nil
	}
	d := a.DictOf(o)
	return d.String("type", "text"), integer(d, "cacheTtl")
}

// integer is an optional member as a 32-bit integer; what is no number is 0.
func integer(d *jsg.Dict, name string) *int64 {
	v := d.Value(name)
	if jsg.IsUndefined(v) {
		return nil
	}
	f := v.ToFloat()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		f = 0
	}
	n := int64(max(min(f, 1<<53), -1<<53))
	return &n
}

func checkCacheTTL(ttl *int64) error {
	if ttl != nil && *ttl < minCacheTTL {
		return refusal(400, "Invalid cache_ttl of %d. Cache TTL must be at least %d.", *ttl, minCacheTTL)
	}
	return nil
}

func valueOf(js *jsg.Scope, e *Entry, typ string) (jsg.Value, error) {
	switch typ {
	case "json":
		return js.JSONParse(body.DecodeUTF8WithoutBOM(e.Value))
	case "arrayBuffer":
		return js.NewArrayBuffer(e.Value), nil
	case "stream":
		return streams.FromBody(js, wire.NewBytesBody(e.Value)).Wrap(js), nil
	}
	return js.String(body.DecodeUTF8WithoutBOM(e.Value)), nil
}

// readAll is get and getWithMetadata of several keys, which give a Map.
func (b *binding) readAll(js *jsg.Scope, a *jsg.Args, method, typ string, cacheTTL *int64) (jsg.Value, error) {
	var keys []string
	err := js.Iterate(a.Value(0), func(v jsg.Value) (bool, error) { keys = append(keys, v.String()); return true, nil })
	if err == nil {
		err = a.Err()
	}
	if err != nil {
		return nil, err
	}
	return op.Run(js, b.call(method, "GET_BULK", strconv.Itoa(len(keys))+" keys", false), func(ctx context.Context) (map[string]*Entry, error) {
		if typ != "text" && typ != "json" {
			return nil, refusal(400, "\"%s\" is not a valid type. Use \"json\" or \"text\"", typ)
		}
		if err := checkCacheTTL(cacheTTL); err != nil {
			return nil, err
		}
		found, err := b.ns.GetAll(ctx, keys)
		for _, e := range found {
			if typ == "json" && !json.Valid(e.Value) {
				return nil, refusal(400, "At least one of the requested keys corresponds to a non-json value")
			}
		}
		return found, err
	}, func(js *jsg.Scope, found map[string]*Entry) (jsg.Value, error) {
		m, err := js.Construct(js.Global().Get("Map"))
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			v, err := bulkValue(js, found[key], typ, method == "getWithMetadata")
			if err != nil {
				return nil, err
			}
			if _, err := js.Invoke(m, "set", js.String(key), v); err != nil {
				return nil, err
			}
		}
		return m, nil
	}), nil
}

func bulkValue(js *jsg.Scope, e *Entry, typ string, withMetadata bool) (jsg.Value, error) {
	if e == nil {
		return jsg.Null, nil
	}
	v, err := valueOf(js, e, typ)
	if err != nil || !withMetadata {
		return v, err
	}
	m, err := metadataOf(js, e)
	return js.Record("value", v, "metadata", m), err
}

func (b *binding) put(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	key := keyArg(a, 0)
	if a.Len() < 2 {
		a.Mismatch(1, "string or Object")
	}
	o, err := putOptions(js, a, 2)
	if err != nil {
		return nil, err
	}
	data, stream, err := content(js, a, 1)
	if err != nil {
		return nil, err
	}
	quick := stream == nil && len(data) <= quickSize
	if stream == nil && !quick {
		data = bytes.Clone(data) // the script may change it meanwhile
	}
	return op.Run(js, b.call("put", "PUT", key, quick), func(ctx context.Context) (struct{}, error) {
		if stream != nil {
			defer stream.Close()
			if err := b.ns.CheckPut(key, o); err != nil {
				return struct{}{}, err
			}
			if data, err = readStream(stream); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, b.ns.Put(ctx, key, data, o)
	}, nothing), nil
}

// quickSize is up to where storing a value costs less than another goroutine.
const quickSize = 64 << 10

func nothing(*jsg.Scope, struct{}) (jsg.Value, error) { return jsg.Undefined, nil }

// content is the value to put: bytes, or a stream of them.
func content(js *jsg.Scope, a *jsg.Args, i int) ([]byte, wire.Body, error) {
	v := a.Value(i)
	if _, isObject := jsg.IsObject(v); !isObject {
		text := a.String(i)
		return []byte(text), nil, a.Err()
	}
	if s, ok := streams.From(v); ok {
		if s.Locked() {
			return nil, nil, jsg.TypeErrorf("The ReadableStream has been locked to a reader.")
		}
		b, err := s.TakeBody(js)
		return nil, b, err
	}
	if data, ok := jsg.Bytes(v); ok {
		return data, nil, nil
	}
	return nil, nil, jsg.TypeErrorf("KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.")
}

// readStream reads a value; of one that is too large only the size is found out.
func readStream(b wire.Body) ([]byte, error) {
	if b.Len() > MaxValueSize {
		return nil, ErrTooLarge(b.Len())
	}
	data, err := io.ReadAll(io.LimitReader(b, MaxValueSize))
	if err != nil {
		return nil, streamError(err)
	}
	more, err := io.Copy(io.Discard, b)
	if err != nil {
		return nil, streamError(err)
	}
	if more > 0 {
		return nil, ErrTooLarge(MaxValueSize + more)
	}
	return data, nil
}

// streamError tells a broken source from a broken storage.
func streamError(err error) error {
	var own *jsg.Error
	if errors.As(err, &own) {
		return own
	}
	return &jsg.Error{Name: "Error", Message: "Network connection lost.", Cause: err}
}

func putOptions(js *jsg.Scope, a *jsg.Args, i int) (o PutOptions, err error) {
	d, err := optionsArg(a, i, "PutOptions")
	if err != nil {
		return o, err
	}
	o.Expiration, o.TTL = integer(d, "expiration"), integer(d, "expirationTtl")
	if v := d.Value("metadata"); !jsg.IsNullish(v) {
		text, ok, err := js.JSONStringify(v)
		if err != nil {
			return o, err
		}
		if !ok {
			return o, jsg.Errorf("%s", errInternal.Text("PUT"))
		}
		o.Metadata = []byte(text)
	}
	return o, a.Err()
}

// optionsArg is argument i as an options object; undefined and null are none.
func optionsArg(a *jsg.Args, i int, kind string) (*jsg.Dict, error) {
	v := a.Value(i)
	if _, ok := jsg.IsObject(v); !ok && !jsg.IsNullish(v) {
		a.Mismatch(i, kind)
	}
	return a.DictOf(v), a.Err()
}

func (b *binding) delete(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	key := keyArg(a, 0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	return op.Run(js, b.call("delete", "DELETE", key, true), func(ctx context.Context) (struct{}, error) {
		return struct{}{}, b.ns.Delete(ctx, key)
	}, nothing), nil
}

func (b *binding) list(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	d, err := optionsArg(a, 0, "ListOptions")
	if err != nil {
		return nil, err
	}
	o := ListOptions{Prefix: nullableString(d, "prefix"), Cursor: nullableString(d, "cursor")}
	if n := integer(d, "limit"); n != nil {
		o.Limit = int(max(*n, 0)) // a limit that is none means the default
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	return op.Run(js, b.call("list", "GET", o.Prefix, false), func(ctx context.Context) (*Listing, error) {
		return b.ns.List(ctx, o)
	}, listing), nil
}

func nullableString(d *jsg.Dict, name string) string {
	if v := d.Value(name); !jsg.IsNullish(v) {
		return v.String()
	}
	return ""
}

func listing(js *jsg.Scope, l *Listing) (jsg.Value, error) {
	keys := make([]jsg.Value, len(l.Entries))
	for i, e := range l.Entries {
		k := js.Record("name", e.Key)
		if e.Expiration != 0 {
			js.Define(k, "expiration", js.Int(e.Expiration))
		}
		if e.Metadata != nil {
			m, err := metadataOf(js, e)
			if err != nil {
				return nil, err
			}
			js.Define(k, "metadata", m)
		}
		keys[i] = k
	}
	o := js.Record("keys", js.NewArray(keys...), "list_complete", l.Complete)
	if !l.Complete {
		js.Define(o, "cursor", js.String(l.Cursor))
	}
	js.Define(o, "cacheStatus", jsg.Null)
	return o, nil
}
