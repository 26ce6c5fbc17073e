package crypto

import (
	"slices"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Key is CryptoKey. It does not change after it was made.
type Key struct {
	alg         *algorithm
	kind        string // "secret", "private" or "public"
	extractable bool
	usages      []string

	hash   string // the digest it is bound to, if any
	curve  string
	length int // bits of a secret
	// exponent is the public one of an RSA key as it was asked for, nil where the
	// key was imported.
	exponent []byte

	secret []byte
	public any // of crypto/rsa, ecdsa, ed25519 or ecdh
	// private is the private key, also where public is set.
	private any
}

// KeyClass is the global CryptoKey.
var KeyClass = &jsg.Class[Key]{Name: "CryptoKey"}

// wrap makes the JavaScript object. As in workerd its properties are its own.
func (k *Key) wrap(js *jsg.Scope) *jsg.Object {
	o := KeyClass.Wrap(js, k)
	js.DefineReadOnly(o, "usages", stringArray(js, k.usages))
	js.DefineReadOnly(o, "algorithm", k.describe(js))
	js.DefineReadOnly(o, "extractable", js.Bool(k.extractable))
	js.DefineReadOnly(o, "type", js.String(k.kind))
	return o
}

// describe is the algorithm property.
func (k *Key) describe(js *jsg.Scope) *jsg.Object {
	o := js.Record("name", k.alg.name)
	hash := func() {
		if k.hash != "" {
			js.Define(o, "hash", js.Record("name", k.hash))
		}
	}
	if e, n, ok := rsaPublicNumbers(k); ok {
		js.Define(o, "modulusLength", js.Int(int64(n)))
		js.Define(o, "publicExponent", js.NewUint8Array(e))
		hash()
		if k.hash == "" { // RSA-RAW
			js.Define(o, "hash", jsg.Undefined)
		}
		return o
	}
	hash()
	if k.curve != "" {
		js.Define(o, "namedCurve", js.String(k.curve))
	}
	if k.length != 0 {
		js.Define(o, "length", js.Int(int64(k.length)))
	}
	return o
}

func stringArray(js *jsg.Scope, list []string) *jsg.Object {
	items := make([]jsg.Value, len(list))
	for i, s := range list {
		items[i] = js.String(s)
	}
	return js.NewArray(items...)
}

// allUsages in the order keys list them.
var allUsages = []string{"encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey"}

// only are the usages of want that are in allowed, in order.
func only(want, allowed []string) []string {
	out := []string{}
	for _, u := range allUsages {
		if slices.Contains(want, u) && slices.Contains(allowed, u) {
			out = append(out, u)
		}
	}
	return out
}

// usagesArg reads argument i, a list of strings.
func usagesArg(js *jsg.Scope, a *jsg.Args, i int) []string {
	if !jsg.IsArray(a.Value(i)) {
		a.Mismatch(i, "Array")
	}
	if a.Err() != nil {
		return nil
	}
	return stringList(js, a, a.Value(i))
}

func stringList(js *jsg.Scope, a *jsg.Args, v jsg.Value) (list []string) {
	if err := js.Iterate(v, func(v jsg.Value) (bool, error) {
		list = append(list, v.String())
		return true, nil
	}); err != nil {
		a.Fail(err)
	}
	return list
}

// keyArg is argument i as a key that fits an algorithm and an operation.
func keyArg(a *jsg.Args, i int, p *params, usage string) *Key {
	k, ok := KeyClass.From(a.Value(i))
	switch {
	case !ok:
		a.Mismatch(i, "CryptoKey")
	case a.Err() != nil:
	case algorithmNamed(p.name) != k.alg:
		a.Fail(accessError("Requested algorithm %q does not match this CryptoKey's algorithm %q.", p.name, k.alg.name))
	case !slices.Contains(k.usages, usage):
		a.Fail(accessError("Requested key usage %q does not match any usage listed in this CryptoKey.", usage))
	}
	return k
}
