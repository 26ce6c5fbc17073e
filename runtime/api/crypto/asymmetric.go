package crypto

import (
	"crypto/x509"
	"encoding/asn1"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// pkixKey parses the formats all asymmetric algorithms share; ok is false for
// other formats. The type of key is the caller's to check.
func pkixKey(in *keyData, k *Key) (key any, ok bool, err error) {
	switch in.format {
	case "spki":
		k.kind = "public"
		b, trailing := outermost(in.bytes)
		if key, err = x509.ParsePKIXPublicKey(b); err != nil {
			return nil, true, dataError("Invalid SPKI input.")
		}
		if trailing > 0 {
			return nil, true, dataError("Invalid %d trailing bytes after SPKI input.", trailing)
		}
		if err := k.checkUsages(); err != nil {
			return nil, true, err
		}
	case "pkcs8":
		k.kind = "private"
		if err := k.checkUsages(); err != nil {
			return nil, true, err
		}
		b, trailing := outermost(in.bytes)
		if key, err = x509.ParsePKCS8PrivateKey(b); err != nil {
			return nil, true, dataError("Invalid PKCS8 input.")
		}
		if trailing > 0 {
			return nil, true, dataError("Invalid %d trailing bytes after PKCS8 input.", trailing)
		}
	default:
		return nil, false, nil
	}
	return key, true, nil
}

// outermost is the structure b begins with, and how many bytes follow it.
func outermost(b []byte) (structure []byte, trailing int) {
	var outer asn1.RawValue
	rest, err := asn1.Unmarshal(b, &outer)
	if err != nil {
		return b, 0
	}
	return outer.FullBytes, len(rest)
}

// exportPKIX writes spki and pkcs8; ok is false for other formats.
func exportPKIX(k *Key, format string) (b []byte, ok bool, err error) {
	switch format {
	case "spki":
		if k.kind != "public" {
			return nil, true, accessError("Asymmetric spki export requires public key (not %q).", k.kind)
		}
		b, err = x509.MarshalPKIXPublicKey(k.public)
	case "pkcs8":
		if k.kind != "private" {
			return nil, true, accessError("Asymmetric pkcs8 export requires private key (not %q).", k.kind)
		}
		b, err = x509.MarshalPKCS8PrivateKey(k.private)
	default:
		return nil, false, nil
	}
	if err != nil {
		return nil, true, operationError("Private key export failed.")
	}
	return b, true, nil
}

// wrongKey is the error for well-formed data of another algorithm.
func wrongKey(k *Key) error {
	switch k.alg.name {
	case "ECDH":
		return dataError("Input was not an EC public key nor a DH key.")
	case "ECDSA":
		return dataError("Input was not an EC key.")
	}
	return dataError("Input was not an RSA key.")
}

// notExported is the error for a format asymmetric keys are not written in.
func notExported(k *Key, format string) error {
	return accessError("Cannot export %q in %q format.", k.alg.name, format)
}

// cut shortens a shared secret to a number of bits; negative leaves it whole.
func cut(secret []byte, bits int) ([]byte, error) {
	if bits < 0 {
		return secret, nil
	}
	if bits > 8*len(secret) {
		return nil, operationError("Derived key length (%d bits) is too long (should be at most %d bits).", bits, 8*len(secret))
	}
	secret = secret[:(bits+7)/8]
	if spare := 8*len(secret) - bits; spare > 0 {
		secret[len(secret)-1] &= 0xFF << spare
	}
	return secret, nil
}

// peer is the other side's public key in a key agreement.
func peer(p *params, k *Key) (*Key, error) {
	if !p.has("public") {
		return nil, missingPublic()
	}
	other, ok := KeyClass.From(p.value("public"))
	switch {
	case !ok:
		return nil, jsg.TypeErrorf("Incorrect type for the 'public' field on 'DeriveKeyAlgorithm': the provided value is not of type 'CryptoKey'.")
	case other.kind != "public":
		return nil, accessError("The provided key has type %q, not \"public\"", other.kind)
	case other.alg != k.alg && (k.alg.name == "X25519" || other.alg.name != "ECDSA"):
		return nil, accessError("Base %s private key cannot be used to derive a key from a peer %s public key", k.alg.name, other.alg.name)
	case other.alg != k.alg:
		return nil, accessError("Private key for derivation is using %q while public key is using %q.", k.alg.name, other.alg.name)
	case other.curve != k.curve:
		return nil, accessError("Private key for derivation is using curve %q while public key is using %q.", k.curve, other.curve)
	}
	return other, nil
}
