package crypto

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"
)

// The algorithms over Curve25519, which JSON Web Keys call octet key pairs.
var okpAlgorithms = []*algorithm{
	newEd25519("Ed25519", ""),
	newEd25519("NODE-ED25519", "NODE-ED25519"),
	{name: "X25519", privateUses: deriveUses, publicUses: noUses,
		generate: func(_ *params, k *Key) error {
			key, err := ecdh.X25519().GenerateKey(rand.Reader)
			if err != nil {
				return operationError("Failed to generate the key.")
			}
			k.private, k.public = key, key.PublicKey()
			return nil
		},
		importKey: importOKP(okpX25519), exportKey: exportOKP, exportJWK: okpX25519.jwk, derive: deriveX25519},
}

func newEd25519(name, curve string) *algorithm {
	return &algorithm{name: name, privateUses: signOnly, publicUses: verifyOnly,
		generate: func(_ *params, k *Key) error {
			public, private, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				return operationError("Failed to generate the key.")
			}
			k.curve, k.private, k.public = curve, private, public
			return nil
		},
		importKey: func(p *params, in *keyData, k *Key) error {
			k.curve = curve
			return importOKP(okpEd25519)(p, in, k)
		},
		exportKey: exportOKP, exportJWK: okpEd25519.jwk,
		sign: func(_ *params, k *Key, data []byte) ([]byte, error) {
			return ed25519.Sign(k.private.(ed25519.PrivateKey), data), nil
		},
		verify: func(_ *params, k *Key, signature, data []byte) (bool, error) {
			if len(signature) != ed25519.SignatureSize {
				return false, operationError("Invalid %s signature length %d", k.alg.name, len(signature))
			}
			return ed25519.Verify(k.public.(ed25519.PublicKey), data, signature), nil
		},
	}
}

// okp is what differs between the two kinds of key.
type okp struct {
	curve, alg string
	public     func(b []byte) any
	private    func(b []byte) (private, public any)
	seed       func(private any) []byte
}

var okpEd25519 = okp{
	curve: "Ed25519", alg: "EdDSA",
	public: func(b []byte) any { return ed25519.PublicKey(b) },
	private: func(b []byte) (any, any) {
		key := ed25519.NewKeyFromSeed(b)
		return key, key.Public()
	},
	seed: func(private any) []byte { return private.(ed25519.PrivateKey).Seed() },
}

var okpX25519 = okp{
	curve: "X25519",
	public: func(b []byte) any {
		key, err := ecdh.X25519().NewPublicKey(b)
		if err != nil {
			return nil
		}
		return key
	},
	private: func(b []byte) (any, any) {
		key, err := ecdh.X25519().NewPrivateKey(b)
		if err != nil {
			return nil, nil
		}
		return key, key.PublicKey()
	},
	seed: func(private any) []byte { return private.(*ecdh.PrivateKey).Bytes() },
}

const okpSize = 32

func importOKP(o okp) func(*params, *keyData, *Key) error {
	return func(_ *params, in *keyData, k *Key) error {
		if key, ok, err := pkixKey(in, k); ok {
			if err != nil {
				return err
			}
			return k.setOKP(o, key)
		}
		switch in.format {
		case "raw":
			k.kind = "public"
			if err := k.checkUsages(); err != nil {
				return err
			}
			if len(in.bytes) != okpSize {
				return dataError("%s raw keys must be exactly 32-bytes (provided %d).", o.curve, len(in.bytes))
			}
			k.public = o.public(in.bytes)
			return nil
		case "jwk":
			return k.importOKPJWK(o, in.jwk)
		}
		return in.notFormat()
	}
}

func (k *Key) setOKP(o okp, key any) error {
	switch key := key.(type) {
	case ed25519.PrivateKey:
		k.private, k.public = key, key.Public()
	case *ecdh.PrivateKey:
		k.private, k.public = key, key.PublicKey()
	default:
		k.public = key
	}
	_, isEd := k.public.(ed25519.PublicKey)
	x, isX := k.public.(*ecdh.PublicKey)
	if isEd && o.curve == "Ed25519" || isX && x.Curve() == ecdh.X25519() && o.curve == "X25519" {
		return nil
	}
	return wrongKey(k)
}

func (k *Key) importOKPJWK(o okp, r *jwkReader) error {
	k.kind = "public"
	if r.has("d") {
		k.kind = "private"
	}
	if err := k.checkUsages(); err != nil {
		return err
	}
	if r.fields["kty"] != "OKP" {
		return dataError("%s \"jwk\" key imports requires a JSON Web Key with Key Type parameter \"kty\" (%q) equal to \"OKP\".", o.curve, r.shown("kty"))
	}
	if !r.has("crv") {
		return dataError("Missing field \"crv\" for %s key.", o.curve)
	}
	if r.fields["crv"] != o.curve {
		return unsupported("Only %s is supported but %q was requested.", o.curve, r.shown("crv"))
	}
	if alg := r.fields["alg"]; r.has("alg") && o.alg != "" && alg != o.alg && alg != o.curve {
		return dataError("JSON Web Key Algorithm parameter \"alg\" (%q) does not match requested %s curve.", alg, o.curve)
	}
	x, ok := r.bytes("x")
	if !ok {
		return dataError("Invalid %s key in JSON WebKey; missing or invalid public key component (\"x\").", o.curve)
	}
	if len(x) != okpSize {
		return dataError("Invalid length %d for public key", len(x))
	}
	k.public = o.public(x)
	if k.kind == "public" {
		return nil
	}
	d, ok := r.bytes("d")
	if !ok {
		return dataError("Invalid %s key in JSON Web Key; missing or invalid private key component (\"d\").", o.curve)
	}
	if len(d) != okpSize {
		return dataError("Invalid length %d for private key", len(d))
	}
	k.private, k.public = o.private(d)
	return nil
}

func exportOKP(k *Key, format string) ([]byte, error) {
	if b, ok, err := exportPKIX(k, format); ok {
		return b, err
	}
	if format != "raw" && format != "raw-public" {
		return nil, notExported(k, format)
	}
	if k.kind != "public" {
		return nil, accessError("Raw export of %s keys is only allowed for public keys.", k.alg.name)
	}
	return okpPublic(k), nil
}

func okpPublic(k *Key) []byte {
	if x, ok := k.public.(*ecdh.PublicKey); ok {
		return x.Bytes()
	}
	return k.public.(ed25519.PublicKey)
}

func (o okp) jwk(k *Key) jwk {
	j := jwk{"kty", "OKP", "crv", o.curve, "x", base64url(okpPublic(k))}
	if o.alg != "" && k.curve == "" {
		j = append(j, "alg", o.alg)
	}
	if k.kind == "private" {
		j = append(j, "d", base64url(o.seed(k.private)))
	}
	return j
}

func deriveX25519(p *params, k *Key, bits int) ([]byte, error) {
	other, err := peer(p, k)
	if err != nil {
		return nil, err
	}
	secret, err := k.private.(*ecdh.PrivateKey).ECDH(other.public.(*ecdh.PublicKey))
	if err != nil {
		return nil, operationError("Failed to derive shared diffie-hellman secret")
	}
	return cut(secret, bits)
}
