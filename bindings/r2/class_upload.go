package r2

import (
	"context"
	"io"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// multipart is an R2MultipartUpload: a name for an upload that may exist.
type multipart struct {
	jsg.Instance
	b       *binding
	key, id string
}

var multipartClass = &jsg.Class[multipart]{Name: "R2MultipartUpload", Members: jsg.Members[multipart]{
	jsg.Async("uploadPart", 0, (*multipart).uploadPart),
	jsg.Async("abort", 0, (*multipart).abort),
	jsg.Async("complete", 0, (*multipart).complete),
}}

func (b *binding) wrapUpload(js *jsg.Scope, key, id string) *jsg.Object {
	o := multipartClass.Wrap(js, &multipart{b: b, key: key, id: id})
	js.DefineReadOnly(o, "uploadId", js.String(id))
	js.DefineReadOnly(o, "key", js.String(key))
	return o
}

func (b *binding) createMultipartUpload(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	key := required(a, 0)
	o, err := uploadOptions(js, a, 1)
	if err != nil {
		return nil, err
	}
	return run(js, call{b: b, method: "createMultipartUpload", action: "createMultipartUpload", key: key, quick: true}, func(ctx context.Context) (string, error) {
		return b.bucket.CreateUpload(ctx, key, o)
	}, func(js *jsg.Scope, id string) (jsg.Value, error) { return b.wrapUpload(js, key, id), nil }), nil
}

func (b *binding) resumeMultipartUpload(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	key, id := required(a, 0), required(a, 1)
	if err := a.Err(); err != nil {
		return nil, err
	}
	return b.wrapUpload(js, key, id), nil
}

func errPartNumber(n int64) error {
	return jsg.TypeErrorf("Part number must be between 1 and 10000 (inclusive). Actual value was: %d", n)
}

func (u *multipart) uploadPart(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if a.Len() == 0 {
		a.Mismatch(0, "integer")
	}
	number := a.Int(0)
	v := contentArg(js, a, 1, false)
	if err := a.Err(); err != nil {
		return nil, err
	}
	if number < 1 || number > MaxParts {
		return nil, errPartNumber(number)
	}
	ssec := options(js, a, 2, "UploadPartOptions").ssecKey()
	if err := a.Err(); err != nil {
		return nil, err
	}
	if err := v.open(js, a.Value(1), false); err != nil {
		return nil, err
	}
	return run(js, u.call("uploadPart", "uploadPart", false), func(ctx context.Context) (Part, error) {
		return send(v, func(r io.Reader, size int64) (Part, error) {
			return u.b.bucket.UploadPart(ctx, u.key, u.id, int(number), r, size, ssec)
		})
	}, func(js *jsg.Scope, p Part) (jsg.Value, error) {
		return js.Record("partNumber", js.Int(int64(p.Number)), "etag", p.ETag), nil
	}), nil
}

func (u *multipart) call(method, action string, quick bool) call {
	return call{b: u.b, method: method, action: action, key: u.key, quick: quick}
}

func (u *multipart) abort(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	return run(js, u.call("abort", "abortMultipartUpload", false), func(ctx context.Context) (struct{}, error) {
		return struct{}{}, u.b.bucket.AbortUpload(ctx, u.key, u.id)
	}, nothing), nil
}

func (u *multipart) complete(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if !jsg.IsArray(a.Value(0)) {
		a.Mismatch(0, "Array")
		return nil, a.Err()
	}
	var parts []Part
	err := js.Iterate(a.Value(0), func(v jsg.Value) (bool, error) {
		o, ok := jsg.IsObject(v)
		if !ok {
			return false, jsg.TypeErrorf("Incorrect type for array element %d: the provided value is not of type 'UploadedPart'.", len(parts))
		}
		n := o.Get("partNumber")
		if n == nil {
			n = jsg.Undefined
		}
		number := n.ToInteger()
		if number < 1 || number > MaxParts {
			return false, errPartNumber(number)
		}
		etag, err := js.Get(o, "etag")
		if err != nil {
			return false, err
		}
		parts = append(parts, Part{Number: int(number), ETag: etag.String()})
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	return run(js, u.call("complete", "completeMultipartUpload", false), func(ctx context.Context) (*Object, error) {
		return u.b.bucket.CompleteUpload(ctx, u.key, u.id, parts)
	}, orNull), nil
}
