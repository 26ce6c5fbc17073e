package crypto

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"math/big"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

var curves = map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}

var ecAlgorithms = []*algorithm{
	{name: "ECDSA", privateUses: signOnly, publicUses: verifyOnly, generate: generateEC, importKey: importEC,
		exportKey: exportEC, exportJWK: ecJWK, sign: signEC, verify: verifyEC},
	{name: "ECDH", privateUses: deriveUses, publicUses: noUses, generate: generateEC, importKey: importEC,
		exportKey: exportEC, exportJWK: ecJWK, derive: deriveEC},
}

// ecJWKNames are the values of "alg" of RFC 7518, by curve.
var ecJWKNames = map[string]string{"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}

// curveOf reads namedCurve into k.
func curveOf(p *params, k *Key) (elliptic.Curve, error) {
	if !p.require("namedCurve") {
		return nil, nil
	}
	name := p.value("namedCurve").String()
	k.curve = strings.ToUpper(name)
	curve, ok := curves[k.curve]
	if !ok {
		return nil, unsupported("Unrecognized or unimplemented EC curve %q requested.", name)
	}
	return curve, nil
}

func generateEC(p *params, k *Key) (work[struct{}], error) {
	curve, err := curveOf(p, k)
	if curve == nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		return nil, operationError("Failed to generate the key.")
	}
	k.private, k.public = key, &key.PublicKey
	return nil, nil
}

func importEC(p *params, in *keyData, k *Key) error {
	curve, err := curveOf(p, k)
	if curve == nil {
		return err
	}
	if key, ok, err := pkixKey(in, k); ok {
		if err != nil {
			return err
		}
		return k.setEC(key)
	}
	switch in.format {
	case "raw":
		k.kind = "public"
		if err := k.checkUsages(); err != nil {
			return err
		}
		key, ok := ecPoint(curve, in.bytes)
		if !ok {
			return errRawEC(curve, in.bytes)
		}
		k.public = key
		return nil
	case "jwk":
		return k.importJWK(curve, in.jwk)
	}
	return in.notFormat()
}

// errRawEC says what is wrong with a point.
func errRawEC(curve elliptic.Curve, b []byte) error {
	switch {
	case len(b) == 0:
		return dataError("Failed to import raw EC key data.")
	case b[0] == 4 && len(b) == 1+2*curveSize(curve):
		return dataError("Failed to import raw EC key data: Point is not on curve..")
	}
	return dataError("Failed to import raw EC key data: Invalid point encoding..")
}

// curveSize is the bytes of a coordinate.
func curveSize(curve elliptic.Curve) int { return (curve.Params().BitSize + 7) / 8 }

// setEC takes a parsed key, which must be on the curve asked for.
func (k *Key) setEC(key any) error {
	switch key := key.(type) {
	case *ecdsa.PrivateKey:
		k.private, k.public = key, &key.PublicKey
	case *ecdsa.PublicKey:
		k.public = key
	default:
		return wrongKey(k)
	}
	if k.public.(*ecdsa.PublicKey).Curve != curves[k.curve] {
		comma := ""
		if k.alg.name == "ECDH" {
			comma = ","
		}
		return dataError("\"algorithm.namedCurve\" %q%s does not match the curve specified by the input key data.", k.curve, comma)
	}
	return nil
}

