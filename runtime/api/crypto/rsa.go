package crypto

import (
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"slices"
	"strings"
)

var rsaAlgorithms = []*algorithm{
	{name: "RSASSA-PKCS1-v1_5", privateUses: signOnly, publicUses: verifyOnly, generate: generateRSA, importKey: importRSA,
		exportKey: exportRSA, exportJWK: rsaJWK, sign: signPKCS1, verify: verifyPKCS1},
	{name: "RSA-PSS", privateUses: signOnly, publicUses: verifyOnly, generate: generateRSA, importKey: importRSA,
		exportKey: exportRSA, exportJWK: rsaJWK, sign: signPSS, verify: verifyPSS},
	{name: "RSA-OAEP", privateUses: []string{"decrypt", "unwrapKey"}, publicUses: []string{"encrypt", "wrapKey"}, generate: generateRSA,
		importKey: importRSA, exportKey: exportRSA, exportJWK: rsaJWK, encrypt: encryptOAEP, decrypt: decryptOAEP},
}

// rsaPublicNumbers are the public exponent and the modulus length in bits.
func rsaPublicNumbers(k *Key) (exponent []byte, bits int, ok bool) {
	key, ok := k.public.(*rsa.PublicKey)
	if !ok {
		return nil, 0, false
	}
	return big.NewInt(int64(key.E)).Bytes(), key.N.BitLen(), true
}

func generateRSA(p *params, k *Key) error {
	k.hash = p.hash()
	bits, exponent := p.int("modulusLength"), new(big.Int).SetBytes(p.bytes("publicExponent"))
	switch {
	case p.a.Err() != nil:
		return nil
	case bits == 0:
		return operationError("modulusLength must be greater than zero (requested 0).")
	case bits < 256 || bits > 16384 || bits%8 != 0:
		return operationError("The modulus length must be a multiple of 8 and between 256 and 16k, but %d was requested.", bits)
	case !exponent.IsInt64() || exponent.Int64() != 3 && exponent.Int64() != 65537:
		return operationError("The \"publicExponent\" must be either 3 or 65537, but got %s.", exponent)
	case exponent.Int64() == 3:
		return unsupported("Generating RSA keys with the public exponent 3 is not implemented in miniworker; use 65537.")
	}
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return unsupported("Generating RSA keys of %d bits is not implemented in miniworker; use 2048.", bits)
	}
	k.private, k.public = key, &key.PublicKey
	return nil
}

func importRSA(p *params, in *keyData, k *Key) error {
	k.hash = p.hash()
	if p.a.Err() != nil {
		return nil
	}
	key, ok, err := pkixKey(in, k)
	if !ok && in.format == "jwk" {
		ok = true
		key, err = k.rsaFromJWK(in.jwk)
	}
	switch {
	case !ok:
		return in.notFormat()
	case err != nil:
		return err
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		k.private, k.public = key, &key.PublicKey
	case *rsa.PublicKey:
		k.public = key
	default:
		return wrongKey(k)
	}
	return nil
}

// rsaJWKName is the "alg" of RFC 7518: RS256, PS256, RSA-OAEP-256, …
func rsaJWKName(k *Key) string {
	size := strings.TrimPrefix(k.hash, "SHA-")
	switch {
	case k.alg.name == "RSA-PSS":
		return "PS" + size
	case k.alg.name == "RSASSA-PKCS1-v1_5":
		return "RS" + size
	case k.hash == "SHA-1":
		return "RSA-OAEP"
	}
	return "RSA-OAEP-" + size
}

func (k *Key) rsaFromJWK(r *jwkReader) (any, error) {
	k.kind = "public"
	if r.has("d") {
		k.kind = "private"
	}
	if err := k.checkUsages(); err != nil {
		return nil, err
	}
	if r.fields["kty"] != "RSA" {
		// All three algorithms say the same.
		return nil, dataError("RSASSA-PKCS1-v1_5 \"jwk\" key import requires a JSON Web Key with Key Type parameter \"kty\" (%q) equal to \"RSA\".", r.shown("kty"))
	}
	if err := r.checkAlg("RS1", "RS256", "RS384", "RS512", "PS1", "PS256", "PS384", "PS512", "RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"); err != nil {
		return nil, err
	}
	if r.has("alg") && r.fields["alg"] != rsaJWKName(k) { // the text names the wrong one twice, as workerd's does
		return nil, dataError("JSON Web Key Algorithm parameter \"alg\" (%q) does not match requested hash algorithm %[1]q.", r.fields["alg"])
	}
	n, ok := r.int("n")
	if !ok {
		return nil, dataError("Invalid RSA key in JSON Web Key; missing or invalid Modulus parameter (\"n\").")
	}
	e, ok := r.int("e")
	if !ok || e.BitLen() > 31 {
		return nil, dataError("Invalid RSA key in JSON Web Key; missing or invalid Exponent parameter (\"e\").")
	}
	public := rsa.PublicKey{N: n, E: int(e.Int64())}
	if k.kind == "public" {
		return &public, nil
	}
	d, okD := r.int("d")
	if r.has("oth") {
		return nil, unsupported("Multi-prime private keys not supported.")
	}
	if !okD {
		return nil, dataError("Invalid RSA key in JSON Web Key; missing or invalid Private Exponent parameter (\"d\").")
	}
	crt := []string{"p", "q", "dp", "dq", "qi"}
	missing := slices.ContainsFunc(crt, func(name string) bool { return !r.has(name) })
	if missing && slices.ContainsFunc(crt, r.has) {
		return nil, dataError("Invalid RSA private key in JSON Web Key; if one Prime Factor or CRT Exponent/Coefficient parameter is present, then they must all be present (\"p\", \"q\", \"dp\", \"dq\", \"qi\").")
	}
	p, okP := r.int("p")
	q, okQ := r.int("q")
	if !okP || !okQ {
		return nil, dataError("Invalid RSA key in JSON Web Key; missing or invalid private key parameters.")
	}
	key := &rsa.PrivateKey{PublicKey: public, D: d, Primes: []*big.Int{p, q}}
	key.Precompute()
	if key.Validate() != nil {
		return nil, dataError("Invalid RSA key in JSON Web Key; missing or invalid private key parameters.")
	}
	return key, nil
}

