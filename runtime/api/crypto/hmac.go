package crypto

import (
	"crypto/hmac"
	"crypto/rand"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

var hmacAlgorithm = &algorithm{
	name:       "HMAC",
	secretUses: []string{"sign", "verify"},
	generate: func(p *params, k *Key) (work[struct{}], error) {
		bits, err := hmacLength(p)
		if err != nil || p.a.Err() != nil {
			return nil, err
		}
		k.hash, k.length, k.secret = p.hash(), bits, make([]byte, (bits+7)/8)
		rand.Read(k.secret)
		return nil, nil
	},
	keyLength: hmacLength,
	importKey: importHMAC,
	exportKey: func(k *Key, format string) ([]byte, error) {
		if format != "raw" {
			return nil, unsupported("Unimplemented key export format %q.", format)
		}
		return k.secret, nil
	},
	exportJWK: func(k *Key) (jwk, error) {
		if k.hash == "MD5" { // has no name there
			return nil, unsupported("Unimplemented JWK key export format for key algorithm %q.", k.hash)
		}
		return jwk{"kty", "oct", "alg", hmacJWK(k.hash), "k", base64url(k.secret)}, nil
	},
	sign: func(_ *params, k *Key, data []byte) (work[[]byte], error) {
		return func() ([]byte, error) { return mac(k, data), nil }, nil
	},
	verify: func(_ *params, k *Key, signature, data []byte) (work[bool], error) {
		return func() (bool, error) { return hmac.Equal(signature, mac(k, data)), nil }, nil
	},
}

func mac(k *Key, data []byte) []byte {
	h := hmac.New(digests[k.hash].New, k.secret)
	h.Write(data)
	return h.Sum(nil)
}

// hmacJWK is the "alg" of a digest: HS1, HS256, …
func hmacJWK(hash string) string { return "HS" + strings.TrimPrefix(hash, "SHA-") }

// hmacLength is the length asked for, or the digest's block.
func hmacLength(p *params) (int, error) {
	hash := p.hash()
	if p.a.Err() != nil {
		return 0, nil
	}
	if !p.has("length") {
		return 8 * digests[hash].New().BlockSize(), nil
	}
	bits := p.int("length")
	if bits <= 0 {
		if p.derived {
			return 0, jsg.TypeErrorf("HMAC key length must be a non-zero unsigned long integer.")
		}
		return 0, operationError("HMAC key length must be a non-zero unsigned long integer (requested %d).", bits)
	}
	return bits, nil
}

func importHMAC(p *params, in *keyData, k *Key) error {
	k.hash = p.hash()
	if p.a.Err() != nil {
		return nil
	}
	if err := k.checkUsages(); err != nil {
		return err
	}
	switch in.format {
	case "raw":
		k.secret = in.bytes
	case "jwk":
		if in.jwk.fields["kty"] != "oct" {
			return dataError("HMAC \"jwk\" key import requires a JSON Web Key with Key Type parameter (\"kty\") equal to \"oct\" (encountered %q).", in.jwk.shown("kty"))
		}
		var ok bool
		if k.secret, ok = in.jwk.bytes("k"); !ok {
			return dataError("HMAC \"jwk\" key import requires a base64Url encoding of the key")
		}
		if want := hmacJWK(k.hash); in.jwk.has("alg") && in.jwk.fields["alg"] != want {
			return dataError("HMAC \"jwk\" key import specifies \"alg\" that is incompatible with the hash name (encountered %q, expected %q).", in.jwk.fields["alg"], want)
		}
	default:
		return in.notFormat()
	}
	have := 8 * len(k.secret)
	k.length = have
	if p.has("length") {
		k.length = p.int("length")
	}
	if k.length <= 0 || k.length > have || k.length <= have-8 {
		return dataError("Imported HMAC key length (%d) must be a non-zero value up to 7 bits less than, and no greater than, the bit length of the raw key data (%d).", k.length, have)
	}
	if spare := have - k.length; spare > 0 {
		k.secret[len(k.secret)-1] &= 0xFF << spare
	}
	return nil
}
