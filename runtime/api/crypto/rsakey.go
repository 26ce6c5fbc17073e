package crypto

import (
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"slices"
	"strings"
)

// rsaPublicNumbers are the public exponent and the modulus length in bits.
func rsaPublicNumbers(k *Key) (exponent []byte, bits int, ok bool) {
	key, ok := k.public.(*rsa.PublicKey)
	if !ok || !strings.HasPrefix(k.alg.name, "RSA") {
		return nil, 0, false
	}
	if exponent = k.exponent; exponent == nil {
		exponent = exponentOf(key)
	}
	return exponent, key.N.BitLen(), true
}

func exponentOf(key *rsa.PublicKey) []byte { return big.NewInt(int64(key.E)).Bytes() }

func generateRSA(p *params, k *Key) (work[struct{}], error) {
	exponent, bits := p.bytes("publicExponent"), p.int("modulusLength")
	k.hash = p.hash()
	e := new(big.Int).SetBytes(exponent)
	switch {
	case p.a.Err() != nil:
		return nil, nil
	case bits <= 0:
		return nil, operationError("modulusLength must be greater than zero (requested %d).", bits)
	case bits < 256 || bits > 16384 || bits%8 != 0:
		return nil, errModulus(bits)
	case e.BitLen() > 32:
		return nil, operationError("The \"publicExponent\" must be either 3 or 65537, but got a number larger than 2^32.")
	case e.Int64() != 3 && e.Int64() != 65537:
		return nil, operationError("The \"publicExponent\" must be either 3 or 65537, but got %s.", e)
	case bits%128 != 0:
		return nil, operationError("Can't generate key: RSA key size is required to be a multiple of 128")
	case bits < 512:
		return nil, operationError("RSA key size is too small.")
	}
	k.exponent, p.long = exponent, true
	return func() (struct{}, error) {
		key, err := newRSA(bits, e)
		if err != nil {
			return struct{}{}, operationError("Failed to generate the key.")
		}
		k.private, k.public = key, &key.PublicKey
		return struct{}{}, nil
	}, nil
}

func errModulus(bits int) error {
	return operationError("The modulus length must be a multiple of 8 and between 256 and 16k, but %d was requested.", bits)
}

// newRSA makes a key with any public exponent; the library knows one only.
func newRSA(bits int, exponent *big.Int) (*rsa.PrivateKey, error) {
	if exponent.Int64() == 65537 {
		return rsa.GenerateKey(rand.Reader, bits)
	}
	one := big.NewInt(1)
	for {
		p, err := rand.Prime(rand.Reader, bits/2)
		if err != nil {
			return nil, err
		}
		q, err := rand.Prime(rand.Reader, bits/2)
		if err != nil {
			return nil, err
		}
		totient := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
		d := new(big.Int).ModInverse(exponent, totient)
		if d == nil {
			continue
		}
		key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: int(exponent.Int64())}, D: d, Primes: []*big.Int{p, q}}
		key.Precompute()
		if key.Validate() == nil {
			return key, nil
		}
	}
}

func importRSA(p *params, in *keyData, k *Key) error {
	if k.alg.name != rsaRaw {
		k.hash = p.hash()
	}
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
	case k.alg.name == rsaRaw && k.kind == "public":
		return dataError("RSA-RAW only supports private keys but requested %q.", k.kind)
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		k.private, k.public = key, &key.PublicKey
	case *rsa.PublicKey:
		k.public = key
	default:
		return wrongKey(k)
	}
	public := k.public.(*rsa.PublicKey)
	switch bits := 8 * public.Size(); {
	case bits < 256 || bits > 16384:
		return errModulus(bits)
	case public.E != 3 && public.E != 65537:
		return operationError("Imported RSA key has invalid publicExponent %d.", public.E)
	}
	return nil
}

// The "alg" of RFC 7518 without the digest, by algorithm, and the digests' part.
var (
	rsaJWKFamilies = map[string]string{"RSASSA-PKCS1-v1_5": "RS", "RSA-PSS": "PS", "RSA-OAEP": "RSA-OAEP-"}
	rsaJWKHashes   = map[string]string{"SHA-1": "1", "SHA-256": "256", "SHA-384": "384", "SHA-512": "512"}
)