func exportRSA(k *Key, format string) ([]byte, error) {
	if b, ok, err := exportPKIX(k, format); ok {
		return b, err
	}
	return nil, notExported(k, format)
}

func rsaJWK(k *Key) jwk {
	key := k.public.(*rsa.PublicKey)
	j := jwk{"kty", "RSA", "alg", rsaJWKName(k), "n", base64url(key.N.Bytes()), "e", base64url(big.NewInt(int64(key.E)).Bytes())}
	if k.kind != "private" {
		return j
	}
	private := k.private.(*rsa.PrivateKey)
	j = append(j, "d", base64url(private.D.Bytes()))
	if len(private.Primes) != 2 || private.Precomputed.Dp == nil {
		return j
	}
	c := private.Precomputed
	return append(j, "p", base64url(private.Primes[0].Bytes()), "q", base64url(private.Primes[1].Bytes()),
		"dp", base64url(c.Dp.Bytes()), "dq", base64url(c.Dq.Bytes()), "qi", base64url(c.Qinv.Bytes()))
}

func signPKCS1(_ *params, k *Key, data []byte) ([]byte, error) {
	b, err := rsa.SignPKCS1v15(rand.Reader, k.private.(*rsa.PrivateKey), digests[k.hash], sum(k.hash, data))
	if err != nil {
		return nil, operationError("RSASSA-PKCS1-v1_5 signing failed.")
	}
	return b, nil
}

func verifyPKCS1(_ *params, k *Key, signature, data []byte) (bool, error) {
	return rsa.VerifyPKCS1v15(k.public.(*rsa.PublicKey), digests[k.hash], sum(k.hash, data), signature) == nil, nil
}

// pssOptions reads saltLength. The library takes 0 for "as long as possible",
// so a signature without salt cannot be made; one is accepted, with any salt.
func pssOptions(p *params, k *Key) (*rsa.PSSOptions, error) {
	if !p.d.Has("saltLength") {
		return nil, dataError("Failed to provide salt for RSA-PSS key operation which requires a salt")
	}
	n := p.int("saltLength")
	if n < 0 {
		return nil, dataError("SaltLength for RSA-PSS must be non-negative (provided %d).", n)
	}
	if n == 0 && k.kind == "private" {
		return nil, unsupported("RSA-PSS with a saltLength of 0 is not implemented in miniworker; use the length of the digest.")
	}
	return &rsa.PSSOptions{SaltLength: n, Hash: digests[k.hash]}, p.a.Err()
}

func signPSS(p *params, k *Key, data []byte) ([]byte, error) {
	options, err := pssOptions(p, k)
	if err != nil {
		return nil, err
	}
	b, err := rsa.SignPSS(rand.Reader, k.private.(*rsa.PrivateKey), digests[k.hash], sum(k.hash, data), options)
	if err != nil {
		return nil, operationError("RSA-PSS signing failed.")
	}
	return b, nil
}

func verifyPSS(p *params, k *Key, signature, data []byte) (bool, error) {
	options, err := pssOptions(p, k)
	if err != nil {
		return false, err
	}
	return rsa.VerifyPSS(k.public.(*rsa.PublicKey), digests[k.hash], sum(k.hash, data), signature, options) == nil, nil
}

func encryptOAEP(p *params, k *Key, data []byte) ([]byte, error) {
	label := p.optBytes("label")
	if p.a.Err() != nil {
		return nil, p.a.Err()
	}
	b, err := rsa.EncryptOAEP(digests[k.hash].New(), rand.Reader, k.public.(*rsa.PublicKey), data, label)
	if err != nil {
		return nil, operationError("RSA-OAEP failed encrypt/decrypt.")
	}
	return b, nil
}

func decryptOAEP(p *params, k *Key, data []byte) ([]byte, error) {
	label := p.optBytes("label")
	if p.a.Err() != nil {
		return nil, p.a.Err()
	}
	if len(data) != k.private.(*rsa.PrivateKey).Size() {
		return nil, operationError("RSA-OAEP failed encrypt/decrypt: Invalid RSA signature..")
	}
	b, err := rsa.DecryptOAEP(digests[k.hash].New(), nil, k.private.(*rsa.PrivateKey), data, label)
	if err != nil {
		return nil, operationError("RSA-OAEP failed encrypt/decrypt.")
	}
	return b, nil
}
