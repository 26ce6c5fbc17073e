package r2

import (
	"encoding/hex"
	"net/http"
	"slices"

	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/api/headers"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// head is an R2Object; the class names are those of the platform.
type head struct {
	jsg.Instance
	*Object
}

// object is an R2ObjectBody.
type object struct {
	head
	body.Body
}

var (
	headClass = &jsg.Class[head]{Name: "HeadResult", Members: jsg.Members[head]{
		jsg.Method("writeHttpMetadata", 0, (*head).writeHTTPMetadata),
	}}
	objectClass = &jsg.Class[object]{
		Name: "GetResult", Parent: headClass, Upcast: func(o *object) any { return &o.head },
		Members: bodyMembers(),
	}
	checksumsClass = &jsg.Class[checksums]{Name: "Checksums", Members: jsg.Members[checksums]{
		jsg.Method("toJSON", 0, (*checksums).toJSON),
	}}
)

// bodyMembers are those of a Response but formData.
func bodyMembers() jsg.Members[object] {
	m := body.Members(func(o *object) *body.Body { return &o.Body }, func(o *object) []string { return []string{o.HTTP.ContentType} })
	return slices.Delete(m, 6, 7) // formData; a test holds the position
}

func wrapObject(js *jsg.Scope, o *Object) *jsg.Object {
	h := headClass.Wrap(js, &head{Object: o})
	o.define(js, h)
	return h
}

func wrapBody(js *jsg.Scope, o *Object, b wire.Body) *jsg.Object {
	w := objectClass.Wrap(js, &object{head: head{Object: o}, Body: body.FromWire(b)})
	o.define(js, w)
	return w
}

// define puts the properties on the object itself, where JSON.stringify and
// spreading find them, in the platform's order.
func (o *Object) define(js *jsg.Scope, to *jsg.Object) {
	js.DefineReadOnly(to, "ssecKeyMd5", js.OptionalString(o.SSECKey))
	js.DefineReadOnly(to, "storageClass", js.String(o.StorageClass))
	js.DefineReadOnly(to, "range", o.Range.value(js))
	js.DefineReadOnly(to, "customMetadata", customValue(js, o.Custom))
	js.DefineReadOnly(to, "httpMetadata", o.HTTP.value(js))
	js.DefineReadOnly(to, "uploaded", js.Date(o.Uploaded))
	js.DefineReadOnly(to, "checksums", o.Checksums.value(js))
	js.DefineReadOnly(to, "httpEtag", js.String(o.HTTPETag()))
	js.DefineReadOnly(to, "etag", js.String(o.ETag))
	js.DefineReadOnly(to, "size", js.Int(o.Size))
	js.DefineReadOnly(to, "version", js.String(o.Version))
	js.DefineReadOnly(to, "key", js.String(o.Key))
}

func (s *Span) value(js *jsg.Scope) jsg.Value {
	if s == nil {
		return jsg.Undefined
	}
	o := js.Record("offset", js.Int(s.Offset), "length", js.Int(s.Length))
	js.DefineField(o, "suffix", jsg.Undefined)
	return o
}

func customValue(js *jsg.Scope, pairs []Pair) jsg.Value {
	o := js.NewObject()
	for _, p := range pairs {
		js.Define(o, p.Key, js.String(p.Value))
	}
	return o
}

// value has every field, as on the platform: what is absent is undefined.
func (m *HTTPMetadata) value(js *jsg.Scope) jsg.Value {
	o := js.NewObject()
	for _, f := range m.texts() {
		js.DefineField(o, f.name, js.OptionalString(*f.value))
	}
	expiry := jsg.Undefined
	if !m.CacheExpiry.IsZero() {
		expiry = js.Date(m.CacheExpiry)
	}
	js.DefineField(o, "cacheExpiry", expiry)
	return o
}

// text is one textual field of HTTPMetadata.
type text struct {
	name, header string
	value        *string
}

func (m *HTTPMetadata) texts() [5]text {
	return [...]text{
		{"contentType", "content-type", &m.ContentType},
		{"contentLanguage", "content-language", &m.ContentLanguage},
		{"contentDisposition", "content-disposition", &m.ContentDisposition},
		{"contentEncoding", "content-encoding", &m.ContentEncoding},
		{"cacheControl", "cache-control", &m.CacheControl},
	}
}

func (h *head) writeHTTPMetadata(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	to, ok := headers.From(a.Value(0))
	if !ok {
		a.Mismatch(0, "Headers")
		return nil, a.Err()
	}
	set := func(name, value string) error {
		_, err := js.Invoke(to.Wrap(js), "set", js.String(name), js.String(value))
		return err
	}
	for _, f := range h.HTTP.texts() {
		if *f.value != "" {
			if err := set(f.header, *f.value); err != nil {
				return nil, err
			}
		}
	}
	if e := h.HTTP.CacheExpiry; !e.IsZero() {
		return jsg.Undefined, set("expires", e.UTC().Format(http.TimeFormat))
	}
	return jsg.Undefined, nil
}

// checksums is R2Checksums.
type checksums struct {
	jsg.Instance
	sums *Checksums
}

type sum struct {
	name  string
	value []byte
}

func (c *Checksums) list() []sum {
	return []sum{{"sha512", c.SHA512}, {"sha384", c.SHA384}, {"sha256", c.SHA256}, {"sha1", c.SHA1}, {"md5", c.MD5}}
}

func (c *Checksums) value(js *jsg.Scope) jsg.Value {
	o := checksumsClass.Wrap(js, &checksums{sums: c})
	for _, s := range c.list() {
		v := jsg.Undefined
		if s.value != nil {
			v = js.NewArrayBuffer(slices.Clone(s.value))
		}
		js.DefineReadOnly(o, s.name, v)
	}
	return o
}

func (c *checksums) toJSON(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	o := js.NewObject()
	for _, s := range slices.Backward(c.sums.list()) {
		v := jsg.Undefined
		if s.value != nil {
			v = js.String(hex.EncodeToString(s.value))
		}
		js.DefineField(o, s.name, v)
	}
	return o, nil
}