// rsaJWKName is the "alg" of RFC 7518: RS256, PS256, RSA-OAEP-256, …
func rsaJWKName(family, hash string) string {
	if family == "RSA-OAEP" && hash == "SHA-1" {
		return family
	}
	return rsaJWKFamilies[family] + rsaJWKHashes[hash]
}

// checkRSAName compares "alg" with the digest of the key. As in workerd it may be
// that of another RSA algorithm.
func (r *jwkReader) checkRSAName(k *Key) error {
	if !r.has("alg") {
		return nil
	}
	alg := r.fields["alg"]
	for family := range rsaJWKFamilies {
		for hash := range rsaJWKHashes {
			if rsaJWKName(family, hash) != alg {
				continue
			}
			if hash != k.hash { // the text names the wrong one twice, as workerd's does
				return dataError("JSON Web Key Algorithm parameter \"alg\" (%q) does not match requested hash algorithm %[1]q.", alg)
			}
			return nil
		}
	}
	return unsupported("Unrecognized or unimplemented algorithm %q listed in JSON Web Key Algorithm parameter.", alg)
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
		// All of the algorithms say the same.
		return nil, dataError("RSASSA-PKCS1-v1_5 \"jwk\" key import requires a JSON Web Key with Key Type parameter \"kty\" (%q) equal to \"RSA\".", r.shown("kty"))
	}
	if err := r.checkRSAName(k); err != nil {
		return nil, err
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
	return r.rsaPrivate(public)
}

// rsaPrivate takes the numbers as they are: whether they fit together shows when
// the key is used.
func (r *jwkReader) rsaPrivate(public rsa.PublicKey) (*rsa.PrivateKey, error) {
	if r.has("oth") {
		return nil, unsupported("Multi-prime private keys not supported.")
	}
	d, ok := r.int("d")
	if !ok {
		return nil, dataError("Invalid RSA key in JSON Web Key; missing or invalid Private Exponent parameter (\"d\").")
	}
	key := &rsa.PrivateKey{PublicKey: public, D: d}
	crt := []string{"p", "q", "dp", "dq", "qi"}
	if !slices.ContainsFunc(crt, r.has) {
		return key, nil
	}
	if slices.ContainsFunc(crt, func(name string) bool { return !r.has(name) }) {
		return nil, dataError("Invalid RSA private key in JSON Web Key; if one Prime Factor or CRT Exponent/Coefficient parameter is present, then they must all be present (\"p\", \"q\", \"dp\", \"dq\", \"qi\").")
	}
	var numbers [5]*big.Int
	for i, what := range []string{"First Prime Factor", "Second Prime Factor", "First Factor CRT Exponent", "Second Factor CRT Exponent", "First CRT Coefficient"} {
		if numbers[i], ok = r.int(crt[i]); !ok {
			return nil, dataError("Invalid RSA key in JSON Web Key; invalid %s parameter (%q).", what, crt[i])
		}
	}
	key.Primes = numbers[:2]
	key.Precomputed.Dp, key.Precomputed.Dq, key.Precomputed.Qinv = numbers[2], numbers[3], numbers[4]
	key.Precompute()
	return key, nil
}

func exportRSA(k *Key, format string) ([]byte, error) {
	if b, ok, err := exportPKIX(k, format); ok {
		return b, err
	}
	return nil, notExported(k, format)
}

func rsaJWK(k *Key) (jwk, error) {
	if k.hash == "MD5" { // has no name there
		return nil, unsupported("JWK export not supported for hash algorithm %q.", k.hash)
	}
	key := k.public.(*rsa.PublicKey)
	j := jwk{"kty", "RSA", "n", base64url(key.N.Bytes()), "e", base64url(exponentOf(key))}
	if k.alg.name != rsaRaw {
		j = append(j, "alg", rsaJWKName(k.alg.name, k.hash))
	}
	if k.kind != "private" {
		return j, nil
	}
	private := k.private.(*rsa.PrivateKey)
	if len(private.Primes) != 2 {
		return nil, operationError("An RSA private key that was imported without its primes cannot be exported as a JSON Web Key.")
	}
	c := private.Precomputed
	return append(j, "d", base64url(private.D.Bytes()), "p", base64url(private.Primes[0].Bytes()), "q", base64url(private.Primes[1].Bytes()),
		"dp", base64url(c.Dp.Bytes()), "dq", base64url(c.Dq.Bytes()), "qi", base64url(c.Qinv.Bytes())), nil
}
