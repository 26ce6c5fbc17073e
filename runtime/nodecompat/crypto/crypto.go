// Package crypto is what of node:crypto is written in Go: hashes, ciphers,
// keys, signatures, key agreement and random numbers. js/crypto.js and
// js/internal/crypto check arguments and make the classes.
//
// Deliberately not: what workerd does not have either (scrypt beyond its memory
// limit, DSA, Ed448, curves other than NIST's), RC2, key agreement on P-224, and
// key objects of Diffie-Hellman.
//
// Where the truth is: https://nodejs.org/api/crypto.html and workerd for texts.
package crypto

import (
	"crypto/rand"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// native is a function of the object that JavaScript sees.
type native func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error)

// Native is what js/internal/crypto uses. Arguments are checked there.
func Native(js *jsg.Scope) *jsg.Object {
	o := js.NewObject()
	for _, group := range []map[string]native{hashFuncs, cipherFuncs, kdfFuncs, randomFuncs, keyFuncs, signFuncs, agreeFuncs, x509Funcs, spkacFuncs} {
		for name, f := range group {
			js.Define(o, name, js.Func(name, 0, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
				v, err := f(js, a)
				if a.Err() != nil {
					return nil, a.Err()
				}
				return v, err
			}))
		}
	}
	return o
}

// handle is a class whose instances only our own JavaScript sees.
func handle[T any](name string, members ...jsg.Member[T]) *jsg.Class[T] {
	return &jsg.Class[T]{Name: name, Members: members}
}

// random fills b, inside an event only, as the platform's own generator.
func random(js *jsg.Scope, b []byte) error {
	if _, err := iocontext.Require(js); err != nil {
		return err
	}
	_, err := rand.Read(b)
	return err
}

func buffer(js *jsg.Scope, b []byte) jsg.Value { return js.NewArrayBuffer(b) }

// clone copies bytes that JavaScript may change later.
func clone(a *jsg.Args, i int) []byte { return append([]byte(nil), a.BufferSource(i)...) }
