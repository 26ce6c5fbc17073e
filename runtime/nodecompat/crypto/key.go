//lint:file-ignore SA1019 Node has these algorithms, however old.

package crypto

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"

	"github.com/youmark/pkcs8"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// keyState is the material of an asymmetric KeyObject: *rsa.PrivateKey,
// *ecdsa.PrivateKey, ed25519.PrivateKey, *ecdh.PrivateKey (X25519), or the
// public key of one.
type keyState struct{ key any }

var keyClass = handle[keyState]("KeyHandle")

// public is the public key of a key.
func public(key any) any {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return &k.PublicKey
	case *ecdsa.PrivateKey:
		return &k.PublicKey
	case ed25519.PrivateKey:
		return k.Public()
	case *ecdh.PrivateKey:
		return k.PublicKey()
	}
	return key
}

func isPrivate(key any) bool {
	switch key.(type) {
	case *rsa.PrivateKey, *ecdsa.PrivateKey, ed25519.PrivateKey, *ecdh.PrivateKey:
		return true
	}
	return false
}

var keyFuncs = map[string]native{}

func init() {
	// importPrivate and importPublic read PEM or DER: (data, format, type,
	// passphrase or undefined).
	keyFuncs["importPrivate"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		key, err := parse(a, parsePrivate)
		if err != nil || !isPrivate(key) {
			return nil, jsg.Errorf("Failed to parse private key")
		}
		return keyClass.Wrap(js, &keyState{key}), nil
	}
	keyFuncs["importPublic"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		key, err := parse(a, parsePublic)
		if err != nil || key == nil {
			return nil, jsg.Errorf("Failed to parse public key")
		}
		return keyClass.Wrap(js, &keyState{public(key)}), nil
	}
	keyFuncs["publicOf"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		k := keyClass.Arg(a, 0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		return keyClass.Wrap(js, &keyState{public(k.key)}), nil
	}
	keyFuncs["exportKey"] = exportKey
	keyFuncs["keysEqual"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		x, y := keyClass.Arg(a, 0), keyClass.Arg(a, 1)
		if err := a.Err(); err != nil {
			return nil, err
		}
		return js.Bool(equal(x.key, y.key)), nil
	}
	keyFuncs["keyDetails"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		k := keyClass.Arg(a, 0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		return details(js, public(k.key)), nil
	}
}

func equal(x, y any) bool {
	switch k := x.(type) {
	case *rsa.PrivateKey:
		return k.Equal(y)
	case *ecdsa.PrivateKey:
		return k.Equal(y)
	case ed25519.PrivateKey:
		return k.Equal(y)
	case *ecdh.PrivateKey:
		return k.Equal(y)
	case *rsa.PublicKey:
		return k.Equal(y)
	case *ecdsa.PublicKey:
		return k.Equal(y)
	case ed25519.PublicKey:
		return k.Equal(y)
	case *ecdh.PublicKey:
		return k.Equal(y)
	}
	return false
}

// curveNames are OpenSSL's names of curves.
var curveNames = map[elliptic.Curve]string{
	elliptic.P224(): "secp224r1", elliptic.P256(): "prime256v1", elliptic.P384(): "secp384r1", elliptic.P521(): "secp521r1",
}

// details is what JavaScript shows of a key: its kind, and kind by kind.
func details(js *jsg.Scope, key any) jsg.Value {
	o := js.NewObject()
	switch k := key.(type) {
	case *rsa.PublicKey:
		js.Define(o, "type", js.String("rsa"))
		js.Define(o, "modulusLength", js.Int(int64(k.N.BitLen())))
		js.Define(o, "publicExponent", js.Int(int64(k.E)))
	case *ecdsa.PublicKey:
		js.Define(o, "type", js.String("ec"))
		js.Define(o, "namedCurve", js.String(curveNames[k.Curve]))
	case ed25519.PublicKey:
		js.Define(o, "type", js.String("ed25519"))
	case *ecdh.PublicKey:
		js.Define(o, "type", js.String("x25519"))
	}
	return o
}

type parser func(der []byte, kind string, passphrase []byte) any

// parse reads (data, format, type, passphrase).
func parse(a *jsg.Args, f parser) (any, error) {
	data, format, kind := clone(a, 0), a.String(1), a.OptString(2, "")
	var passphrase []byte
	if a.Has(3) {
		passphrase = clone(a, 3)
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	if format == "der" {
		return f(data, kind, passphrase), nil
	}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if kind := pemKinds[block.Type]; kind != "" {
			if x509.IsEncryptedPEMBlock(block) {
				der, err := x509.DecryptPEMBlock(block, passphrase)
				if err != nil {
					return nil, nil
				}
				block.Bytes = der
			}
			return f(block.Bytes, kind, passphrase), nil
		}
	}
	return nil, nil
}

var pemKinds = map[string]string{
	"PRIVATE KEY": "pkcs8", "ENCRYPTED PRIVATE KEY": "pkcs8", "RSA PRIVATE KEY": "pkcs1", "EC PRIVATE KEY": "sec1",
	"PUBLIC KEY": "spki", "RSA PUBLIC KEY": "pkcs1-public", "CERTIFICATE": "certificate",
}

// parsePrivate is nil for what is no private key.
func parsePrivate(der []byte, kind string, passphrase []byte) (key any) {
	var err error
	switch kind {
	case "pkcs1":
		key, err = x509.ParsePKCS1PrivateKey(der)
	case "sec1":
		key, err = x509.ParseECPrivateKey(der)
	default:
		// A passphrase of a key that has none is no mistake.
		if key, err = x509.ParsePKCS8PrivateKey(der); err != nil && passphrase != nil {
			key, err = pkcs8.ParsePKCS8PrivateKey(der, passphrase)
		}
	}
	if err != nil {
		return nil
	}
	return key
}

// parsePublic also takes the public key out of a private one or a certificate.
func parsePublic(der []byte, kind string, passphrase []byte) (key any) {
	var err error
	switch kind {
	case "pkcs8", "sec1":
		return parsePrivate(der, kind, passphrase)
	case "pkcs1", "pkcs1-public":
		if key, err = x509.ParsePKCS1PublicKey(der); err != nil {
			return parsePrivate(der, "pkcs1", passphrase)
		}
	case "certificate":
		var c *x509.Certificate
		if c, err = x509.ParseCertificate(der); err == nil {
			key = c.PublicKey
		}
	default:
		key, err = x509.ParsePKIXPublicKey(der)
	}
	switch key.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey, *ecdh.PublicKey:
		if err == nil {
			return key
		}
	}
	return nil
}

// exportKey writes DER or PEM: (key, format, type, cipher, passphrase).
func exportKey(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	k, format, kind, name := keyClass.Arg(a, 0), a.String(1), a.String(2), a.OptString(3, "")
	if err := a.Err(); err != nil {
		return nil, err
	}
	var der []byte
	var label string
	var err error
	switch {
	case name != "":
		label = "ENCRYPTED PRIVATE KEY"
		der, err = encrypted(k.key, name, clone(a, 4))
	case !isPrivate(k.key) && kind == "pkcs1":
		label = "RSA PUBLIC KEY"
		der = x509.MarshalPKCS1PublicKey(k.key.(*rsa.PublicKey))
	case !isPrivate(k.key):
		label = "PUBLIC KEY"
		der, err = x509.MarshalPKIXPublicKey(k.key)
	case kind == "pkcs1":
		label = "RSA PRIVATE KEY"
		der = x509.MarshalPKCS1PrivateKey(k.key.(*rsa.PrivateKey))
	case kind == "sec1":
		label = "EC PRIVATE KEY"
		der, err = x509.MarshalECPrivateKey(k.key.(*ecdsa.PrivateKey))
	default:
		label = "PRIVATE KEY"
		der, err = x509.MarshalPKCS8PrivateKey(k.key)
	}
	if err != nil {
		return nil, err
	}
	if format == "der" {
		return buffer(js, der), nil
	}
	var b bytes.Buffer
	if err := pem.Encode(&b, &pem.Block{Type: label, Bytes: der}); err != nil {
		return nil, err
	}
	return js.String(b.String()), nil
}

// encrypted is PKCS #8 under a passphrase.
func encrypted(key any, name string, passphrase []byte) ([]byte, error) {
	opts := *pkcs8.DefaultOpts
	switch strings.ToLower(name) {
	case "aes-128-cbc":
		opts.Cipher = pkcs8.AES128CBC
	case "aes-192-cbc":
		opts.Cipher = pkcs8.AES192CBC
	case "aes-256-cbc", "aes256":
		opts.Cipher = pkcs8.AES256CBC
	default:
		return nil, jsg.Errorf("Unknown cipher: %s", name)
	}
	return pkcs8.MarshalPrivateKey(key, passphrase, &opts)
}