// ecPoint decodes a point in either of its encodings.
func ecPoint(curve elliptic.Curve, b []byte) (*ecdsa.PublicKey, bool) {
	if len(b) > 0 && b[0] != 4 {
		x, y := elliptic.UnmarshalCompressed(curve, b)
		if x == nil {
			return nil, false
		}
		size := curveSize(curve)
		b = append([]byte{4}, append(x.FillBytes(make([]byte, size)), y.FillBytes(make([]byte, size))...)...)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(curve, b)
	return key, err == nil
}

func (k *Key) importJWK(curve elliptic.Curve, r *jwkReader) error {
	k.kind = "public"
	if r.has("d") {
		k.kind = "private"
	}
	if err := k.checkUsages(); err != nil {
		return err
	}
	if r.fields["kty"] != "EC" {
		return dataError("Elliptic curve \"jwk\" key import requires a JSON Web Key with Key Type parameter \"kty\" (%q) equal to \"EC\".", r.shown("kty"))
	}
	for _, name := range []string{"x", "y"} {
		if _, ok := r.bytes(name); !ok {
			return dataError("Invalid EC key in JSON Web Key; missing %q.", name)
		}
	}
	if err := r.checkAlg("ES256", "ES384", "ES512"); err != nil && k.alg.name == "ECDSA" {
		return err
	}
	if k.alg.name == "ECDSA" && r.has("alg") && r.fields["alg"] != ecJWKNames[k.curve] {
		return dataError("JSON Web Key Algorithm parameter \"alg\" (%q) does not match requested curve.", r.fields["alg"])
	}
	x, _ := r.int("x")
	y, _ := r.int("y")
	size := curveSize(curve)
	if prime := curve.Params().P; x.Cmp(prime) >= 0 || y.Cmp(prime) >= 0 {
		return operationError("Invalid EC key; public key coordinates \"x\" and \"y\" are invalid.")
	}
	point := append([]byte{4}, append(x.FillBytes(make([]byte, size)), y.FillBytes(make([]byte, size))...)...)
	public, ok := ecPoint(curve, point)
	if !ok { // "crv" does not matter
		return operationError("Invalid EC key; public key coordinates \"x\" and \"y\" are invalid: Point is not on curve..")
	}
	k.public = public
	if k.kind == "public" {
		return nil
	}
	d, ok := r.int("d")
	if !ok {
		return dataError("Invalid EC key in JSON Web Key; missing or invalid private key component (\"d\").")
	}
	if d.Cmp(curve.Params().N) >= 0 {
		return operationError("Invalid EC key; private key component \"d\" is invalid.")
	}
	private, err := ecdsa.ParseRawPrivateKey(curve, d.FillBytes(make([]byte, size)))
	if err != nil {
		return operationError("Invalid EC key; private key component \"d\" is invalid.")
	}
	if !private.PublicKey.Equal(public) {
		return dataError("Invalid EC key in JSON Web Key.")
	}
	k.private = private
	return nil
}

func exportEC(k *Key, format string) ([]byte, error) {
	if b, ok, err := exportPKIX(k, format); ok {
		return b, err
	}
	if format != "raw" && format != "raw-public" {
		return nil, notExported(k, format)
	}
	if k.kind != "public" {
		return nil, accessError("Raw export of elliptic curve keys is only allowed for public keys.")
	}
	return k.public.(*ecdsa.PublicKey).Bytes()
}

func ecJWK(k *Key) (jwk, error) {
	point, err := k.public.(*ecdsa.PublicKey).Bytes()
	if err != nil {
		return nil, err
	}
	size := len(point) / 2
	j := jwk{"kty", "EC", "crv", k.curve, "x", base64url(point[1 : 1+size]), "y", base64url(point[1+size:])}
	if k.kind == "private" {
		d, err := k.private.(*ecdsa.PrivateKey).Bytes()
		if err != nil {
			return nil, err
		}
		j = append(j, "d", base64url(d))
	}
	return j, nil
}

// ecHash is the digest of a call: ECDSA keys have none of their own.
func ecHash(p *params) (string, error) {
	if !p.has("hash") {
		return "", jsg.TypeErrorf("Missing \"hash\" in AlgorithmIdentifier. (ECDSA requires that the hash algorithm be specified at call time rather than on the key. This differs from other WebCrypto algorithms for historical reasons.)")
	}
	hash := p.hash()
	return hash, p.a.Err()
}

func signEC(p *params, k *Key, data []byte) (work[[]byte], error) {
	hash, err := ecHash(p)
	if err != nil {
		return nil, err
	}
	return func() ([]byte, error) {
		r, s, err := ecdsa.Sign(rand.Reader, k.private.(*ecdsa.PrivateKey), sum(hash, data))
		if err != nil {
			return nil, operationError("ECDSA signing failed.")
		}
		size := curveSize(curves[k.curve])
		return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...), nil
	}, nil
}

func verifyEC(p *params, k *Key, signature, data []byte) (work[bool], error) {
	hash, err := ecHash(p)
	if err != nil {
		return nil, err
	}
	return func() (bool, error) {
		size := curveSize(curves[k.curve])
		if len(signature) != 2*size {
			return false, nil
		}
		r, s := new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:])
		return ecdsa.Verify(k.public.(*ecdsa.PublicKey), sum(hash, data), r, s), nil
	}, nil
}

func deriveEC(p *params, k *Key, bits int) (work[[]byte], error) {
	other, err := peer(p, k)
	if err != nil {
		return nil, err
	}
	return func() ([]byte, error) { return agreeEC(k, other, bits) }, nil
}

func agreeEC(k, other *Key, bits int) ([]byte, error) {
	private, err1 := k.private.(*ecdsa.PrivateKey).ECDH()
	public, err2 := other.public.(*ecdsa.PublicKey).ECDH()
	if err1 != nil || err2 != nil {
		return nil, operationError("Failed to derive shared diffie-hellman secret")
	}
	secret, err := private.ECDH(public)
	if err != nil {
		return nil, operationError("Failed to derive shared diffie-hellman secret")
	}
	return cut(secret, bits)
}

func missingPublic() error {
	return jsg.TypeErrorf("Missing field \"public\" in \"derivedKeyParams\".")
}
