// Package crypto gives the global crypto and its classes: random values,
// digests, and the WebCrypto algorithms workerd has.
//
// Deliberately not here: the post-quantum algorithms. What takes a millisecond or
// more is computed beside the isolate, the rest before a promise is returned.
//
// Where the truth is: https://w3c.github.io/webcrypto/, and workerd for error
// texts and its own additions (MD5, timingSafeEqual, NODE-ED25519).
package crypto

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"strings"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Crypto is the class of the global crypto.
type Crypto struct{ subtle *Subtle }

// Subtle is the class of crypto.subtle.
type Subtle struct{ jsg.Instance }

// Class is the global Crypto.
var Class = &jsg.Class[Crypto]{
	Name: "Crypto",
	Members: jsg.Members[Crypto]{
		jsg.Getter("subtle", func(c *Crypto, js *jsg.Scope) (jsg.Value, error) { return SubtleClass.Wrap(js, c.subtle), nil }),
		jsg.Method("getRandomValues", 0, getRandomValues),
		jsg.Method("randomUUID", 0, func(_ *Crypto, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			if err := inEvent(js); err != nil {
				return nil, err
			}
			return js.String(RandomUUID()), nil
		}),
	},
	Extend: func(js *jsg.Scope, _, proto *jsg.Object) {
		js.DefineLazy(proto, "DigestStream", true, func(js *jsg.Scope) jsg.Value { return DigestStreamClass.Constructor(js) })
	},
}

// SubtleClass is the global SubtleCrypto.
var SubtleClass = &jsg.Class[Subtle]{
	Name: "SubtleCrypto",
	Members: jsg.Members[Subtle]{
		jsg.Async("encrypt", 0, cipherCall("encrypt", "EncryptAlgorithm", encrypt)),
		jsg.Async("decrypt", 0, cipherCall("decrypt", "EncryptAlgorithm", decrypt)),
		jsg.Async("sign", 0, (*Subtle).sign),
		jsg.Async("verify", 0, (*Subtle).verify),
		jsg.Async("digest", 0, (*Subtle).digest),
		jsg.Async("generateKey", 0, (*Subtle).generateKey),
		jsg.Async("deriveKey", 0, (*Subtle).deriveKey),
		jsg.Async("deriveBits", 0, (*Subtle).deriveBits),
		jsg.Async("importKey", 0, (*Subtle).importKey),
		jsg.Async("exportKey", 0, (*Subtle).exportKey),
		jsg.Async("wrapKey", 0, (*Subtle).wrapKey),
		jsg.Async("unwrapKey", 0, (*Subtle).unwrapKey),
		jsg.Method("timingSafeEqual", 0, timingSafeEqual),
	},
}

// Globals are the classes of this package.
func Globals() []jsg.AnyClass { return []jsg.AnyClass{Class, SubtleClass, KeyClass} }

// Install defines the global crypto.
func Install(js *jsg.Scope) {
	js.DefineLazy(js.Global(), "crypto", true, func(js *jsg.Scope) jsg.Value {
		return Class.Wrap(js, &Crypto{subtle: &Subtle{}})
	})
}

// RandomUUID is a version 4 UUID.
func RandomUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0F|0x40, b[8]&0x3F|0x80
	out := make([]byte, 0, 36)
	for i, part := range [][]byte{b[:4], b[4:6], b[6:8], b[8:10], b[10:]} {
		if i > 0 {
			out = append(out, '-')
		}
		out = hex.AppendEncode(out, part)
	}
	return string(out)
}

func getRandomValues(_ *Crypto, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if err := inEvent(js); err != nil {
		return nil, err
	}
	const quota = 65536
	view, ok := jsg.ViewOf(a.Value(0))
	switch {
	case !ok:
		a.Mismatch(0, "ArrayBufferView")
		return nil, a.Err()
	case view.Kind == "DataView" || strings.HasPrefix(view.Kind, "Float"):
		return nil, jsg.DOMErrorf("TypeMismatchError", "ArrayBufferView argument to getRandomValues() must be an integer-typed view.")
	case view.Len > quota:
		return nil, jsg.DOMErrorf("QuotaExceededError", "getRandomValues() only accepts buffers of size <= 64K but provided %d bytes.", view.Len)
	}
	rand.Read(view.Bytes())
	return a.Value(0), nil
}

func timingSafeEqual(_ *Subtle, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	var data [2][]byte
	for i := range data {
		b, ok := jsg.Bytes(a.Value(i))
		if !ok {
			a.Mismatch(i, "BufferSource")
		}
		data[i] = b
	}
	if a.Err() != nil {
		return nil, a.Err()
	}
	if len(data[0]) != len(data[1]) {
		return nil, jsg.TypeErrorf("Input buffers must have the same byte length.")
	}
	return js.Bool(subtle.ConstantTimeCompare(data[0], data[1]) == 1), nil
}

// inEvent refuses random values while the script starts, as workerd does.
func inEvent(js *jsg.Scope) error {
	if isolate.Of(js) == nil { // no worker
		return nil
	}
	_, err := iocontext.Require(js)
	return err
}
