package crypto

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// curveNamed finds a curve by any of its names.
func curveNamed(name string) elliptic.Curve {
	switch strings.ToLower(name) {
	case "p-224", "secp224r1":
		return elliptic.P224()
	case "p-256", "prime256v1", "secp256r1":
		return elliptic.P256()
	case "p-384", "secp384r1":
		return elliptic.P384()
	case "p-521", "secp521r1":
		return elliptic.P521()
	}
	return nil
}

func init() { keyFuncs["generateKeyPair"] = generateKeyPair }

// generateKeyPair makes a private key of (type, modulusLength, namedCurve).
func generateKeyPair(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	kind := a.String(0)
	var key any
	var err error
	switch kind {
	case "rsa":
		key, err = rsa.GenerateKey(rand.Reader, int(a.Int(1)))
		if err != nil {
			return nil, jsg.Errorf("Failed to generate RSA key: %v", err)
		}
	case "ec":
		curve := curveNamed(a.String(2))
		if curve == nil {
			return nil, jsg.Errorf("Invalid or unsupported curve")
		}
		key, err = ecdsa.GenerateKey(curve, rand.Reader)
	case "ed25519":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case "x25519":
		key, err = ecdh.X25519().GenerateKey(rand.Reader)
	}
	if err != nil {
		return nil, err
	}
	return keyClass.Wrap(js, &keyState{key}), nil
}
