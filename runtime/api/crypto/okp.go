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
		generate: func(_ *params, k *Key) (work[struct{}], error) {
			key, err := ecdh.X25519().GenerateKey(rand.Reader)
			if err != nil {
				return nil, operationError("Failed to generate the key.")
			}
			k.private, k.public = key, key.PublicKey()
			return nil, nil
		},
		importKey: importOKP(okpX25519), exportKey: exportOKP, exportJWK: okpX25519.jwk, derive: deriveX25519},
}

func newEd25519(name, curve string) *algorithm {
	return &algorithm{name: name, privateUses: signOnly, publicUses: verifyOnly,
		generate: func(p *params, k *Key) (work[struct{}], error) {
			if err := checkCurve(p, curve); err != nil {
				return nil, err
			}
			public, private, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				return nil, operationError("Failed to generate the key.")
			}
			k.curve, k.private, k.public = curve, private, public
			return nil, nil
		},
		importKey: func(p *params, in *keyData, k *Key) error {
			if err := checkCurve(p, curve); err != nil {
				return err
			}
			k.curve = curve
			return importOKP(okpEd25519)(p, in, k)
		},
		exportKey: exportOKP, exportJWK: okpEd25519.jwk,
		sign: func(_ *params, k *Key, data []byte) (work[[]byte], error) {
			private, ok := k.private.(ed25519.PrivateKey)
			if !ok {
				return nil, operationError("Failed to initialize Ed25519 signing digest.")
			}
			return func() ([]byte, error) { return ed25519.Sign(private, data), nil }, nil
		},
		verify: func(_ *params, k *Key, signature, data []byte) (work[bool], error) {
			public, ok := k.public.(ed25519.PublicKey)
			if len(signature) != ed25519.SignatureSize {
				return nil, operationError("Invalid %s signature length %d", k.alg.name, len(signature))
			}
			if !ok {
				return nil, operationError("Failed to initialize Ed25519 verification digest.")
			}
			return func() (bool, error) { return ed25519.Verify(public, data, signature), nil }, nil
		},
	}
}

// checkCurve compares namedCurve with the only one an algorithm has, if it asks
// for one.
func checkCurve(p *params, curve string) error {
	if curve == "" || !p.require("namedCurve") {
		return nil
	}
	if got := p.value("namedCurve").String(); got != curve {
		return unsupported("EDDSA curve %q isn't supported.", got)
	}
	return nil
}

// okp is what differs between the two kinds of key.
type okp struct {
	curve, alg string
	public     func(b []byte) any
	private    func(b []byte) (private, public any)
}

var okpEd25519 = okp{
	curve: "Ed25519", alg: "EdDSA",
	public: func(b []byte) any { return ed25519.PublicKey(b) },
	private: func(b []byte) (any, any) {
		key := ed25519.NewKeyFromSeed(b)
		return key, key.Public()
	},
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
}

const okpSize = 32

func importOKP(o okp) func(*params, *keyData, *Key) error {
	return func(_ *params, in *keyData, k *Key) error {
		if key, ok, err := pkixKey(in, k); ok {
			if err != nil {
				return err
			}
			k.setOKP(key)
			return nil
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

// setOKP takes a parsed key. As in workerd it may be of any algorithm: what uses
// it then fails.
func (k *Key) setOKP(key any) {
	switch key := key.(type) {
	case ed25519.PrivateKey:
		k.private, k.public = key, key.Public()
	case *ecdh.PrivateKey:
		k.private, k.public = key, key.PublicKey()
	default:
		k.public = key
		if k.kind == "private" {
			k.private = key
		}
	}
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
	if alg := r.fields["alg"]; r.has("alg") && o.alg != "" && alg != o.alg {
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
	return okpPublic(k)
}

// okpPublic are the bytes of the public key, of whichever curve.
func okpPublic(k *Key) ([]byte, error) {
	switch key := k.public.(type) {
	case *ecdh.PublicKey:
		return key.Bytes(), nil
	case ed25519.PublicKey:
		return key, nil
	}
	return nil, foreignKey(k)
}

// foreignKey is the error of an operation on a key of another algorithm.
func foreignKey(k *Key) error {
	return operationError("The imported key is not a %s key.", k.alg.name)
}

func (o okp) jwk(k *Key) (jwk, error) {
	x, err := okpPublic(k)
	if err != nil {
		return nil, err
	}
	j := jwk{"kty", "OKP", "crv", o.curve, "x", base64url(x)}
	if o.alg != "" && k.curve == "" {
		j = append(j, "alg", o.alg)
	}
	switch key := k.private.(type) {
	case ed25519.PrivateKey:
		j = append(j, "d", base64url(key.Seed()))
	case *ecdh.PrivateKey:
		j = append(j, "d", base64url(key.Bytes()))
	}
	return j, nil
}

func deriveX25519(p *params, k *Key, bits int) (work[[]byte], error) {
	other, err := peer(p, k)
	if err != nil {
		return nil, err
	}
	private, ok := k.private.(*ecdh.PrivateKey)
	public, okToo := other.public.(*ecdh.PublicKey)
	if !ok || !okToo {
		return nil, foreignKey(k)
	}
	return func() ([]byte, error) {
		secret, err := private.ECDH(public)
		if err != nil {
			return nil, operationError("Failed to derive EDDH key: public key routines INVALID_PEER_KEY.")
		}
		return cut(secret, bits)
	}, nil
}
