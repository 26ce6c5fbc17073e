package workflows

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/runtime/clone"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
)

// read makes a stored value anew. Nothing is undefined.
func read(js *jsg.Scope, data []byte) (jsg.Value, error) {
	if len(data) == 0 {
		return jsg.Undefined, nil
	}
	if text, ok := bytes.CutPrefix(data, jsonMark); ok {
		return js.JSONParse(string(text))
	}
	return clone.Message{Data: data}.Read(js)
}

// showing writes {key: value} as the log keeps it: binary data by its size.
var showing = sync.OnceValue(func() *jsg.Program {
	return jsg.MustCompile("cloudflare:workflows", `(function (key, value) {
	return JSON.stringify({ [key]: value }, (_, v) => {
		if (typeof v === "bigint") return "[BigInt(" + v + ")]";
		if (v instanceof ArrayBuffer) return "[ArrayBuffer(" + v.byteLength + " bytes)]";
		if (ArrayBuffer.isView(v) && !(v instanceof DataView)) return "[" + v.constructor.name + "(" + v.byteLength + " bytes)]";
		return v;
	});
})`)
})

func toJSON(js *jsg.Scope, key string, v jsg.Value) (string, error) {
	f, err := js.Run(showing())
	if err != nil {
		return "", err
	}
	text, err := js.Call(f, jsg.Undefined, js.String(key), v)
	if err != nil {
		return "", err
	}
	return text.String(), nil
}

// passing are the errors that keep their class on the way into the service. It runs
// with an old compatibility date: any other error comes as an Error with the name
// in its text, without properties.
var passing = []string{"Error", "RangeError", "TypeError", "SyntaxError", "ReferenceError", "EvalError", "URIError"}

// received is a thrown value as the service gets it.
func received(js *jsg.Scope, v jsg.Value) jsg.Value {
	d := jsg.Describe(v)
	e := &jsg.Error{Name: d.Name, Message: d.Message, DOM: d.DOM}
	o, isObject := jsg.IsObject(v)
	switch {
	case d.DOM:
	case !d.IsError && isObject && !jsg.IsFunction(v):
		e.Name, e.Message = "Error", js.Describe(o)
	case !d.IsError || d.Name == "":
		e.Name = "Error"
	case !slices.Contains(passing, d.Name):
		e.Name, e.Message = "Error", d.Name+": "+d.Message
	}
	return js.ErrorValue(e)
}

// thrown is the value behind an error.
func thrown(js *jsg.Scope, err error) jsg.Value {
	var ex *jsg.Exception
	if errors.As(err, &ex) {
		return ex.Value
	}
	var ours *Error
	if errors.As(err, &ours) {
		return js.ErrorValue(remote(ours))
	}
	return js.ErrorValue(rpc.Capture(js, err))
}

func isNonRetryable(d jsg.ErrorInfo) bool {
	return d.IsError && (d.Name == nonRetryable || strings.HasPrefix(d.Message, nonRetryable))
}

// stubError says of what cannot be stored what storage says.
func stubError(err error) error {
	var e *jsg.Error
	if errors.As(err, &e) && strings.HasPrefix(e.Message, "#<RpcStub>") {
		return jsg.DOMErrorf("DataCloneError", "RpcStub cannot be serialized in this context.")
	}
	return err
}

// mark gives an error the property that tells which object threw it.
func (r *run) mark(js *jsg.Scope, v jsg.Value) jsg.Value {
	if o, ok := jsg.IsObject(v); ok && jsg.Describe(v).IsError {
		_ = js.Set(o, "durableObjectId", js.String(objectID(r.w.name, r.in.ID)))
	}
	return v
}

// objectID is the id of what stands for an instance.
func objectID(workflow, id string) string {
	sum := sha256.Sum256([]byte(workflow + "\n" + id))
	return hex.EncodeToString(sum[:])
}
